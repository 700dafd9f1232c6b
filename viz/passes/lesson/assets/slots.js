// Numbers in formulas and sentences: an element with data-slot="n3.data" shows that number of the replay.

const OPENING = new Set(["=", "(", "[", "{", "|", "≈", ",", "<", ">", "≤", "≥"]);

// every number of a replay by its key: n3.data, n3.derivative, n4.0.local, n4.0.contribution, ...
function numbersByKey(run) {
  const found = {};
  for (const [id, x] of Object.entries(run.data)) found[`${id}.data`] = x;
  for (const [id, x] of Object.entries(run.derivatives)) found[`${id}.derivative`] = x;
  for (const event of run.events) {
    for (const field of ["local", "upstream", "contribution", "total"]) {
      if (field in event && "index" in event) found[`${event.node}.${event.index}.${field}`] = event[field];
    }
  }
  return found;
}

// whether a negative number needs parentheses there: within a formula, unless it leads
function needsParentheses(slot) {
  if (!slot.classList.contains("operand")) return false;
  const before = slot.previousElementSibling;
  if (before) return !(before.localName === "mo" && OPENING.has(before.textContent));
  const around = slot.parentElement;
  if (around.localName === "msup" || around.localName === "msubsup") return true;
  return around.localName === "mrow" && around.previousElementSibling?.localName === "mo"
      && !OPENING.has(around.previousElementSibling.textContent);
}

// fill in the numbers; those of which `secret(key)` is true, in an exercise, are left to the reader
function fillSlots(root, run, numbers, secret = () => false) {
  for (const slot of root.querySelectorAll("[data-slot]")) {
    const key = slot.dataset.slot;
    const x = numbers[key];
    const about = slot.classList.contains("operand") && slot.closest("[data-about]")?.dataset.about;
    const text = slot.closest("#exercise") && secret(key) ? "?" : format(x, about ? digitsOf(about, run) : digits);
    slot.textContent = x < 0 && text !== "?" && needsParentheses(slot) ? `(${text})` : text;
  }
  for (const equation of root.querySelectorAll(".equation")) withoutRepeats(equation);
}

// ------------------------------------------------------------------------------------------ true as it is written
// 1 − 0.9993² is not 0.001341, though it is so in all digits. The numbers in an equation have as many digits as it takes
// for its result to follow from them. An equation is about "value n4", "edge n4.0", or "sum n1": the edges to n1.

const MOST_DIGITS = 12;

function digitsOf(about, run) {
  run.digits ??= {};
  return run.digits[about] ??= leastDigits(about, run);
}

function leastDigits(about, run) {
  const [kind, id] = about.split(" ");
  for (let d = digits; d < MOST_DIGITS; d += 1) {
    if (kind === "value" ? follows(shownValue(id, run, d), run.data[id])
      : kind === "edge" ? edgeFollows(id, run, d)
      : edgesTo(id).every((edge) => edgeFollows(`${edge.node}.${edge.index}`, run, d)) && sumFollows(id, run, d)) return d;
  }
  return MOST_DIGITS;
}

function follows(found, truth) {
  return truth === null || Math.abs(found - truth) <= 0.004 * Math.abs(truth);
}

function edgeFollows(key, run, d) {
  const [id, index] = key.split(".");
  return follows(shownPartials(id, run, d)[index], run.partials[id]?.[index] ?? null);
}

function sumFollows(id, run, d) {
  const edges = edgesTo(id).map((edge) => run.events[trace.events.indexOf(edge)]);
  if (edges.some((edge) => edge.contribution === null)) return true;
  return follows(edges.reduce((sum, edge) => sum + shown(edge.contribution, d), 0), run.derivatives[id]);
}

// ------------------------------------------------------------------------------------------ as it is displayed

function shown(x, d = digits) {
  return x === null || x === undefined ? x : Number(x.toPrecision(d));
}

const nodeOf = (id) => trace.nodes.find((node) => node.id === id);

function shownArgs(node, run, d) {
  return node.args.map((arg) => typeof arg === "string" ? shown(run.data[arg], d) : arg);
}

// a node's value, and its local derivatives, from the numbers as they are displayed
function shownValue(id, run, d) {
  const node = nodeOf(id);
  return (BOOK[node.op] ?? OPERATIONS[node.op]).value(...shownArgs(node, run, d));
}

function shownPartials(id, run, d) {
  const node = nodeOf(id);
  return partialsOf(node, shownArgs(node, run, d), shown(run.data[id], d));
}

// the local derivatives by the formulas that a reader sees; some are computed by others, which lose no digits
function partialsOf(node, args, out) {
  return (BOOK[node.op] ?? OPERATIONS[node.op]).partials(...args, out);
}

// the events whose contributions add up to a node's derivative
function edgesTo(id) {
  return trace.events.filter((event) => event.kind === "backward" && event.arg === id || event.kind === "tangent" && event.node === id);
}

// where an edge's derivative comes from
function sourceOf(edge) {
  return edge.kind === "backward" ? edge.node : edge.arg;
}

// a side that reads like the one before it is not said again: 2 · 1 = 2 · 1 = 2
function withoutRepeats(equation) {
  let before = "";
  for (const side of equation.querySelectorAll(".side")) {
    side.hidden = side.textContent === before;
    before = side.textContent;
  }
}
