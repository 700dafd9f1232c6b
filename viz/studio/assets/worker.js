// Python in a Worker: begins with the memory that was kept when the studio was built (snapshot.mjs), with all modules in
// it, then answers requests one after the other.

async function response(name) {
  const found = await fetch(name);
  if (!found.ok) throw new Error(`${name} is missing: ${found.status}`);
  return found;
}

async function memory() {
  const packed = await response("memory.gz");
  return new Uint8Array(await new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** Pyodide's module, with room for the kept memory, which is copied into its own. */
function roomy(settings) {
  const instantiate = settings.instantiateWasm;
  settings.instantiateWasm = (imports, done) => instantiate(imports, (instance, module) => {
    const { memory: own } = instance.exports;
    own.grow(Math.max(0, Math.ceil((settings.INITIAL_MEMORY - own.buffer.byteLength) / 65536)));
    done(instance, module);
  });
  return createPyodideModule(settings);
}

async function started() {
  const kept = memory();
  // Python calls it, see viz/layout/browser.py; the kept memory refers to it
  self.graphviz = new Graphviz(await WebAssembly.compileStreaming(response("graphviz.wasm")));
  const indexURL = new URL("pyodide/", self.location.href).href;
  const python = await loadPyodide({ indexURL, createPyodideModule: roomy, _loadSnapshot: kept });
  return { python, answer: python.runPython("from viz.studio.answers import answer\nanswer") };
}

/** The memory has the modules, but no files: those are for modules that are imported later. */
async function filled(python) {
  const packages = await response("packages.zip");
  python.unpackArchive(await packages.arrayBuffer(), "zip");
}

let unpacked = null;
const ready = started();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

onmessage = async ({ data }) => {
  const { python, answer } = await ready;
  try {
    await unpacked;
    postMessage({ begun: data.id });
    postMessage({ id: data.id, answer: JSON.parse(answer(JSON.stringify(data.request))) });
    unpacked ??= filled(python); // after the first answer, which needs no files
  } catch (error) {
    postMessage({ id: data.id, answer: { error: String(error), position: null } });
  }
};
