// What is inside one node of the network, a neuron or the loss: its scalar graph as a ladder. What leads from its first
// sum to its end goes down the last column, a rung each; what else enters a rung stands to the left of it.

const CELL = {leaf: 118, number: 98, height: 42, gap: 72, down: 62, head: 34, pad: 14, lead: 22};

// the nodes between `entering` and `out`, with columns and rows: {cells: Map of id -> {column, row}, columns, rows}
function ladder(graph, out, entering) {
  const outside = new Set(entering);
  const inner = new Set();
  const stack = [out];
  while (stack.length) {
    const id = stack.pop();
    if (inner.has(id) || outside.has(id)) continue;
    inner.add(id);
    stack.push(...graph.byId.get(id).args.filter((arg) => typeof arg === "string"));
  }
  const within = (id) => [...new Set(graph.byId.get(id).args)].filter((arg) => inner.has(arg));
  const computed = (id) => graph.byId.get(id).op !== "";
  const spine = rungs(out, (id) => within(id).filter(computed));
  const depths = new Map();
  for (const {id} of graph.nodes) {           // operands come before what is made of them
    if (!inner.has(id) || !computed(id) || spine.has(id)) continue;
    depths.set(id, 1 + Math.max(0, ...within(id).map((arg) => depths.get(arg) ?? 0)));
  }
  const columns = 2 + Math.max(0, ...depths.values());
  const cells = new Map();
  let rows = 0;
  let rung = -1;
  const place = (id) => {
    const found = within(id).filter((arg) => !cells.has(arg)).map(place);
    let row = found.length ? Math.max(...found) : -1;
    if (spine.has(id)) rung = row = Math.max(row, rung + 1);
    else if (row < 0) row = rows;
    rows = Math.max(rows, row + 1);
    cells.set(id, {column: spine.has(id) ? columns - 1 : depths.get(id) ?? 0, row});
    return row;
  };
  for (const id of [...spine]) place(id);
  return {cells, columns, rows};
}

// from the first sum down to the end: back from `out` along first operands, as long as there is one that is computed
function rungs(out, computed) {
  const found = [out];
  while (computed(found.at(-1)).length && !found.includes(computed(found.at(-1))[0])) found.push(computed(found.at(-1))[0]);
  if (found.length > 1 && computed(found.at(-2)).length > 1) found.pop();
  return new Set(found.reverse());
}

class Ladder {
  // graph, out, entering: as for `ladder`; graph.labels names what has no operation
  constructor(graph, out, entering, title) {
    Object.assign(this, {graph, out, entering, ...ladder(graph, out, entering)});
    const badges = [...this.cells.keys()].map((id) => graph.byId.get(id).badge.length);
    this.wide = CELL.number + Math.max(20, 8 * Math.max(...badges) + 8);
    this.width = this.left(this.columns - 1) + this.wide + CELL.pad;
    this.height = CELL.head + this.rows * CELL.down + 4;
    const head = element("g", {class: "head", tabindex: 0, role: "button", "aria-expanded": "true", "aria-label": `close ${title}`},
                         element("rect", {width: this.width, height: CELL.head - 6, rx: 8}),
                         element("text", {x: 12, y: 20}, title), element("text", {x: this.width - 12, y: 20, "text-anchor": "end"}, "✕"));
    this.body = element("g", {});
    this.group = element("g", {class: "inside"}, element("rect", {class: "frame", width: this.width, height: this.height, rx: 10}), head, this.body);
    this.texts = new Map([...this.cells.keys()].map((id) => [id, this.cell(id)]));
    this.wires = this.arrivals().map((wire) => this.wire(wire));
    if (out !== graph.root) this.body.append(element("path", {class: "leaves", d: `M${this.width - CELL.pad} ${this.exit}H${this.width}`}));
  }

  left(column) {
    return CELL.pad + CELL.lead + (column ? CELL.leaf + CELL.gap + (column - 1) * (this.wide + CELL.gap) : 0);
  }

  middle(row) {
    return CELL.head + CELL.height / 2 + 2 + row * CELL.down;
  }

  box(id) {
    const {column, row} = this.cells.get(id);
    const x = this.left(column);
    return {x, y: this.middle(row), right: x + (column ? this.wide : CELL.leaf), column, row};
  }

  // where the graph goes on from
  get exit() {
    return this.box(this.out).y;
  }

  cell(id) {
    const node = this.graph.byId.get(id);
    const {x, y, right} = this.box(id);
    const [value, grad] = ["value", "grad"].map((kind, k) => element("text", {class: kind, x: right - 6, y: y - 4 + 17 * k, "text-anchor": "end"}));
    const sign = node.op ? element("text", {class: "op", x: x + 7, y: y + 5}, node.badge)
      : element("text", {class: "name", x: x + 6, y: y - 8}, this.graph.labels.get(id) ?? "");
    this.body.append(element("g", {class: node.op ? "cell" : "cell leaf", "data-node": id},
                             element("rect", {x, y: y - CELL.height / 2, width: right - x, height: CELL.height, rx: 7}), sign, value, grad));
    return {value, grad};
  }

