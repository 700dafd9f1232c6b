// Other numbers for an exercise: of a seed, as readable as the first ones. Whole numbers stay whole.

const TRIES = 400;

// mulberry32, by T. Ettinger: a small generator of numbers from 0 to 1
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = state + 0x6D2B79F5 >>> 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

function decimals(x) {
  return Math.min(2, (String(x).split(".")[1] ?? "").length);
}

// the numbers of a seed: the first draw without fault, or the one with the fewest
function drawn(seed, first, asked) {
  const random = generator(seed);
  let best = null;
  for (let attempt = 0; attempt < TRIES && best?.faults !== 0; attempt += 1) {
    const numbers = Object.fromEntries(Object.entries(first).map(([id, x]) => [id, another(x, random)]));
    const faults = faultsOf(replay(trace, numbers), asked);
    if (faults !== null && (!best || faults < best.faults)) best = {numbers, faults};
  }
  return best?.numbers ?? null;
}

function another(x, random) {
  const unit = 10 ** decimals(x);
  const reach = Math.max(Math.round(Math.max(Number.isInteger(x) ? 3 : 1, 1.5 * Math.abs(x)) * unit), 2);
  let found = 0;
  while (found === 0 && !(x === 0 && random() < 0.3)) found = Math.round((2 * random() - 1) * reach);
  return found / unit;
}

// how many of the numbers are hard to read or to work with; null if some have no value
function faultsOf(run, asked) {
  if (Object.keys(run.errors).length) return null;
  const first = replay(trace, {});
  const faults = (x, before) => (x === 0 && before !== 0 ? 1 : 0) + (x !== 0 && (Math.abs(x) < 0.001 || Math.abs(x) >= 1000) ? 1 : 0)
    + (format(x, digits).replace(/[−.]/g, "").length > Math.max(digits, 4) + 1 ? 1 : 0);
  const saturated = trace.nodes.reduce((sum, node) => sum + (node.op && run.partials[node.id]
    .some((slope, k) => typeof node.args[k] === "string" && slope !== 0 && Math.abs(slope) < 0.01) ? 1 : 0), 0);
  return saturated + asked.reduce((sum, key) => {
    const [id, field] = key.split(".");
    return sum + (field === "data" ? faults(run.data[id], first.data[id]) : faults(run.derivatives[id], first.derivatives[id]));
  }, 0);
}
