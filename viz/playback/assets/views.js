// What the network answers: over a plane of two features, or of one feature along the axis.

class Plane {
  constructor(place, data, axes) {
    Object.assign(this, {data, size: data.resolution, count: data.resolution ** 2, canvas: place.querySelector("canvas")});
    const [x, y] = axes.map((axis) => data.limits[axis]);
    this.axes = axes;
    this.chart = new Chart(place, x, y, {width: 420, height: 380, names: axes.map((axis) => data.features[axis])});
    this.border = element("path", {class: data.names.length ? "border" : "border level"});
    this.chart.body.append(this.border);
    const at = ([low, high], share) => low + (high - low) * share;
    this.columns = new Map([[axes[0], Float64Array.from({length: this.count}, (_, k) => at(x, k % this.size / (this.size - 1)))],
                            [axes[1], Float64Array.from({length: this.count}, (_, k) => at(y, 1 - Math.floor(k / this.size) / (this.size - 1)))]]);
    this.frame();
  }

  frame() {
    const {left, top, right, low, width, height} = this.chart;
    const place = {left: left / width, top: top / height, width: (width - left - right) / width, height: (height - top - low) / height};
    for (const [side, share] of Object.entries(place)) this.canvas.style[side] = `${share * 100}%`;
  }

  // the value of each node over the plane; the other features are those of x
  sweep(graph, weights, x) {
    const inputs = {...weights, ...Object.fromEntries(graph.x.map((id, k) => [id, this.columns.get(k) ?? x[k]]))};
    return sweep(graph, inputs, this.count);
  }

  answer(outputs) {
    const {names, reading, reach: [low, high]} = this.data;
    this.levels = new Float64Array(this.count);
    this.bytes = new Uint8Array(this.count);
    const row = (k) => outputs.map((column) => typeof column === "number" ? column : column[k]);
    for (let k = 0; k < this.count; k += 1) {
      const given = row(k);
      if (!names.length) {
        this.levels[k] = given[0];
        this.bytes[k] = toByte((given[0] - low) / (high - low));
        continue;
      }
      const p = chance(given, reading);
      this.levels[k] = p[1];
      this.bytes[k] = names.length > 2 ? lead(p) : toByte(p[1]);
    }
  }

  draw(colors) {
    paint(this.canvas, this.bytes, this.size, colors.answers);
    const {names, reach} = this.data;
    this.trace(names.length > 2 ? borders(this.bytes, this.size)
      : (names.length ? [.5] : nice(reach)).flatMap((level) => contour(this.levels, this.size, level)));
  }

  trace(pieces) {
    const [x, y] = [this.chart.x, this.chart.y];
    const where = ([j, i]) => [x[0] + (x[1] - x[0]) * j / (this.size - 1), y[1] - (y[1] - y[0]) * i / (this.size - 1)];
    this.border.setAttribute("d", pieces.map(([a, b]) => this.chart.path([where(a), where(b)])).join(""));
  }

  // the output of a unit in place of the answers, and where it is 0
  drawUnit(values, colors) {
    const flat = this.whole(values);
    paint(this.canvas, signBytes(flat, this.size, 1), this.size, colors.signs);
    this.trace(contour(flat, this.size, 0));
  }

  whole(values) {
    return typeof values === "number" ? new Float64Array(this.count).fill(values) : values;
  }

  // the map of a unit: its sign and size over the plane
  map(values, image, colors) {
    this.small ??= document.createElement("canvas");
    const step = Math.ceil(this.size / 24);
    const size = Math.ceil(this.size / step);
    paint(this.small, signBytes(this.whole(values), this.size, step), size, colors.signs);
    image.setAttribute("href", this.small.toDataURL());
  }

  at({x}) {
    return this.chart.at(this.axes.map((axis) => x[axis]));
  }

  // the point under a pointer, or one moved by shares of the plane
  pick(event, point) {
    return this.moved(point, this.chart.from(event));
  }

  nudge(point, [right, up]) {
    const found = this.axes.map((axis, k) => {
      const [low, high] = this.data.limits[axis];
      return Math.max(low, Math.min(high, point.x[axis] + [right, up][k] * (high - low)));
    });
    return this.moved(point, found);
  }

  moved(point, [across, up]) {
    const x = [...point.x];
    [x[this.axes[0]], x[this.axes[1]]] = [across, up];
    return {x};
  }
}

class Line {
  constructor(place, data) {
    Object.assign(this, {data, count: 240});
    place.querySelector("canvas").hidden = true;
    const [low, high] = data.reach;
    this.chart = new Chart(place, data.limits[0], grown(low, high - low, .12), {width: 420, height: 380, names: [data.features[0], data.target]});
    this.curve = element("path", {class: "curve"});
    this.chart.body.append(this.curve);
    const [left, right] = data.limits[0];
    this.xs = Float64Array.from({length: this.count}, (_, k) => left + (right - left) * k / (this.count - 1));
  }

  sweep(graph, weights) {
    return sweep(graph, {...weights, [graph.x[0]]: this.xs}, this.count);
  }

  answer([given]) {
    this.ys = typeof given === "number" ? this.xs.map(() => given) : given;
  }

  draw() {
    this.trace(this.ys);
  }

  drawUnit(values) {
    this.trace(typeof values === "number" ? this.xs.map(() => values) : values);
  }

  trace(ys) {
    this.curve.setAttribute("d", this.chart.path([...ys].map((y, k) => [this.xs[k], Math.max(this.chart.y[0], Math.min(this.chart.y[1], y))])));
  }

  map(values, image, colors, path) {
    const most = typeof values === "number" ? 1 : values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
    const at = (k) => typeof values === "number" ? 0 : values[k];
    const points = Array.from({length: 25}, (_, k) => [4 + 1.5 * k, 22 - 16 * at(Math.round(k * (this.count - 1) / 24)) / most]);
    path.setAttribute("d", points.map(([x, y], k) => `${k ? "L" : "M"}${x} ${y.toFixed(1)}`).join(""));
  }

  at({x, target}) {
    return this.chart.at([x[0], target]);
  }

  pick(event) {
    const [x, target] = this.chart.from(event);
    return {x: [x], target};
  }

  nudge(point, [right, up]) {
    const move = (value, [low, high], share) => Math.max(low, Math.min(high, value + share * (high - low)));
    return {x: [move(point.x[0], this.chart.x, right)], target: move(point.target, this.chart.y, up)};
  }
}