  // all edges, each with where it arrives: {from, to, index, enters, port}
  arrivals() {
    const found = [];
    for (const to of this.cells.keys()) {
      const edges = this.graph.byId.get(to).args.map((from, index) => ({from, to, index, enters: !this.cells.has(from)}))
        .filter(({from}) => typeof from === "string");
      const sideways = edges.filter((edge) => edge.enters || this.box(edge.from).column < this.box(to).column);
      sideways.sort((a, b) => (a.enters ? Infinity : this.box(a.from).row) - (b.enters ? Infinity : this.box(b.from).row) || a.index - b.index);
      const entries = sideways.filter((edge) => edge.enters);
      for (const edge of edges) {
        const at = sideways.indexOf(edge);
        edge.many = sideways.length > 3;
        edge.port = at < 0 ? 0 : (at + .5) / sideways.length * 28 - 14;
        edge.lane = this.middle(Math.max(0, this.box(to).row - entries.length + 1 + entries.indexOf(edge))) + CELL.down / 2;
      }
      found.push(...edges);
    }
    return found;
  }

  wire(edge) {
    const {from, to, index, enters, port} = edge;
    const path = element("path", {class: enters ? "wire enters" : "wire"});
    const label = element("text", {class: "local", "data-wire": `${to}.${index}`, "text-anchor": "middle"});
    this.body.prepend(path);
    this.body.append(label);
    const target = this.box(to);
    const [x1, y1] = [target.x, target.y + port];
    if (enters) {
      edge.tail = `H${x1 - 18}C${x1 - 6} ${edge.lane} ${x1 - 14} ${y1} ${x1} ${y1}`;
      if (edge.many) this.put(label, 30, edge.lane - 4);
      else this.put(label, x1 - 12, y1 + 9, "end");
      return {edge, path, label};
    }
    const source = this.box(from);
    const half = CELL.height / 2;
    if (source.column < target.column) {
      const x0 = source.right;
      path.setAttribute("d", `M${x0} ${source.y}C${x0 + 26} ${source.y} ${x1 - 26} ${y1} ${x1} ${y1}`);
      if (edge.many) this.put(label, x0 + CELL.gap / 2, source.y - 5);
      else if (source.row === target.row) this.put(label, x1 - CELL.gap / 2, (source.y + y1) / 2 - 5);
      else this.put(label, x0 + 8, source.y - 5, "start");
    } else if (source.column > target.column) {
      path.setAttribute("d", `M${source.x} ${source.y}C${source.x - 40} ${source.y} ${target.right + 40} ${target.y} ${target.right} ${target.y}`);
      this.put(label, target.right + CELL.gap / 2, target.y - 5);
    } else if (target.row === source.row + 1 || this.clear(source, target)) {
      const x = target.x + this.wide / 2;
      path.setAttribute("d", `M${x} ${source.y + half}V${target.y - half}`);
      this.put(label, x + 6, target.y - half - 6, "start");
    } else {
      const x = target.right;
      path.setAttribute("d", `M${x} ${source.y}C${x + 18} ${source.y} ${x + 18} ${target.y} ${x} ${target.y}`);
      this.put(label, x + 2, target.y - half - 4, "end");
    }
    return {edge, path, label};
  }

  // whether nothing stands between two cells of one column
  clear(source, target) {
    return ![...this.cells.values()].some(({column, row}) => column === source.column && row > source.row && row < target.row);
  }

  put(label, x, y, anchor = "middle") {
    for (const [key, value] of Object.entries({x, y, "text-anchor": anchor})) label.setAttribute(key, value);
  }

  // stand at (x, y); `start(id)` is where what enters comes from
  stand(x, y, start) {
    this.group.setAttribute("transform", `translate(${x} ${y})`);
    for (const {edge, path} of this.wires) {
      if (!edge.enters) continue;
      const [x0, y0] = start(edge.from);
      path.setAttribute("d", `M${x0 - x} ${y0 - y}C${x0 - x + 34} ${y0 - y} -34 ${edge.lane} 6 ${edge.lane}${edge.tail}`);
    }
  }

  show(run, digits) {
    for (const [id, {value, grad}] of this.texts) {
      value.textContent = "= " + format(run.data[id], digits);
      grad.textContent = "∂ " + format(run.derivatives[id], digits);
    }
    for (const {edge, path, label} of this.wires) {
      const local = run.partials[edge.to]?.[edge.index];
      label.textContent = `×${format(local, digits)}`;
      if (edge.enters) path.setAttribute("class", `wire enters ${local > 0 ? "positive" : local < 0 ? "negative" : ""}`);
    }
  }
}
