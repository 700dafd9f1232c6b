// The lesson: what stands in the page at a step, with the inputs as they are now, in each mode.

const MODES = data.lock ? ["exercise"] : ["steps", "explore", "exercise"];
document.body.removeAttribute("data-still");
const sections = document.querySelectorAll(".step");
const picture = new Picture(byId("picture"));
let run = replay(trace, {});
let numbersNow = {};
let order = [0];
let every = false;
let k = 0;
let ready = false;

const mode = () => document.body.dataset.mode;
const isInput = (event) => event.kind === "forward" && !nodeOf(event.node).op;

// ------------------------------------------------------------------------------------------ the picture at a step

// the numbers that stand in the picture after step k: by part, the last one that a step up to k has put there. The first
// screen has all of them.
function standing(k) {
  const found = new Map();
  for (const [j, stage] of stages.entries()) {
    if (k && j >= k && !(isInput(trace.events[j]) && !every)) continue;
    for (const {part, field, open} of stage.shows) {
      const x = run.events[j][field];
      const known = x !== null && !(field !== "data" && run.broken);
      const nothing = field === "local" ? "" : "–";
      found.set(part, known ? (field === "local" ? "×" : "") + format(x, digits) + (open && k ? "…" : "") : nothing);
    }
  }
  return found;
}

function drawNumbers(now, blank = () => false, hides = () => false) {
  const parts = picture.parts();
  for (const part of parts) picture.write(part, blank(part) ? "?" : hides(part) ? "" : now.get(part) ?? "");
  picture.mark("asked", parts.filter(blank));
}

function mark(stage) {
  picture.mark("active", stage ? [stage.node] : []);
  picture.mark("source", stage?.source ? [stage.source] : []);
  picture.mark("flowing", stage ? stage.wires : []);
  picture.figure.classList.toggle("against", Boolean(stage?.backward));
  picture.figure.classList.toggle("derivative", Boolean(stage && stage.shows[0].field !== "data"));
}

function showStep(number) {
  k = order[number] ?? 0;
  sections.forEach((section, j) => { section.hidden = j !== k; });
  document.querySelector(".onward")?.toggleAttribute("hidden", k !== stages.length);
  if (mode() !== "steps") return;
  drawNumbers(standing(k));
  mark(stages[k - 1]);
  if (k) picture.reveal(stages[k - 1].node);
  tell(sections[k].querySelector(".say").textContent);
}

function showAll() {
  drawNumbers(standing(0));
  mark(null);
}

function showExercise(part) {
  drawNumbers(standing(0), (id) => exercise.blank(id), (id) => exercise.hides(id));
  fillSlots(exercise.section, run, numbersNow, (key) => exercise.secret(key));
  const node = part?.split(".")[0];
  mark(node ? {node, wires: [], shows: [{field: part.endsWith(".grad") ? "derivative" : "data"}]} : null);
  if (node) picture.reveal(node);
}

function show() {
  if (mode() === "exercise") showExercise();
  else if (mode() === "explore") showAll();
  else showStep(stepper.k);
  showNotes(picture, messages());
  for (const [id, group] of picture.groups) if (id in run.data) group.classList.toggle("broken", id in run.wrong);
  explore?.show();
}

function tell(text) {
  byId("live").textContent = text;
}

// what is wrong at a node, in the page's language
function messages() {
  return Object.fromEntries(Object.entries(run.wrong).map(([id, {key, ...given}]) => [id, say(`wrong-${key}`, given)]));
}

// ------------------------------------------------------------------------------------------ numbers follow inputs

function follow(numbers) {
  run = replay(trace, numbers);
  run.broken = Object.values(run.data).includes(null);
  numbersNow = numbersByKey(run);
  Object.assign(exercise, {run, numbers: {...numbers}});
  fillSlots(document.body, run, numbersNow, (key) => exercise.secret(key));
}

function changed(numbers) {
  follow(numbers);
  show();
  const [wrong] = Object.keys(run.wrong);
  if (wrong) picture.reveal(wrong);
  if (wrong) tell(Object.values(messages()).join("; "));
  link();
  send({...numbers});
}

// other numbers: the answers to those before are kept for Undo
function renumber(numbers, seed) {
  if (exercise.begun()) {
    progress.remember();
    exercise.clear();
  }
  exercise.seed = seed;
  inputs.quiet(numbers);
}

function byHand(numbers) {
  if (Object.entries(numbers).every(([id, x]) => exercise.numbers[id] === x)) return changed(numbers);
  if (exercise.begun()) {
    progress.remember();
    exercise.clear();
  }
  exercise.seed = null;
  changed(numbers);
}

function draw(seed) {
  const numbers = seed ? drawn(seed, inputs.first, exercise.questions.map((q) => q.key)) : inputs.first;
  if (numbers) renumber(numbers, seed);
  else tell(say("no-draw"));
}

// a seed of numbers that are not those of now; of some graphs, most seeds draw the same few
function otherSeed() {
  const now = JSON.stringify(inputs.numbers);
  const asked = exercise.questions.map((q) => q.key);
  let seed = 0;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    seed = 1 + Math.floor(Math.random() * 46655);
    if (JSON.stringify(drawn(seed, inputs.first, asked)) !== now) break;
  }
  return seed;
}

// answers of another time, if they are to the numbers of now; or if there is no wish for other ones
function takeUp() {
  const kept = progress.kept();
  const same = (numbers) => Object.entries(numbers).every(([id, x]) => inputs.numbers[id] === x);
  if (kept && !exercise.begun() && (same(kept.numbers) || same(inputs.first) && !exercise.seed)) progress.restore(kept);
}

