// What the address holds: the expression, the values of its inputs, and the tab.
const FIRST_STATE = {
  text: "n = x1*w1 + x2*w2 + b; o = tanh(n)",
  values: { x1: 2, x2: 0, w1: -3, w2: 1, b: 6.88 },
  tab: "picture",
};

function stateOf(hash) {
  const read = new URLSearchParams(hash.replace(/^#/, ""));
  if (!read.has("e")) return structuredClone(FIRST_STATE);
  const values = {};
  for (const [key, value] of read) {
    if (key.startsWith("v.") && Number.isFinite(Number(value))) values[key.slice(2)] = Number(value);
  }
  return { text: read.get("e"), values, tab: read.get("tab") ?? "picture" };
}

function hashOf({ text, values, tab }) {
  const written = new URLSearchParams({ e: text, tab });
  for (const [name, value] of Object.entries(values)) written.set(`v.${name}`, value);
  return `#${written}`;
}
