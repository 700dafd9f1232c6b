// Loss and accuracy by epoch, on the data learned from and held out, of this run and the last one; changes are marked.

class Curves {
  constructor(canvas, key) {
    Object.assign(this, {canvas, key, context: canvas.getContext("2d")});
    new ResizeObserver(() => this.redraw?.()).observe(canvas.parentElement);
  }

  // runs: [{records, name}], the first in front; marks: [{epoch}]; now: an epoch; share: of right answers, 0 to 1
  draw({runs, marks, now, colors, most = null}) {
    this.redraw = () => this.draw({runs, marks, now, colors, most});
    const {canvas, context: c} = this;
    const {clientWidth: width, clientHeight: height} = canvas.parentElement;
    if (!width || !height) return;
    const dense = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * dense)) canvas.width = Math.round(width * dense);
    if (canvas.height !== Math.round(height * dense)) canvas.height = Math.round(height * dense);
    c.setTransform(dense, 0, 0, dense, 0, 0);
    c.clearRect(0, 0, width, height);
    const all = runs.flatMap(({records}) => thinned(records, 300));
    const values = all.flatMap((r) => [r[this.key], r[this.held]]).filter(Number.isFinite);
    if (!values.length) return;
    const top = most ?? ((Math.max(...values) || 1) * 1.05);
    const last = Math.max(1, ...runs.map(({records}) => records.at(-1)?.epoch ?? 0));
    const [left, right, low] = [32, 6, 15];
    const x = (epoch) => left + epoch / last * (width - left - right);
    const y = (v) => 4 + (1 - clamped(v / top, 0, 1)) * (height - low - 4);
    Object.assign(this, {last, left, right, width});
    [c.fillStyle, c.font, c.textAlign] = [colors.ink, "10px sans-serif", "right"];
    for (const v of nice([0, top]).filter((_, k, list) => list.length < 5 || k % 2 === 0)) {
      c.fillText(most ? `${Math.round(100 * v)} %` : format(v, 2), left - 4, y(v) + 3);
      [c.strokeStyle, c.globalAlpha] = [colors.muted, .25];
      this.line([[left, y(v)], [width - right, y(v)]], 1);
      c.globalAlpha = 1;
    }
    c.textAlign = "center";
    for (const v of nice([0, last]).slice(1)) if (x(v) < width - 12) c.fillText(format(v, 4), x(v), height - 3);
    for (const {epoch} of marks) {
      c.strokeStyle = colors.gradient;
      c.setLineDash([2, 2]);
      this.line([[x(epoch), 4], [x(epoch), height - low]], 1);
      c.setLineDash([]);
    }
    for (const [k, {records}] of [...runs.entries()].reverse()) {
      c.globalAlpha = k ? .45 : 1;
      for (const [key, color, dash] of [[this.held, colors.value, [4, 3]], [this.key, colors.ink, []]]) {
        c.strokeStyle = color;
        c.setLineDash(dash);
        this.line(thinned(records, 300).filter((r) => Number.isFinite(r[key])).map((r) => [x(r.epoch), y(r[key])]), k ? 1.2 : 1.8);
      }
      c.setLineDash([]);
      c.globalAlpha = 1;
    }
    if (now !== null) {
      c.strokeStyle = colors.gradient;
      this.line([[x(now), 4], [x(now), height - low]], 1.2);
    }
  }

  get held() {
    return `held${this.key[0].toUpperCase()}${this.key.slice(1)}`;
  }

  line(points, width) {
    const c = this.context;
    c.lineWidth = width;
    c.beginPath();
    points.forEach(([x, y], k) => c[k ? "lineTo" : "moveTo"](x, y));
    c.stroke();
  }

  // the epoch under a pointer
  from(event) {
    const box = this.canvas.getBoundingClientRect();
    return Math.round(clamped((event.clientX - box.left - this.left) / (this.width - this.left - this.right), 0, 1) * this.last);
  }
}

// a part of a list, with its first and last entries
function thinned(list, most) {
  if (list.length <= most) return list;
  return times(most, (k) => list[Math.round(k * (list.length - 1) / (most - 1))]);
}
