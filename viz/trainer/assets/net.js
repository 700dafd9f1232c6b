// A fully connected network over typed arrays: forward, backward, losses of whole batches.
//
// theta   all parameters in Python's order: layer by layer, neuron by neuron, its weights, then its bias
// x       rows of inputs, one after the other;  y  targets: a number a row (a class by number, or a quantity)
"use strict";

class Net {
  // sizes: of the inputs and of each layer; kinds: the activation of each layer
  constructor(sizes, kinds) {
    Object.assign(this, {sizes, kinds, room: 0});
    this.starts = [];
    let at = 0;
    for (let l = 0; l + 1 < sizes.length; l += 1) {
      this.starts.push(at);
      at += sizes[l + 1] * (sizes[l] + 1);
    }
    this.count = at;
    this.outputs = sizes.at(-1);
    this.grow(1);
  }

  // arrays for a number of rows: sums z, activations a, inputs of the next layer h, derivatives d
  grow(rows) {
    if (rows <= this.room) return;
    this.room = rows;
    const arrays = () => this.sizes.slice(1).map((n) => new Float64Array(rows * n));
    Object.assign(this, {z: arrays(), a: arrays(), d: arrays(), h: arrays()});
  }

  // the outputs of the last layer for `rows` rows of x; masks (one array for each hidden layer) multiply its outputs
  forward(theta, x, rows, masks = null) {
    this.grow(rows);
    let from = x;
    for (let l = 0; l < this.starts.length; l += 1) {
      const [n, m, z] = [this.sizes[l], this.sizes[l + 1], this.z[l]];
      sums(theta, this.starts[l], from, n, m, rows, z);
      ACTIVATIONS[this.kinds[l]].forward(z, this.a[l], rows * m);
      from = this.a[l];
      const mask = masks && masks[l];
      if (mask) {
        const h = this.h[l];
        for (let k = 0; k < rows * m; k += 1) h[k] = from[k] * mask[k];
        from = h;
      }
    }
    return from;
  }

  // after forward: g[k] = ∂/∂theta[k] of Σ rows, with this.d[last] = ∂/∂outputs
  backward(theta, x, rows, g, masks = null) {
    g.fill(0);
    for (let l = this.starts.length - 1; l >= 0; l -= 1) {
      const [n, m, start, d] = [this.sizes[l], this.sizes[l + 1], this.starts[l], this.d[l]];
      ACTIVATIONS[this.kinds[l]].backward(this.z[l], this.a[l], d, rows * m);
      const mask = masks && l ? masks[l - 1] : null;
      const before = l ? (mask ? this.h[l - 1] : this.a[l - 1]) : x;
      const back = l ? this.d[l - 1] : null;
      if (back) back.fill(0, 0, rows * n);
      for (let r = 0; r < rows; r += 1) {
        for (let j = 0; j < m; j += 1) {
          const delta = d[r * m + j];
          if (delta === 0) continue;
          const at = start + j * (n + 1);
          for (let i = 0; i < n; i += 1) g[at + i] += delta * before[r * n + i];
          g[at + n] += delta;
          if (back) for (let i = 0; i < n; i += 1) back[r * n + i] += delta * theta[at + i];
        }
      }
      if (mask) for (let k = 0; k < rows * n; k += 1) back[k] *= mask[k];
    }
  }

  // the place in theta of the weight to unit j of layer l from input i; of its bias for i = the number of inputs
  place(l, j, i) {
    return this.starts[l] + j * (this.sizes[l] + 1) + i;
  }

  // the layer, unit and input of a place in theta
  find(k) {
    let l = this.starts.length - 1;
    while (this.starts[l] > k) l -= 1;
    const wide = this.sizes[l] + 1;
    return {layer: l, unit: Math.floor((k - this.starts[l]) / wide), input: (k - this.starts[l]) % wide};
  }

