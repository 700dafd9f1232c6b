// What the generated operations need and Math lacks, and the replay of a trace.
"use strict";

// ------------------------------------------------------------------------------------------ error function
// W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of Computation 23 (1969), 631-637:
// erf on |x| < 0.46875, erfc on 0.46875..4, and x exp(x²) erfc(x) on 4..26.5 as a rational function of 1 / x².

const CODY = {
  small: [[1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
           3.20937758913846947e3],
          [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3]],
  middle: [[2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
            2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
            1.23033935479799725e3],
           [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
            3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3]],
  large: [[1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
           1.60837851487422766e-2, 6.58749161529837803e-4],
          [1, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2,
           2.33520497626869185e-3]],
};

function ratio([top, bottom], x) {
  const polynomial = (coefficients) => coefficients.reduce((sum, c) => sum * x + c, 0);
  return polynomial(top) / polynomial(bottom);
}

// exp(-x²), x² split in two so that no digit of it is lost
function gauss(x) {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

// erfc(x) for x >= 0.46875
function tail(x) {
  if (x <= 4) return gauss(x) * ratio(CODY.middle, x);
  if (x > 27.3) return 0;
  const z = 1 / (x * x);
  return gauss(x) / x * (0.56418958354775628695 - z * ratio(CODY.large, z));
}

function erf(x) {
  const size = Math.abs(x);
  if (size < 0.46875) return x * ratio(CODY.small, x * x);
  return Math.sign(x) * (0.5 - tail(size) + 0.5);
}

function erfc(x) {
  if (Math.abs(x) < 0.46875) return 1 - erf(x);
  return x < 0 ? 2 - tail(-x) : tail(x);
}

// ------------------------------------------------------------------------------------------ sums
// The sum of floats, correctly rounded: J. R. Shewchuk, Adaptive precision floating-point arithmetic, 1997.
// `parts` do not overlap and add up to the exact sum; the last step rounds halfway cases to even.

function fsum(terms) {
  const parts = [];
  for (let x of terms) {
    let kept = 0;
    for (let y of parts) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low) parts[kept++] = low;
      x = high;
    }
    parts.length = kept;
    parts.push(x);
  }
  let total = parts.pop() ?? 0;
  while (parts.length) {
    const x = total;
    const y = parts.pop();
    total = x + y;
    const low = y - (total - x);
    if (!low) continue;
    const next = parts.at(-1) ?? 0;
    if (low * next > 0 && total + 2 * low - total === 2 * low) total += 2 * low;
    break;
  }
  return total;
}

// operands of an n-ary operation, flat -> rows of `count`, and back
function rows(flat, count) {
  const size = flat.length / count;
  return Array.from({length: size}, (_, k) => Array.from({length: count}, (_, j) => flat[j * size + k]));
}

function columns(table) {
  return table.length ? table[0].flatMap((_, j) => table.map((row) => row[j])) : [];
}

// ------------------------------------------------------------------------------------------ replay

// `what`: the same in parts, for a page that says it in its own language
class DomainError extends Error {
  constructor(message, what) {
    super(message);
    this.what = what;
  }
}

// an operation's value; DomainError where it has none
function compute(name, args) {
  const op = OPERATIONS[name];
  const got = args.join(", ");
  if (!op.domain(...args)) {
    throw new DomainError(`${name} needs ${op.needs}, got ${got}; ${op.remedy}`, {key: "domain", name, got, needs: op.needs, remedy: op.remedy});
  }
  const out = op.value(...args);
  if (!Number.isFinite(out)) throw new DomainError(`${name} of ${got} is more than a float holds`, {key: "overflow", name, got});
  return out;
}

// a trace with other inputs: {data, partials, derivatives} by the nodes' ids, and `events`
// (null where there are none) and `errors` by id, in `wrong` the same in parts. `inputs` maps ids to numbers and may
// leave some out.
function replay(trace, inputs) {
  const data = {}, partials = {}, errors = {}, wrong = {}, derivatives = {};
  for (const node of trace.nodes) {
    try {
      const args = node.args.map((arg) => typeof arg === "string" ? data[arg] : arg);
      if (args.includes(null)) data[node.id] = null;
      else if (!node.op) data[node.id] = inputs[node.id] ?? node.data;
      else {
        data[node.id] = compute(node.op, args);
        partials[node.id] = OPERATIONS[node.op].partials(...args, data[node.id]);
      }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      data[node.id] = null;
      errors[node.id] = error.message;
      wrong[node.id] = error.what;
    }
  }
  const whole = Object.values(data).every((x) => x !== null);
  const counts = whole ? living(trace, data, partials) : () => false;
  const events = trace.events.map((event) => renew(event, data, partials, derivatives, whole, errors, counts));
  for (const id of Object.keys(errors)) wrong[id] ??= {key: "infinite"};
  for (const node of trace.nodes) derivatives[node.id] = finite(derivatives[node.id] ?? null);
  return {data, partials, derivatives, events, errors, wrong};
}

// whether something flows between a node and its operand k: not to a side that was not taken, and not behind one, where
// 0 would meet an infinite derivative
function living(trace, data, partials) {
  const alive = new Set([trace.nodes.at(-1).id]), flows = {};
  for (const node of trace.nodes.toReversed()) {
    if (!node.op) continue;
    const args = node.args.map((arg) => typeof arg === "string" ? data[arg] : arg);
    const untaken = OPERATIONS[node.op].untaken?.(...args) ?? [];
    flows[node.id] = node.args.map((_, k) => alive.has(node.id) && !(partials[node.id][k] === 0 && untaken[k]));
    node.args.forEach((arg, k) => {
      if (typeof arg === "string" && flows[node.id][k]) alive.add(arg);
    });
  }
  return (id, k) => flows[id][k];
}

// one event with the numbers of the replay; `derivatives` collects what has been summed up so far
function renew(event, data, partials, derivatives, whole, errors, counts) {
  if (event.kind === "forward") return {...event, data: data[event.node]};
  if (!whole) return {...event, ...Object.fromEntries(["local", "upstream", "contribution", "total"].map((k) => [k, null]))};
  if (event.kind === "seed") derivatives[event.root] = event.gradient;
  if (event.kind === "tangentseed") derivatives[event.node] = event.tangent;
  if (!("local" in event)) return {...event};
  const [from, to] = event.kind === "backward" ? [event.node, event.arg] : [event.arg, event.node];
  const local = partials[event.node][event.index];
  const upstream = derivatives[from];
  const contribution = counts(event.node, event.index) ? upstream * local : 0;
  const total = (derivatives[to] ?? 0) + contribution;
  derivatives[to] = total;
  if (!Number.isFinite(total)) errors[event.node] ??= "its derivative is not finite here";
  return {...event, local: finite(local), upstream: finite(upstream), contribution: finite(contribution), total: finite(total)};
}

function finite(x) {
  return Number.isFinite(x) ? x : null;
}
