// What can be saved, and some of it loaded again: a model's file, Python, tables, pictures, a link.

// a model's file, as Module.save writes it
function modelFile({net, theta, settings, table}) {
  const sizes = net.sizes;
  const scaled = Boolean(table.scale);
  const first = scaled ? 2 : 1;
  const parameters = {};
  for (let k = 0; k < net.count; k += 1) {
    const {layer, unit, input} = net.find(k);
    parameters[`layer${layer + first}.neuron${unit + 1}.${input < sizes[layer] ? `w${input + 1}` : "b"}`] = theta[k];
  }
  const inputs = chosenInputs(settings, table);
  const plain = inputs.every((id) => /^x\d+$/.test(id));
  const pick = (k) => inputs.map((id) => table.scale[Number(id.slice(1)) - 1][k]);
  const layers = net.starts.map((_, l) => ({kind: "Layer", nin: sizes[l], nout: sizes[l + 1], activation: net.kinds[l], bias: true, fused: false}));
  const config = scaled
    ? {layers: [plain ? {kind: "Standardize", mean: pick(0), deviation: pick(1)} : {kind: "Standardize", mean: inputs.map(() => 0), deviation: inputs.map(() => 1)},
                ...layers, ...(table.quantity ? [{kind: "Rescale", mean: [table.quantity[0]], deviation: [table.quantity[1]]}] : [])]}
    : {nin: sizes[0], nouts: sizes.slice(1), activation: net.kinds, bias: true, fused: false};
  const names = inputs.map((id) => inputName(id, table.features));
  const notes = {data: settings.data, features: names, target: table.target, classes: table.classes};
  return `${JSON.stringify({format: "microgrAD model", version: 1, kind: scaled ? "Sequential" : "MLP", config, parameters, notes})}\n`;
}

// settings and weights from a model's file: {net, act, out, theta}; an Error says what is wrong. ids: the page's inputs
function readModel(text, ids, outputs, table) {
  const inputs = ids.length;
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error(say("model-json"));
  }
  if (file?.format !== "microgrAD model") throw new Error(say("model-format"));
  const parts = file.kind === "MLP" ? mlpLayers(file.config) : file.config?.layers ?? [];
  const layers = parts.filter(({kind}) => kind === "Layer");
  if (!layers.length || parts.some(({kind}) => !["Layer", "Standardize", "Rescale"].includes(kind))) throw new Error(say("model-layers"));
  const sizes = [layers[0].nin, ...layers.map(({nout}) => nout)];
  if (sizes[0] !== inputs || sizes.at(-1) !== outputs) throw new Error(say("model-sizes", {inputs: sizes[0], outputs: sizes.at(-1), here: inputs, there: outputs}));
  const kinds = layers.map(({activation}) => activation);
  if (layers.length > MOST.layers + 1 || sizes.slice(1, -1).some((n) => !(n >= 1 && n <= MOST.units)) || kinds.some((kind) => !KINDS.includes(kind))) throw new Error(say("model-large", MOST));
  const net = new Net(sizes, kinds);
  const first = file.kind === "MLP" ? 0 : parts.findIndex(({kind}) => kind === "Layer");
  const theta = Float64Array.from({length: net.count}, (_, k) => {
    const {layer, unit, input} = net.find(k);
    return Number(file.parameters?.[`layer${layer + first + 1}.neuron${unit + 1}.${input < sizes[layer] ? `w${input + 1}` : "b"}`] ?? NaN);
  });
  if (!theta.every(Number.isFinite)) throw new Error(say("model-weights"));
  rescaled(net, theta, parts, ids, table);
  return {net: sizes.slice(1, -1), act: kinds.slice(0, -1), out: kinds.at(-1), theta};
}

// weights that fit the page's scale of inputs and of a quantity, instead of the scale of the file
function rescaled(net, theta, parts, ids, table) {
  const from = parts.find(({kind}) => kind === "Standardize");
  const n = net.sizes[0];
  for (let j = 0; j < net.sizes[1]; j += 1) {
    for (let i = 0; i < n; i += 1) {
      const [mean, deviation] = table.scale?.[Number(/^x\d+$/.test(ids[i]) ? ids[i].slice(1) : 0) - 1] ?? [0, 1];
      const [m, d] = [from?.mean?.[i] ?? 0, from?.deviation?.[i] ?? 1];
      const k = net.place(0, j, i);
      theta[net.place(0, j, n)] += theta[k] * (mean - m) / d;
      theta[k] *= deviation / d;
    }
  }
  const back = parts.find(({kind}) => kind === "Rescale");
  if (!back && !table.quantity) return;
  const [[m, d], [mean, deviation]] = [[back?.mean?.[0] ?? 0, back?.deviation?.[0] ?? 1], table.quantity ?? [0, 1]];
  const l = net.starts.length - 1;
  for (let i = 0; i <= net.sizes[l]; i += 1) theta[net.place(l, 0, i)] *= d / deviation;
  theta[net.place(l, 0, net.sizes[l])] += (m - mean) / deviation;
}

