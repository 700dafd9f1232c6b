// Points that are changed by hand, units that are opened, weights that are typed and dragged.

// ------------------------------------------------------------------------------------------ points

const all = () => [...run.table.learn, ...run.table.held];

function addPoint(across, up) {
  if (all().length >= MOST.rows) return tell([say("points-most", {most: MOST.rows})]);
  const x = [...(drawing.chosen?.x ?? drawing.middle())];
  const {axes} = drawing;
  if (axes.length === 1) run.table.learn.push({x: [across], y: up});
  else {
    axes.forEach((axis, k) => { x[axis] = [across, up][k]; });
    const [low, high] = run.reach;
    run.table.learn.push({x, y: run.spec.classes ? Math.min(brush, run.spec.classes - 1) : low + (high - low) * brush / Math.max(brushes() - 1, 1)});
  }
  edited();
}

function movePoint(k, across, up) {
  const row = all()[k];
  row.x = [...row.x];
  if (drawing.axes.length === 1) [row.x[0], row.y] = [across, up];
  else drawing.axes.forEach((axis, a) => { row.x[axis] = [across, up][a]; });
  if (drawing.chosen && k === chosenPlace) drawing.chosen = row;
  edited();
}

function removePoint(k) {
  const {learn, held} = run.table;
  const list = k < learn.length ? learn : held;
  if (list === learn && learn.length < 3) return tell([say("points-least")]);
  list.splice(k < learn.length ? k : k - learn.length, 1);
  edited();
}

let sending = false, chosenPlace = 0;

// the engine gets the points once a frame
function edited() {
  run.edited = true;
  redraw();
  if (sending) return;
  sending = true;
  requestAnimationFrame(async () => {
    sending = false;
    await run.points();
  });
}

function dropped() {
  plane.brushed = null;
}

function choosePoint(k) {
  chosenPlace = k;
  chooseRow(all()[k]);
}

function choosePlace([across, up]) {
  const x = [...(drawing.chosen?.x ?? drawing.middle())];
  const y = drawing.chosen?.y ?? 0;
  if (drawing.axes.length === 1) return chooseRow({x: [across], y: up});
  drawing.axes.forEach((axis, k) => { x[axis] = [across, up][k]; });
  return chooseRow({x, y});
}

function chooseRow(row) {
  drawing.chosen = row;
  if (run.table.features.length > 2) drawing.grid();
  looked = 0;
  const p = run.net.forward(run.shown.theta, drawing.chosenInputs(), 1);
  byId("live").textContent = say("point-said", {x: row.x.map((v) => format(v, 3)).join(", "), p: [...p.subarray(0, run.net.outputs)].map((v) => format(v, 3)).join(", ")});
  redraw();
}

// ------------------------------------------------------------------------------------------ units and weights

function pointUnit(c, k) {
  drawing.pointed = c === null ? null : diagram.nodes[c][k];
  byId("legend").dataset.key = "";
  redraw();
}

function openUnit(layer, unit) {
  const what = {layer, unit};
  const last = layer === run.net.starts.length - 1;
  scope.show(what, run.net, run.graphs, run.names, last ? say("output-named", {name: run.names.at(-1)[unit]}) : say("unit-named", {unit: unit + 1, layer: layer + 1}));
  opened();
}

function openLoss() {
  scope.show({loss: true}, run.net, run.graphs, run.names, say("the-loss"));
  opened();
}

function opened() {
  drawing.pointed = null;
  looked = 0;
  byId("lesson-commands").hidden = Boolean(scope.open.loss);
  scope.stepped(run.last);
  byId("scope-close").focus();
  redraw();
}

function closeScope() {
  if (!scope.open) return;
  const {layer, unit} = scope.open;
  scope.hide();
  (diagram.nodes[layer + 1]?.[unit]?.button ?? byId("open-loss")).focus({preventScroll: true});
}

