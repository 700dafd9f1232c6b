// Starts Python in Node as the page's Worker would, lets it answer one request of each kind, and keeps its memory:
//     node snapshot.mjs PYODIDE.mjs PACKAGES.zip GRAPHVIZ.wasm REQUESTS.json MEMORY.gz
// A page that begins with this memory has imported all it needs.

async function kept() {
  const { readFileSync, writeFileSync } = await import("node:fs");
  const { argv } = await import("node:process");
  const { pathToFileURL } = await import("node:url");
  const { gzipSync } = await import("node:zlib");
  const [pyodide, packages, wasm, requests, target] = argv.slice(2);
  const found = await import(pathToFileURL(pyodide).href);
  const python = await found.loadPyodide({ _makeSnapshot: true });
  globalThis.graphviz = new Graphviz(new WebAssembly.Module(readFileSync(wasm)));
  python.unpackArchive(new Uint8Array(readFileSync(packages)), "zip");
  const answer = python.runPython("from viz.studio.answers import answer\nanswer");
  for (const request of JSON.parse(readFileSync(requests, "utf-8"))) {
    const { error } = JSON.parse(answer(JSON.stringify(request)));
    if (error !== undefined) throw new Error(`${JSON.stringify(request)}: ${error}`);
  }
  answer.destroy();
  writeFileSync(target, gzipSync(python.makeMemorySnapshot(), { level: 9 }));
}

kept();
