// The page that trains: settings, hands and keys.

const client = new Client(document.getElementById("worker").textContent);
const run = new Run(client, changed);
const diagram = new Diagram(byId("diagram"), {open: openUnit, point: pointUnit, weight: pinWeight, hover: hoverWeight, resize: resizeLayer});
const plane = new Plane(byId("plane"), {add: addPoint, move: movePoint, remove: removePoint, choose: choosePoint, place: choosePlace, dropped, tool: () => tool});
const curves = {loss: new Curves(byId("curve-loss"), "loss"), accuracy: new Curves(byId("curve-accuracy"), "accuracy")};
const scope = new Scope(byId("scope"), {weight: setWeight, close: closeScope});
let settings = null, drawing = null, playing = false, tool = "", brush = 1, dirty = false, addressed = 0, given = 0, looked = 0;

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

// make data and a network from the settings; if something is wrong, show that, and keep what was there
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
    if (linked && !playing) give();
  });
}

// put the settings in the page's address, if it has one
function address() {
  clearTimeout(addressed);
  addressed = setTimeout(() => { try { setLink(writeAddress(shared())); } catch { /* a frame without an address */ } }, 150);
}

// send the network to the notebook around the page, once nothing changes any more
function give() {
  clearTimeout(given);
  given = setTimeout(() => send(modelFile({net: run.net, theta: run.shown.theta, settings, table: run.table})), 150);
}

// settings for a link; the user's own points are in it if there are few
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
      if (!await run.go(epochs, rate === Infinity ? client.slice : Math.min(14, client.slice))) break;
    }
    if (!client.worker || rate < Infinity) await frame();          // else the Worker goes on while the page draws
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
