// Python in a Worker: loads Pyodide and the packages, then answers requests one after the other.
let graphviz = null; // Python calls it, see viz/layout/browser.py

async function bytes(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name} is missing: ${response.status}`);
  return response.arrayBuffer();
}

async function started() {
  const [python, packages, wasm] = await Promise.all([
    loadPyodide({ indexURL: new URL("pyodide/", self.location.href).href }),
    bytes("packages.zip"),
    bytes("graphviz.wasm"),
  ]);
  graphviz = new Graphviz(await WebAssembly.compile(wasm));
  self.graphviz = graphviz;
  python.unpackArchive(packages, "zip");
  return python.runPython("from viz.studio.answers import answer\nanswer");
}

const ready = started();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

onmessage = async ({ data }) => {
  const answer = await ready;
  try {
    postMessage({ id: data.id, answer: JSON.parse(answer(JSON.stringify(data.request))) });
  } catch (error) {
    postMessage({ id: data.id, answer: { error: String(error), position: null } });
  }
};
