// The network's graph in numbers: unpacked, computed for one point, and for many points.

function bytes(packed) {
  const text = atob(packed);
  const found = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) found[k] = text.charCodeAt(k);
  return found;
}

// makes all graphs whole: of those after the first the page has only what differs, see replay.py
function whole([first, ...others]) {
  const patched = (list, other) => other?.but ? list.map((v, k) => k in other.but ? other.but[k] : v) : other;
  return [first, ...others.map((other) => ({...first, ...Object.fromEntries(Object.entries(other).map(([key, value]) => [key, patched(first[key], value)]))}))];
}

// a graph as `replay` takes it: node k has the id "nk"; everything else is a number
function unpack(packed) {
  const id = (k) => `n${k}`;
  const nodes = packed.nodes.map(([kind, ...args], k) => {
    const [op, badge] = packed.kinds[kind];
    if (!op) return {id: id(k), op, badge, args: [], data: args[0][0]};
    return {id: id(k), op, badge, args: args.map((arg) => typeof arg === "number" ? id(arg) : arg[0])};
  });
  const events = [{kind: "seed", root: id(packed.root), gradient: 1}];
  for (let k = 0; k < packed.order.length; k += 2) {
    const [node, index] = [nodes[packed.order[k]], packed.order[k + 1]];
    events.push({kind: "backward", node: node.id, arg: node.args[index], index, local: null});
  }
  const known = (k) => k === null ? null : id(k);
  return {nodes, events, byId: new Map(nodes.map((node) => [node.id, node])), root: id(packed.root), x: packed.x.map(id),
          entering: packed.entering.map(id), target: known(packed.target), parameters: packed.parameters.map(known),
          units: packed.units.map((column) => column.map(id)), needed: ancestors(packed)};
}

// the nodes that the outputs depend on, in order
function ancestors({nodes, units}) {
  const found = new Set();
  const stack = [...units.flat()];
  while (stack.length) {
    const k = stack.pop();
    if (found.has(k)) continue;
    found.add(k);
    if (nodes[k].length > 1) stack.push(...nodes[k].slice(1).filter((arg) => typeof arg === "number"));
  }
  return [...found].sort((a, b) => a - b).map((k) => `n${k}`);
}

// the value of each node that the outputs depend on, for `count` rows: a number, or an array if it depends on
// the row. `inputs` maps the ids of leaves to either. The arrays are valid until the next call for as many rows.
function sweep(graph, inputs, count) {
  graph.rooms ??= new Map();
  if (!graph.rooms.has(count)) graph.rooms.set(count, new Map());
  const rooms = graph.rooms.get(count);
  const found = {};
  for (const id of graph.needed) {
    const node = graph.byId.get(id);
    if (!node.op) {
      found[id] = inputs[id] ?? node.data;
      continue;
    }
    const value = OPERATIONS[node.op].value;
    const args = node.args.map((arg) => typeof arg === "string" ? found[arg] : arg);
    if (args.every((arg) => typeof arg === "number")) found[id] = value(...args);
    else {
      if (!rooms.has(id)) rooms.set(id, new Float64Array(count));
      found[id] = each(value, args, rooms.get(id));
    }
  }
  return found;
}

// out[i] = value(...args[i]); a number among args is the same for all rows
function each(value, args, out) {
  const count = out.length;
  if (args.length === 1) {
    const [x] = args;
    for (let i = 0; i < count; i += 1) out[i] = value(x[i]);
    return out;
  }
  if (args.length > 2) {
    for (let i = 0; i < count; i += 1) out[i] = value(...args.map((arg) => typeof arg === "number" ? arg : arg[i]));
    return out;
  }
  const [x, y] = args;
  if (typeof x === "number") for (let i = 0; i < count; i += 1) out[i] = value(x, y[i]);
  else if (typeof y === "number") for (let i = 0; i < count; i += 1) out[i] = value(x[i], y);
  else for (let i = 0; i < count; i += 1) out[i] = value(x[i], y[i]);
  return out;
}

// the sums over `count` rows of each node's derivative, times `share`, by id: the chain rule over whole columns
function slopes(graph, inputs, count, share) {
  const values = {}, found = {}, locals = {};
  for (const node of graph.nodes) {
    if (!node.op) values[node.id] = inputs[node.id] ?? node.data;
    else {
      const args = node.args.map((arg) => typeof arg === "string" ? values[arg] : arg);
      values[node.id] = args.every((arg) => typeof arg === "number") ? OPERATIONS[node.op].value(...args) : each(OPERATIONS[node.op].value, args, new Float64Array(count));
    }
  }
  found[graph.root] = new Float64Array(count).fill(share);
  const at = (v, r) => typeof v === "number" ? v : v[r];
  for (const {kind, node: id, arg, index} of graph.events) {
    if (kind !== "backward") continue;
    const node = graph.byId.get(id);
    locals[id] ??= Array.from({length: count}, (_, r) => OPERATIONS[node.op].partials(...node.args.map((a) => at(typeof a === "string" ? values[a] : a, r)), at(values[id], r)));
    const [into, from] = [found[arg] ??= new Float64Array(count), found[id]];
    for (let r = 0; r < count; r += 1) into[r] += from[r] * locals[id][r][index];
  }
  return Object.fromEntries(Object.entries(found).map(([id, column]) => [id, column.reduce((a, b) => a + b, 0)]));
}
