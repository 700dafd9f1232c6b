// Marking: which answers are right, and what the usual mistakes are.

class Marker {
  // run: the replay of the trace; `known(key)` tells whether the reader has a number already
  constructor(tolerance) {
    this.tolerance = tolerance;
  }

  near(answer, truth) {
    return Number.isFinite(truth) && Math.abs(answer - truth) <= Math.max(this.tolerance * Math.abs(truth), 1e-9);
  }

  truth(key, run) {
    const [id, field] = key.split(".");
    return field === "data" ? run.data[id] : run.derivatives[id];
  }

  right(answer, key, run) {
    return [this.truth(key, run), ...this.displayed(key, run)].some((truth) => this.near(answer, truth));
  }

  // what follows from the numbers as they are displayed: from values, or from local derivatives on the wires
  displayed(key, run) {
    const [id, field] = key.split(".");
    if (field === "data") return nodeOf(id).op ? [shownValue(id, run)] : [];
    const edges = edgesTo(id);
    if (!edges.length) return [];
    const sum = (local) => edges.reduce((total, e) => total + shown(run.derivatives[sourceOf(e)]) * local(e), 0);
    return [sum((e) => shownPartials(e.node, run)[e.index]), sum((e) => shown(run.partials[e.node][e.index])),
            edges.reduce((total, e) => total + shown(this.contribution(e, run)), 0)];
  }

  contribution(edge, run) {
    return run.derivatives[sourceOf(edge)] * run.partials[edge.node][edge.index];
  }

  // the key of the words for what may have gone wrong
  mistake(answer, key, run) {
    const [id, field] = key.split(".");
    const truth = this.truth(key, run);
    const found = field === "data" ? this.mistakenValues(id, run) : this.mistakenDerivatives(id, run);
    const guess = [["sign", -truth], ...found].find(([, x]) => this.near(answer, x) && !this.near(truth, x));
    return guess ? {key: `mistake-${guess[0]}`, ...guess[2]} : {key: "mistake"};
  }

  mistakenValues(id, run) {
    const node = nodeOf(id);
    const args = node.args.map((arg) => typeof arg === "string" ? run.data[arg] : arg);
    const values = node.args.filter((arg) => typeof arg === "string");
    const others = Object.entries(OTHERS).map(([sign, value]) => [args.length === 2 ? "other" : "none", value(...args), {sign}]);
    const sums = args.length > 2 ? args.map((x) => ["term", run.data[id] - x]) : [];
    return [...others.filter(([name]) => name === "other"), ...values.length === 1 ? [["operand", run.data[values[0]]]] : [], ...sums];
  }

  mistakenDerivatives(id, run) {
    const edges = edgesTo(id);
    const local = (e) => run.partials[e.node][e.index];
    const above = (e) => run.derivatives[sourceOf(e)];
    const sum = (f) => edges.reduce((total, e) => total + f(e), 0);
    if (!edges.length) return [];
    return [
      ...edges.length > 1 ? edges.map((e) => ["part", above(e) * local(e), {parts: edges.length}]) : [],
      ...edges.length > 1 ? [["multiplied", edges.reduce((product, e) => product * above(e) * local(e), 1)]] : [],
      ["upstream", sum(local)],
      ["value", run.data[id]],
      ["added", sum((e) => above(e) + local(e))],
      ["swapped", sum((e) => above(e) * this.swapped(e, run))],
      ["output", sum((e) => above(e) * this.atOutput(e, run))],
      ["output", sum((e) => above(e) * this.inPlaceOfOutput(e, run))],
      ["local", sum(above)],
    ];
  }

  // the local derivative by the other one of two operands
  swapped(edge, run) {
    const partials = run.partials[edge.node];
    return partials.length === 2 && partials[1 - edge.index] !== null ? partials[1 - edge.index] : NaN;
  }

  // the local derivative of an operation with one operand, taken at its output
  atOutput(edge, run) {
    const node = nodeOf(edge.node);
    if (node.args.filter((arg) => typeof arg === "string").length !== 1) return NaN;
    const out = run.data[node.id];
    const args = node.args.map((arg) => typeof arg === "string" ? out : arg);
    const op = OPERATIONS[node.op];
    return op.domain(...args) ? partialsOf(node, args, op.value(...args))[edge.index] : NaN;
  }

  // its formula for the output, with the operand in it: 1 − x² where 1 − tanh(x)² was meant
  inPlaceOfOutput(edge, run) {
    const node = nodeOf(edge.node);
    if (node.args.filter((arg) => typeof arg === "string").length !== 1) return NaN;
    const args = node.args.map((arg) => typeof arg === "string" ? run.data[arg] : arg);
    return partialsOf(node, args, run.data[edge.arg])[edge.index];
  }
}

const OTHERS = {"+": (a, b) => a + b, "−": (a, b) => a - b, "×": (a, b) => a * b, "÷": (a, b) => a / b};