// ------------------------------------------------------------------------------------------ modes, settings, address

function setMode(name) {
  document.body.dataset.mode = MODES.includes(name) ? name : MODES[0];
  for (const button of document.querySelectorAll("[data-mode-button]")) {
    button.setAttribute("aria-pressed", String(button.dataset.modeButton === mode()));
  }
  if (stepper) {
    stepper.enabled = mode() === "steps";
    stepper.play(false);
  }
  if (mode() === "exercise") takeUp();
  fit.hand = null;
  fit.fit();
  if (mode() === "exercise") showExercise(exercise.questions.find((q) => !q.solved)?.part);
  link();
}

// the steps that are shown: all, or without those that only read an input
function setEvery(on) {
  every = on;
  order = [0, ...trace.events.map((event, j) => isInput(event) && !on ? 0 : j + 1).filter(Boolean)];
  sections.forEach((section, j) => {
    const place = order.indexOf(j);
    section.classList.toggle("skipped", place < 0);
    if (place > 0) section.querySelector(".which").textContent = say("step", {k: place, last: order.length - 1});
  });
  const at = order.findIndex((j) => j >= k);
  stepper?.reach(order.length - 1);
  stepper?.go(at < 0 ? order.length - 1 : at);
}

function link() {
  if (!ready) return;
  const pace = document.querySelector("[data-pace]");
  writeState({k, mode: mode(), theme: byId("theme") ? themeNow() : "auto", seed: exercise.seed, numbers: inputs.numbers, first: inputs.first,
              pace: pace && pace.selectedOptions[0].defaultSelected ? "" : pace?.value, every, fold: fit.fold});
}

function goTo(state) {
  ready = false;
  const seed = Math.trunc(Number(state.seed)) || 0;
  const given = Object.fromEntries(Object.entries(state).filter(([id]) => id in inputs.first).map(([id, x]) => [id, parseNumber(x)])
    .filter(([, x]) => x !== null));
  const wanted = {...inputs.first, ...given};
  if (seed && seed !== exercise.seed) draw(seed);
  else if (!seed && Object.keys(wanted).some((id) => wanted[id] !== inputs.numbers[id])) renumber(wanted, Object.keys(given).length ? null : 0);
  const themes = byId("theme");
  if (themes && THEMES.includes(state.theme)) setTheme(themes, state.theme);
  const pace = document.querySelector("[data-pace]");
  if (pace && [...pace.options].some((option) => option.value === state.pace)) pace.value = state.pace;
  if (pace) stepper.pace(Number(pace.value));
  if (["none", "most"].includes(state.fold)) fit.fold = state.fold;
  const box = document.querySelector("[data-every]");
  if (box) box.checked = state.every === "1" || box.checked;
  k = Math.max(0, Math.min(stages.length, Math.trunc(Number(state.step)) || 0));
  setEvery(Boolean(box?.checked));
  setMode(state.mode ?? (state.step ? "steps" : data.mode));
  ready = true;
  link();
}

// ------------------------------------------------------------------------------------------ beginning

const exercise = new Exercise(byId("exercise"), new Marker(data.tolerance), {changed: (part) => showExercise(part), moved: () => ready && progress.keep()});
const inputs = new Inputs(byId("inputs"), picture, byHand);
inputs.quiet = (numbers) => { inputs.changed = changed; inputs.set(numbers); inputs.changed = byHand; };
const progress = new Progress(exercise, inputs);
const nav = byId("steps");
const stepper = nav && new Stepper(nav, stages.length, showStep, {link: "", addressed: link});
const keys = new Keys(picture);
const fit = new Fit(picture, () => { keys.renew(); inputs.renew(); show(); link(); });
follow(inputs.numbers);
const explore = data.lock ? null : new Explore(document.querySelector(".explore"), inputs);

themeButton(byId("theme"), link);
for (const button of document.querySelectorAll("[data-mode-button]")) {
  button.addEventListener("click", () => { setMode(button.dataset.modeButton); if (mode() === "steps") stepper.go(stepper.k); });
}
document.querySelector("[data-pace]")?.addEventListener("change", (event) => { stepper.pace(Number(event.target.value)); link(); });
document.querySelector("[data-every]")?.addEventListener("change", (event) => { setEvery(event.target.checked); show(); link(); });
document.querySelector("[data-other]").addEventListener("click", () => draw(otherSeed()));
document.querySelector("[data-again]").addEventListener("click", () => { progress.remember(); exercise.clear(); showExercise(); });
picture.figure.addEventListener("click", (event) => {
  if (mode() !== "exercise") return;
  const part = event.target.closest("g.value, g.grad")?.dataset.id;
  const node = event.target.closest("g.leaf, g.result, g.folded")?.dataset.id;
  const found = exercise.questions.find((q) => q.part === part) ?? exercise.questions.find((q) => !q.solved && q.part.startsWith(`${node}.`));
  if (found && !found.solved) exercise.go(found);
});
const settings = document.querySelector(".settings");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") settings?.removeAttribute("open"); });
document.addEventListener("click", (event) => { if (!event.target.closest(".settings")) settings?.removeAttribute("open"); });
window.addEventListener("hashchange", () => goTo(readState()));
hear((numbers) => { if (Object.keys(numbers).some((id) => numbers[id] !== inputs.numbers[id])) renumber(numbers, null); });
window.addEventListener("beforeprint", () => {
  if (mode() === "steps") showAll();
  for (const name of ["active", "source", "flowing"]) picture.mark(name, []);
  fit.forPrint();
});
window.addEventListener("afterprint", () => fit.fit());
goTo(readState());
