// Draws a run: the plane, the network, the curves, and texts.

class Drawing {
  constructor(run, diagram, plane, curves, scope) {
    Object.assign(this, {run, diagram, plane, curves, scope, pointed: null, chosen: null, said: 0, curved: 0});
    this.color();
  }

  // colours of the theme and of the settings
  color() {
    const {settings, table} = this.run;
    const pair = COLORS[settings?.colors ?? "blue"];
    const count = table?.classes.length ?? 2;
    this.classes = count > 2 ? [...pair, ...page.colors.filter((c) => !pair.includes(c))] : pair;
    const style = getComputedStyle(document.documentElement);
    const named = (name) => style.getPropertyValue(name).trim();
    const theme = themeColors(Math.max(count, 2), this.classes, settings?.hard);
    this.colors = {...theme, signs: shades(2, pair, rgb(named("--background"))), minus: pair[0], plus: pair[1], ink: named("--ink"), paper: named("--background"),
                   muted: named("--muted"), value: named("--value"), gradient: named("--gradient")};
    document.documentElement.style.setProperty("--minus", pair[0]);
    document.documentElement.style.setProperty("--plus", pair[1]);
  }

  // which numbers of a row the plane shows
  get axes() {
    const {settings, table} = this.run;
    const most = table.features.length;
    const across = Math.min(settings.across, most) - 1;
    const up = Math.min(settings.up, most) - 1;
    return most === 1 ? [0] : [across, up === across ? (across + 1) % most : up];
  }

  // new data or inputs: the grid of the plane as rows for the network
  grid() {
    const {run, plane, axes} = this;
    const {table} = run;
    plane.view(axes.length === 1 ? [run.limits[0], padded(run.reach)] : axes.map((axis) => run.limits[axis]), axes.length === 1);
    const rows = times(plane.count, (k) => {
      const at = plane.at(k);
      const x = this.chosen ? [...this.chosen.x] : this.middle();
      axes.forEach((axis, a) => { x[axis] = at[a]; });
      return {x, y: 0};
    });
    this.rows = matrix(rows, run.inputs, table.scale);
    byId("plane-across").textContent = table.features[axes[0]];
    byId("plane-up").textContent = axes.length > 1 ? table.features[axes[1]] : table.target;
  }

  middle() {
    return this.run.limits.map(([low, high]) => (low + high) / 2);
  }

  // draws everything; `still` if nothing runs, so that there is time to compute more
  all(still) {
    const {run} = this;
    const now = run.shown;
    if (!now?.theta) return;
    this.theta = now.theta;
    this.drawPlane();
    this.numbers(still);
    if (still || performance.now() - this.curved > 90) {
      this.curved = performance.now();
      this.drawCurves();
    }
    if (still || performance.now() - this.said > 400) {
      this.said = performance.now();
      this.words();
    }
  }

  drawPlane() {
    const {run, plane, diagram, rows, theta, colors} = this;
    if (this.seen?.spec !== run.spec) this.seen = {spec: run.spec, net: new Net(run.spec.sizes, run.spec.kinds)};
    const {net} = this.seen;              // of its own: what is drawn again reads its arrays
    const p = net.forward(theta, rows.x, rows.rows);
    const size = plane.size;
    const at = plane.line ? (i, j) => Math.round(j * (size - 1) / (MAP - 1)) : (i, j) => Math.round(i * (size - 1) / (MAP - 1)) * size + Math.round(j * (size - 1) / (MAP - 1));
    const unit = (c, k) => {
      const [array, wide] = c ? [net.a[c - 1], net.sizes[c]] : [rows.x, net.sizes[0]];
      return (place) => array[place * wide + k];
    };
    diagram.draw({theta, colors, maps: (c, k) => ((of) => (i, j) => of(at(i, j)))(unit(c, k))});
    const drawn = {points: this.points(), ink: colors.ink, paper: colors.paper, muted: colors.muted, chosen: this.chosen ? this.place(this.chosen) : null, shades: colors.answers};
    if (this.pointed) this.ofUnit(drawn, unit(this.pointed.c, this.pointed.k));
    else this.answers(drawn, p);
    plane.draw(drawn);
    this.legend();
  }

  answers(drawn, p) {
    const {run, plane} = this;
    const {classes, reading} = run.spec;
    const wide = run.net.outputs;
    const [levels, bytes] = [new Float64Array(plane.count), new Uint8Array(plane.count)];
    const [low, high] = run.reach;
    const row = new Array(wide);
    for (let k = 0; k < plane.count; k += 1) {
      for (let j = 0; j < wide; j += 1) row[j] = p[k * wide + j];
      if (!classes) {
        levels[k] = unscaled(row[0], run.table.quantity);
        bytes[k] = toByte((levels[k] - low) / (high - low));
      } else {
        const chances = chance(row, reading);
        levels[k] = chances[1];
        bytes[k] = classes > 2 ? lead(chances) : toByte(chances[1]);
      }
    }
    if (plane.line) drawn.curve = [...levels];
    else Object.assign(drawn, {bytes, lines: classes > 2 ? borders(bytes, plane.size) : (classes ? [.5] : nice(run.reach)).flatMap((level) => contour(levels, plane.size, level))});
    if (!classes && run.settings.hard) drawn.shades = drawn.shades.map((_, byte) => this.colors.answers[byte < 128 ? 0 : 255]);
  }

