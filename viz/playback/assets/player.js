// The training player: one epoch and one point at a time, in every picture.

// ------------------------------------------------------------------------------------------ what it answers

let view, cloud;
let pointed = null;             // the unit that is shown in place of the answers
let drawPointed = () => {};

function setView(axes) {
  view = axes ? new Plane(byId("plane"), data, axes) : new Line(byId("plane"), data);
  cloud = new Cloud(view.chart, true);
  cloud.place((k) => view.at({x: points[k], target: targets[k]}));
  if (view.curve) view.chart.body.append(view.curve, cloud.cross);
  const svg = view.chart.svg;
  svg.setAttribute("tabindex", 0);
  svg.setAttribute("role", "application");
  svg.setAttribute("aria-label", "the data; arrow keys move the chosen point");
  svg.addEventListener("pointerdown", dragged);
  svg.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? .1 : .01;
    const move = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step]}[event.key];
    if (!move) return;
    event.preventDefault();
    choose({point: null, ...view.nudge(state, move)});
  });
}

function dragged(down) {
  const point = down.target.closest("[data-point]");
  if (point) return choosePoint(Number(point.dataset.point));
  const move = (event) => choose({point: null, ...view.pick(event, state)});
  const svg = down.currentTarget;
  svg.setPointerCapture(down.pointerId);
  svg.addEventListener("pointermove", move);
  svg.addEventListener("lostpointercapture", () => svg.removeEventListener("pointermove", move), {once: true});
  move(down);
}

function drawAnswers() {
  const graph = graphNow();
  const found = view.sweep(graph, parameters(graph), state.x);
  view.answer(graph.units.at(-1).map((id) => found[id]));
  drawPointed = () => {
    byId("what").textContent = pointed ? `Output of ${pointed.title}` : "Answers of the network";
    byId("how").hidden = Boolean(pointed);
    if (pointed) view.drawUnit(found[wiring.columns(graph)[pointed.c][pointed.k]], look);
    else view.draw(look);
  };
  drawPointed();
  if (features.length > 2) cloud.fade(view.axes);
  wiring.maps(graph, (id, image, path) => view.map(found[id], image, look, path));
}

// ------------------------------------------------------------------------------------------ the loss

const most = Math.max(...data.loss, ...data.testLoss) * 1.05 || 1;
const curve = new Chart(byId("loss"), [data.epochs[0], Math.max(data.epochs.at(-1), data.epochs[0] + 1)], [0, most], {names: ["epoch", "loss"], height: 362});
const lossLine = (losses, kind) => element("path", {d: curve.path(losses.map((y, k) => [data.epochs[k], y])), class: `curve ${kind}`});
const now = element("g", {class: "now"}, element("path", {}), element("circle", {r: 6}));
curve.body.append(lossLine(data.loss, "learned"), now);
if (data.testLoss.length) {
  curve.body.prepend(lossLine(data.testLoss, "test"));
  const x = curve.width - curve.right - 84;
  for (const [y, name, kind] of [[26, "learned from", "learned"], [44, "held out", "test"]]) {
    curve.body.append(element("path", {d: `M${x - 38} ${y - 4}H${x - 8}`, class: `curve ${kind}`}), element("text", {x, y, class: "note"}, name));
  }
}
if (data.restored) {            // patience put the weights of this epoch back
  const [x, floor] = curve.at([data.restored, 0]), left = x > curve.width / 2;
  curve.body.prepend(element("path", {d: `M${x} ${curve.top}V${floor}`, class: "restored"}));
  curve.body.append(element("text", {x: left ? x - 5 : x + 5, y: 64, class: left ? "note before" : "note"}, `put back: epoch ${data.restored}`));
}
curve.svg.setAttribute("role", "img");
curve.svg.setAttribute("aria-label", "the loss, epoch by epoch");
curve.svg.addEventListener("click", (event) => {
  const [epoch] = curve.from(event);
  const far = data.epochs.map((e) => Math.abs(e - epoch));
  stepper.go(far.indexOf(Math.min(...far)));
});

function drawLoss(k) {
  const [x, y] = curve.at([data.epochs[k], data.loss[k]]);
  const [, floor] = curve.at([0, 0]);
  now.firstChild.setAttribute("d", `M${x} ${curve.top}V${floor}`);
  now.lastChild.setAttribute("cx", x);
  now.lastChild.setAttribute("cy", y);
}

// ------------------------------------------------------------------------------------------ the hidden layer

const latentNames = latent.axes ? latent.shares.map((share, k) => `${["1st", "2nd"][k]} principal component (${Math.round(100 * share)} %)`)
  : latent.layer === 0 ? [features[0], features[1] ?? ""] : latent.width === 1 ? ["unit 1", ""] : ["unit 1", "unit 2"];
