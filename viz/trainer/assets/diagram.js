// The network: a map of each unit's output, a line for each weight, buttons to add and remove, all scaled to fit.

const MAP = 20;                     // places along each side of a unit's map

class Diagram {
  // place: the element; calls: {open(layer, unit), point(layer, unit | null), weight(k, x, y), resize(change), input(id)}
  constructor(place, calls) {
    Object.assign(this, {place, calls, nodes: [], hovered: null});
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
    this.atlas = document.createElement("canvas");
    this.layer = Object.assign(document.createElement("div"), {className: "nodes"});
    place.append(this.canvas, this.layer);
    new ResizeObserver(() => this.arrange()).observe(place);
    place.addEventListener("pointermove", (event) => this.over(event));
    place.addEventListener("pointerleave", () => this.hover(null));
    place.addEventListener("click", (event) => {
      if (event.target.closest("button")) return;
      const k = this.weightAt(event);
      if (k !== null) this.calls.weight(k, event.clientX, event.clientY);
    });
    this.layer.addEventListener("keydown", (event) => this.key(event));
  }

  // another network: columns of names of inputs and of units
  shape(net, inputs, outputs) {
    Object.assign(this, {net, inputs, redraw: null, hovered: null});
    const columns = [inputs.map((name) => ({name, title: say("input-named", {name})})), ...net.sizes.slice(1).map((count, l) => times(count, (j) => {
      const last = l === net.starts.length - 1;
      return {name: last ? outputs[j] : `${l + 1}.${j + 1}`, title: last ? say("output-named", {name: outputs[j]}) : say("unit-named", {unit: j + 1, layer: l + 1})};
    }))];
    this.layer.replaceChildren();
    this.nodes = columns.map((column, c) => column.map((node, k) => this.node(c, k, node)));
    this.heads = net.sizes.slice(1, -1).map((count, l) => this.head(l, count));
    this.arrange();
  }

