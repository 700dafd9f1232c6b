// The page that trains: settings, hands and keys.

const client = new Client(document.getElementById("worker").textContent);
const run = new Run(client, changed);
const diagram = new Diagram(byId("diagram"), {open: openUnit, point: pointUnit, weight: pinWeight, hover: hoverWeight, resize: resizeLayer});
const plane = new Plane(byId("plane"), {add: addPoint, move: movePoint, remove: removePoint, choose: choosePoint, place: choosePlace, dropped, tool: () => tool});
const curves = {loss: new Curves(byId("curve-loss"), "loss"), accuracy: new Curves(byId("curve-accuracy"), "accuracy")};
const scope = new Scope(byId("scope"), {weight: setWeight, close: closeScope});
let settings = null, drawing = null, playing = false, tool = "", brush = 1, dirty = false, addressed = 0, looked = 0;

// ------------------------------------------------------------------------------------------ beginning

function begin(hash) {
  const [found, wrong] = readAddress(hash);
  run.own = page.table ?? run.own;
  if (found.own) {
    try {
      run.own = readOwn(found.own);
    } catch (error) {
      wrong.push(error.message);
      found.data = found.data === "own" ? "circles" : found.data;
    }
  }
  settings = found;
  const theta = settings.weights ? unpackedNumbers(settings.weights) ?? [] : null;
  start(theta, wrong);
}

// data and a network of the settings; what is wrong with them is said, and what was there stays
function start(theta = null, wrong = []) {
  try {
    run.prepare(settings);
  } catch (error) {
    if (!(error instanceof TableError || error instanceof FormulaError)) throw error;
    wrong.push(error.message);
    if (!run.table) {
      settings = beginning("circles");
      run.prepare(settings);
    } else return tell(wrong);
  }
  settings.weights = "";
  settings.inputs = chosenInputs(settings, run.table);
  const count = new Net(networkOf(settings, run.table).sizes, networkOf(settings, run.table).kinds).count;
  if (theta && theta.length !== count) wrong.push(say("address-weights", {given: theta.length, count}));
  tell(wrong);
  rebuild(theta && theta.length === count ? theta : null);
}

function rebuild(theta = null) {
  pause();
  closeScope();
  run.keep();
  run.build(settings, theta);
}

// called by the run after each change
function changed(what) {
  if (what === "build") {
    drawing ??= new Drawing(run, diagram, plane, curves, scope);
    drawing.pointed = null;
    drawing.color();
    drawing.chosen = run.table.learn[0];
    diagram.shape(run.net, run.names[0], run.names.at(-1));
    drawing.grid();
    showSettings();
  }
  if (run.stopped || run.fault) pause();
  redraw();
}

function redraw() {
  if (dirty) return;
  dirty = true;
  requestAnimationFrame(() => {
    dirty = false;
    if (!drawing || !run.shown) return;
    drawing.all(!playing);
    look();
    showTime();
    if (challenge) showChallenge();
    if (!playing) address();
  });
}

// the address follows, where there is one
function address() {
  clearTimeout(addressed);
  addressed = setTimeout(() => { try { setLink(writeAddress(shared())); } catch { /* a frame without an address */ } }, 150);
}

// settings as a link has them: own points go with it where there are few
function shared(weights = false) {
  const own = run.edited || settings.data === "own" ? writeOwn(run.table) : "";
  const found = {...settings, own: own.length <= 20000 ? own : "", data: own ? "own" : settings.data, scale: Boolean(run.table.scale) || !own};
  return weights ? {...found, weights: packed(run.shown.theta)} : found;
}

// own points in an address: header and rows as CSV, rounded to what a float has
function writeOwn({features, target, classes, learn, held}) {
  return writeTable(features, target, [...learn, ...held], classes);
}

function readOwn(text) {
  return readTable(text);
}

// ------------------------------------------------------------------------------------------ saying

function tell(messages) {
  const place = byId("message");
  place.hidden = !messages.length;
  byId("message-text").textContent = messages.length > 1 ? `${messages[0]} ${say("and-more", {n: messages.length - 1})}` : messages[0] ?? "";
}

// ------------------------------------------------------------------------------------------ training

async function play() {
  if (playing || !run.records.length) return;
  if (!run.records.at(-1).memory && !run.at && run.records.at(-1).epoch) return;
  playing = true;
  run.resume();
  showPlaying();
  let [due, before] = [1, performance.now()];
  while (playing) {
    const rate = SPEEDS[settings.speed];
    const now = performance.now();
    due = Math.min(due + rate * (now - before) / 1000, rate);
    before = now;
    const epochs = rate === Infinity ? 1000 : Math.floor(due);
    if (epochs >= 1) {
      due -= epochs;
      if (!await run.go(epochs, client.slice)) break;
    }
    await frame();
  }
}

const frame = () => new Promise((done) => document.hidden ? setTimeout(done, 30) : requestAnimationFrame(done));

function pause() {
  playing = false;
  showPlaying();
  redraw();
}

function showPlaying() {
  const button = byId("play");
  button.setAttribute("aria-pressed", String(playing));
  button.querySelector("span").textContent = say(playing ? "pause" : "play");
  button.firstChild.textContent = playing ? "❚❚ " : "▶ ";
}

async function step(kind) {
  pause();
  run.resume();
  if (kind === "epoch") await run.go(1, 1e4);
  else await run.step(kind === "one" ? 1 : null);
  looked = 0;
  redraw();
}

function reset() {
  rebuild();
}

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

// the microscope's numbers: at most ten times a second, the mean in slices
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

// a weight that stays open: typed and dragged, with the change of the loss that its derivative foretells
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

// ------------------------------------------------------------------------------------------ the network's shape

function resizeLayer(l, change) {
  settings.net[l] = clamped(settings.net[l] + change, 1, MOST.units);
  rebuild();
  restoreFocus(`[data-units="${l + 1}${change > 0 ? "+" : "−"}"]`);
}

function layers(change) {
  if (change > 0 && settings.net.length < MOST.layers) {
    settings.net.push(Math.min(settings.net.at(-1) ?? 4, 4));
    settings.act.push(settings.act.at(-1) ?? "tanh");
  } else if (change < 0 && settings.net.length) {
    settings.net.pop();
    settings.act.pop();
  }
  rebuild();
}

function restoreFocus(selector) {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(selector)?.focus({preventScroll: true})));
}
