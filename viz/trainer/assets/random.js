// NumPy's default_rng in JavaScript: the same seed gives the same numbers as in Python.
// SeedSequence and PCG64 (M. E. O'Neill, PCG: A family of simple fast space-efficient generators, 2014), and normal
// numbers by the ziggurat (G. Marsaglia and W. W. Tsang, Journal of Statistical Software 5(8), 2000) as NumPy has it.
"use strict";

// the words of a whole number of 0 or more, least first
function words32(number) {
  const found = [number % 4294967296];
  for (let rest = Math.floor(number / 4294967296); rest; rest = Math.floor(rest / 4294967296)) found.push(rest % 4294967296);
  return found;
}

// a function that mixes a word with a constant which changes with each call
function mixer(constant, factor) {
  return (word) => {
    let value = word ^ constant;
    constant = Math.imul(constant, factor);
    value = Math.imul(value, constant);
    return (value ^ value >>> 16) >>> 0;
  };
}

// SeedSequence: `count` words from a seed and the places of the children on the way to this one
function seeded(seed, children, count) {
  const words = words32(seed);
  if (children.length) while (words.length < 4) words.push(0);
  words.push(...children.flatMap(words32));
  const hash = mixer(0x43b0d7e5, 0x931e8875);
  const join = (x, y) => {
    const value = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y) | 0;
    return (value ^ value >>> 16) >>> 0;
  };
  const pool = [0, 1, 2, 3].map((k) => hash(words[k] ?? 0));
  for (let from = 0; from < 4; from += 1) {
    for (let to = 0; to < 4; to += 1) if (from !== to) pool[to] = join(pool[to], hash(pool[from]));
  }
  for (const word of words.slice(4)) for (let to = 0; to < 4; to += 1) pool[to] = join(pool[to], hash(word));
  const draw = mixer(0x8b51f9dd, 0x58f38ded);
  return Array.from({length: count}, (_, k) => draw(pool[k % 4]));
}

// 128 bits are eight numbers of 16 bits, least first
function split128(big) {
  return Array.from({length: 8}, (_, k) => Number(big >> BigInt(16 * k) & 0xffffn));
}

const PCG_FACTOR = split128(2549297995355413924n << 64n | 4865540595714422341n);

// the layers of the ziggurat: x from the base to the top, their heights, and the integers that are surely inside
const ZIGGURAT = (() => {
  const [edge, area, count] = [3.6541528853610087963519472518, 0.00492867323397465524494, 256];
  const height = (x) => Math.exp(-0.5 * x * x);
  const x = new Float64Array(count), sure = new Float64Array(count);
  x[255] = edge;
  x[0] = area / height(edge);
  for (let k = 254; k > 0; k -= 1) x[k] = Math.sqrt(-2 * Math.log(area / x[k + 1] + height(x[k + 1])));
  sure[0] = Math.floor(edge / x[0] * 2 ** 52);
  for (let k = 2; k < count; k += 1) sure[k] = Math.floor(x[k - 1] / x[k] * 2 ** 52);
  return {edge, sure, width: x.map((v) => v / 2 ** 52), height: Float64Array.from(x, (v, k) => k ? height(v) : 1)};
})();

class Random {
  // seed: a whole number from 0 to 2 ** 53; `children` are the places of spawned generators, see `spawn`
  constructor(seed, children = []) {
    Object.assign(this, {seed, children, spawned: 0, half: null});
    const w = seeded(seed, children, 8).map(BigInt);
    const number = (k) => (w[k + 1] << 32n | w[k]) << 64n | w[k + 3] << 32n | w[k + 2];
    const all = (1n << 128n) - 1n;
    const [factor, step] = [2549297995355413924n << 64n | 4865540595714422341n, number(4) << 1n | 1n];
    this.step = split128(step & all);
    this.state = split128(((step + number(0)) * factor + step) & all);
  }

  // a generator with independent numbers; each call returns another one
  spawn() {
    this.spawned += 1;
    return new Random(this.seed, [...this.children, this.spawned - 1]);
  }

  // the next 64 bits as [high, low]
  next64() {
    const {state, step} = this;
    const found = new Array(8);
    let carry = 0;
    for (let k = 0; k < 8; k += 1) {
      let sum = step[k] + carry;
      for (let j = 0; j <= k; j += 1) sum += state[j] * PCG_FACTOR[k - j];
      carry = Math.floor(sum / 65536);
      found[k] = sum - carry * 65536;
    }
    this.state = found;
    const low = (found[0] ^ found[4] | (found[1] ^ found[5]) << 16) >>> 0;
    const high = (found[2] ^ found[6] | (found[3] ^ found[7]) << 16) >>> 0;
    const turn = found[7] >>> 10;
    const [a, b] = turn & 32 ? [low, high] : [high, low];
    const by = turn & 31;
    return by ? [(a >>> by | b << 32 - by) >>> 0, (b >>> by | a << 32 - by) >>> 0] : [a, b];
  }

  next32() {
    if (this.half !== null) {
      const kept = this.half;
      this.half = null;
      return kept;
    }
    const [high, low] = this.next64();
    this.half = high;
    return low;
  }

  // from 0 to below 1
  random() {
    const [high, low] = this.next64();
    return (high * 2097152 + (low >>> 11)) / 9007199254740992;
  }

  uniform(low, high) {
    return low + (high - low) * this.random();
  }

  // a whole number from 0 to `most`: as many bits as that has, until they are not more
  upto(most) {
    if (!most) return 0;
    const mask = 4294967295 >>> Math.clz32(most);
    for (;;) {
      const found = (this.next32() & mask) >>> 0;
      if (found <= most) return found;
    }
  }

  // a normal number of mean 0 and deviation 1
  normal() {
    const {edge, sure, width, height} = ZIGGURAT;
    for (;;) {
      const [high, low] = this.next64();
      const layer = low & 255;
      const minus = low >>> 8 & 1;
      const bits = (high & 0x1fffffff) * 8388608 + (low >>> 9);       // 52 of them
      const x = bits * width[layer];
      if (bits < sure[layer]) return minus ? -x : x;
      if (layer) {
        if ((height[layer - 1] - height[layer]) * this.random() + height[layer] < Math.exp(-0.5 * x * x)) return minus ? -x : x;
        continue;
      }
      for (;;) {
        const far = -Math.log1p(-this.random()) / edge;
        const up = -Math.log1p(-this.random());
        if (up + up > far * far) return low >>> 17 & 1 ? -(edge + far) : edge + far;
      }
    }
  }

  // 0 to n - 1 in random order
  permutation(n) {
    const found = Int32Array.from({length: n}, (_, k) => k);
    for (let k = n - 1; k > 0; k -= 1) {
      const j = this.upto(k);
      [found[k], found[j]] = [found[j], found[k]];
    }
    return found;
  }
}
