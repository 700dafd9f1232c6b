// The optimisers of microgrAD.optim and schedules of the learning rate, with the same arithmetic in the same order.
"use strict";

// the first state of each rule: arrays of the size of theta
const RULES = {
  sgd: {rule: "sgd"},
  momentum: {rule: "sgd", momentum: 0.9},
  nesterov: {rule: "sgd", momentum: 0.9, nesterov: true},
  rmsprop: {rule: "rmsprop", alpha: 0.99, eps: 1e-8},
  adam: {rule: "adam", beta1: 0.9, beta2: 0.999, eps: 1e-8},
  adamw: {rule: "adam", beta1: 0.9, beta2: 0.999, eps: 1e-8, decay: 0.01},
};

class Optimizer {
  constructor(name, count, options = {}) {
    Object.assign(this, {name, count, steps: 0, state: {}}, RULES[name], options);
  }

  // the array of the state with this name; zeros at first
  memory(name) {
    this.state[name] ??= new Float64Array(this.count);
    return this.state[name];
  }

  // one step in place; returns whether all parameters and the state are finite
  step(theta, g, lr) {
    this.steps += 1;
    return this[this.rule](theta, g, lr);
  }

  sgd(theta, g, lr) {
    const {momentum = 0, nesterov = false} = this;
    if (!momentum) {
      let all = 0;
      for (let k = 0; k < this.count; k += 1) all += theta[k] -= lr * g[k];
      return finiteAll(all, theta);
    }
    const first = !this.state.velocity;
    const v = this.memory("velocity");
    let all = 0;
    for (let k = 0; k < this.count; k += 1) {
      v[k] = first ? g[k] : momentum * v[k] + g[k];
      all += (theta[k] -= lr * (nesterov ? g[k] + momentum * v[k] : v[k])) + v[k];
    }
    return finiteAll(all, theta, v);
  }

  rmsprop(theta, g, lr) {
    const {alpha, eps} = this;
    const s = this.memory("square");
    let all = 0;
    for (let k = 0; k < this.count; k += 1) {
      s[k] = alpha * s[k] + (1 - alpha) * (g[k] * g[k]);
      all += (theta[k] -= lr * (g[k] / (Math.sqrt(s[k]) + eps))) + s[k];
    }
    return finiteAll(all, theta, s);
  }

  adam(theta, g, lr) {
    const {beta1, beta2, eps, decay = 0} = this;
    const [m, v] = [this.memory("mean"), this.memory("square")];
    const [one, two] = [1 - Math.pow(beta1, this.steps), 1 - Math.pow(beta2, this.steps)];
    const keep = 1 - lr * decay;
    let all = 0;
    for (let k = 0; k < this.count; k += 1) {
      if (decay) theta[k] *= keep;
      m[k] = beta1 * m[k] + (1 - beta1) * g[k];
      v[k] = beta2 * v[k] + (1 - beta2) * (g[k] * g[k]);
      all += (theta[k] -= lr * (m[k] / one) / (Math.sqrt(v[k] / two) + eps)) + v[k];
    }
    return finiteAll(all, theta, v);
  }

  copy() {
    const found = new Optimizer(this.name, this.count, {});
    Object.assign(found, this, {state: Object.fromEntries(Object.entries(this.state).map(([name, array]) => [name, array.slice()]))});
    return found;
  }
}

// whether all numbers are finite: if their sum is not, each of them is tested
function finiteAll(sum, ...arrays) {
  return Number.isFinite(sum) || arrays.every((array) => array.every(Number.isFinite));
}

// the learning rate at epoch t after the schedule began, from the rate that it began with
const SCHEDULES = {
  constant: (lr) => lr,
  step: (lr, t) => lr * Math.pow(0.5, Math.floor(t / 100)),
  exponential: (lr, t) => lr * Math.pow(0.99, t),
  cosine: (lr, t) => lr / 50 + (lr - lr / 50) * (1 + Math.cos(Math.PI * Math.min(t, 500) / 500)) / 2,
};

// ------------------------------------------------------------------------------------------ initial weights

// how one weight is drawn, by microgrAD.init: (rng, inputs, outputs) -> number
const INITIAL = {
  xavier: (rng, nin, nout) => ((bound) => rng.uniform(-bound, bound))(Math.sqrt(6 / (nin + nout))),
  kaiming: (rng, nin) => ((bound) => rng.uniform(-bound, bound))(Math.sqrt(2) * Math.sqrt(3 / nin)),
  uniform: (rng) => rng.uniform(-1, 1),
  equal: () => 0.5,
  zero: () => 0,
};

// the first weights of a network, as MLP(..., init=..., rng=seed) has them; biases are 0
function initialWeights(sizes, kind, seed) {
  const rng = new Random(seed);
  const found = [];
  for (let l = 0; l + 1 < sizes.length; l += 1) {
    for (let j = 0; j < sizes[l + 1]; j += 1) {
      for (let i = 0; i < sizes[l]; i += 1) found.push(INITIAL[kind](rng, sizes[l], sizes[l + 1]));
      found.push(0);
    }
  }
  return Float64Array.from(found);
}
