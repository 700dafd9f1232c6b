// The microscope: a unit or the loss as its scalar graph, for one point or as a mean, its weights to be typed, and what
// the last step did to each of them.

class Scope {
  // calls: {weight(k, value), close(), copy(text)}
  constructor(place, calls) {
    Object.assign(this, {place, calls, open: null});
    this.svg = element("svg", {class: "scope-graph"}, element("defs", {}, element("marker", {id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4,
      markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto"}, element("path", {d: "M0 0L8 4L0 8Z", class: "tip"}))));
    byId("scope-graph").append(this.svg);
    this.svg.addEventListener("click", (event) => { if (event.target.closest(".head")) this.calls.close(); });
    this.svg.addEventListener("keydown", (event) => {
      if (event.target.closest(".head") && ["Enter", " "].includes(event.key)) { event.preventDefault(); this.calls.close(); }
    });
  }

  // what is opened: {layer, unit} or {loss: true}
  show(what, net, graphs, names, title) {
    Object.assign(this, {open: what, net, graphs, names, title, graph: null});
    this.fields = [];
    byId("scope-title").textContent = title;
    byId("scope-weights").replaceChildren(...(what.loss ? [] : this.table()));
    this.place.hidden = false;
  }

  hide() {
    this.open = null;
    this.place.hidden = true;
  }

  // the ladder of the graph, rebuilt where that is another one
  build(graph) {
    this.graph = graph;
    this.svg.querySelectorAll("g").forEach((g) => { if (!g.closest("defs")) g.remove(); });
    const {layer, unit, loss} = this.open;
    const out = loss ? graph.root : graph.units[layer][unit];
    const entering = loss ? graph.units.at(-1) : layer ? graph.units[layer - 1] : graph.x;
    this.ladder = new Ladder(graph, out, entering, this.title);
    const tall = Math.max(this.ladder.height, 26 * entering.length + 20);
    const at = (k) => 20 + (tall - 30) * (entering.length > 1 ? k / (entering.length - 1) : .5);
    this.sources = entering.map((id, k) => {
      const text = element("text", {x: 2, y: at(k) + 4, class: "name"});
      this.svg.append(element("g", {class: "source"}, text));
      return {id, text, y: at(k), name: loss ? say("output-named", {name: this.names.at(-1)[k]}) : this.names[layer][k]};
    });
    this.svg.append(this.ladder.group);
    this.ladder.stand(150, (tall - this.ladder.height) / 2, (id) => [108, this.sources.find((s) => s.id === id)?.y ?? 20]);
    const wide = 150 + this.ladder.width + 8;
    this.svg.setAttribute("viewBox", `0 0 ${wide} ${tall + 8}`);
    this.svg.style.width = `clamp(${.72 * wide}px, 100%, ${wide}px)`;
  }

  // numbers of a replay
  numbers({graph, run}, theta) {
    if (graph !== this.graph) this.build(graph);
    this.ladder.show(run, 4);
    for (const {id, text, name} of this.sources) text.textContent = `${shortened(name, 9)} = ${format(run.data[id], 3)}`;
    const [wrong] = Object.values(run.errors);
    byId("scope-wrong").textContent = wrong ?? "";
    for (const {k, field, slope} of this.fields) {
      if (document.activeElement !== field) field.value = format(theta[k], 6);
      slope.textContent = `∂ ${format(run.derivatives[graph.parameters[k]], 4)}`;
    }
  }

  // a field for each weight of the unit, and for its bias
  table() {
    const {layer, unit} = this.open;
    return times(this.net.sizes[layer] + 1, (i) => {
      const k = this.net.place(layer, unit, i);
      const name = i < this.net.sizes[layer] ? `w${i + 1}` : "b";
      const row = Object.assign(document.createElement("div"), {className: "weight-row"});
      const label = Object.assign(document.createElement("label"), {textContent: name, htmlFor: `weight-${k}`});
      const field = Object.assign(document.createElement("input"), {type: "text", id: `weight-${k}`, inputMode: "decimal", spellcheck: false});
      const slope = Object.assign(document.createElement("span"), {className: "grad"});
      const step = Object.assign(document.createElement("span"), {className: "arithmetic"});
      field.addEventListener("change", () => {
        const x = parseNumber(field.value);
        field.setAttribute("aria-invalid", String(x === null));
        if (x !== null) this.calls.weight(k, x);
      });
      row.append(label, field, slope, step);
      this.fields.push({k, field, slope, step});
      return row;
    });
  }

  // how the last step changed each weight, with its arithmetic
  stepped(last) {
    for (const [n, {k, step}] of (this.fields ?? []).entries()) {
      step.replaceChildren(...(last ? arithmetic(last, k) : n ? [] : [say("scope-step")]).map((line) => Object.assign(document.createElement("span"), {textContent: line})));
    }
  }
}

// an optimiser's step on parameter k, line by line, with its numbers: w = 0.42 − 0.03 · 1.7 = 0.369
function arithmetic({before, after, g, lr, memory}, k) {
  const f = (x) => format(x, 4);
  const signed = (x) => x < 0 ? `(${f(x)})` : f(x);
  const kept = (name) => memory.state[name]?.[k] ?? 0;
  const [slope, w] = [g[k], before[k]];
  if (memory.rule === "rmsprop") {
    const s = memory.alpha * kept("square") + (1 - memory.alpha) * slope * slope;
    return [`s = ${memory.alpha} · ${f(kept("square"))} + ${f(1 - memory.alpha)} · ${signed(slope)}² = ${f(s)}`,
            `w = ${f(w)} − ${f(lr)} · ${signed(slope)} / (√${f(s)} + 1e−8) = ${f(after[k])}`];
  }
  if (memory.rule === "adam") {
    const {beta1, beta2, steps, decay = 0} = memory;
    const [m, v] = [beta1 * kept("mean") + (1 - beta1) * slope, beta2 * kept("square") + (1 - beta2) * slope * slope];
    const [mean, square] = [m / (1 - beta1 ** (steps + 1)), v / (1 - beta2 ** (steps + 1))];
    const shrunk = decay ? `(1 − ${f(lr)} · ${decay}) · ${signed(w)}` : f(w);
    return [`m = ${beta1} · ${signed(kept("mean"))} + ${f(1 - beta1)} · ${signed(slope)} = ${f(m)}`,
            `v = ${beta2} · ${f(kept("square"))} + ${f(1 - beta2)} · ${signed(slope)}² = ${f(v)}`,
            `m̂ = ${f(m)} / (1 − ${beta1}^${steps + 1}) = ${f(mean)},  v̂ = ${f(v)} / (1 − ${beta2}^${steps + 1}) = ${f(square)}`,
            `w = ${shrunk} − ${f(lr)} · ${signed(mean)} / (√${f(square)} + 1e−8) = ${f(after[k])}`];
  }
  const {momentum = 0, nesterov = false} = memory;
  if (!momentum) return [`w = ${f(w)} − ${f(lr)} · ${signed(slope)} = ${f(after[k])}`];
  const first = !memory.state.velocity;
  const v = first ? slope : momentum * kept("velocity") + slope;
  const lines = [`v = ${first ? f(slope) : `${momentum} · ${signed(kept("velocity"))} + ${signed(slope)} = ${f(v)}`}`];
  if (!nesterov) return [...lines, `w = ${f(w)} − ${f(lr)} · ${signed(v)} = ${f(after[k])}`];
  return [...lines, `w = ${f(w)} − ${f(lr)} · (${f(slope)} + ${momentum} · ${signed(v)}) = ${f(after[k])}`];
}

// the unit as an expression for the command line: it makes a lesson, or an exercise, of these numbers
function lessonCommand(command, net, theta, {layer, unit}, inputs) {
  const n = net.sizes[layer];
  const exact = (x) => String(x);
  const sum = [...times(n, (i) => `w${i + 1}*x${i + 1}`), "b"].join(" + ");
  const last = net.kinds[layer] === "linear" ? "" : `; a = ${net.kinds[layer]}(n)`;
  const numbers = [...times(n, (i) => `x${i + 1}=${exact(inputs[i])}`), ...times(n, (i) => `w${i + 1}=${exact(theta[net.place(layer, unit, i)])}`), `b=${exact(theta[net.place(layer, unit, n)])}`];
  return `microgrAD ${command} "n = ${sum}${last}" ${numbers.join(" ")} -o ${command}.html`;
}
