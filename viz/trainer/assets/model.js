// Makes data, inputs and a network from the settings. It draws nothing.

// the table that the settings name: {features, target, classes, learn, held, scale, quantity}. If something is wrong,
// it throws TableError or FormulaError.
function tableOf(settings, own) {
  if (settings.data === "own") return ownTable(settings, own);
  const set = page.sets[settings.data];
  const f = settings.data === "formula" ? formulaOf(settings.formula) : null;
  const {learn, held} = makeData(settings.data, {n: settings.n, noise: settings.noise, classes: settings.classes, seed: settings.dataseed, share: settings.share, f});
  const count = set.quantity ? 0 : set.fixed ?? settings.classes;
  return {features: times(learn[0].x.length, (k) => `x${k + 1}`), target: "y", classes: times(count, String), learn, held, scale: null, quantity: null};
}

function ownTable(settings, {features, target, classes, rows}) {
  const {learn, held} = split(rows, settings.share, settings.dataseed);
  const scale = settings.scale ? scaling(learn.map(({x}) => x)) : null;
  return {features, target, classes, learn, held, scale, quantity: classes.length || !scale ? null : scaling(learn.map(({y}) => [y]))[0]};
}

// names of inputs as they are shown
function inputName(id, features) {
  const [a, b = ""] = features;
  return {sq1: `${a}²`, sq2: `${b}²`, prod: `${a}·${b}`, sin1: `sin π${a}`, sin2: `sin π${b}`}[id] ?? features[Number(id.slice(1)) - 1];
}

// the inputs that are chosen, of those that the table has
function chosenInputs(settings, table) {
  const known = inputIds(table.features.length);
  const found = settings.inputs.filter((id, k, all) => known.includes(id) && all.indexOf(id) === k);
  return found.length ? found : known.filter((id) => /^x\d+$/.test(id));
}

// how the network is built: {sizes, kinds, loss, classes, reading, width}
function networkOf(settings, table) {
  const classes = table.classes.length;
  const loss = lossOf(settings.loss, classes);
  const width = classes > 2 ? classes : 1;
  const kinds = [...settings.act, loss === "mse" ? settings.out : "linear"];
  return {sizes: [chosenInputs(settings, table).length, ...settings.net, width], kinds, loss, classes, reading: READING[loss] ?? "", seed: settings.seed, init: settings.init};
}

function lossOf(name, classes) {
  if (!classes) return name === "huber" ? "huber" : "mse";
  if (name === "squared") return "mse";
  if (name === "hinge" && classes === 2) return "hinge";
  return classes > 2 ? "cross_entropy" : "binary_cross_entropy_with_logits";
}

// how it learns, for the engine
function tuningOf({rule, lr, schedule, l1, l2, batch, dropout, clip}) {
  return {rule, lr, schedule, l1, l2, batch, dropout, clip};
}

// the engine's rows: {learn, held} as matrices
function matrices(settings, table) {
  const ids = chosenInputs(settings, table);
  const of = (rows) => matrix(rows, ids, table.scale, table.quantity);
  return {learn: of(table.learn), held: of(table.held)};
}

// the limits of each number of a row, with a margin
function limitsOf(rows) {
  return rows[0].x.map((_, j) => {
    let [low, high] = [Infinity, -Infinity];
    for (const {x} of rows) [low, high] = [Math.min(low, x[j]), Math.max(high, x[j])];
    const margin = high > low ? .15 * (high - low) : 1;
    return [low - margin, high + margin];
  });
}

function reachOf(rows) {
  let [low, high] = [Infinity, -Infinity];
  for (const {y} of rows) [low, high] = [Math.min(low, y), Math.max(high, y)];
  return high > low ? [low, high] : [low - 1, high + 1];
}