const space = new Chart(byId("latent"), grown(latent.low[0], latent.span[0]), grown(latent.low[1], latent.span[1]), {names: latentNames, height: 362});
space.svg.setAttribute("role", "img");
space.svg.setAttribute("aria-label", "the points as the last hidden layer has them");
const lattice = element("path", {class: "lattice"});
space.body.append(lattice);
const images = new Cloud(space, false);
const seen = [...points, ...latent.lines];
const seenColumns = features.map((_, j) => Float64Array.from(seen, (x) => x[j]));
byId("latent-name").textContent = latent.layer ? `layer ${latent.layer}, ${latent.width} unit${latent.width > 1 ? "s" : ""}` : "there is none: the input";

const latentIds = (graph) => latent.layer ? graph.units[latent.layer - 1] : graph.entering;

// where the outputs of the last hidden layer are shown
function shown(h) {
  if (latent.axes) return latent.axes.map((axis) => axis.reduce((sum, w, k) => sum + w * (h[k] - latent.center[k]), 0));
  return [h[0], h[1] ?? 0];
}

function drawLatent() {
  const graph = graphNow();
  const inputs = {...parameters(graph), ...Object.fromEntries(graph.x.map((id, k) => [id, seenColumns[k]]))};
  const found = sweep(graph, inputs, seen.length);
  const columns = latentIds(graph).map((id) => found[id]);
  const at = (k) => shown(columns.map((column) => typeof column === "number" ? column : column[k]));
  images.place((k) => space.at(at(k)));
  const lines = [];
  for (let k = points.length; k < seen.length; k += latent.steps) {
    lines.push(space.path(Array.from({length: latent.steps}, (_, s) => at(k + s))));
  }
  lattice.setAttribute("d", lines.join(""));
}

// ------------------------------------------------------------------------------------------ the chosen point

const wiring = new Wiring(byId("wiring"), graphNow(), features, {
  opened: (title) => {
    drawChosen();
    byId("live").textContent = title ? `${title} is open` : "closed";
  },
  pointed: (box) => {
    if (box === pointed) return;
    pointed = box;
    drawPointed();
  },
});

function said(graph, run) {
  const which = state.point === null ? "a new point" : `${state.point < data.held ? "point" : "held-out point"} ${state.point + 1}`;
  const given = graph.units.at(-1).map((id) => run.data[id]);
  const answer = names.length ? `P(${names[state.target]}) = ${written(chance(given, data.reading)[state.target])}`
    : `answer ${written(given[0])}, target ${written(state.target)}`;
  return `${which} at (${state.x.map(written).join(", ")}): ${answer}, loss ${written(run.data[graph.root])}`;
}

function drawChosen() {
  const {graph, run} = compute();
  wiring.show(graph, run, weightTable(graph), digits);
  cloud.cross.setAttribute("transform", `translate(${view.at(state)})`);
  images.cross.setAttribute("transform", `translate(${space.at(shown(latentIds(graph).map((id) => run.data[id])))})`);
  drawMeans();
  drawImage();
  byId("point").textContent = said(graph, run);
  byId("point").dataset.x = state.x.join(" ");
  byId("number").value = state.point === null ? "" : state.point + 1;
  for (const field of document.querySelectorAll("[data-feature]")) field.value = written(state.x[field.dataset.feature]);
  if (names.length) byId("class").value = state.target;
  else byId("wanted").value = written(state.target);
}

// the mean gradient, after nothing has changed for a moment
let meaning = 0;
function drawMeans() {
  clearTimeout(meaning);
  wiring.means(graphNow(), null);
  meaning = setTimeout(() => { if (!stepper?.timer) wiring.means(graphNow(), meanSlopes(), digits); }, 120);
}

