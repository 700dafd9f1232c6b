// The scalar graph of the loss of one row: each product and sum of each neuron is a node, as in Python.

// collects nodes; an operation's args are ids or plain numbers
class Scalars {
  constructor() {
    Object.assign(this, {nodes: [], labels: new Map(), byId: new Map()});
  }

  node(op, args, data = null, badge = "") {
    const id = `n${this.nodes.length}`;
    const made = {id, op, args, data, badge: badge || (op ? page.badges[op] ?? op : "")};
    this.nodes.push(made);
    this.byId.set(id, made);
    return id;
  }

  leaf(label, data) {
    const id = this.node("", [], data);
    this.labels.set(id, label);
    return id;
  }

  add(terms) {
    return terms.reduce((a, b) => this.node("add", [a, b]));
  }
}

// losses of outputs p (ids) and a target y (an id, or a class), as microgrAD.losses makes them
const GRAPHS = {
  mse: (g, p, y) => mean(g, p.map((one, j) => g.node("pow", [g.node("sub", [one, y(j)]), 2], null, "x²"))),
  binary_cross_entropy_with_logits: (g, [p], y) => g.node("sub", [g.node("softplus", [p]), g.node("mul", [y(0), p])]),
  hinge: (g, [p], y) => g.node("relu", [g.node("sub", [1, g.node("mul", [y(0), p])], null, "1−")]),
  huber: (g, [p], y) => {
    const e = g.node("abs", [g.node("sub", [p, y(0)])]);
    const far = g.node("sub", [e, 0.5], null, "−0.5");
    const near = g.node("div", [g.node("pow", [e, 2], null, "x²"), 2], null, "÷2");
    return g.node("where", [g.node("sub", [e, 1], null, "−1"), far, near]);
  },
  cross_entropy: (g, z, y, target) => {
    const top = z.reduce((a, b) => g.node("max", [a, b]));
    const total = g.add(z.map((one) => g.node("exp", [g.node("sub", [one, top])])));
    return g.node("sub", [g.node("add", [g.node("log", [total]), top]), z[target]]);
  },
};

function mean(g, terms) {
  return terms.length === 1 ? terms[0] : g.node("div", [g.add(terms), terms.length], null, `÷${terms.length}`);
}

// graph of a net's loss for rows of a target: {nodes, events, byId, labels, root, x, parameters, units}.
// Two rows differ in their numbers, and with cross_entropy in the class, so that the graph is made for one target.
function scalarGraph(net, loss, classes, target, names) {
  const g = new Scalars();
  const x = names.map((name) => g.leaf(name, 0));
  const parameters = new Array(net.count);
  const units = [];
  let from = x;
  for (let l = 0; l < net.starts.length; l += 1) {
    from = times(net.sizes[l + 1], (j) => {
      const weight = (i) => parameters[net.place(l, j, i)] = g.leaf(i < from.length ? `w${i + 1}` : "b", 0);
      const before = from;
      const sum = g.add([...before.map((input, i) => g.node("mul", [weight(i), input])), weight(before.length)]);
      return net.kinds[l] === "linear" ? sum : g.node(net.kinds[l], [sum, ...(page.constants[net.kinds[l]] ?? [])]);
    });
    units.push(from);
  }
  const goals = [];
  const root = GRAPHS[loss](g, from, (j) => goals[j] ??= g.leaf("y", 0), target);
  return {nodes: g.nodes, byId: g.byId, labels: g.labels, root, x, parameters, units, goals, entering: x,
          events: backwardOrder(g, root), loss, classes};
}

// the chain rule edge by edge: a node sends its derivative on after all its consumers have sent theirs
function backwardOrder(g, root) {
  const events = [{kind: "seed", root, gradient: 1}];
  const reached = new Set([root]);
  for (let k = g.nodes.length - 1; k >= 0; k -= 1) {
    const node = g.nodes[k];
    if (!reached.has(node.id)) continue;
    node.args.forEach((arg, index) => {
      if (typeof arg !== "string") return;
      reached.add(arg);
      events.push({kind: "backward", node: node.id, arg, index, local: null});
    });
  }
  return events;
}

// the numbers at the graph's leaves for one row: its inputs, its target, all parameters
function leaves(graph, theta, x, y) {
  const found = {};
  graph.parameters.forEach((id, k) => { found[id] = theta[k]; });
  graph.x.forEach((id, i) => { found[id] = x[i]; });
  const goal = graph.loss === "hinge" ? TARGETS.sign : graph.classes && graph.units.at(-1).length > 1 ? TARGETS.hot : TARGETS.number;
  graph.goals.forEach((id, j) => { if (id) found[id] = goal(y, j); });
  return found;
}

// graphs by target; each is made at its first use
class Graphs {
  constructor(net, loss, classes, names) {
    Object.assign(this, {net, loss, classes, names, made: new Map()});
  }

  of(target) {
    const key = this.loss === "cross_entropy" ? target : 0;
    if (!this.made.has(key)) this.made.set(key, scalarGraph(this.net, this.loss, this.classes, key, this.names));
    return this.made.get(key);
  }

  // values and derivatives at every node for one row: {graph, run}
  at(theta, x, y) {
    const graph = this.of(y);
    return {graph, run: replay(graph, leaves(graph, theta, x, y))};
  }
}

// the mean over rows of runs of similar graphs; pauses every few milliseconds. Once still() is false, it returns null.
async function meanRun(graphs, theta, {x, y}, places, still = () => true) {
  const wide = graphs.names.length;
  let total = null, end = performance.now() + 8;
  for (const r of places) {
    const {graph, run} = graphs.at(theta, x.subarray(r * wide, (r + 1) * wide), y[r]);
    total ??= {graph, run: {data: {}, derivatives: {}, partials: {}, errors: {}}};
    Object.assign(total.run.errors, run.errors);
    for (const node of total.graph.nodes) {
      total.run.data[node.id] = (total.run.data[node.id] ?? 0) + run.data[node.id] / places.length;
      total.run.derivatives[node.id] = (total.run.derivatives[node.id] ?? 0) + (run.derivatives[node.id] ?? 0) / places.length;
      const sums = total.run.partials[node.id] ??= node.args.map(() => 0);
      run.partials[node.id]?.forEach((p, k) => { sums[k] += (p ?? 0) / places.length; });
    }
    if (performance.now() > end) {
      await rest();
      if (!still()) return null;
      end = performance.now() + 8;
    }
  }
  return total;
}

const rest = () => new Promise((done) => setTimeout(done, 0));
