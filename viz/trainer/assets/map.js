// The plane: the answers, or the output of one unit, with the points on it, which can be changed.

const SHAPES = MARKERS.map((d) => new Path2D(d));
const NEAR = 11;                    // pixels from which a point is meant

class Plane {
  // calls: {add(x, y), move(k, x, y), remove(k), choose(k), place(x)}; tool() is "add", "move", "delete", "paint" or ""
  constructor(place, calls) {
    Object.assign(this, {place, calls, size: 50, points: [], cursor: null, line: false});
    [this.canvas, this.over] = place.querySelectorAll("canvas");
    this.context = this.over.getContext("2d");
    new ResizeObserver(() => this.arrange()).observe(place);
    this.over.addEventListener("pointerdown", (event) => this.down(event));
    this.over.addEventListener("contextmenu", (event) => { event.preventDefault(); this.removeAt(event); });
    this.over.addEventListener("keydown", (event) => this.key(event));
  }

  arrange() {
    const [width, height] = [this.place.clientWidth, this.place.clientHeight];
    if (!width || !height) return;
    const dense = window.devicePixelRatio || 1;
    [this.over.width, this.over.height] = [Math.round(width * dense), Math.round(height * dense)];
    const left = 26, bottom = 18;
    Object.assign(this, {dense, width, height, left, wide: width - left - 4, high: height - bottom - 4, top: 4});
    Object.assign(this.canvas.style, {left: `${left}px`, top: "4px", width: `${this.wide}px`, height: `${this.high}px`});
    this.redraw?.();
  }

  // the limits: [[low, high], [low, high]]; for one input a line instead of a plane
  view(limits, line) {
    Object.assign(this, {limits, line, size: line ? 120 : 50});
  }

  // the numbers of the place in row i and column j of the grid
  at(k) {
    const [[left, right], [low, high]] = this.limits;
    if (this.line) return [left + (right - left) * k / (this.size - 1)];
    return [left + (right - left) * (k % this.size) / (this.size - 1), high - (high - low) * Math.floor(k / this.size) / (this.size - 1)];
  }

  get count() {
    return this.line ? this.size : this.size ** 2;
  }

  // to pixels and back
  to([x, y]) {
    const [[left, right], [low, high]] = this.limits;
    return [this.left + (x - left) / (right - left) * this.wide, this.top + (high - y) / (high - low) * this.high];
  }

  from(event) {
    const box = this.over.getBoundingClientRect();
    const [[left, right], [low, high]] = this.limits;
    const share = (v, all) => clamped(v / all, 0, 1);
    return [left + (right - left) * share(event.clientX - box.left - this.left, this.wide), high - (high - low) * share(event.clientY - box.top - this.top, this.high)];
  }

