// The training player: one epoch and one point at a time, in every picture.

const data = JSON.parse(document.getElementById("data").textContent);
const {points, labels, names, colors, digits, latent} = data;
const size = data.resolution;
const grids = bytes(data.shades);
const weights = new Float64Array(bytes(data.weights).buffer);
const hidden = new Uint16Array(bytes(latent.rows).buffer);
const byId = (id) => document.getElementById(id);
const state = {frame: 0, point: 0, x: points[0], label: labels[0], open: null};

// ------------------------------------------------------------------------------------------ the plane

const plane = new Chart(byId("plane"), ...data.limits, {width: 420, height: 380, names: ["x1", "x2"]});
const canvas = document.querySelector("canvas");
const border = element("path", {class: "border"});
const cross = element("g", {class: "cross"}, element("path", {d: "M0-11V11M-11 0H11", class: "halo"}), element("path", {d: "M0-11V11M-11 0H11"}));
const markers = points.map((x, k) => element("g", {class: "point", "data-point": k, transform: `translate(${plane.at(x)})`}, marker(labels[k], colors[labels[k]])));
plane.body.append(border, ...markers, cross);
let palette;

function place(child) {
  const [x0, y1] = [plane.left, plane.top];
  child.style.left = `${x0 / plane.width * 100}%`;
  child.style.top = `${y1 / plane.height * 100}%`;
  child.style.width = `${(plane.width - plane.left - plane.right) / plane.width * 100}%`;
  child.style.height = `${(plane.height - plane.top - plane.low) / plane.height * 100}%`;
}

function drawPlane() {
  const grid = grids.subarray(state.frame * size * size, (state.frame + 1) * size * size);
  paint(canvas, grid, size, palette);
  const [[left, right], [bottom, top]] = data.limits;
  const where = ([j, i]) => [left + (right - left) * j / (size - 1), top - (top - bottom) * i / (size - 1)];
  const pieces = names.length > 2 ? borders(grid, size) : contour(grid, size, 127.5);
  border.setAttribute("d", pieces.map(([a, b]) => plane.path([where(a), where(b)])).join(""));
}

function pickColors() {
  const background = getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).map(Number);
  palette = shades(names.length, colors, background);
}

function colorsChanged() {
  pickColors();
  drawPlane();
}

// ------------------------------------------------------------------------------------------ the loss

const curve = new Chart(byId("loss"), [0, Math.max(data.epochs.at(-1), 1)], [0, Math.max(...data.loss) * 1.05 || 1], {names: ["epoch", "loss"]});
const now = element("circle", {r: 6, class: "now"});
curve.body.append(element("path", {d: curve.path(data.loss.map((y, k) => [data.epochs[k], y])), class: "curve"}), now);
curve.svg.addEventListener("click", (event) => {
  const [epoch] = curve.from(event);
  const far = data.epochs.map((e) => Math.abs(e - epoch));
  stepper.go(far.indexOf(Math.min(...far)));
});

// ------------------------------------------------------------------------------------------ the hidden layer

const grown = (low, span) => [low - 0.05 * span, low + 1.05 * span];
const latentNames = latent.axes ? latent.shares.map((share, k) => `${["1st", "2nd"][k]} principal component (${Math.round(100 * share)} %)`)
  : latent.layer === 0 ? ["x1", "x2"] : latent.width === 1 ? ["unit 1", ""] : ["unit 1", "unit 2"];
const space = new Chart(byId("latent"), grown(latent.low[0], latent.span[0]), grown(latent.low[1], latent.span[1]), {names: latentNames});
const lattice = element("path", {class: "lattice"});
const images = points.map((_, k) => element("g", {class: "point"}, marker(labels[k], colors[labels[k]])));
const image = cross.cloneNode(true);
space.body.append(lattice, ...images, image);
byId("latent-name").textContent = latent.layer ? `layer ${latent.layer}, ${latent.width} unit${latent.width > 1 ? "s" : ""}` : "there is none: the input";

function seen(k) {
  const at = 2 * (state.frame * latent.count + k);
  return [0, 1].map((axis) => latent.low[axis] + latent.span[axis] * hidden[at + axis] / 65535);
}

function drawLatent() {
  for (const [k, group] of images.entries()) group.setAttribute("transform", `translate(${space.at(seen(k))})`);
  const lines = [];
  for (let k = points.length; k < latent.count; k += latent.steps) {
    lines.push(space.path(Array.from({length: latent.steps}, (_, s) => seen(k + s))));
  }
  lattice.setAttribute("d", lines.join(""));
}

function drawImage(graph, run) {
  const h = (latent.layer ? graph.units[latent.layer - 1] : graph.entering).map((id) => run.data[id]);
  const at = latent.axes ? latent.axes.map((axis) => axis.reduce((sum, w, k) => sum + w * (h[k] - latent.center[k]), 0))
    : [h[0], h[1] ?? 0];
  image.setAttribute("transform", `translate(${space.at(at)})`);
}

// ------------------------------------------------------------------------------------------ the chosen point

const wiring = new Wiring(byId("wiring"), data.graphs[0], openNeuron);
let picture = null;

function chance(given) {
  const clip = (p) => Math.max(0, Math.min(1, p));
  const read = {probabilities: clip, signs: (v) => clip((v + 1) / 2), logarithms: Math.exp};
  if (data.reading !== "logits") {
    const p = given.map(read[data.reading]);
    return p.length > 1 ? p : [1 - p[0], p[0]];
  }
  const scores = given.length > 1 ? given : [0, given[0]];
  const top = Math.max(...scores);
  const parts = scores.map((v) => Math.exp(v - top));
  const all = parts.reduce((a, b) => a + b, 0);
  return parts.map((v) => v / all);
}

