// A run of training, step by step: each picture is put together from its lines.

const data = JSON.parse(document.getElementById("data").textContent);
const figure = document.querySelector("figure");
const steps = [...document.querySelectorAll("[data-step]")];
const SMALLEST = .62; // of a picture's own size: what does not fit is scrolled

function draw(k) {
  figure.innerHTML = data.frames[k].map((line) => data.lines[line]).join("\n");
  const picture = figure.firstElementChild;
  picture.style.minWidth = `${SMALLEST * Number(picture.getAttribute("width"))}px`;
}

// scroll the picture to what is new in it
function follow(k) {
  const before = new Set(data.frames[Math.max(0, k - 1)]);
  const ids = data.frames[k].filter((line) => !before.has(line)).map((line) => data.lines[line].match(/data-id="([^"]+)"/)?.[1]);
  const part = [...figure.querySelectorAll("[data-id]")].find((one) => ids.includes(one.dataset.id));
  if (!part) return;
  const [inside, around] = [part.getBoundingClientRect(), figure.getBoundingClientRect()];
  figure.scrollLeft += (inside.left + inside.right - around.left - around.right) / 2;
  figure.scrollTop += (inside.top + inside.bottom - around.top - around.bottom) / 2;
}

function show(k) {
  const {scrollLeft, scrollTop} = figure;
  draw(k);
  Object.assign(figure, {scrollLeft, scrollTop});
  follow(k);
  steps.forEach((step, i) => step.classList.toggle("now", i === k));
}

const nav = document.getElementById("steps");
document.body.dataset.live = "";
const stepper = new Stepper(nav, steps.length - 1, show);
themeButton(document.getElementById("theme"));
window.addEventListener("beforeprint", () => draw(steps.length - 1));
window.addEventListener("afterprint", () => draw(stepper.k));
if (!stepper.follow()) stepper.go(0);