  node(c, k, {name, title}) {
    const button = Object.assign(document.createElement("button"), {type: "button", className: "node"});
    button.dataset.node = `${c}.${k + 1}`;
    const parts = {};
    for (const part of ["name", "value", "delta", "unseen"]) {
      button.append(parts[part] = Object.assign(document.createElement("span"), {className: part, ariaHidden: String(part !== "unseen")}));
    }
    parts.name.textContent = shortened(name, 10);
    parts.unseen.textContent = title;
    if (c || k) button.tabIndex = -1;
    button.addEventListener("click", () => c ? this.calls.open(c - 1, k) : this.calls.point(c, k));
    for (const [on, what] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]]) {
      button.addEventListener(on, () => this.calls.point(what ? c : null, k));
    }
    this.layer.append(button);
    return {c, k, title, button, ...parts};
  }

  // above a hidden layer: how many units it has, one more, one less
  head(l, count) {
    const head = Object.assign(document.createElement("div"), {className: "column-head"});
    const button = (sign, change, key) => {
      const made = Object.assign(document.createElement("button"), {type: "button", textContent: sign});
      made.setAttribute("aria-label", say(key, {layer: l + 1}));
      made.dataset.units = `${l + 1}${sign}`;
      made.disabled = count + change < 1 || count + change > MOST.units;
      made.addEventListener("click", () => this.calls.resize(l, change));
      return made;
    };
    head.append(button("−", -1, "unit-less"), Object.assign(document.createElement("span"), {textContent: count}), button("+", 1, "unit-more"));
    this.layer.append(head);
    return head;
  }

  arrange() {
    if (!this.net) return;
    const [width, height] = [this.place.clientWidth, this.place.clientHeight];
    if (!width || !height) return;
    const columns = this.nodes.length;
    const tallest = Math.max(...this.nodes.map((column) => column.length));
    const top = 34;
    const row = Math.min(88, (height - top - 6) / tallest);
    this.side = clamped(Math.min(row - (row > 50 ? 20 : 4), width / columns - 28), 9, 60);
    this.roomy = width / columns > this.side + 62 && row >= 24;
    const beside = this.roomy ? 54 : 6;
    const step = columns > 1 ? (width - this.side - beside - 8) / (columns - 1) : 0;
    for (const [c, column] of this.nodes.entries()) {
      const first = top + (height - top - row * column.length) / 2;
      for (const [k, node] of column.entries()) {
        Object.assign(node, {x: 4 + c * step, y: first + k * row + (row - this.side) / 2});
        node.button.style.cssText = "";
        Object.assign(node.button.style, {left: `${node.x}px`, top: `${node.y}px`, width: `${this.side}px`, height: `${this.side}px`});
      }
      if (c && c < columns - 1) Object.assign(this.heads[c - 1].style, {left: `${4 + c * step + this.side / 2}px`, top: "2px"});
    }
    this.place.classList.toggle("roomy", this.roomy);
    this.place.classList.toggle("tiny", row - this.side < 15);
    const dense = window.devicePixelRatio || 1;
    [this.canvas.width, this.canvas.height] = [Math.round(width * dense), Math.round(height * dense)];
    Object.assign(this, {width, height, dense});
    this.redraw?.();
  }

  // theta; maps(c, k), a function of a place (i, j) of a unit's map; colors: {signs, plus, minus}
  draw({theta, maps, colors}) {
    this.redraw = () => this.draw({theta, maps, colors});
    if (!this.width) return;
    const {context, dense} = this;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.lines(theta, colors);
    const flat = this.nodes.flat();
    this.atlas.width = MAP * flat.length;
    this.atlas.height = MAP;
    const image = new ImageData(MAP * flat.length, MAP);
    flat.forEach(({c, k}, n) => fillMap(image, n * MAP, maps(c, k), colors.signs));
    this.atlas.getContext("2d").putImageData(image, 0, 0);
    flat.forEach((node, n) => {
      context.drawImage(this.atlas, n * MAP, 0, MAP, MAP, node.x, node.y, this.side, this.side);
      if (!node.c) return;
      const b = theta[this.net.place(node.c - 1, node.k, this.net.sizes[node.c - 1])];
      context.fillStyle = b < 0 ? colors.minus : colors.plus;
      const dot = clamped(1.5 + 2.5 * Math.abs(b), 1.5, 5);
      context.fillRect(node.x - dot / 2, node.y + this.side - dot / 2, dot, dot);
    });
  }

  lines(theta, colors) {
    const {context, net} = this;
    const most = net.starts.map((start, l) => {
      let found = 1e-9;
      for (let k = start; k < (net.starts[l + 1] ?? net.count); k += 1) found = Math.max(found, Math.abs(theta[k]));
      return found;
    });
    for (let k = 0; k < net.count; k += 1) {
      const ends = this.ends(k);
      if (!ends) continue;
      const share = Math.abs(theta[k]) / most[ends.layer];
      context.globalAlpha = k === this.hovered ? 1 : .18 + .82 * share;
      context.lineWidth = (k === this.hovered ? 2 : 0) + .5 + 4.5 * share * clamped(this.side / 30, .4, 1);
      context.strokeStyle = theta[k] < 0 ? colors.minus : colors.plus;
      const [x0, y0, x1, y1] = ends.line;
      const bend = (x1 - x0) * .4;
      context.beginPath();
      context.moveTo(x0, y0);
      context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  // the ends of the line of a weight; null for a bias
  ends(k) {
    const {layer, unit, input} = this.net.find(k);
    if (input === this.net.sizes[layer]) return null;
    const [from, to] = [this.nodes[layer][input], this.nodes[layer + 1][unit]];
    return {layer, unit, input, line: [from.x + this.side, from.y + this.side / 2, to.x, to.y + this.side / 2]};
  }

  // outputs for the chosen point and δ of the last step, as texts
  numbers(outputs, deltas) {
    for (const {c, k, title, unseen, value, delta} of this.nodes.flat()) {
      const [out, back] = [outputs?.(c, k), c ? deltas?.(c, k) : undefined];
      value.textContent = out === undefined ? "" : format(out, 3);
      delta.textContent = back === undefined ? "" : `δ ${format(back, 2)}`;
      unseen.textContent = [title, out === undefined ? "" : say("gives", {x: format(out, 3)}), back === undefined ? "" : `δ ${format(back, 3)}`].filter(Boolean).join(", ");
    }
  }

  // ---------------------------------------------------------------------------------------- hands

  // the weight whose line is under a pointer, null if there is none
  weightAt(event) {
    const box = this.place.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [null, 6];
    for (let k = 0; k < (this.net?.count ?? 0); k += 1) {
      const line = this.ends(k)?.line;
      if (!line || px < line[0] || px > line[2]) continue;
      const t = (px - line[0]) / Math.max(line[2] - line[0], 1);
      const s = 3 * t * t - 2 * t * t * t;                    // nearly the curve's own way
      const far = Math.abs(line[1] + (line[3] - line[1]) * s - py);
      if (far < least) [best, least] = [k, far];
    }
    return best;
  }

  over(event) {
    if (event.pointerType === "touch") return;
    this.hover(event.target.closest("button") ? null : this.weightAt(event));
  }

  hover(k) {
    if (k === this.hovered) return;
    this.hovered = k;
    this.place.style.cursor = k === null ? "" : "pointer";
    this.calls.hover(k);
    this.redraw?.();
  }

  // arrows go from node to node
  key(event) {
    const at = event.target.closest(".node")?.dataset.node.split(".").map(Number);
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!at || !move) return;
    event.preventDefault();
    event.stopPropagation();
    const column = this.nodes[clamped(at[0] + move[0], 0, this.nodes.length - 1)];
    const node = column[clamped(at[1] - 1 + move[1], 0, column.length - 1)];
    for (const {button} of this.nodes.flat()) button.tabIndex = button === node.button ? 0 : -1;
    node.button.focus();
  }
}

// a map of MAP × MAP at x into an image: at(i, j) as colours, the most negative to the most positive
function fillMap(image, x, at, signs) {
  const values = new Float64Array(MAP * MAP);
  let most = 1e-12;
  for (let k = 0; k < values.length; k += 1) {
    values[k] = at(Math.floor(k / MAP), k % MAP);
    if (Math.abs(values[k]) > most) most = Math.abs(values[k]);
  }
  values.forEach((value, k) => {
    const color = signs[toByte((value / most + 1) / 2)] ?? signs[127];
    const to = 4 * (Math.floor(k / MAP) * image.width + x + k % MAP);
    for (let c = 0; c < 3; c += 1) image.data[to + c] = color[c];
    image.data[to + 3] = 255;
  });
}
