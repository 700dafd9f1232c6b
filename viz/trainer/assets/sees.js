// Sentences about what happens: units that are dead, saturated or alike, a loss that diverges, overfitting.

// for a net whose last forward pass was on `rows` rows
function unitsSeen(net, rows) {
  const [dead, flat, stuck] = [[], [], []];
  for (let l = 0; l + 1 < net.starts.length; l += 1) {
    const m = net.sizes[l + 1];
    const bounded = BOUNDED[net.kinds[l]];
    for (let j = 0; j < m; j += 1) {
      let [low, high, full] = [Infinity, -Infinity, 0];
      for (let r = 0; r < rows; r += 1) {
        const a = net.a[l][r * m + j];
        low = Math.min(low, a);
        high = Math.max(high, a);
        if (bounded && Math.min(a - bounded[0], bounded[1] - a) < .02 * (bounded[1] - bounded[0])) full += 1;
      }
      const name = `${l + 1}.${j + 1}`;
      if (net.kinds[l] === "relu" && high === 0) dead.push(name);
      else if (bounded && full > .9 * rows) flat.push(name);
      else if (high - low < 1e-9) stuck.push(name);
    }
  }
  return {dead, flat, stuck};
}

const BOUNDED = {tanh: [-1, 1], sigmoid: [0, 1], erf: [-1, 1]};

// the first pair of units of a layer whose weights are alike, or null
function twins(net, theta) {
  for (let l = 0; l + 1 < net.starts.length; l += 1) {
    const wide = net.sizes[l] + 1;
    for (let j = 1; j < net.sizes[l + 1]; j += 1) {
      const [a, b] = [net.place(l, 0, 0), net.place(l, j, 0)];
      let same = true;
      for (let i = 0; i < wide && same; i += 1) same = theta[a + i] === theta[b + i];
      if (same) return [`${l + 1}.1`, `${l + 1}.${j + 1}`];
    }
  }
  return null;
}

// sentences about a run: its newest record, all records, and the units
function sees({records, net, theta, rows, fault, stopped, classes}) {
  const found = [];
  const now = records.at(-1);
  if (fault) found.push(faultSaid(fault));
  if (stopped) found.push(say(stopped.key, stopped));
  const {dead, flat, stuck} = unitsSeen(net, rows);
  if (dead.length) found.push(say("sees-dead", {units: few(dead), count: dead.length}));
  if (flat.length) found.push(say("sees-flat", {units: few(flat), count: flat.length}));
  if (stuck.length) found.push(say("sees-stuck", {units: few(stuck), count: stuck.length}));
  const pair = twins(net, theta);
  if (pair) found.push(say("sees-twins", {a: pair[0], b: pair[1]}));
  const over = overfitting(records);
  if (over) found.push(say("sees-overfit", over));
  if (!found.length && now) found.push(progress(records, classes));
  return found;
}

const few = (names) => names.length > 4 ? `${names.slice(0, 4).join(", ")}, …` : names.join(", ");

// the epoch since which the held-out loss rises while the other falls; null if it does not
function overfitting(records) {
  const all = thinned(records.filter((r) => Number.isFinite(r.heldLoss)), 200);
  if (all.length < 20) return null;
  const best = all.reduce((a, b) => b.heldLoss < a.heldLoss ? b : a);
  const now = all.at(-1);
  return now.heldLoss > 1.2 * best.heldLoss + .01 && now.loss < best.loss && now.epoch - best.epoch > 20
    ? {epoch: best.epoch, best: format(best.heldLoss, 3), now: format(now.heldLoss, 3)} : null;
}

function progress(records, classes) {
  const [first, now] = [records[Math.max(0, records.length - 60)], records.at(-1)];
  if (!now.epoch) return say("sees-begin");
  if (classes && now.accuracy === 1) return say("sees-all-right", {epoch: now.epoch});
  if (now.loss > .995 * first.loss && records.length > 60) return say("sees-still");
  return say("sees-falls");
}

function faultSaid({layer, unit, part, kind, parameter, slope, from, lr, epoch, loss}) {
  if (loss) return say("fault-loss", {epoch});
  if (parameter) {
    return say("fault-weight", {layer: parameter.layer + 1, unit: parameter.unit + 1, input: parameter.input + 1, slope: format(slope, 3), from: format(from, 3), lr: format(lr, 3), epoch});
  }
  return say(part === "sum" ? "fault-sum" : "fault-activation", {layer: layer + 1, unit: unit + 1, kind, epoch});
}

// how often class j is the answer for a point of class i: table[i][j]
function confusion(net, p, y, classes, even) {
  const table = times(classes, () => new Array(classes).fill(0));
  y.forEach((truth, r) => { table[truth][classOf(p, r * net.outputs, net.outputs, even)] += 1; });
  return table;
}