function compute() {
  const graph = data.graphs[state.label];
  const numbers = Object.fromEntries(graph.x.map((id, k) => [id, state.x[k]]));
  const from = state.frame * data.parameters;
  graph.parameters.forEach((id, k) => { if (id !== null) numbers[id] = weights[from + k]; });
  return {graph, run: replay(graph, numbers), numbers};
}

// weights[layer][unit][input] in the order of the parameters: a neuron's weights, then its bias if it has one
function weightTable(graph) {
  let at = state.frame * data.parameters;
  return graph.units.map((column, c) => column.map(() => {
    const inputs = (c ? graph.units[c - 1] : graph.x).length;
    const found = [...weights.subarray(at, at + inputs)];
    at += inputs + data.neurons[c].bias;
    return found;
  }));
}

function drawChosen() {
  const {graph, run} = compute();
  const p = chance(graph.units.at(-1).map((id) => run.data[id]));
  wiring.show(graph, run, weightTable(graph), digits);
  cross.setAttribute("transform", `translate(${plane.at(state.x)})`);
  drawImage(graph, run);
  const which = state.point === null ? "a new point" : `point ${state.point + 1}`;
  byId("point").textContent = `${which} at (${state.x.map((v) => format(v, digits)).join(", ")}): `
    + `P(${names[state.label]}) = ${format(p[state.label], digits)}, loss ${format(run.data[graph.root], digits)}`;
  byId("point").dataset.x = state.x.join(" ");
  byId("number").value = state.point === null ? "" : state.point + 1;
  byId("class").value = state.label;
  if (state.open) drawNeuron(graph, run);
}

function choose(k) {
  Object.assign(state, {point: k, x: points[k], label: labels[k]});
  drawChosen();
  byId("live").textContent = byId("point").textContent;
}

function openNeuron([layer, unit]) {
  state.open = [layer, unit];
  const place = document.querySelector("#neuron .drawing");
  place.replaceChildren(byId(`neuron-${layer}`).content.cloneNode(true));
  const svg = place.querySelector("svg");
  svg.style.setProperty("--wide", data.neurons[layer - 1].wide);
  svg.style.setProperty("--high", data.neurons[layer - 1].high);
  byId("opened").hidden = false;
  byId("opened-name").textContent = `Inside unit ${unit} of layer ${layer}`;
  wiring.mark(`${layer}.${unit}`);
  picture = new Picture(byId("neuron"));
  drawChosen();
}

function closeNeuron() {
  state.open = null;
  byId("opened").hidden = true;
  wiring.mark("");
}

function drawNeuron(graph, run) {
  const [layer, unit] = state.open;
  const {nodes, wires} = data.neurons[layer - 1];
  const whole = graph.neurons[layer - 1][unit - 1];
  const named = Object.fromEntries(nodes.map((id, k) => [id, whole[k]]));
  for (const [id, there] of Object.entries(named)) {
    picture.write(`${id}.value`, format(run.data[there], digits));
    picture.write(`${id}.grad`, format(run.derivatives[there], digits));
  }
  for (const [wire, id, index] of wires) {
    const local = run.partials[named[id]]?.[index];
    picture.write(`${wire}.local`, `×${format(local, digits)}`);
  }
}

// ------------------------------------------------------------------------------------------ beginning

function showFrame(k) {
  state.frame = k;
  byId("epoch").textContent = `epoch ${data.epochs[k]}`;
  const right = data.accuracy[k];
  byId("score").textContent = `loss ${format(data.loss[k], digits)}` + (right === null ? "" : `, ${Math.round(100 * right)} % right`);
  const [x, y] = curve.at([data.epochs[k], data.loss[k]]);
  now.setAttribute("cx", x);
  now.setAttribute("cy", y);
  drawPlane();
  drawLatent();
  drawChosen();
}

plane.svg.addEventListener("pointerdown", (down) => {
  const point = down.target.closest("[data-point]");
  if (point) return choose(Number(point.dataset.point));
  const move = (event) => {
    Object.assign(state, {point: null, x: plane.from(event)});
    drawChosen();
  };
  plane.svg.setPointerCapture(down.pointerId);
  plane.svg.addEventListener("pointermove", move);
  plane.svg.addEventListener("lostpointercapture", () => plane.svg.removeEventListener("pointermove", move), {once: true});
  down.preventDefault();
  move(down);
});
byId("number").addEventListener("change", () => {
  const k = Math.round(byId("number").valueAsNumber) - 1;
  if (k >= 0 && k < points.length) choose(k);
});
byId("class").addEventListener("change", () => {
  Object.assign(state, {label: Number(byId("class").value), point: null});
  drawChosen();
});
byId("choice").addEventListener("submit", (event) => event.preventDefault());
byId("close").addEventListener("click", closeNeuron);
for (const entry of document.querySelectorAll(".entry")) {
  const k = Number(entry.dataset.class);
  entry.append(element("svg", {viewBox: "-9 -9 18 18", width: 18, height: 18}, marker(k, colors[k])));
}
place(canvas);
const stepper = new Stepper(byId("epochs"), data.epochs.length - 1, showFrame, {seconds: 0.08, link: "frame"});
themeButton(byId("theme"));
byId("theme").addEventListener("click", colorsChanged);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colorsChanged);
window.addEventListener("beforeprint", colorsChanged);
window.addEventListener("afterprint", colorsChanged);
pickColors();
if (!stepper.follow()) stepper.go(stepper.last);