  // drawn: {bytes, shades, lines, curve, points, colors, ink, paper, hidden, chosen}; a point is {at, color, shape, held}
  draw(drawn) {
    this.drawn = drawn;
    this.redraw = () => this.draw(this.drawn);
    if (!this.width) return;
    this.canvas.hidden = this.line;
    if (!this.line && drawn.bytes) paint(this.canvas, drawn.bytes, this.size, drawn.shades);
    const {context: c, dense} = this;
    c.setTransform(dense, 0, 0, dense, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    this.axes(drawn);
    c.save();
    c.beginPath();
    c.rect(this.left, this.top, this.wide, this.high);
    c.clip();
    [c.lineWidth, c.strokeStyle, c.lineCap] = [1.6, drawn.ink, "round"];
    if (drawn.curve) this.stroke(drawn.curve.map((y, k) => this.to([this.at(k)[0], y])));
    for (const [a, b] of drawn.lines ?? []) this.stroke([a, b].map(([j, i]) => [this.left + j / (this.size - 1) * this.wide, this.top + i / (this.size - 1) * this.high]));
    for (const point of drawn.points) this.mark(point, drawn);
    if (drawn.chosen) this.ring(this.to(drawn.chosen), drawn);
    if (this.cursor) this.cross(this.to(this.cursor), drawn);
    c.restore();
  }

  stroke(points) {
    this.context.beginPath();
    points.forEach(([x, y], k) => this.context[k ? "lineTo" : "moveTo"](x, y));
    this.context.stroke();
  }

  mark({at, color, shape, held}, {ink, paper}) {
    const c = this.context;
    const [x, y] = this.to(at);
    const size = this.drawn.points.length > 600 ? .42 : .55;
    c.save();
    c.translate(x, y);
    c.scale(size, size);
    [c.fillStyle, c.strokeStyle, c.lineWidth] = held ? [paper, color, 2.8] : [color, ink, 1.2];
    c.fill(SHAPES[shape]);
    c.stroke(SHAPES[shape]);
    c.restore();
  }

  ring([x, y], {ink, paper}) {
    for (const [color, width] of [[paper, 5], [ink, 2]]) {
      const c = this.context;
      [c.strokeStyle, c.lineWidth] = [color, width];
      c.beginPath();
      c.arc(x, y, 8, 0, 7);
      c.stroke();
    }
  }

  cross([x, y], {ink, paper}) {
    for (const [color, width] of [[paper, 5], [ink, 2]]) {
      [this.context.strokeStyle, this.context.lineWidth] = [color, width];
      this.stroke([[x - 9, y], [x + 9, y]]);
      this.stroke([[x, y - 9], [x, y + 9]]);
    }
  }

  axes({ink, muted}) {
    const c = this.context;
    [c.fillStyle, c.strokeStyle, c.lineWidth, c.font] = [ink, muted, 1, "10px sans-serif"];
    c.strokeRect(this.left - .5, this.top - .5, this.wide + 1, this.high + 1);
    for (const x of nice(this.limits[0])) {
      c.textAlign = "center";
      c.fillText(format(x, 3), this.to([x, 0])[0], this.height - 5);
    }
    for (const y of nice(this.limits[1])) {
      c.textAlign = "right";
      c.fillText(format(y, 3), this.left - 3, this.to([0, y])[1] + 3);
    }
  }

  // ---------------------------------------------------------------------------------------- hands

  // the number of the point under a pointer, -1 if there is none
  pointAt(event, far = NEAR) {
    const box = this.over.getBoundingClientRect();
    return this.nearest([event.clientX - box.left, event.clientY - box.top], far);
  }

  nearest([px, py], far) {
    let [best, least] = [-1, far];
    (this.drawn?.points ?? []).forEach(({at}, k) => {
      const [x, y] = this.to(at);
      const away = Math.hypot(x - px, y - py);
      if (away < least) [best, least] = [k, away];
    });
    return best;
  }

  removeAt(event) {
    const k = this.pointAt(event);
    if (k >= 0) this.calls.remove(k);
  }

  // a mouse acts at once; a finger that moves scrolls the page, one that stays deletes
  down(event) {
    if (event.button) return;
    const tool = this.calls.tool();
    const k = this.pointAt(event);
    const touch = event.pointerType === "touch";
    let moved = false;
    const [x0, y0] = [event.clientX, event.clientY];
    const timer = touch && k >= 0 && tool !== "move" ? setTimeout(() => { moved = true; this.calls.remove(k); }, 600) : null;
    const holds = tool === "paint" || (k >= 0 && (tool === "move" || !touch && tool !== "delete"));
    if (holds) this.over.setPointerCapture(event.pointerId);
    if (tool === "paint") this.calls.add(...this.from(event));
    const move = (e) => {
      if (Math.hypot(e.clientX - x0, e.clientY - y0) < 4 && !moved) return;
      moved = true;
      clearTimeout(timer);
      if (tool === "paint") this.paintAt(e);
      else if (holds) this.calls.move(k, ...this.from(e));
    };
    const stop = (e) => {
      clearTimeout(timer);
      this.over.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.over.removeEventListener(name, stop);
      if (moved) return this.calls.dropped();
      if (e.type === "pointercancel" || tool === "paint") return;
      if (tool === "delete") this.removeAt(e);
      else if (k >= 0) this.calls.choose(k);
      else if (tool === "add") this.calls.add(...this.from(e));
      else this.calls.place(this.from(e));
    };
    this.over.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.over.addEventListener(name, stop);
  }

  paintAt(event) {
    const at = this.from(event);
    const [x, y] = this.to(at);
    if (this.brushed && Math.hypot(this.brushed[0] - x, this.brushed[1] - y) < 14) return;
    this.brushed = [x, y];
    this.calls.add(...at);
  }

  // arrows move a cross, Enter adds or chooses, Delete removes
  key(event) {
    const step = event.shiftKey ? .1 : .02;
    const move = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step]}[event.key];
    const [[left, right], [low, high]] = this.limits;
    if (move) {
      const [x, y] = this.cursor ?? [(left + right) / 2, (low + high) / 2];
      this.cursor = [clamped(x + move[0] * (right - left), left, right), clamped(y + move[1] * (high - low), low, high)];
      this.calls.place(this.cursor);
    } else if (event.key === "Enter" && this.cursor) {
      const k = this.nearest(this.to(this.cursor), NEAR);
      if (k >= 0) this.calls.choose(k);
      else this.calls.add(...this.cursor);
    } else if (["Delete", "Backspace"].includes(event.key) && this.cursor) {
      const k = this.nearest(this.to(this.cursor), NEAR);
      if (k >= 0) this.calls.remove(k);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.redraw?.();
  }
}
