// A run of training, step by step: each picture is put together from its lines.

const data = JSON.parse(document.getElementById("data").textContent);
const figure = document.querySelector("figure");
const steps = [...document.querySelectorAll("[data-step]")];

function show(k) {
  figure.innerHTML = data.frames[k].map((line) => data.lines[line]).join("\n");
  steps.forEach((step, i) => step.classList.toggle("now", i === k));
}

const nav = document.getElementById("steps");
document.body.dataset.live = "";
const stepper = new Stepper(nav, steps.length - 1, show);
themeButton(document.getElementById("theme"));
if (!stepper.follow()) stepper.go(0);
