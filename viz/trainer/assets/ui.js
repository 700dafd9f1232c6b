// Controls: what each sets, and what a change of it needs.

// what a change of a setting asks for
const NEEDS = {
  start: ["data", "n", "noise", "classes", "dataseed", "share", "formula"],
  rebuild: ["inputs", "net", "init", "seed"],
  tune: ["rule", "lr", "schedule", "batch", "l1", "l2", "dropout", "clip"],
  change: ["loss", "act", "out"],
  view: ["hard", "heldout", "colors", "speed", "stop", "across", "up"],
};
const NEED = Object.fromEntries(Object.entries(NEEDS).flatMap(([need, names]) => names.map((name) => [name, need])));

function set(name, value) {
  if (name === "data" && value !== settings.data) {
    settings = {...beginning(value), speed: settings.speed, colors: settings.colors, hide: settings.hide, challenge: settings.challenge};
    return start();
  }
  settings = fitting({...settings, [name]: value});
  const need = NEED[name];
  if (need === "start") return start();
  if (need === "rebuild") return rebuild();
  if (need === "tune") run.tune(settings, name);
  else if (need === "change") run.change(settings, name);
  else run.settings = settings;
  if (need === "view" && drawing) {
    drawing.color();
    if (["across", "up"].includes(name)) drawing.grid();
    byId("legend").dataset.key = "";
  }
  showSettings();
  return redraw();
}

// a control's text as a setting; what is not allowed is said, and the control says so too
function typed(control) {
  const name = control.dataset.set;
  const kind = SETTINGS[name];
  const value = control.type === "checkbox" ? control.checked : kind.read(control.value.trim());
  control.setAttribute("aria-invalid", String(value === undefined));
  if (value === undefined) return tell([say("setting-value", {name: control.closest("label").textContent.trim() || name, value: shortened(control.value), allowed: kind.allowed()})]);
  tell([]);
  return set(name, name === "act" ? settings.net.map(() => value[0]) : value);
}

function showSettings() {
  for (const control of document.querySelectorAll("[data-set]")) {
    const name = control.dataset.set;
    const value = settings[name];
    if (control.type === "checkbox") control.checked = value;
    else if (document.activeElement !== control || control.localName === "select") control.value = name === "act" ? (new Set(value).size > 1 ? "" : value[0] ?? "tanh") : SETTINGS[name].write(value);
    if (control.getAttribute("aria-invalid") === "true" && document.activeElement !== control) control.removeAttribute("aria-invalid");
    const out = control.parentElement.querySelector("output");
    if (out) out.textContent = name === "share" ? `${Math.round(100 * value)} %` : format(value, 4);
  }
  const set = page.sets[settings.data] ?? {};
  byId("noise").max = set.most ?? .5;
  for (const [id, shown] of [["formula-row", settings.data === "formula"], ["classes-row", set.many], ["made-rows", settings.data !== "own"]]) byId(id).hidden = !shown;
  for (const button of document.querySelectorAll("[data-data]")) button.setAttribute("aria-pressed", String(button.dataset.data === settings.data));
  for (const button of document.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
  for (const option of byId("loss").options) option.disabled = !lossAllowed(option.value);
  byId("out").disabled = run.spec?.loss !== "mse";
  byId("layer-count").textContent = settings.net.length;
  byId("layers-less").disabled = !settings.net.length;
  byId("layers-more").disabled = settings.net.length >= MOST.layers;
  byId("sizes").textContent = run.net ? say("sizes", {count: run.net.count}) : "";
  showInputs();
  showBrush();
  showKinds();
  const many = run.table?.features.length > 2;
  byId("view-row").hidden = !many;
  if (many) for (const id of ["across", "up"]) fillOptions(byId(id), run.table.features.map((name, k) => [String(k + 1), name]), String(settings[id]));
}

function lossAllowed(name) {
  const classes = run.table?.classes.length ?? 2;
  return classes ? name !== "huber" && (name !== "hinge" || classes === 2) : ["squared", "huber"].includes(name);
}

function fillOptions(select, options, value) {
  const key = options.flat().join("|");
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...options.map(([v, name]) => Object.assign(document.createElement("option"), {value: v, textContent: shortened(name, 24)})));
  }
  select.value = value;
}

