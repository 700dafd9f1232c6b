// Going back in time, loading tables and models, saving, challenges.

// ------------------------------------------------------------------------------------------ time

function showTime() {
  const known = run.records.filter((r) => r.theta && (r.memory || !r.epoch));
  const slider = byId("time");
  slider.max = Math.max(known.length - 1, 0);
  slider.disabled = known.length < 2;
  const at = run.at ? known.indexOf(run.at) : known.length - 1;
  if (document.activeElement !== slider || !run.at) slider.value = at;
  slider.setAttribute("aria-valuetext", say("time-at", {epoch: run.shown?.epoch ?? 0}));
  byId("from-here").disabled = !run.at?.memory;
  byId("now").disabled = !run.at;
}

function lookBack() {
  pause();
  const known = run.records.filter((r) => r.theta && (r.memory || !r.epoch));
  run.look(known[Number(byId("time").value)]);
}

// continue from the epoch that is shown, with another learning rate
async function fromHere() {
  const factor = Number(byId("factor").value);
  if (factor !== 1) settings = {...settings, lr: settings.lr * factor};
  await run.branch();
  if (factor !== 1) run.tune(settings, "lr");
  showSettings();
  play();
}

// ------------------------------------------------------------------------------------------ data of one's own

function takeTable(text, name = "") {
  let table;
  try {
    table = readTable(text);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return tell([name ? `${shortened(name)}: ${error.message}` : error.message]);
  }
  run.own = table;
  byId("paste").close();
  settings = {...beginning("own"), data: "own", inputs: times(table.features.length, (k) => `x${k + 1}`), net: [8], share: .25, speed: settings.speed, colors: settings.colors, hide: settings.hide,
              loss: table.classes.length ? "entropy" : "squared"};
  tell([]);
  return start();
}

async function takeFile(file) {
  if (!file) return;
  if (file.size > 4e6) return tell([say("csv-large")]);
  const text = await file.text();
  if (/\.json$/i.test(file.name)) return takeModel(text);
  return takeTable(text, file.name);
}

function takeModel(text) {
  try {
    const {net, act, out, theta} = readModel(text, run.inputs, run.net.outputs, run.table);
    settings = fitting({...settings, net, act, out});
    rebuild(theta);
    tell([say("model-taken")]);
  } catch (error) {
    tell([error.message]);
  }
}

// ------------------------------------------------------------------------------------------ out

const OUT = {
  link: () => [`${location.href.split("#")[0]}${writeAddress(shared())}`, ""],
  weights: () => [`${location.href.split("#")[0]}${writeAddress(shared(true))}`, ""],
  model: () => [modelFile({net: run.net, theta: run.shown.theta, settings, table: run.table}), "model.json"],
  python: () => [pythonOf({settings, table: run.table, edited: run.edited, epochs: run.shown.epoch, changed: run.marks.length > 0 || run.edited && run.shown.epoch > 0}), "playground.py"],
  csv: () => [writeTable(run.table.features, run.table.target, all(), run.table.classes), "points.csv"],
  svg: () => [svgOf(diagram, run.shown.theta, drawing.colors, pictureOfPlane()), "playground.svg"],
  png: () => [pictured([pictureOfNetwork(), pictureOfPlane()], drawing.colors.paper).toDataURL("image/png"), "playground.png"],
};

const pictureOfPlane = () => ({width: plane.width, height: plane.height, layers: [
  ...(plane.line ? [] : [{canvas: plane.canvas, box: [plane.left, plane.top, plane.wide, plane.high]}]), {canvas: plane.over, box: [0, 0, plane.width, plane.height]}]});
const pictureOfNetwork = () => ({width: diagram.width, height: diagram.height, layers: [{canvas: diagram.canvas, box: [0, 0, diagram.width, diagram.height]}]});

let outName = "";
function showOut(kind) {
  const [text, name] = OUT[kind]();
  outName = name;
  byId("out-text").value = text.startsWith("data:") ? say("out-picture") : text;
  byId("out-save").hidden = !name;
  if (name) download(name, text, "text/plain");
  byId("out-text").select();
}

async function copyOut() {
  byId("out-text").select();
  try {
    await navigator.clipboard.writeText(byId("out-text").value);
    byId("out-said").textContent = say("copied");
  } catch {
    byId("out-said").textContent = say("copy-yourself");
  }
}

// ------------------------------------------------------------------------------------------ challenges

let challenge = "";

function takeChallenge(id) {
  challenge = id;
  byId("challenge").close();
  if (id && CHALLENGES[id].data !== settings.data) set("data", CHALLENGES[id].data);
  if (id && CHALLENGES[id].noise) set("noise", CHALLENGES[id].noise);
  settings = {...settings, challenge: id};
  showChallenge();
  redraw();
}

function showChallenge() {
  const place = byId("asked");
  place.hidden = !challenge;
  if (!challenge) return;
  const found = judged(challenge, {settings, now: run.shown, edited: run.edited});
  const done = found.every((part) => part.done);
  byId("asked-title").textContent = say(`challenge-${challenge}`);
  byId("asked-parts").replaceChildren(...found.map(({said, done}) => Object.assign(document.createElement("li"), {textContent: `${done ? "✓" : "○"} ${said}`, className: done ? "done" : ""})));
  byId("asked-code").textContent = done && run.marks.length === 0 && run.shown.epoch
    ? say("challenge-code", {code: challengeCode(challenge, writeAddress({...settings, weights: "", speed: "fast", hide: []}), run.shown)}) : done ? say("challenge-marks") : "";
}