const mlpLayers = ({nin, nouts, activation} = {}) => (nouts ?? []).map((nout, l) => ({kind: "Layer", nin: l ? nouts[l - 1] : nin, nout, activation: activation?.[l]}));

// ------------------------------------------------------------------------------------------ Python

const PYTHON_INPUTS = {sq1: "X[:, 0] ** 2", sq2: "X[:, 1] ** 2", prod: "X[:, 0] * X[:, 1]", sin1: "np.sin(np.pi * X[:, 0])", sin2: "np.sin(np.pi * X[:, 1])"};
const PYTHON_RULES = {
  sgd: (lr) => ["SGD", `lr=${lr}`], momentum: (lr) => ["SGD", `lr=${lr}, momentum=0.9`], nesterov: (lr) => ["SGD", `lr=${lr}, momentum=0.9, nesterov=True`],
  rmsprop: (lr) => ["RMSprop", `lr=${lr}`], adam: (lr) => ["Adam", `lr=${lr}`], adamw: (lr) => ["AdamW", `lr=${lr}`],
};
const PYTHON_SCHEDULES = {
  step: ["StepLR", "step_size=100, gamma=0.5"], exponential: ["ExponentialLR", "gamma=0.99"], cosine: ["CosineAnnealingLR", "T_max=500, eta_min=optimizer.lr / 50"],
};
const PYTHON_INIT = {zero: "constant(0.0)", equal: "constant(0.5)"};

// a Python program that trains the same network on the same points, with the same numbers
function pythonOf({settings, table, edited, epochs, changed}) {
  const {sizes, kinds, loss} = networkOf(settings, table);
  const set = page.sets[settings.data];
  const made = set?.python && !edited;
  const [rule, options] = PYTHON_RULES[settings.rule](settings.lr);
  const plan = PYTHON_SCHEDULES[settings.schedule];
  const imports = ["import numpy as np", "",
    `from microgrAD.datasets import ${[...(made ? [set.python.name] : []), "train_test_split"].join(", ")}`,
    ...(PYTHON_INIT[settings.init] ? ["from microgrAD.init import constant"] : []),
    settings.dropout ? "from microgrAD.nn import Dropout, Layer, Sequential" : "from microgrAD.nn import MLP",
    `from microgrAD.optim import ${[rule, ...(plan ? [plan[0]] : [])].sort().join(", ")}`, "from microgrAD.train import fit"];
  if (!made || !table.held.length) imports[2] = made ? `from microgrAD.datasets import ${set.python.name}` : "";
  const lines = [`"""${say("python-about")}"""`, "", ...imports.filter((line, k) => line || k === 1), ""];
  if (changed) lines.push(`# ${say("python-changed")}`);
  lines.push(...(made ? madeData(settings, table, set) : givenData(table)));
  lines.push(...inputLines(settings, table));
  if (loss === "hinge") lines.push("y = 2 * y - 1", ...(table.held.length ? ["held_y = 2 * held_y - 1"] : []));
  lines.push("", ...modelLines(settings, sizes, kinds));
  lines.push(`optimizer = ${rule}(model.parameters(), ${options})`);
  if (plan) lines.push(`schedule = ${plan[0]}(optimizer, ${plan[1]})`);
  const given = [`loss=${JSON.stringify(loss)}`, "optimizer=optimizer", ...(plan ? ["schedule=schedule"] : []), `epochs=${epochs}`, `batch_size=${settings.batch}`,
                 ...(table.held.length ? ["validation=(held_X, held_y)"] : []), ...(settings.l1 ? [`l1=${settings.l1}`] : []), ...(settings.l2 ? [`l2=${settings.l2}`] : []),
                 ...(settings.clip ? [`max_norm=${settings.clip}`] : []), `rng=${settings.seed}`, "record=True"];
  lines.push("history = fit(", "    model,", "    X,", "    y,", ...given.map((one) => `    ${one},`), ")");
  lines.push(`print("loss", history.loss[-1])`, `# import viz; viz.player(history, "run.html")  # ${say("python-player")}`);
  return `${lines.join("\n")}\n`;
}

function madeData(settings, table, {python}) {
  const options = [settings.n, `${python.noise}=${settings.noise}`, ...(python.classes ? [`${python.classes}=${settings.classes}`] : []), `rng=${settings.dataseed}`];
  const lines = [`X, y = ${python.name}(${options.join(", ")})`];
  if (table.held.length) lines.push(`X, held_X, y, held_y = train_test_split(X, y, test_size=${settings.share}, rng=${settings.dataseed})`);
  return lines;
}

