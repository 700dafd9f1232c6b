// What trains: a network, data, an optimiser, and a record of each epoch. It runs in a Worker or in the page.
"use strict";

class Trainer {
  constructor() {
    this.tuned = {rule: "adam", lr: .03, schedule: "constant", l1: 0, l2: 0, batch: 32, dropout: 0, clip: 0};
  }

  // learn, held: {x, y, rows} as `matrix` makes them
  load({learn, held}) {
    Object.assign(this, {learn, held});
    this.net?.grow(Math.max(learn.rows, held.rows));
    this.order = null;
    return this.net ? this.measured() : null;
  }

  // a network of new weights: sizes, kinds, loss, classes, seed, and `init` or the weights themselves as `theta`
  build({sizes, kinds, loss, classes, seed, init, theta = null}) {
    this.net = new Net(sizes, kinds);
    this.net.grow(Math.max(this.learn.rows, this.held.rows));
    Object.assign(this, {seed, classes, even: EVEN[READING[loss]] ?? 0, criterion: criterion(loss, sizes.at(-1), classes)});
    this.theta = theta ? Float64Array.from(theta) : initialWeights(sizes, init, seed);
    this.g = new Float64Array(this.net.count);
    Object.assign(this, {epoch: 0, cursor: 0, order: null, last: null, since: 0, rng: new Random(seed), optimizer: null});
    this.dropouts = sizes.slice(1, -1).map(() => this.rng.spawn());
    return this.measured();
  }

  // another loss or other activations for the weights that are there
  change({kinds, loss}) {
    this.net.kinds = kinds;
    Object.assign(this, {even: EVEN[READING[loss]] ?? 0, criterion: criterion(loss, this.net.outputs, this.classes)});
    return this.measured();
  }

  // settings of how it learns; the state of the rule stays, unless the rule changes
  tune(settings) {
    const before = this.tuned;
    this.tuned = {...before, ...settings};
    if (settings.rule && settings.rule !== before.rule) this.optimizer = null;
    if ("lr" in settings || "schedule" in settings) this.since = this.epoch ?? 0;
    if ("batch" in settings && settings.batch !== before.batch) [this.order, this.cursor] = [null, 0];
    return null;
  }

  // other weights
  put({theta}) {
    this.theta.set(theta);
    return this.measured();
  }

  get lr() {
    return SCHEDULES[this.tuned.schedule](this.tuned.lr, this.epoch - this.since);
  }

  // ---------------------------------------------------------------------------------------- steps

  // one step on the next `size` rows; returns whether all is finite
  advance(size, note = false) {
    const {net, learn, theta, g} = this;
    this.optimizer ??= new Optimizer(this.tuned.rule, net.count);
    const all = this.tuned.batch >= learn.rows;
    this.order ??= all ? null : this.rng.permutation(learn.rows);
    const count = Math.min(size, learn.rows - this.cursor);
    const whole = !this.order && count === learn.rows;
    const places = whole && !note ? null : times(count, (k) => this.order ? this.order[this.cursor + k] : this.cursor + k);
    const batch = whole ? learn : gathered(learn, places);
    const {masks, loss} = this.gradient(batch);
    if (note) this.last = {rows: places, loss, before: theta.slice(), g: g.slice(), lr: this.lr, masks: Boolean(masks),
                           memory: this.optimizer.copy(), rule: this.tuned.rule};
    const [before, kept] = [theta.slice(), this.optimizer.copy()];
    const fine = g.every(Number.isFinite) && this.optimizer.step(theta, g, this.lr);
    if (!fine) this.fail(batch, before, kept);
    else this.cursor += count;
    if (note) this.last.after = theta.slice();
    return fine;
  }

  // this.g = the gradient of the mean loss over a batch, and penalties
  gradient(batch) {
    const {net, theta, g, tuned: {l1, l2, clip, dropout}} = this;
    const {x, y, rows} = batch;
    const masks = dropout ? this.dropouts.map((rng, l) => {
      const mask = new Float64Array(rows * net.sizes[l + 1]);
      for (let k = 0; k < mask.length; k += 1) mask[k] = rng.random() >= dropout ? 1 / (1 - dropout) : 0;
      return mask;
    }) : null;
    const p = net.forward(theta, x, rows, masks);
    this.criterion.slopes(p, y, rows, 1 / rows, net.d.at(-1));
    net.backward(theta, x, rows, g, masks);
    if (l1) for (let k = 0; k < g.length; k += 1) g[k] += l1 * Math.sign(theta[k]);
    if (l2) for (let k = 0; k < g.length; k += 1) g[k] += 2 * l2 * theta[k];
    if (clip) {
      const share = Math.min(1, clip / (Math.sqrt(g.reduce((sum, v) => sum + v * v, 0)) + 1e-6));
      for (let k = 0; k < g.length; k += 1) g[k] *= share;
    }
    return {masks, loss: this.criterion.mean(p, y, rows)};
  }