  // the output of one unit in place of the answers, and where it is 0
  ofUnit(drawn, value) {
    const {plane} = this;
    const values = Float64Array.from({length: plane.count}, (_, k) => value(k));
    if (plane.line) drawn.curve = [...values];
    else Object.assign(drawn, {bytes: signBytes(values, plane.size, 1), shades: this.colors.signs, lines: contour(values, plane.size, 0)});
  }

  place({x, y}) {
    const {axes} = this;
    return axes.length === 1 ? [x[0], y] : axes.map((axis) => x[axis]);
  }

  points() {
    const {learn, held} = this.run.table;
    const of = (row, hollow) => ({at: this.place(row), color: this.pointColor(row.y), shape: this.run.spec.classes ? row.y : 0, held: hollow});
    return [...learn.map((row) => of(row, false)), ...(this.run.settings.heldout ? held.map((row) => of(row, true)) : [])];
  }

  pointColor(y) {
    if (this.run.spec.classes) return this.classes[y];
    const [low, high] = this.run.reach;
    return this.axes.length === 1 ? this.colors.plus : css(mix(rgb(this.colors.minus), rgb(this.colors.plus), clamped((y - low) / (high - low), 0, 1)));
  }

  // outputs of the chosen point and δ of the last step, on the network and in the microscope
  numbers(still) {
    const {run, diagram, theta} = this;
    const x = this.chosenInputs();
    diagram.numbers(x ? run.outputsAt(theta, x) : null, still && run.matrices.learn.rows * run.net.count < 2e6 ? run.deltas(theta).deltas : null);
    const now = run.shown;
    const percent = (share) => share === null ? "" : `, ${Math.round(1000 * share) / 10} %`;
    byId("epoch").textContent = now.epoch;
    byId("metric-learn").textContent = `${format(now.loss, 4)}${percent(now.accuracy)}`;
    byId("metric-held").textContent = now.heldLoss === null ? "–" : `${format(now.heldLoss, 4)}${percent(now.heldAccuracy)}`;
    byId("metric-rate").textContent = format(now.lr, 3);
  }

  chosenInputs() {
    if (!this.chosen) return null;
    return matrix([this.chosen], this.run.inputs, this.run.table.scale, this.run.table.quantity).x;
  }

  drawCurves() {
    const {run, colors} = this;
    const mine = {records: run.records, name: ""};
    const runs = run.before ? [mine, run.before] : [mine];
    const now = run.at ? run.at.epoch : null;
    this.curves.loss.draw({runs, marks: run.marks, now, colors});
    this.curves.accuracy.draw({runs, marks: run.marks, now, colors, most: 1});
    byId("forget").hidden = !run.before;
    byId("curve-runs").textContent = run.before ? say("two-runs", {now: format(run.seconds, 2), before: format(run.before.seconds, 2)}) : "";
  }

  words() {
    const {run, theta} = this;
    const {learn} = run.matrices;
    run.net.forward(theta, learn.x, learn.rows);
    const lines = sees({records: run.at ? run.records.slice(0, run.records.indexOf(run.at) + 1) : run.records, net: run.net, theta, rows: learn.rows,
                        fault: run.fault, stopped: run.stopped, classes: run.spec.classes});
    const text = lines.join("\n");
    const place = byId("sees-lines");
    if (place.dataset.text !== text) {
      place.dataset.text = text;
      place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), {textContent: line})));
    }
    if (!byId("confusion").closest("[hidden]")) this.confusion();
  }

  // how often each class is the answer for points of each class: of the points held out, or of all
  confusion() {
    const {run} = this;
    const {classes} = run.spec;
    const {held, learn} = run.matrices;
    const rows = held.rows ? held : learn;
    if (!classes) return byId("confusion").replaceChildren(say("confusion-none"));
    const table = confusion(run.net, run.net.forward(this.theta, rows.x, rows.rows), rows.y, classes, EVEN[run.spec.reading] ?? 0);
    const names = run.table.classes.map((name) => shortened(name, 8));
    const cell = (kind, content, attributes = {}) => Object.assign(document.createElement(kind), {textContent: content, ...attributes});
    const row = (...cells) => { const made = document.createElement("tr"); made.append(...cells); return made; };
    const made = document.createElement("table");
    made.append(row(cell("td", say("confusion-corner")), ...names.map((name) => cell("th", name, {scope: "col"}))),
                ...table.map((counts, i) => row(cell("th", names[i], {scope: "row"}), ...counts.map((n, j) => cell("td", n, {className: i === j ? "right" : n ? "wrong" : ""})))));
    byId("confusion").replaceChildren(cell("p", say(held.rows ? "confusion-held" : "confusion-learn")), made);
  }

  legend() {
    const {run} = this;
    const key = `${run.table.classes.join()}|${this.classes.join()}|${run.reach.join()}|${this.pointed?.title ?? ""}`;
    const place = byId("legend");
    if (place.dataset.key === key) return;
    place.dataset.key = key;
    const names = run.table.classes;
    place.replaceChildren(...names.map((name, k) => {
      const entry = document.createElement("span");
      entry.append(element("svg", {viewBox: "-9 -9 18 18", width: 14, height: 14, "aria-hidden": "true"}, marker(k, this.classes[k])), ` ${shortened(name, 14)}`);
      return entry;
    }), ...(names.length ? [] : [say("legend-scale", {low: format(run.reach[0], 3), high: format(run.reach[1], 3)})]));
    byId("plane-title").textContent = this.pointed ? say("what-unit", {unit: this.pointed.title}) : say("what-answers");
  }
}

const padded = ([low, high]) => [low - .15 * (high - low), high + .15 * (high - low)];
const unscaled = (v, quantity) => quantity ? v * quantity[1] + quantity[0] : v;