function givenData({learn, held, scale, quantity}) {
  const rows = (all) => [`[`, ...all.map(({x, y}) => `    [${[...x, y].join(", ")}],`), `]`].join("\n");
  const parts = (data, X, y) => [`${X}, ${y} = ${data}[:, :-1], ${data}[:, -1]${quantity || learn.some((row) => row.y % 1) ? "" : ".astype(int)"}`];
  const lines = [`rows = np.array(${rows(learn)})`, ...parts("rows", "X", "y")];
  if (held.length) lines.push(`held = np.array(${rows(held)})`, ...parts("held", "held_X", "held_y"));
  if (scale) {
    lines.push(`mean, deviation = [${scale.map(([m]) => m).join(", ")}], [${scale.map(([, d]) => d).join(", ")}]`, "X = (X - mean) / deviation");
    if (held.length) lines.push("held_X = (held_X - mean) / deviation");
  }
  if (quantity) for (const name of held.length ? ["y", "held_y"] : ["y"]) lines.push(`${name} = (${name} - ${quantity[0]}) / ${quantity[1]}`.replace("- -", "+ "));
  return lines;
}

function inputLines(settings, table) {
  const ids = chosenInputs(settings, table);
  if (ids.length === table.features.length && ids.every((id, k) => id === `x${k + 1}`)) return [];
  const columns = ids.map((id) => PYTHON_INPUTS[id] ?? `X[:, ${Number(id.slice(1)) - 1}]`).join(", ");
  return [`X = np.column_stack([${columns}])`, ...(table.held.length ? [`held_X = np.column_stack([${columns.replaceAll("X[", "held_X[")}])`] : [])];
}

function modelLines({seed, init, dropout}, sizes, kinds) {
  const how = PYTHON_INIT[init] ?? JSON.stringify(init);
  if (!dropout) return [`model = MLP(${sizes[0]}, [${sizes.slice(1).join(", ")}], activation=${JSON.stringify(kinds)}, init=${how}, rng=${seed})`];
  const layers = kinds.flatMap((kind, l) => [`    Layer(${sizes[l]}, ${sizes[l + 1]}, activation=${JSON.stringify(kind)}, init=${how}, rng=rng),`,
                                             ...(l < kinds.length - 1 ? [`    Dropout(${dropout}),`] : [])]);
  return [`rng = np.random.default_rng(${seed})`, "model = Sequential(", ...layers, ")"];
}

// ------------------------------------------------------------------------------------------ pictures

// network and plane, as they are, as one picture: a canvas
function pictured(canvases, paper) {
  const gap = 24;
  const all = Object.assign(document.createElement("canvas"), {
    width: canvases.reduce((sum, {width}) => sum + width + gap, gap), height: Math.max(...canvases.map(({height}) => height)) + 2 * gap});
  const c = all.getContext("2d");
  c.fillStyle = paper;
  c.fillRect(0, 0, all.width, all.height);
  let x = gap;
  for (const {layers, width} of canvases) {
    for (const {canvas, box} of layers) {
      c.imageSmoothingEnabled = true;
      c.drawImage(canvas, x + box[0], gap + box[1], box[2], box[3]);
    }
    x += width + gap;
  }
  return all;
}

// the network as SVG: lines, maps as images, names
function svgOf(diagram, theta, colors, plane) {
  const {net, width, height, side} = diagram;
  const found = element("svg", {xmlns: SVG, viewBox: `0 0 ${width + plane.width + 24} ${Math.max(height, plane.height)}`, "font-family": "sans-serif"});
  found.append(element("rect", {width: "100%", height: "100%", fill: colors.paper}));
  for (let k = 0; k < net.count; k += 1) {
    const line = diagram.ends(k)?.line;
    if (!line) continue;
    const [x0, y0, x1, y1] = line;
    const bend = (x1 - x0) * .4;
    found.append(element("path", {d: `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`, fill: "none", stroke: theta[k] < 0 ? colors.minus : colors.plus,
                                  "stroke-width": Math.min(.5 + Math.abs(theta[k]) * 1.5, 6).toFixed(2)}, element("title", {}, `w = ${format(theta[k], 4)}`)));
  }
  const cut = Object.assign(document.createElement("canvas"), {width: MAP, height: MAP});
  diagram.nodes.flat().forEach((node, n) => {
    cut.getContext("2d").drawImage(diagram.atlas, n * MAP, 0, MAP, MAP, 0, 0, MAP, MAP);
    found.append(element("image", {href: cut.toDataURL(), x: node.x, y: node.y, width: side, height: side}),
                 element("text", {x: node.x + side / 2, y: node.y - 3, "text-anchor": "middle", "font-size": 10, fill: colors.ink}, node.name.textContent));
  });
  const whole = pictured([{layers: plane.layers, width: plane.width, height: plane.height}], colors.paper);
  found.append(element("image", {href: whole.toDataURL(), x: width, y: -24, width: plane.width + 48, height: plane.height + 48}));
  return new XMLSerializer().serializeToString(found);
}

function download(name, content, type) {
  const url = content.startsWith("data:") ? content : URL.createObjectURL(new Blob([content], {type}));
  const link = Object.assign(document.createElement("a"), {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  if (!content.startsWith("data:")) setTimeout(() => URL.revokeObjectURL(url), 10000);
}
