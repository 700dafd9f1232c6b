// A run of training, step by step, or one picture of a network: each picture is put together from its lines.

const data = JSON.parse(document.getElementById("data").textContent);
const WORDS = data.words;
const figure = document.querySelector("figure");
const opened = document.querySelector(".opened");
const steps = [...document.querySelectorAll("[data-step]")];
const SMALLEST = .55; // of a picture's own size: what does not fit is scrolled
let now = 0, unit = "";

// put the picture of these lines into a place, as large as fits
function draw(place, lines) {
  place.innerHTML = lines.map((line) => data.lines[line]).join("\n");
  fit(place);
}

function fit(place) {
  const picture = place.firstElementChild;
  if (!picture) return;
  const {scrollLeft, scrollTop} = place;
  const [wide, high] = ["width", "height"].map((side) => Number(picture.getAttribute(side)));
  const tallest = parseFloat(getComputedStyle(place).maxHeight) || Infinity;
  const scale = Math.max(SMALLEST, Math.min(place.clientWidth / wide, tallest / high));
  picture.style.width = `${Math.floor(wide * scale)}px`;
  Object.assign(place, {scrollLeft, scrollTop});
}

function fitAll() {
  fit(figure);
  if (unit) fit(opened.querySelector(".near"));
}

function part(id) {
  return figure.querySelector(`[data-id="${id}"]`);
}

// scroll the picture to what is new in it
function follow(k) {
  const before = new Set(data.frames[Math.max(0, k - 1)]);
  const ids = data.frames[k].filter((line) => !before.has(line)).map((line) => data.lines[line].match(/data-id="([^"]+)"/)?.[1]);
  center([...figure.querySelectorAll("[data-id]")].find((one) => ids.includes(one.dataset.id)));
}

function center(shape) {
  if (!shape) return;
  const [inside, around] = [shape.getBoundingClientRect(), figure.getBoundingClientRect()];
  figure.scrollLeft += (inside.left + inside.right - around.left - around.right) / 2;
  figure.scrollTop += (inside.top + inside.bottom - around.top - around.bottom) / 2;
}

function show(k) {
  const focused = document.activeElement.closest("figure g[role=button]")?.dataset.id;
  now = k;
  draw(figure, data.frames[k]);
  follow(k);
  steps.forEach((step, i) => step.classList.toggle("now", i === k));
  if (!data.units) return;
  ready();
  if (focused) part(focused)?.focus({preventScroll: true});
  if (unit) near();
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
    node.setAttribute("aria-label", [say("unit-open", {name: data.called[number]}), ...values].join(", "));
    node.classList.toggle("near", number === unit);
  }
}

function seen(shape) {
  return shape && shape.getAttribute("visibility") !== "hidden";
}

function near() {
  opened.hidden = !unit;
  document.body.classList.toggle("opening", Boolean(unit));
  fit(figure);
  if (!unit) return;
  opened.querySelector("h2").textContent = say("unit-near", {name: data.called[unit]});
  draw(opened.querySelector(".near"), graphs()[unit]);
  opened.classList.toggle("before", !seen(part(`u${unit}.value`)));
  opened.classList.toggle("forward", !seen(part(`u${unit}.grad`)));
}

function open(number) {
  unit = number === unit ? "" : number;
  ready();
  near();
  center(part(`u${unit}`));
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

// ---------------------------------------------------------------------------------------------- the page

document.body.dataset.live = "";
themeButton(document.getElementById("theme"));
window.addEventListener("resize", fitAll);
if (steps.length) {
  const stepper = new Stepper(document.getElementById("steps"), steps.length - 1, show);
  window.addEventListener("beforeprint", () => draw(figure, data.frames[steps.length - 1]));
  window.addEventListener("afterprint", () => show(stepper.k));
  if (!stepper.follow()) stepper.go(0);
} else {
  show(0);
}