  // says what is not finite, and undoes the step
  fail(batch, before, kept) {
    const {net, theta, g, epoch} = this;
    const at = theta.findIndex((v) => !Number.isFinite(v));
    const k = at < 0 ? g.findIndex((v) => !Number.isFinite(v)) : at;
    const slope = g[Math.max(k, 0)], lr = this.lr;
    theta.set(before);
    this.optimizer = kept;
    net.forward(theta, batch.x, batch.rows);
    const broken = net.broken(batch.rows);
    this.fault = broken ? {...broken, epoch: epoch + 1, kind: net.kinds[broken.layer]}
      : {parameter: net.find(Math.max(k, 0)), slope, from: before[Math.max(k, 0)], lr, epoch: epoch + 1};
  }

  get ended() {
    return this.cursor >= this.learn.rows;
  }

  // the end of an epoch: its record
  close() {
    this.epoch += 1;
    [this.cursor, this.order] = [0, null];
    return {...this.measured(), memory: this.memory()};
  }

  // whole epochs, up to a number and a time in milliseconds: {records, fault}
  run({epochs, ms, memory = true}) {
    const [records, end] = [[], performance.now() + ms];
    this.fault = null;
    while (records.length < epochs) {
      while (!this.ended) if (!this.advance(this.tuned.batch)) return {records, fault: this.fault};
      records.push(this.close());
      if (!memory) delete records.at(-1).memory;
      if (!Number.isFinite(records.at(-1).loss)) return {records: records.slice(0, -1), fault: this.unmeasured()};
      if (performance.now() > end) break;
    }
    return {records, fault: null};
  }

  // one step, of a batch or of `size` rows: {last, record, fault}; record is null within an epoch
  step({size = null}) {
    this.fault = null;
    const fine = this.advance(size ?? this.tuned.batch, true);
    const record = fine && this.ended ? this.close() : null;
    return {last: this.last, record, fault: fine ? null : this.fault, now: fine && !record ? this.measured() : null};
  }

  unmeasured() {
    this.net.forward(this.theta, this.learn.x, this.learn.rows);
    const broken = this.net.broken(this.learn.rows);
    return broken ? {...broken, epoch: this.epoch, kind: this.net.kinds[broken.layer]} : {loss: true, epoch: this.epoch};
  }

  // ---------------------------------------------------------------------------------------- measures

  // losses without penalties, shares of right answers, and the weights
  measured() {
    if (!this.net) return null;
    const [loss, accuracy] = this.evaluate(this.learn);
    const [heldLoss, heldAccuracy] = this.held.rows ? this.evaluate(this.held) : [null, null];
    return {epoch: this.epoch, loss, accuracy, heldLoss, heldAccuracy, lr: this.lr, theta: this.theta.slice()};
  }

  evaluate({x, y, rows}) {
    const p = this.net.forward(this.theta, x, rows);
    const width = this.net.outputs;
    const loss = this.criterion.mean(p, y, rows);
    if (!this.classes) return [loss, null];
    let right = 0;
    for (let r = 0; r < rows; r += 1) right += Number(classOf(p, r * width, width, this.even) === y[r]);
    return [loss, right / rows];
  }

  // the mean gradient over the learned rows, without dropout: {g}
  slopes() {
    const kept = this.tuned.dropout;
    this.tuned.dropout = 0;
    this.gradient(this.learn);
    this.tuned.dropout = kept;
    return {g: this.g.slice()};
  }

  // ---------------------------------------------------------------------------------------- going back

  // all that the next step depends on, without the weights
  memory() {
    const seeds = [this.rng, ...this.dropouts].map(({state, half}) => ({state, half}));
    return {optimizer: this.optimizer?.copy() ?? null, seeds, since: this.since};
  }

  // continue from a record, as if nothing had come after it
  restore({epoch, theta, memory}) {
    this.theta.set(theta);
    Object.assign(this, {epoch, cursor: 0, order: null, last: null, since: memory.since});
    this.optimizer = memory.optimizer ? Object.assign(new Optimizer(memory.optimizer.name, this.net.count), memory.optimizer).copy() : null;
    [this.rng, ...this.dropouts].forEach((rng, k) => Object.assign(rng, memory.seeds[k]));
    return this.measured();
  }
}

function gathered({x, y}, places) {
  const wide = x.length / y.length;
  const found = {x: new Float64Array(places.length * wide), y: new Float64Array(places.length), rows: places.length};
  places.forEach((from, to) => {
    for (let i = 0; i < wide; i += 1) found.x[to * wide + i] = x[from * wide + i];
    found.y[to] = y[from];
  });
  return found;
}

// within a Worker: calls come as {id, name, args} and are answered as {id, found} or {id, error}
function serve() {
  const trainer = new Trainer();
  onmessage = ({data: {id, name, args}}) => {
    try {
      postMessage({id, found: trainer[name](args ?? {})});
    } catch (error) {
      postMessage({id, error: String(error)});
    }
  };
}
