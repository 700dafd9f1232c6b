// A run of training, step by step, or one picture of a network: each picture is put together from its lines.

const data = JSON.parse(document.getElementById("data").textContent);
const WORDS = data.words;
const figure = document.querySelector("figure");
const steps = [...document.querySelectorAll("[data-step]")];
const opened = document.querySelector(".opened");
let now = 0, unit = "";

function draw(lines) {
  return lines.map((line) => data.lines[line]).join("\n");
}

function part(id) {
  return figure.querySelector(`g[data-id="${id}"]`);
}

function show(k) {
  const focused = document.activeElement.closest("figure g[role=button]")?.dataset.id;
  now = k;
  figure.innerHTML = draw(data.frames[k]);
  steps.forEach((step, i) => step.classList.toggle("now", i === k));
  if (data.units) ready();
  if (focused) part(focused)?.focus({preventScroll: true});
  follow(data.at[k]);
  if (unit) near();
}

// bring what stands out into view where the picture is wider than the screen
function follow(id) {
  const shape = id && part(id), wide = figure.clientWidth;
  if (figure.scrollWidth <= wide) return;
  const box = shape ? shape.getBoundingClientRect() : null;
  figure.scrollLeft = box ? figure.scrollLeft + box.left + box.width / 2 - figure.getBoundingClientRect().left - wide / 2 : 0;
}

// ---------------------------------------------------------------------------------------------- a unit opens

function graphs() {
  return data.units[data.row[now]];
}

// make each unit a button that can be reached, read and pressed
function ready() {
  figure.querySelector("svg").setAttribute("role", "group");
  for (const number of Object.keys(graphs())) {
    const node = part(`u${number}`);
    if (!node) continue;
    const values = ["value", "grad"].map((role) => part(`u${number}.${role}`)).filter(seen).map((found) => found.textContent.replace(/ ?= ?/, " = "));
    node.querySelector("title")?.remove();
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "0");
    node.setAttribute("aria-label", [say("unit-open", {name: named(number)}), ...values].join(", "));
    node.classList.toggle("near", number === unit);
  }
}

function named(number) {
  return data.called[number];
}

function seen(shape) {
  return shape && shape.getAttribute("visibility") !== "hidden";
}

function near() {
  opened.hidden = !unit;
  document.body.classList.toggle("opening", Boolean(unit));
  if (!unit) return;
  opened.querySelector("h2").textContent = say("unit-near", {name: named(unit)});
  opened.querySelector(".near").innerHTML = draw(graphs()[unit]);
  opened.classList.toggle("before", !seen(part(`u${unit}.value`)));
  opened.classList.toggle("forward", !seen(part(`u${unit}.grad`)));
}

function open(number) {
  unit = number === unit ? "" : number;
  ready();
  near();
}

function shut() {
  const last = part(`u${unit}`);
  open(unit);
  last.focus({preventScroll: true});
}

if (data.units) {
  const unitOf = (event) => event.target.closest("g[role=button]")?.dataset.id.slice(1);
  figure.addEventListener("click", (event) => unitOf(event) && open(unitOf(event)));
  figure.addEventListener("keydown", (event) => {
    if (!["Enter", " "].includes(event.key) || !unitOf(event)) return;
    event.preventDefault();
    open(unitOf(event));
  });
  opened.querySelector("button").addEventListener("click", shut);
  document.addEventListener("keydown", (event) => event.key === "Escape" && unit && shut());
}

document.body.dataset.live = "";
themeButton(document.getElementById("theme"));
if (steps.length) {
  const stepper = new Stepper(document.getElementById("steps"), steps.length - 1, show);
  if (!stepper.follow()) stepper.go(0);
} else {
  show(0);
}
