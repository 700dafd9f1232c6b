// Colours of answers: bytes of a grid, the shades that they stand for, and what a theme makes of them.

const DEPTH = 0.55;         // as in the pictures of viz.boundary

function rgb(color) {
  return [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16));
}

const mix = (a, b, share) => a.map((v, k) => v + (b[k] - v) * share);

// the colours of a grid's bytes on a background: two classes by P(1), more by 32 · class + its lead in 31 parts
function shades(count, colors, background) {
  const deep = colors.map((color) => mix(background, rgb(color), DEPTH));
  return Array.from({length: 256}, (_, byte) => {
    if (count > 2) return mix(background, deep[Math.min(byte >> 5, count - 1)], (byte & 31) / 31);
    const p = byte / 255;
    return mix(background, mix(deep[0], deep[1], p), Math.abs(2 * p - 1));
  });
}

function paint(canvas, grid, size, colors) {
  canvas.width = canvas.height = size;
  const image = new ImageData(size, size);
  for (let k = 0; k < grid.length; k += 1) {
    const color = colors[grid[k]];
    for (let c = 0; c < 3; c += 1) image.data[4 * k + c] = color[c];
    image.data[4 * k + 3] = 255;
  }
  canvas.getContext("2d", {willReadFrequently: true}).putImageData(image, 0, 0);
}

// colours that follow the theme: of answers, and of what a unit gives
function themeColors(count, colors, hard) {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => rgb(style.getPropertyValue(name).trim());
  const background = named("--background");
  const answers = shades(count, colors, background);
  const points = Array.from({length: 256}, (_, byte) => mix(rgb(colors[0]), rgb(colors[1]), byte / 255));
  const signs = shades(2, ["--flow-negative", "--flow-positive"].map((name) => style.getPropertyValue(name).trim()), background);
  return {points, answers: hard ? answers.map((_, byte) => answers[count > 2 ? byte | 31 : byte < 128 ? 0 : 255]) : answers, signs};
}

function css([r, g, b]) {
  return `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)})`;
}

const toByte = (share) => Math.round(255 * Math.max(0, Math.min(1, share)));

// signs and sizes of what stands on a grid, every `step`-th of them, as bytes: 0 for the most negative, 255 the positive
function signBytes(values, size, step) {
  let most = 1e-12;
  for (let i = 0; i < size; i += step) {
    for (let j = 0; j < size; j += step) most = Math.max(most, Math.abs(values[i * size + j]));
  }
  const found = new Uint8Array(Math.ceil(size / step) ** 2);
  let k = 0;
  for (let i = 0; i < size; i += step) {
    for (let j = 0; j < size; j += step) found[k++] = toByte((values[i * size + j] / most + 1) / 2);
  }
  return found;
}

// a byte for a place of many classes: the likeliest, and its lead over the next in 31 parts
function lead(p) {
  const best = [...p].sort((a, b) => b - a);
  return 32 * p.indexOf(best[0]) + Math.round(31 * (best[0] - best[1]));
}

// the probability of each class from a row's outputs, see microgrAD/outputs.py
function chance(given, reading) {
  const clip = (p) => Math.max(0, Math.min(1, p));
  const read = {probabilities: clip, signs: (v) => clip((v + 1) / 2), logarithms: Math.exp};
  if (reading !== "logits") {
    const p = given.map(read[reading]);
    return p.length > 1 ? p : [1 - p[0], p[0]];
  }
  const scores = given.length > 1 ? given : [0, given[0]];
  const top = Math.max(...scores);
  const parts = scores.map((v) => Math.exp(v - top));
  const all = parts.reduce((a, b) => a + b, 0);
  return parts.map((v) => v / all);
}
