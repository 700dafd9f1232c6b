// The data of the training player: the run's weights, the chosen point, and its numbers at an epoch.

const data = JSON.parse(document.getElementById("data").textContent);
const {targets, names, features, colors, digits, latent} = data;
const flat = new Float64Array(bytes(data.points).buffer);
const points = targets.map((_, k) => [...flat.subarray(k * features.length, (k + 1) * features.length)]);
const weights = new Float64Array(bytes(data.weights).buffer);
const graphs = whole(data.graphs).map(unpack);
for (const graph of graphs) {
  graph.labels = new Map(graph.parameters.map((id, k) => [id, data.parameterNames[k]]));
  graph.labels.set(graph.target, data.target);
  graph.x.forEach((id, k) => graph.labels.set(id, features[k]));
}
const byId = (id) => document.getElementById(id);
const written = (x) => format(x, digits);
const state = {frame: 0, point: 0, x: points[0], target: targets[0]};
const graphNow = () => graphs[names.length ? state.target : 0];
let look;

// ------------------------------------------------------------------------------------------ the numbers of an epoch

function parameters(graph) {
  const from = state.frame * weights.length / data.epochs.length;
  return Object.fromEntries(graph.parameters.map((id, k) => [id, weights[from + k]]).filter(([id]) => id !== null));
}

// weights[layer][unit][input] in the order of the parameters: a neuron's weights, then its bias if it has one
function weightTable(graph) {
  let at = state.frame * weights.length / data.epochs.length;
  return graph.units.map((column, c) => column.map(() => {
    const inputs = (c ? graph.units[c - 1] : graph.x).length;
    const found = [...weights.subarray(at, at + inputs)];
    at += inputs + data.bias[c];
    return found;
  }));
}

function compute() {
  const graph = graphNow();
  const inputs = {...parameters(graph), ...Object.fromEntries(graph.x.map((id, k) => [id, state.x[k]]))};
  if (graph.target !== null) inputs[graph.target] = state.target;
  return {graph, run: replay(graph, inputs)};
}

// the gradient of the mean loss over the points learned from, by the ids of graphNow: each class has a graph of its own,
// which differ only in the loss, so units and parameters have the same places in all
function meanSlopes() {
  const found = {};
  const graph = graphNow();
  const same = (other, ids, theirs) => ids.forEach((id, k) => { if (id !== null) found[id] = (found[id] ?? 0) + (other[theirs[k]] ?? 0); });
  for (const [k, one] of graphs.entries()) {
    const rows = points.flatMap((_, r) => r < data.held && (!names.length || targets[r] === k) ? [r] : []);
    if (!rows.length) continue;
    const inputs = {...parameters(one), ...Object.fromEntries(one.x.map((id, j) => [id, Float64Array.from(rows, (r) => points[r][j])]))};
    if (one.target !== null) inputs[one.target] = Float64Array.from(rows, (r) => targets[r]);
    const means = slopes(one, inputs, rows.length, 1 / data.held);
    same(means, [...graph.units.flat(), ...graph.x], [...one.units.flat(), ...one.x]);
  }
  return found;
}

// ------------------------------------------------------------------------------------------ points

function pointMarker(k) {
  const share = (targets[k] - data.reach[0]) / (data.reach[1] - data.reach[0]);
  const color = names.length ? colors[targets[k]] : css(look.points[toByte(share)]);
  return marker(names.length ? targets[k] : 0, color, k >= data.held);
}

function crossMarker() {
  const path = "M0-17V-9M0 9V17M-17 0H-9M9 0H17";
  return element("g", {class: "cross"}, element("path", {d: path, class: "halo"}), element("path", {d: path}));
}

// the points on a chart; `at(k)` is the place of point k
class Cloud {
  constructor(chart, clickable) {
    this.groups = points.map((_, k) => element("g", clickable ? {class: "point", "data-point": k} : {class: "point"}));
    this.cross = crossMarker();
    chart.body.append(...this.groups, this.cross);
  }

  color() {
    for (const [k, group] of this.groups.entries()) group.replaceChildren(pointMarker(k));
  }

  place(at) {
    const size = points.length > 120 ? Math.max(.5, Math.sqrt(120 / points.length)) : 1;
    for (const [k, group] of this.groups.entries()) group.setAttribute("transform", `translate(${at(k)}) scale(${size})`);
  }

  // points that are farther from the plane through the chosen point are fainter
  fade(axes) {
    const others = features.map((_, j) => j).filter((j) => !axes.includes(j));
    for (const [k, group] of this.groups.entries()) {
      const far = others.reduce((sum, j) => sum + ((points[k][j] - state.x[j]) / (data.limits[j][1] - data.limits[j][0])) ** 2, 0);
      group.setAttribute("opacity", Math.max(.15, Math.exp(-16 * far / others.length)).toFixed(2));
    }
  }
}
