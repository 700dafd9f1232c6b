// What the address holds: the text, whether it is a program, the numbers of an expression's inputs, tab and library.

/** The state that an address gives; `first` is that of an address without a text. */
function stateOf(hash, first) {
  const read = new URLSearchParams(hash.replace(/^#/, ""));
  const python = read.has("p");
  if (!python && !read.has("e")) return { python: false, tab: "picture", target: "torch", ...structuredClone(first) };
  const values = {};
  for (const [key, value] of read) {
    if (key.startsWith("v.") && Number.isFinite(Number(value))) values[key.slice(2)] = Number(value);
  }
  const text = read.get(python ? "p" : "e");
  return { text, python, values, tab: read.get("tab") ?? "picture", target: read.get("to") ?? "torch" };
}

function hashOf({ text, python, values, tab, target }) {
  const written = new URLSearchParams({ [python ? "p" : "e"]: text, tab });
  if (tab === "code") written.set("to", target);
  if (!python) for (const [name, value] of Object.entries(values)) written.set(`v.${name}`, value);
  return `#${written}`;
}
