// The network for one point: a box for each neuron with value, gradient and a map of its output, and a line
// for each weight. A neuron, or the loss, opens in its place and shows the scalar graph inside it.

const BOX = {width: 162, height: 58, gap: 74, down: 67, map: 36, top: 8, small: 22, few: 16};

class Wiring {
  // graph: one of several that differ only in the loss; opened(title) is called for what opens, and pointed(box) for
  // the unit that the pointer or the focus is on, or null
  constructor(place, graph, features, {opened, pointed}) {
    Object.assign(this, {graph, features, opened, open: "", ladder: null});
    this.svg = element("svg", {class: "network"}, element("defs", {},
      element("marker", {id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto"},
              element("path", {d: "M0 0L8 4L0 8Z", class: "tip"}))));
    place.append(this.svg);
    this.svg.addEventListener("click", (event) => this.pressed(event));
    this.svg.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.pressed(event);
      if (event.key === "Escape" && this.open) this.toggle(this.open);
    });
    for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
      this.svg.addEventListener(on, (event) => {
        if (on === "pointerover" || event.target.matches(":focus-visible")) pointed(this.unit(event.target));
      });
      this.svg.addEventListener(off, () => pointed(null));
    }
    const columns = this.columns(graph);
    this.lines = columns.slice(1).map((column, c) => column.map(() => columns[c].map(() => this.line())));
    this.boxes = columns.map((column, c) => column.map((_, k) => this.box(c, k, columns.length)));
    this.arrange();
  }

  columns(graph) {
    return [graph.x, ...graph.units, [graph.root]];
  }

  // the box of the unit or the input that an element belongs to
  unit(element) {
    const name = element.closest("[data-name]")?.dataset.name;
    return this.boxes.slice(0, -1).flat().find((box) => box.group.dataset.name === name) ?? null;
  }

  pressed(event) {
    const box = event.target.closest("[data-opens], .head");
    if (!box) return;
    event.preventDefault();
    this.toggle(box.dataset.opens ?? this.open);
  }

  box(c, k, count) {
    const leaf = c === 0;
    const name = leaf ? this.features[k] : c === count - 1 ? "loss" : `${c}.${k + 1}`;
    const title = leaf ? name : c === count - 1 ? "the loss" : `unit ${k + 1} of layer ${c}`;
    const texts = ["name", "value", "grad", "grad mean"].map((kind, row) => element("text", kind === "name"
      ? {x: c === count - 1 ? 8 : BOX.map + 9, y: 14, class: "name"} : {x: BOX.width - 6, y: 17 + 17 * (row - 1), "text-anchor": "end", class: kind}));
    texts[0].textContent = name.length > 9 ? `${name.slice(0, 8)}…` : name;
    const map = c === count - 1 ? [] : [element("image", {x: 4, y: 4, width: BOX.map, height: BOX.map, preserveAspectRatio: "none"}),
                                        element("path", {class: "response"})];
    const group = element("g", leaf ? {"data-name": `x${k + 1}`} : {class: "unit", "data-name": name, "data-opens": name, tabindex: 0,
                                       role: "button", "aria-expanded": "false", "aria-label": `open ${title}`},
                          element("rect", {width: BOX.width, height: leaf && this.features.length > BOX.few ? BOX.small - 2 : BOX.height, rx: leaf && this.features.length > BOX.few ? 4 : 8}), ...map, ...texts);
    this.svg.append(group);
    if (leaf && this.features.length > BOX.few) group.classList.add("compact");
    return {c, k, name, title, group, value: texts[1], grad: texts[2], mean: texts[3], map};
  }

  line() {
    const line = element("path", {class: "weight"});
    this.svg.append(line);
    return line;
  }

  toggle(name) {
    const before = this.boxes.flat().find((box) => box.name === this.open);
    this.open = this.open === name ? "" : name;
    this.build();
    const now = this.ladder?.group ?? before.group;
    (now.querySelector(".head") ?? now).focus({preventScroll: true});
    this.opened(this.boxes.flat().find((box) => box.name === this.open)?.title ?? "");
    now.scrollIntoView({block: "nearest", inline: "nearest"});
  }

  build() {
    this.ladder?.group.remove();
    const columns = this.columns(this.graph);
    const box = this.boxes.flat().find((one) => one.name === this.open);
    this.ladder = box ? new Ladder(this.graph, columns[box.c][box.k], columns[box.c - 1], box.title) : null;
    if (box) this.svg.append(this.ladder.group);
    this.arrange();
  }

  // the places: columns side by side, of about the same height
  arrange() {
    const opened = (box) => box.name === this.open;
    const compact = (box) => box.c === 0 && this.features.length > BOX.few;
    const tall = (box) => opened(box) ? this.ladder.height + 10 : compact(box) ? BOX.small : BOX.down;
    const heights = this.boxes.map((column) => column.reduce((sum, box) => sum + tall(box), 0));
    const height = Math.max(...heights) + 2 * BOX.top;
    let x = 4;
    for (const [c, column] of this.boxes.entries()) {
      const wide = column.some(opened) ? this.ladder.width : BOX.width;
      let y = c && this.features.length > BOX.few ? BOX.top : (height - heights[c]) / 2;      // beside many inputs, at the top
      for (const box of column) {
        const [w, h] = opened(box) ? [this.ladder.width, this.ladder.height] : [BOX.width, compact(box) ? BOX.small - 2 : BOX.height];
        Object.assign(box, {left: x + (wide - w) / 2, top: y + (tall(box) - h) / 2, wide: w});
        box.right = box.left + w;
        box.middle = opened(box) ? box.top + this.ladder.exit : box.top + h / 2;
        box.group.setAttribute("transform", `translate(${box.left} ${box.top})`);
        box.group.classList.toggle("away", opened(box));
        y += tall(box);
      }
      x += wide + BOX.gap;
    }
    const width = x - BOX.gap + 4;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.setProperty("--wide", width);
    this.svg.classList.toggle("tall", height > 560);
    this.draw(opened);
  }

  draw(opened) {
    for (const [c, column] of this.lines.entries()) {
      for (const [k, lines] of column.entries()) {
        const to = this.boxes[c + 1][k];
        for (const [j, line] of lines.entries()) {
          const from = this.boxes[c][j];
          const [x0, x1] = [from.right, to.left];
          line.setAttribute("d", opened(to) ? "" : `M${x0} ${from.middle}C${x0 + 30} ${from.middle} ${x1 - 30} ${to.middle} ${x1} ${to.middle}`);
        }
      }
    }
    const box = this.boxes.flat().find(opened);
    if (!box) return;
    const before = this.columns(this.graph)[box.c - 1];
    this.ladder.stand(box.left, box.top, (id) => {
      const from = this.boxes[box.c - 1][before.indexOf(id)];
      return [from.right, from.middle];
    });
  }

  // numbers of a replay; weights[layer][unit][input]
  show(graph, run, weights, digits) {
    if (graph !== this.graph) {             // another class: the loss has another graph, all else is alike
      this.graph = graph;
      if (this.open) this.build();
    }
    for (const [c, column] of this.columns(graph).entries()) {
      for (const [k, id] of column.entries()) {
        this.boxes[c][k].value.textContent = "= " + format(run.data[id], digits);
        this.boxes[c][k].grad.textContent = "∂ " + format(run.derivatives[id], digits);
      }
    }
    this.ladder?.show(run, digits);
    const most = Math.max(...weights.flat(2).map(Math.abs)) || 1;
    for (const [c, layer] of this.lines.entries()) {
      for (const [k, lines] of layer.entries()) {
        for (const [j, line] of lines.entries()) {
          const w = weights[c]?.[k][j];
          if (w === undefined) continue;
          line.setAttribute("class", `weight ${w > 0 ? "positive" : "negative"}`);
          line.setAttribute("stroke-width", (0.5 + 5 * Math.abs(w) / most).toFixed(2));
          line.setAttribute("stroke-opacity", (0.3 + 0.7 * Math.abs(w) / most).toFixed(2));
        }
      }
    }
  }

  // the gradient of the mean loss, by id
  means(graph, found, digits) {
    for (const [c, column] of this.columns(graph).slice(0, -1).entries()) {
      for (const [k, id] of column.entries()) this.boxes[c][k].mean.textContent = found ? "∂̄ " + format(found[id], digits) : "";
    }
  }

  // the map of each unit's output: draw(box, image, path) for the ids of `graph`
  maps(graph, draw) {
    for (const [c, column] of this.columns(graph).slice(0, -1).entries()) {
      for (const [k, id] of column.entries()) draw(id, ...this.boxes[c][k].map);
    }
  }
}
