// The data sets: those of microgrAD.datasets with the same numbers for the same seed, and some of the page's own.
"use strict";

// how many of n samples each class gets; the first classes get one more if n cannot be divided
const shares = (n, classes) => Array.from({length: classes}, (_, k) => Math.floor(n / classes) + Number(k < n % classes));
const times = (n, make) => Array.from({length: n}, (_, k) => make(k));

// samples of classes of equal size, with noise, in random order; one(class, count) makes the points
function inClasses(n, classes, one, noise, rng) {
  const counts = shares(n, classes);
  const rows = counts.flatMap((count, k) => one(k, count).map((x) => ({x, y: k})));
  for (const row of rows) row.x = row.x.map((v) => v + noise * rng.normal());
  return Array.from(rng.permutation(n), (k) => rows[k]);
}

const MAKERS = {
  circles: ({n, noise, rng}) => inClasses(n, 2, (k, count) => times(count, () => 2 * Math.PI * rng.random())
    .map((angle) => [(k ? .5 : 1) * Math.cos(angle), (k ? .5 : 1) * Math.sin(angle)]), noise, rng),
  xor: ({n, noise, rng}) => times(n, (k) => ({x: [k >> 1 & 1, k & 1], y: (k >> 1 & 1) ^ (k & 1)}))
    .map(({x, y}) => ({x: x.map((v) => v + noise * rng.normal()), y})),
  blobs: ({n, noise, classes, rng}) => inClasses(n, classes, (k, count) => {
    const angle = 2 * Math.PI * k / classes + Math.PI / 2;
    return times(count, () => [4 * Math.cos(angle), 4 * Math.sin(angle)]);
  }, noise, rng),
  spirals: ({n, noise, classes, rng}) => inClasses(n, classes, (k, count) => times(count, () => Math.sqrt(rng.random()) * .9 + .1)
    .map((way) => [way, 2 * Math.PI * (way + k / classes)]).map(([way, angle]) => [way * Math.cos(angle), way * Math.sin(angle)]), noise, rng),
  moons: ({n, noise, rng}) => inClasses(n, 2, (k, count) => times(count, () => Math.PI * rng.random())
    .map((angle) => k ? [1 - Math.cos(angle), .5 - Math.sin(angle)] : [Math.cos(angle), Math.sin(angle)]), noise, rng),
  "yin-yang": ({n, noise, rng}) => inClasses(n, 3, (k, count) => yinYang(k, count, rng), noise, rng),
  sine: ({n, noise, rng}) => times(n, () => rng.uniform(-Math.PI, Math.PI))
    .map((x) => ({x: [x], y: Math.sin(x) + noise * rng.normal()})),
  plane: ({n, noise, rng}) => surface(n, ([x, y]) => (x + y) / 2, noise, rng),
  bumps: ({n, noise, rng}) => surface(n, ([x, y]) => BUMPS.reduce((sum, [at, up, sign]) => sum
    + sign * Math.exp(-8 * ((x - at) ** 2 + (y - up) ** 2)), 0), noise, rng),
  formula: ({n, noise, f, rng}) => times(n, () => [rng.uniform(-1, 1), rng.uniform(-1, 1)])
    .map((x) => ({x: x.map((v) => v + noise * rng.normal()), y: Number(x[1] > f(x[0]))})),
};

const BUMPS = [[-.7, .45, 1], [0, .45, -1], [.7, .45, 1], [-.7, -.45, -1], [0, -.45, 1], [.7, -.45, -1]];

// a quantity over the square from -1 to 1
function surface(n, f, noise, rng) {
  const places = times(n, () => [rng.uniform(-1, 1), rng.uniform(-1, 1)]);
  return places.map((x) => ({x, y: f(x) + noise * rng.normal()}));
}

// draw points of the square, 64 at a time, and keep those of the class
function yinYang(k, count, rng) {
  const found = [];
  while (found.length < count) {
    for (const [x, y] of times(64, () => [rng.uniform(-1, 1), rng.uniform(-1, 1)])) {
      const [left, right] = [Math.hypot(x + .5, y), Math.hypot(x - .5, y)];
      const dot = Math.min(left, right) < .2;
      const yin = left < .5 || y > 0 && right >= .5;
      if (Math.hypot(x, y) < 1 && (k === 2 ? dot : !dot && yin === (k === 0))) found.push([x, y]);
    }
  }
  return found.slice(0, count);
}

// rows of a data set: {learn, held}; the same rows are held out as by microgrAD's train_test_split
function makeData(name, {n, noise, classes, seed, share, f = null}) {
  return split(MAKERS[name]({n, noise, classes, f, rng: new Random(seed)}), share, seed);
}

function split(rows, share, seed) {
  if (!share || rows.length < 2) return {learn: rows, held: []};
  const order = new Random(seed).permutation(rows.length);
  const held = Math.min(Math.max(evenRound(share * rows.length), 1), rows.length - 1);
  const pick = (places) => Array.from(places, (k) => rows[k]);
  return {learn: pick(order.subarray(held)), held: pick(order.subarray(0, held))};
}

// rounds as Python does: halves to the even number
function evenRound(x) {
  const low = Math.floor(x);
  return x - low === .5 ? low + low % 2 : Math.round(x);
}

// ------------------------------------------------------------------------------------------ inputs

// the inputs that a network can have, by id: functions of a row. There are more for rows of one or two numbers.
const INPUTS = {
  x1: (x) => x[0], x2: (x) => x[1], sq1: (x) => x[0] * x[0], sq2: (x) => x[1] * x[1], prod: (x) => x[0] * x[1],
  sin1: (x) => Math.sin(Math.PI * x[0]), sin2: (x) => Math.sin(Math.PI * x[1]),
};

function inputIds(count) {
  if (count === 1) return ["x1", "sq1", "sin1"];
  if (count === 2) return Object.keys(INPUTS);
  return times(count, (k) => `x${k + 1}`);
}

const inputOf = (id) => INPUTS[id] ?? ((k) => (x) => x[k])(Number(id.slice(1)) - 1);

// the mean and the deviation of each column of rows, 1 for a column that never changes
function scaling(rows) {
  return rows[0].map((_, j) => {
    const column = rows.map((row) => row[j]);
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length);
    return deviation > 0 && column.some((v) => v !== column[0]) ? [mean, deviation] : [column[0], 1];
  });
}

// rows as the network takes them: {x, y, rows}. scale: null, or a mean and a deviation for each number of a row
function matrix(rows, ids, scale = null, quantity = null) {
  const inputs = ids.map(inputOf);
  const x = new Float64Array(rows.length * ids.length);
  rows.forEach((row, r) => {
    const at = scale ? row.x.map((v, j) => (v - scale[j][0]) / scale[j][1]) : row.x;
    inputs.forEach((input, i) => { x[r * ids.length + i] = input(at); });
  });
  const y = Float64Array.from(rows, (row) => quantity ? (row.y - quantity[0]) / quantity[1] : row.y);
  return {x, y, rows: rows.length};
}
