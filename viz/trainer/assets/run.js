// A run: data, network, engine, and records of its epochs, to which one can go back. It draws nothing.

const KEPT = 500;                   // epochs whose weights are kept

class Run {
  // changed(what) is called after each change: "build", "data", "step" or "view"
  constructor(client, changed) {
    Object.assign(this, {client, changed, records: [], marks: [], before: null, at: null, fault: null, stopped: null, last: null, edited: false, began: 0, seconds: 0, own: null});
    this.generation = 0;
    this.worked = false;
  }

  // the record that is shown: of the epoch that is looked at, or the newest
  get shown() {
    return this.at ?? this.records.at(-1);
  }

  // make new data from the settings; throws an error if something is wrong
  prepare(settings) {
    this.table = tableOf(settings, this.own);
    this.edited = false;
    this.rescale();
  }

  rescale() {
    const rows = [...this.table.learn, ...this.table.held];
    [this.limits, this.reach] = [limitsOf(rows), reachOf(rows)];
  }

  // make the network of the settings, with new weights or given ones
  async build(settings, theta = null) {
    this.settings = settings;
    this.generation += 1;
    const mine = this.generation;
    const {table} = this;
    const spec = networkOf(settings, table);
    this.spec = spec;
    this.inputs = chosenInputs(settings, table);
    this.net = new Net(spec.sizes, spec.kinds);
    this.matrices = matrices(settings, table);
    this.names = [this.inputs.map((id) => inputName(id, table.features)), ...spec.sizes.slice(1, -1).map((n, l) => times(n, (j) => `${l + 1}.${j + 1}`)), this.outputNames()];
    this.graphs = new Graphs(this.net, spec.loss, spec.classes, this.names[0]);
    Object.assign(this, {records: [], marks: [], at: null, fault: null, stopped: null, last: null, seconds: 0, pending: null});
    this.client.call("load", this.matrices);
    this.client.call("tune", tuningOf(settings));
    const first = await this.client.call("build", {...spec, theta});
    if (mine !== this.generation) return;
    this.records.push({...first, memory: null});
    this.changed("build");
  }

  outputNames() {
    const {classes, target} = this.table;
    return classes.length > 2 ? classes : [classes.length ? classes[1] : target];
  }

  // points that were added, moved or deleted: the weights stay
  async points() {
    this.edited = true;
    const mine = this.generation;
    this.matrices = matrices(this.settings, this.table);
    const now = await this.client.call("load", this.matrices);
    if (mine === this.generation) this.replace(now);
  }

  replace(now) {
    if (!now) return;
    Object.assign(this.records.at(-1), now);
    this.changed("step");
  }

  // how it learns, from now on; the change is marked on the curve
  tune(settings, name) {
    this.settings = settings;
    this.client.call("tune", tuningOf(settings));
    this.mark(name);
  }

  // another loss, or other activations, for the weights that are there
  async change(settings, name) {
    this.settings = settings;
    this.spec = networkOf(settings, this.table);
    this.net = new Net(this.spec.sizes, this.spec.kinds);
    this.graphs = new Graphs(this.net, this.spec.loss, this.spec.classes, this.names[0]);
    const mine = this.generation;
    const now = await this.client.call("change", this.spec);
    this.mark(name);
    if (mine === this.generation) this.replace(now);
  }

  mark(name) {
    const epoch = this.records.at(-1)?.epoch ?? 0;
    if (epoch) this.marks.push({epoch, name});
  }

  // take records of whole epochs from the engine
  took({records, fault}) {
    for (const record of records) this.records.push(record);
    for (let k = this.records.length - KEPT - 1; k >= 0 && this.records[k].theta; k -= 1) {
      delete this.records[k].theta;
      delete this.records[k].memory;
    }
    if (fault) this.fault = fault;
    if (records.length) this.last = null;
  }

  // train for some milliseconds; false if another run has begun
  async go(epochs, ms) {
    const mine = this.generation;
    const started = performance.now();
    if (this.at) await this.branch();
    const found = await this.client.call("run", {epochs, ms});
    if (mine !== this.generation) return false;
    this.seconds += (performance.now() - started) / 1000;
    this.fault = null;
    this.took(found);
    if (!found.fault) this.stopped = this.rule();
    this.changed("step");
    return true;
  }

