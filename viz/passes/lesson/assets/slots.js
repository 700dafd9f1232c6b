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

function fillSlots(root, numbers, digits) {
  for (const slot of root.querySelectorAll("[data-slot]")) {
    const x = numbers[slot.dataset.slot];
    const text = format(x, digits);
    slot.textContent = x < 0 && needsParentheses(slot) ? `(${text})` : text;
  }
  for (const equation of root.querySelectorAll(".equation")) withoutRepeats(equation);
}

// 2 · 1 = 2 · 1 = 2: a side that reads like the one before it is not said again
function withoutRepeats(equation) {
  let before = "";
  for (const side of equation.querySelectorAll(".side")) {
    side.hidden = side.textContent === before;
    before = side.textContent;
  }
}