// the chosen point as a picture: its features are the pixels, light to dark
function drawImage() {
  const canvas = byId("image");
  if (!canvas) return;
  const image = new ImageData(canvas.width, canvas.height);
  const [low, high] = [Math.min(...data.limits.map(([a]) => a)), Math.max(...data.limits.map(([, b]) => b))];
  state.x.forEach((v, k) => image.data.set([...Array(3).fill(toByte(1 - (v - low) / (high - low))), 255], 4 * k));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function choose(change) {
  Object.assign(state, change);
  if (features.length > 2) drawAnswers();
  drawChosen();
  byId("live").textContent = byId("point").textContent;
}

function choosePoint(k) {
  choose({point: k, x: points[k], target: targets[k]});
}

// a field for a number; other texts change nothing
function typed(field, taken) {
  field.addEventListener("change", () => {
    const x = parseNumber(field.value);
    field.setAttribute("aria-invalid", String(x === null));
    if (x !== null) choose({point: null, ...taken(x)});
  });
}

// ------------------------------------------------------------------------------------------ beginning

function showFrame(k) {
  state.frame = k;
  byId("epoch").textContent = `epoch ${data.epochs[k]}${data.restored && data.epochs[k] === data.restored ? ", put back at the end" : ""}`;
  const share = (right) => right === null || right === undefined ? "" : `, ${Math.round(100 * right)} % right`;
  const held = data.testLoss.length ? `; held out ${written(data.testLoss[k])}${share(data.testAccuracy[k])}` : "";
  byId("score").textContent = `loss ${written(data.loss[k])}${share(data.accuracy[k])}${held}`;
  drawLoss(k);
  drawAnswers();
  drawLatent();
  drawChosen();
  if (!stepper?.timer) byId("live").textContent = `${byId("epoch").textContent}: ${byId("score").textContent}; ${byId("point").textContent}`;
}

function pickColors() {
  look = themeColors(Math.max(names.length, 2), colors, byId("hard")?.checked);
  cloud.color();
  images.color();
  for (const entry of document.querySelectorAll(".entry")) {
    const k = Number(entry.dataset.class);
    entry.replaceChildren(element("svg", {viewBox: "-9 -9 18 18", width: 18, height: 18}, marker(k, colors[k])));
  }
}

function colorsChanged() {
  pickColors();
  drawAnswers();
}

function legend() {
  if (!names.length && features.length > 1) {
    byId("scale").textContent = `colour: ${data.target} from ${written(data.reach[0])} to ${written(data.reach[1])} `;
  }
  if (data.rows > data.held) byId("left-out").textContent = `the first ${data.held} of ${data.rows} points are shown`;
}

byId("number").addEventListener("change", () => {
  const k = Math.round(byId("number").valueAsNumber) - 1;
  if (k >= 0 && k < points.length) choosePoint(k);
});
for (const field of document.querySelectorAll("[data-feature]")) {
  const k = Number(field.dataset.feature);
  typed(field, (x) => ({x: state.x.map((old, j) => j === k ? x : old)}));
}
if (byId("wanted")) typed(byId("wanted"), (target) => ({target}));
byId("class")?.addEventListener("change", () => choose({target: Number(byId("class").value), point: null}));
byId("choice").addEventListener("submit", (event) => event.preventDefault());
byId("hard")?.addEventListener("change", colorsChanged);
byId("held")?.addEventListener("change", () => document.querySelector("main").classList.toggle("without-held", !byId("held").checked));
for (const side of ["across", "up"]) {
  byId(side)?.addEventListener("change", () => {
    setView(["across", "up"].map((id) => Number(byId(id).value)));
    colorsChanged();
    drawChosen();
  });
}
setView(features.length > 1 ? data.axes : null);
let stepper = null;
legend();
pickColors();
stepper = new Stepper(byId("epochs"), data.epochs.length - 1, showFrame, {seconds: 0.08, link: "frame"});
themeButton(byId("theme"));
byId("theme")?.addEventListener("click", colorsChanged);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colorsChanged);
window.addEventListener("beforeprint", () => {        // paper is light
  const {theme} = document.documentElement.dataset;
  document.documentElement.dataset.theme = "light";
  colorsChanged();
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
});
window.addEventListener("afterprint", colorsChanged);
if (!stepper.follow()) stepper.go(data.restored && data.epochs.includes(data.restored) ? data.epochs.indexOf(data.restored) : stepper.last);

// a link to the playground with these points, this network and, if nothing is scaled, its weights
function playgroundLink() {
  const {page, plain, settings} = data.play;
  const rows = points.map((x, k) => [...x, names.length ? names[targets[k]] : targets[k]]);
  const quoted = (v) => /[",\n]|^\s|\s$/.test(String(v)) ? `"${String(v).replaceAll('"', '""')}"` : v;
  const own = [[...features, data.target], ...rows].map((cells) => cells.map(quoted).join(",")).join("\n");
  const found = {data: "own", own, scale: plain ? 0 : 1, inputs: features.map((_, k) => `x${k + 1}`).join("."), loss: names.length ? "entropy" : "squared", ...settings};
  if (plain) {
    const size = weights.length / data.epochs.length;
    const bytes = new Uint8Array(weights.slice(state.frame * size, (state.frame + 1) * size).buffer);
    found.weights = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }
  return `${page}#${Object.entries(found).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

for (const event of ["pointerdown", "focus", "click"]) {
  byId("to-playground")?.addEventListener(event, () => { byId("to-playground").href = playgroundLink(); });
}