// a box for each input that the data have
function showInputs() {
  if (!run.table) return;
  const ids = inputIds(run.table.features.length);
  const place = byId("inputs");
  const key = `${ids.join()}|${run.table.features.join()}`;
  if (place.dataset.key !== key) {
    place.dataset.key = key;
    place.replaceChildren(...ids.map((id) => {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), {type: "checkbox", value: id});
      box.addEventListener("change", () => chooseInput(id, box));
      label.append(box, ` ${shortened(inputName(id, run.table.features), 16)}`);
      return label;
    }));
  }
  for (const box of place.querySelectorAll("input")) box.checked = settings.inputs.includes(box.value);
}

function chooseInput(id, box) {
  const ids = inputIds(run.table.features.length);
  const found = ids.filter((other) => other === id ? box.checked : settings.inputs.includes(other));
  if (!found.length) {
    box.checked = true;
    return tell([say("inputs-least")]);
  }
  return set("inputs", found);
}

const brushes = () => run.spec?.classes || 5;

function showBrush() {
  if (!run.table) return;
  const {classes} = run.table;
  const [low, high] = run.reach;
  const names = classes.length ? classes : times(5, (k) => format(low + (high - low) * k / 4, 2));
  brush = Math.min(brush, names.length - 1);
  fillOptions(byId("brush"), names.map((name, k) => [String(k), name]), String(brush));
}

// the activation of each hidden layer
function showKinds() {
  const place = byId("kinds");
  if (place.childElementCount !== settings.net.length) {
    place.replaceChildren(...settings.net.map((_, l) => {
      const label = Object.assign(document.createElement("label"), {textContent: `${say("layer-n", {n: l + 1})} `});
      const select = document.createElement("select");
      select.append(...KINDS.map((kind) => Object.assign(document.createElement("option"), {value: kind, textContent: kind})));
      select.addEventListener("change", () => set("act", settings.act.map((kind, k) => k === l ? select.value : kind)));
      label.append(select);
      return label;
    }));
  }
  place.querySelectorAll("select").forEach((select, l) => { select.value = settings.act[l]; });
}

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

// on from the epoch that is looked at, with so many times the rate
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

// ------------------------------------------------------------------------------------------ wiring it up

const CLICKS = {
  play: () => playing ? pause() : play(), reset, "step-epoch": () => step("epoch"), "step-batch": () => step("batch"), "step-one": () => step("one"),
  "layers-more": () => layers(1), "layers-less": () => layers(-1), "open-loss": openLoss, "scope-close": closeScope, check, "from-here": fromHere, now: () => run.look(run.records.at(-1)),
  "new-data": () => set("dataseed", settings.dataseed + 1), "new-weights": () => set("seed", settings.seed + 1), "weight-close": unpin, "message-close": () => tell([]),
  "csv-choose": () => byId("csv-file").click(), "csv-paste": () => byId("paste").showModal(), "paste-take": () => takeTable(byId("paste-text").value),
  "out-copy": copyOut, "out-save": () => download(outName, byId("out-text").value, "text/plain"), forget: () => { run.before = null; redraw(); },
};
for (const [id, act] of Object.entries(CLICKS)) byId(id).addEventListener("click", act);
for (const control of document.querySelectorAll("[data-set]")) {
  control.addEventListener("change", () => typed(control));
  if (control.type === "range") control.addEventListener("input", () => { const out = control.parentElement.querySelector("output"); if (out) out.textContent = control.value; });
}
for (const button of document.querySelectorAll("[data-data]")) {
  button.addEventListener("click", () => set("data", button.dataset.data));
}
for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => { tool = tool === button.dataset.tool ? "" : button.dataset.tool; showSettings(); });
for (const button of document.querySelectorAll("[data-opens-dialog]")) button.addEventListener("click", () => byId(button.dataset.opensDialog).showModal());
for (const button of document.querySelectorAll("[data-closes]")) button.addEventListener("click", () => button.closest("dialog").close());
for (const button of document.querySelectorAll("[data-out]")) button.addEventListener("click", () => showOut(button.dataset.out));
for (const button of document.querySelectorAll("[data-challenge]")) button.addEventListener("click", () => takeChallenge(button.dataset.challenge));
for (const button of document.querySelectorAll("[data-tab]")) {
  button.addEventListener("click", () => {
    document.body.dataset.tab = button.dataset.tab;
    for (const other of document.querySelectorAll("[data-tab]")) if (other !== document.body) other.setAttribute("aria-pressed", String(other === button));
  });
}
for (const button of document.querySelectorAll("[data-lower]")) {
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-lower]")) {
      other.setAttribute("aria-pressed", String(other === button));
      byId(other.dataset.lower).hidden = other !== button;
    }
    drawing.words();
    redraw();
  });
}
for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => {
    const {layer, unit} = scope.open;
    const x = drawing.chosenInputs();
    run.net.forward(run.shown.theta, x, 1);
    const inputs = layer ? [...run.net.a[layer - 1].subarray(0, run.net.sizes[layer])] : [...x];
    byId("sharing").showModal();
    byId("out-text").value = lessonCommand(button.dataset.command, run.net, run.shown.theta, scope.open, inputs);
    byId("out-save").hidden = true;
    byId("out-text").select();
  });
}
byId("brush").addEventListener("change", () => { brush = Number(byId("brush").value); });
byId("time").addEventListener("input", lookBack);
for (const id of ["scope-mean", "scope-point"]) byId(id).addEventListener("change", () => { looked = 0; look(); });
byId("weight-value").addEventListener("change", () => {
  const x = parseNumber(byId("weight-value").value);
  byId("weight-value").setAttribute("aria-invalid", String(x === null));
  if (x !== null && pinned) dragWeight(x);
});
byId("weight-drag").addEventListener("input", () => { if (pinned) dragWeight(Number(byId("weight-drag").value)); });
byId("csv-file").addEventListener("change", () => { takeFile(byId("csv-file").files[0]); byId("csv-file").value = ""; });
for (const kind of ["curve-loss", "curve-accuracy"]) {
  byId(kind).addEventListener("click", (event) => {
    const epoch = curves[kind.slice(6)].from(event);
    const near = run.records.filter((r) => r.theta && (r.memory || !r.epoch)).reduce((a, b) => Math.abs(b.epoch - epoch) < Math.abs(a.epoch - epoch) ? b : a);
    pause();
    run.look(near);
  });
}

