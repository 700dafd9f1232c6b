// A chart: axes with round numbers around a drawing.

// a drawing with axes: x and y, each [low, high], on a place of width × height with room for ticks
class Chart {
  constructor(place, x, y, {width = 400, height = 300, ticks = true, names = ["", ""]} = {}) {
    Object.assign(this, {x, y, width, height, left: ticks ? 44 : 8, low: ticks ? 34 : 8, top: 8, right: 14});
    this.svg = element("svg", {viewBox: `0 0 ${width} ${height}`});
    place.replaceChildren(...[...place.children].filter((child) => child.localName !== "svg"), this.svg);
    if (ticks) this.ticks(names);
    this.body = element("g", {});
    this.svg.append(this.body);
  }

  at([x, y]) {
    const wide = this.width - this.left - this.right;
    const high = this.height - this.top - this.low;
    return [this.left + (x - this.x[0]) / (this.x[1] - this.x[0]) * wide,
            this.top + (this.y[1] - y) / (this.y[1] - this.y[0]) * high];
  }

  // the place of a pointer's event, kept within the plane
  from(event) {
    const box = this.svg.getBoundingClientRect();
    const inside = (share, [low, high]) => low + (high - low) * Math.max(0, Math.min(1, share));
    const px = (event.clientX - box.left) / box.width * this.width;
    const py = (event.clientY - box.top) / box.height * this.height;
    return [inside((px - this.left) / (this.width - this.left - this.right), this.x),
            inside(1 - (py - this.top) / (this.height - this.top - this.low), this.y)];
  }

  path(points) {
    return points.map((p, k) => `${k ? "L" : "M"}${this.at(p).map((v) => v.toFixed(1)).join(" ")}`).join("");
  }

  ticks(names) {
    const frame = element("g", {class: "axes"});
    const [x0, y0] = this.at([this.x[0], this.y[0]]);
    const [x1, y1] = this.at([this.x[1], this.y[1]]);
    frame.append(element("rect", {x: x0, y: y1, width: x1 - x0, height: y0 - y1}));
    for (const x of nice(this.x)) {
      const [px] = this.at([x, 0]);
      frame.append(element("text", {x: px, y: y0 + 14, "text-anchor": "middle"}, format(x, 3)));
    }
    for (const y of nice(this.y)) {
      const [, py] = this.at([0, y]);
      frame.append(element("text", {x: x0 - 5, y: py + 4, "text-anchor": "end"}, format(y, 3)));
    }
    frame.append(element("text", {x: (x0 + x1) / 2, y: this.height - 3, "text-anchor": "middle"}, names[0]),
                 element("text", {x: 10, y: (y0 + y1) / 2, "text-anchor": "middle",
                                  transform: `rotate(-90 10 ${(y0 + y1) / 2})`}, names[1]));
    this.svg.append(frame);
  }
}

const grown = (low, span, share = .05) => [low - share * span, low + (1 + share) * span];
