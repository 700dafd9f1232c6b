// Connects each control with what it calls, and starts the page.

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
    const {layer} = scope.open;
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
    if (!Number.isFinite(epoch)) return;            // nothing is drawn there
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
  const {learn} = makeData(button.dataset.data, {...base, n: 60, seed: 0, share: 0, f});
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
[...document.querySelectorAll("[data-data]")].forEach((button, k) => setTimeout(thumbnail, 300 + 40 * k, button));     // after the first picture
if (settings.challenge && Object.hasOwn(CHALLENGES, settings.challenge)) takeChallenge(settings.challenge);