  // the unit whose sum or activation is the first that is not finite in the last forward pass; null if all are
  broken(rows) {
    for (let l = 0; l < this.starts.length; l += 1) {
      for (const [part, values] of [["sum", this.z[l]], ["activation", this.a[l]]]) {
        for (let k = 0; k < rows * this.sizes[l + 1]; k += 1) {
          if (!Number.isFinite(values[k])) return {layer: l, unit: k % this.sizes[l + 1], part, row: Math.floor(k / this.sizes[l + 1])};
        }
      }
    }
    return null;
  }
}

// z[r, j] = Σᵢ w[j, i] x[r, i] + b[j]
function sums(theta, start, x, n, m, rows, z) {
  for (let r = 0; r < rows; r += 1) {
    const row = r * n;
    for (let j = 0; j < m; j += 1) {
      const at = start + j * (n + 1);
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += theta[at + i] * x[row + i];
      z[r * m + j] = sum + theta[at + n];
    }
  }
}

// ------------------------------------------------------------------------------------------ losses

// What a loss does with rows. wide: outputs for k classes; goal(y, j, width): the target of output j; see `criterion`.
const TARGETS = {
  number: (y) => y,
  sign: (y) => 2 * y - 1,
  hot: (y, j) => Number(y === j),
};

// a loss by its name in microgrAD.losses, for a number of outputs and of classes (0 for a quantity)
function criterion(name, width, classes) {
  if (name === "cross_entropy") return {mean: crossEntropy, slopes: crossEntropySlopes, width};
  const kind = name === "hinge" ? "sign" : classes && width > 1 ? "hot" : "number";
  const [loss, goal] = [LOSSES[name], TARGETS[kind]];
  return {
    width,
    // the mean loss over the rows of outputs p
    mean(p, y, rows) {
      let total = 0;
      for (let r = 0; r < rows; r += 1) for (let j = 0; j < width; j += 1) total += loss.value(p[r * width + j], goal(y[r], j));
      return total / (rows * width);
    },
    // d = share · ∂loss/∂p for each row
    slopes(p, y, rows, share, d) {
      const part = share / width;
      for (let r = 0; r < rows; r += 1) {
        for (let j = 0; j < width; j += 1) d[r * width + j] = part * loss.slope(p[r * width + j], goal(y[r], j));
      }
    },
  };
}

// ln Σ exp z - z_y, with the largest z taken off: finite for every z
function crossEntropy(z, y, rows) {
  let total = 0;
  for (let r = 0; r < rows; r += 1) {
    const [top, sum] = exponentials(z, r * this.width, this.width);
    total += Math.log(sum) + top - z[r * this.width + y[r]];
  }
  return total / rows;
}

function crossEntropySlopes(z, y, rows, share, d) {
  const {width} = this;
  for (let r = 0; r < rows; r += 1) {
    const [top, sum] = exponentials(z, r * width, width);
    for (let j = 0; j < width; j += 1) d[r * width + j] = share * (Math.exp(z[r * width + j] - top) / sum - Number(y[r] === j));
  }
}

function exponentials(z, at, width) {
  let top = -Infinity, sum = 0;
  for (let j = 0; j < width; j += 1) top = Math.max(top, z[at + j]);
  for (let j = 0; j < width; j += 1) sum += Math.exp(z[at + j] - top);
  return [top, sum];
}

// ------------------------------------------------------------------------------------------ reading answers

// the class that outputs mean, see microgrAD/outputs.py; of equal ones the second of two, or the first of more
function classOf(p, at, width, even) {
  if (width === 1) return Number(p[at] >= even);
  let best = 0;
  for (let j = 1; j < width; j += 1) if (p[at + j] > p[at + best]) best = j;
  return best;
}

const READING = {binary_cross_entropy_with_logits: "logits", cross_entropy: "logits", hinge: "signs", mse: "probabilities"};
const EVEN = {logits: 0, probabilities: 0.5, signs: 0};