// the microscope's numbers: computed up to ten times a second, the mean in slices
let looking = 0;
async function look() {
  if (!scope.open || performance.now() - looked < 100 && playing) return;
  looked = performance.now();
  looking += 1;
  const mine = looking;
  const {theta} = run.shown;
  scope.stepped(run.last);
  if (byId("scope-mean").checked) {
    const {learn} = run.matrices;
    const places = run.last?.rows.filter((r) => r < learn.rows) ?? times(Math.min(learn.rows, playing ? 8 : MOST_MEAN), (k) => k);
    const found = await meanRun(run.graphs, run.last ? run.last.before : theta, learn, places, () => mine === looking);
    if (found && scope.open) scope.numbers(found, theta);
    return;
  }
  const row = matrix([drawing.chosen], run.inputs, run.table.scale, run.table.quantity);
  scope.numbers(run.graphs.at(theta, row.x, row.y[0]), theta);
}
const MOST_MEAN = 64;

function setWeight(k, value) {
  const theta = run.shown.theta.slice();
  theta[k] = value;
  run.put(theta);
}

let pinned = null;

function hoverWeight(k) {
  if (pinned) return;
  const card = byId("weight");
  card.hidden = k === null;
  if (k !== null) fillWeight(k);
}

function weightName(k) {
  const {layer, unit, input} = run.net.find(k);
  return say("weight-named", {from: run.names[layer][input], to: run.names[layer + 1][unit]});
}

function fillWeight(k) {
  const value = run.shown.theta[k];
  byId("weight-name").textContent = weightName(k);
  byId("weight-value").value = format(value, 6);
  const reach = Math.max(2, Math.ceil(2 * Math.abs(value)));
  Object.assign(byId("weight-drag"), {min: -reach, max: reach, step: reach / 200, value});
  byId("weight-said").textContent = "";
  const line = diagram.ends(k).line;
  const card = byId("weight");
  card.style.left = `${clamped((line[0] + line[2]) / 2 - 105, 4, Math.max(diagram.width - 214, 4))}px`;
  card.style.top = `${clamped((line[1] + line[3]) / 2 + 10, 4, Math.max(diagram.height - 150, 4))}px`;
}

// an open weight, to be typed or dragged, with the change of the loss that its derivative predicts
function pinWeight(k) {
  pause();
  const theta = run.shown.theta.slice();
  pinned = {k, theta, slope: run.deltas(theta).g[k], loss: run.lossAt(theta)};
  byId("weight").hidden = false;
  fillWeight(k);
  byId("weight-value").focus();
}

function dragWeight(value) {
  const {k, theta, slope, loss} = pinned;
  const moved = theta.slice();
  moved[k] = value;
  byId("weight-value").value = format(value, 6);
  byId("weight-drag").value = value;
  byId("weight-said").textContent = say("weight-said", {slope: format(slope, 3), move: format(value - theta[k], 3), told: format(slope * (value - theta[k]), 3), true: format(run.lossAt(moved) - loss, 3)});
  run.put(moved);
}

function unpin() {
  pinned = null;
  byId("weight").hidden = true;
}

// compares the batch's gradient with the mean of scalar graphs
async function check() {
  const {learn} = run.matrices;
  const places = times(Math.min(learn.rows, 40), (k) => k);
  const rows = gathered(learn, places);
  const {theta} = run.shown;
  const g = new Float64Array(run.net.count);
  const of = criterion(run.spec.loss, run.net.outputs, run.spec.classes);
  const fast = new Net(run.spec.sizes, run.spec.kinds);
  const p = fast.forward(theta, rows.x, rows.rows);
  of.slopes(p, rows.y, rows.rows, 1 / rows.rows, fast.d.at(-1));
  fast.backward(theta, rows.x, rows.rows, g);
  byId("check-said").textContent = say("check-waits");
  const found = await meanRun(run.graphs, theta, learn, places);
  const slow = found.graph.parameters.map((id) => found.run.derivatives[id]);
  const most = g.reduce((worst, v, k) => Math.max(worst, Math.abs(v - slow[k])), 0);
  byId("check-said").textContent = say(most < 1e-9 ? "check-same" : "check-other", {rows: places.length, count: g.length, most: most.toExponential(1).replace("-", MINUS)});
}
