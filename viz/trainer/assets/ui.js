// Controls: the setting of each, and what to do after a change.

// what to do after a change of each setting
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

// a control's text as a setting; if it is not allowed, the page and the control say so
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
  byId("plane").classList.toggle("grab", ["paint", "move"].includes(tool));
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
