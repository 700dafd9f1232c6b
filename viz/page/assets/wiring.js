// The network for one point: a box for each neuron with value and gradient, a line for each weight; one can be opened.

const BOX = {width: 124, height: 40, across: 196, down: 50};

class Wiring {
  // graph: one of data.graphs, all alike in their layers; `opened([layer, unit])` follows a click
  constructor(place, graph, opened) {
    const columns = [graph.x, ...graph.units, [graph.root]];
    const most = Math.max(...columns.map((column) => column.length));
    const [width, height] = [BOX.across * columns.length - 64, BOX.down * most + 30];
    this.svg = element("svg", {viewBox: `0 0 ${width} ${height}`, class: "network"});
    place.append(this.svg);
    this.svg.addEventListener("click", (event) => this.pressed(event, opened));
    this.svg.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.pressed(event, opened);
    });
    this.boxes = columns.map((column, c) => column.map((_, k) => this.box(c, k, column.length, columns.length, height)));
    this.lines = graph.units.map((column, c) => column.map((_, k) => columns[c].map((_, j) => this.line(c, j, k))));
    for (const [k] of graph.units.at(-1).entries()) this.line(graph.units.length, k, 0).classList.add("plain");
  }

  pressed(event, opened) {
    const box = event.target.closest("[data-unit]");
    if (!box) return;
    event.preventDefault();
    opened(box.dataset.unit.split(".").map(Number));
  }

  box(c, k, count, columns, height) {
    const name = c === 0 ? `x${k + 1}` : c === columns - 1 ? "loss" : `${c}.${k + 1}`;
    const neuron = c > 0 && c < columns - 1;
    const [x, y] = [BOX.across * c + 6, 18 + (height - 22) / 2 + (k - (count - 1) / 2) * BOX.down - BOX.height / 2];
    const texts = ["name", "value", "grad"].map((kind, row) => element("text", kind === "name"
      ? {x: x + 5, y: y + 13, class: "name"} : {x: x + BOX.width - 6, y: y + 15 + 17 * (row - 1), "text-anchor": "end", class: kind}));
    texts[0].textContent = name;
    const group = element("g", neuron ? {class: "unit", "data-unit": `${c}.${k + 1}`, tabindex: 0, role: "button",
                                         "aria-label": `open unit ${k + 1} of layer ${c}`} : {"data-leaf": name},
                          element("rect", {x, y, width: BOX.width, height: BOX.height, rx: 8}), ...texts);
    this.svg.append(group);
    return {x, y: y + BOX.height / 2, value: texts[1], grad: texts[2], group};
  }

  line(c, from, to) {
    const [a, b] = [this.boxes[c][from], this.boxes[c + 1][to]];
    const [x0, x1] = [a.x + BOX.width, b.x];
    const line = element("path", {d: `M${x0} ${a.y}C${x0 + 26} ${a.y} ${x1 - 26} ${b.y} ${x1} ${b.y}`, class: "weight"});
    this.svg.prepend(line);
    return line;
  }

  // numbers of a replay; weights[layer][unit][input]
  show(graph, run, weights, digits) {
    const columns = [graph.x, ...graph.units, [graph.root]];
    for (const [c, column] of columns.entries()) {
      for (const [k, id] of column.entries()) {
        this.boxes[c][k].value.textContent = "= " + format(run.data[id], digits);
        this.boxes[c][k].grad.textContent = "∂ " + format(run.derivatives[id], digits);
      }
    }
    const most = Math.max(...weights.flat(2).map(Math.abs)) || 1;
    for (const [c, layer] of this.lines.entries()) {
      for (const [k, lines] of layer.entries()) {
        for (const [j, line] of lines.entries()) {
          const share = Math.abs(weights[c][k][j]) / most;
          line.setAttribute("class", `weight ${weights[c][k][j] > 0 ? "positive" : "negative"}`);
          line.setAttribute("stroke-width", (0.5 + 5 * share).toFixed(2));
          line.setAttribute("stroke-opacity", (0.3 + 0.7 * share).toFixed(2));
        }
      }
    }
  }

  mark(unit) {
    for (const box of this.svg.querySelectorAll("[data-unit]")) box.classList.toggle("chosen", box.dataset.unit === unit);
  }
}
