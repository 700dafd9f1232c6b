// The lesson: what stands in the page at a step, with the inputs as they are now, in either mode.

const {trace, stages, digits, tolerance, mode} = JSON.parse(document.getElementById("data").textContent);
const picture = new Picture(document.getElementById("picture"));
const sections = document.querySelectorAll(".step");
const live = document.getElementById("live");
let run = replay(trace, {});

// the numbers that stand in the picture after step k: by part, the last one that a step up to k has put there
function standing(k) {
  const found = new Map();
  for (const [j, stage] of stages.slice(0, k).entries()) {
    for (const {part, field, open} of stage.shows) {
      const x = run.events[j][field];
      const known = x !== null && !(field !== "data" && run.broken);
      const nothing = field === "local" ? "" : "–";
      found.set(part, known ? (field === "local" ? "×" : "") + format(x, digits) + (open ? "…" : "") : nothing);
    }
  }
  return found;
}

function drawNumbers(now, blank) {
  const hidden = (part) => setting() === "exercise" && exercise.secret(part.replace(".local", ""));
  for (const part of picture.texts.keys()) {
    picture.write(part, blank(part) ? "?" : hidden(part) ? "" : now.get(part) ?? "");
  }
  picture.mark("asked", [...picture.texts.keys()].filter(blank));
}

function showStep(k) {
  sections.forEach((section, j) => { section.hidden = j !== k; });
  if (setting() === "exercise") return;
  drawNumbers(standing(k), () => false);
  const stage = stages[k - 1];
  picture.mark("active", stage ? [stage.node] : []);
  picture.mark("source", stage?.source ? [stage.source] : []);
  picture.mark("flowing", stage ? stage.wires : []);
  const against = Boolean(stage?.backward);
  const derivative = Boolean(stage && stage.shows[0].field !== "data");
  document.getElementById("picture").classList.toggle("against", against);
  document.getElementById("picture").classList.toggle("derivative", derivative);
  if (stage) picture.reveal(stage.node);
  say(sections[k].querySelector(".say").textContent);
}

function say(text) {
  live.textContent = text;
}

function setting() {
  return document.body.dataset.mode;
}

// ------------------------------------------------------------------------------------------ numbers follow inputs

function changed(numbers) {
  run = replay(trace, numbers);
  run.broken = Object.values(run.data).includes(null);
  const byKey = numbersByKey(run);
  exercise.numbers = byKey;
  fillSlots(document.body, byKey, digits);
  for (const [id, group] of picture.groups) {
    if (id in run.data) group.classList.toggle("broken", id in run.errors);
  }
  if (setting() === "exercise") showExercise();
  else showStep(stepper.k);
  picture.notes(run.errors);
  const [wrong] = Object.keys(run.errors);
  if (wrong) picture.reveal(wrong);
  if (wrong) say(Object.values(run.errors).join("; "));
}

// ------------------------------------------------------------------------------------------ exercise

function showExercise(part) {
  drawNumbers(standing(stages.length), (id) => exercise.blank(id));
  const node = part?.split(".")[0];
  picture.mark("active", node ? [node] : []);
  picture.mark("source", []);
  picture.mark("flowing", []);
  document.getElementById("picture").classList.toggle("derivative", Boolean(part?.endsWith(".grad")));
  if (node) picture.reveal(node);
}

function setMode(name) {
  document.body.dataset.mode = name;
  for (const button of document.querySelectorAll("[data-mode-button]")) {
    button.setAttribute("aria-pressed", String(button.dataset.modeButton === name));
  }
  stepper.enabled = name === "steps";
  stepper.play(false);
  if (name === "steps") return stepper.go(stepper.k);
  setLink("#exercise");
  showExercise();
  picture.notes(run.errors);
}

// other inputs, with one decimal, for which everything has a value and no blank's answer is lost in rounding
function otherNumbers() {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const numbers = Object.fromEntries(Object.entries(inputs.first).map(([id, x]) => {
      const reach = Math.max(2, Math.abs(x));
      return [id, Math.round((2 * Math.random() - 1) * reach * 10) / 10 || 1];
    }));
    const found = replay(trace, numbers);
    if (!Object.keys(found.errors).length) {
      exercise.again();
      return inputs.set(numbers);
    }
  }
  say("no other numbers found for which every operation has a value");
}

// ------------------------------------------------------------------------------------------ beginning

const exercise = new Exercise(document.getElementById("exercise"), tolerance, (part) => showExercise(part));
exercise.digits = digits;
const stepper = new Stepper(document.getElementById("steps"), stages.length, showStep);
const inputs = new Inputs(document.getElementById("inputs"), picture, (numbers) => {
  if (setting() === "exercise") exercise.again();
  changed(numbers);
});
themeButton(document.getElementById("theme"));
for (const button of document.querySelectorAll("[data-mode-button]")) {
  button.addEventListener("click", () => setMode(button.dataset.modeButton));
}
document.querySelector("[data-other]").addEventListener("click", otherNumbers);
document.querySelector("[data-again]").addEventListener("click", () => { exercise.again(); showExercise(); });
for (const [part, {text}] of picture.texts) {
  text.addEventListener("click", () => exercise.questions.find((q) => q.part === part && setting() === "exercise")?.field.focus());
}
window.addEventListener("hashchange", () => { if (location.hash === "#exercise") setMode("exercise"); });
window.addEventListener("beforeprint", () => {
  if (setting() === "steps") drawNumbers(standing(stages.length), () => false);
  for (const name of ["active", "source", "flowing"]) picture.mark(name, []);
});
window.addEventListener("afterprint", () => changed(inputs.numbers));
window.addEventListener("resize", () => picture.notes(run.errors));
// what is scrolled to, or gets the focus, is not to lie under the drawing, which stays on top
new ResizeObserver(() => {
  document.documentElement.style.scrollPaddingTop = `${picture.figure.offsetHeight + 8}px`;
}).observe(picture.figure);
changed(inputs.numbers);
if (location.hash === "#exercise" || mode === "exercise" && !location.hash) setMode("exercise");
else if (!stepper.follow()) stepper.go(0);