// a file or text dropped anywhere on the page, or pasted outside of a field, is a table
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) takeFile(file);
  else if (event.dataTransfer.getData("text")) takeTable(event.dataTransfer.getData("text"));
});
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea")) return;
  const pasted = event.clipboardData.getData("text");
  if (pasted) { event.preventDefault(); takeTable(pasted); }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (pinned) unpin();
    else closeScope();
    return;
  }
  const at = event.target;
  if (at.matches("input:not([type=checkbox]):not([type=radio]), select, textarea")) return;
  const act = {" ": CLICKS.play, ArrowRight: CLICKS["step-epoch"], b: CLICKS["step-batch"], e: CLICKS["step-one"], r: reset, n: CLICKS["new-data"]}[event.key];
  if (!act || event.key === " " && at.matches("button, summary, a, input, [role=button]")) return;
  event.preventDefault();
  act();
});

// a small picture of a data set
function thumbnail(button) {
  const set = page.sets[button.dataset.data];
  const canvas = button.querySelector("canvas");
  if (!set || !canvas) return;
  const base = beginning(button.dataset.data);
  const f = button.dataset.data === "formula" ? formulaOf(base.formula) : null;
  const {learn} = makeData(button.dataset.data, {...base, n: 90, seed: 0, share: 0, f});
  const limits = limitsOf(learn);
  const [low, high] = reachOf(learn);
  const c = canvas.getContext("2d");
  const [minus, plus] = COLORS.blue;
  for (const {x, y} of learn) {
    c.fillStyle = set.quantity ? css(mix(rgb(minus), rgb(plus), (y - low) / (high - low))) : [minus, plus, ...page.colors.slice(2)][y];
    const up = x.length > 1 ? (limits[1][1] - x[1]) / (limits[1][1] - limits[1][0]) : 1 - (y - low + .3) / (high - low + .6);
    c.fillRect((x[0] - limits[0][0]) / (limits[0][1] - limits[0][0]) * 72 - 2, up * 56 - 2, 5, 5);
  }
}

// parts that the address hides, for class
function hideParts() {
  for (const part of document.querySelectorAll("[data-part]")) part.classList.toggle("put-away", settings.hide.includes(part.dataset.part));
}

themeButton(byId("theme"));
for (const event of ["click"]) byId("theme").addEventListener(event, () => { drawing.color(); byId("legend").dataset.key = ""; redraw(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawing.color(); redraw(); });
window.addEventListener("hashchange", () => { begin(location.hash); hideParts(); });
begin(location.hash);
hideParts();
[...document.querySelectorAll("[data-data]")].forEach((button, k) => setTimeout(thumbnail, 60 + 15 * k, button));     // after the first picture
if (settings.challenge && Object.hasOwn(CHALLENGES, settings.challenge)) takeChallenge(settings.challenge);