  // one step, on a batch or on a number of rows
  async step(size = null) {
    const mine = this.generation;
    if (this.at) await this.branch();
    const {last, record, fault, now} = await this.client.call("step", {size});
    if (mine !== this.generation) return;
    this.fault = fault;
    if (record) this.took({records: [record], fault});
    else if (now) Object.assign(this.records.at(-1), now, {memory: this.records.at(-1).memory});
    this.last = last;
    this.changed("step");
  }

  async put(theta) {
    const mine = this.generation;
    if (this.at) await this.branch();
    const now = await this.client.call("put", {theta});
    if (mine === this.generation) this.replace(now);
  }

  // ---------------------------------------------------------------------------------------- time

  look(record) {
    this.at = record === this.records.at(-1) ? null : record;
    this.changed("view");
  }

  // continue from the epoch that is shown; the old run stays on the chart
  async branch() {
    const from = this.at;
    this.at = null;
    if (!from?.memory) return;
    this.before = {records: this.records.map(({epoch, loss, accuracy, heldLoss, heldAccuracy}) => ({epoch, loss, accuracy, heldLoss, heldAccuracy})), seconds: this.seconds};
    const place = this.records.indexOf(from);
    this.seconds *= place / Math.max(this.records.length - 1, 1);
    this.records = this.records.slice(0, place + 1);
    this.marks = this.marks.filter(({epoch}) => epoch <= from.epoch);
    this.last = null;
    await this.client.call("restore", from);
    this.stopped = null;
  }

  // keep this run, to show it beside the next one
  keep() {
    if (this.records.length > 1) this.before = {records: this.records.map(({theta, memory, ...rest}) => rest), seconds: this.seconds};
  }

  // the reason to stop: learned well enough, or not better for long
  rule() {
    if (!this.settings.stop || this.records.length < 2) return null;
    const now = this.records.at(-1);
    if (now.loss < .003 && this.records.length > 2) return {key: "stop-small", epoch: now.epoch};
    const all = this.records;
    if (all.length < PATIENCE + this.resumed + 2) return null;
    const judged = (r) => r.heldLoss ?? r.loss;
    let best = all.length - 1;
    for (let k = all.length - 1; k >= this.resumed; k -= 1) if (judged(all[k]) <= judged(all[best])) best = k;
    return all.length - 1 - best >= PATIENCE ? {key: "stop-patience", epochs: PATIENCE, best: all[best].epoch} : null;
  }

  resumed = 0;

  // play after a stop goes on
  resume() {
    if (this.stopped) this.resumed = this.records.length - 1;
    this.stopped = null;
  }

  // ---------------------------------------------------------------------------------------- numbers of the moment

  // outputs of all units for rows (x of inputs), and with a target δ of each unit, as functions of (column, unit)
  outputsAt(theta, x) {
    this.net.forward(theta, x, 1);
    const kept = this.net.a.map((a, l) => a.slice(0, this.net.sizes[l + 1]));
    return (c, k) => c ? kept[c - 1][k] : x[k];
  }

  // δ = the derivative of the mean loss by each unit's sum, over the rows of the last step or over all learned rows
  deltas(theta) {
    const {learn} = this.matrices;
    const last = this.last;
    const rows = last?.rows?.length < learn.rows ? gathered(learn, last.rows.filter((r) => r < learn.rows)) : learn;
    const g = new Float64Array(this.net.count);
    const of = criterion(this.spec.loss, this.net.outputs, this.spec.classes);
    const p = this.net.forward(last ? last.before : theta, rows.x, rows.rows);
    of.slopes(p, rows.y, rows.rows, 1 / rows.rows, this.net.d.at(-1));
    this.net.backward(last ? last.before : theta, rows.x, rows.rows, g);
    const found = this.net.d.map((d, l) => {
      const m = this.net.sizes[l + 1];
      const sums = new Float64Array(m);
      for (let r = 0; r < rows.rows; r += 1) for (let j = 0; j < m; j += 1) sums[j] += d[r * m + j];
      return sums;
    });
    return {deltas: (c, k) => found[c - 1]?.[k], g};
  }

  lossAt(theta) {
    const {x, y, rows} = this.matrices.learn;
    return criterion(this.spec.loss, this.net.outputs, this.spec.classes).mean(this.net.forward(theta, x, rows), y, rows);
  }
}

const PATIENCE = 500;
