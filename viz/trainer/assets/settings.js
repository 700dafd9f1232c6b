// The settings, by their names in the address: what is allowed, the first value, and how it is written.

const clamped = (x, low, high) => Math.max(low, Math.min(high, x));
const MOST = {layers: 8, units: 12, rows: 2000, classes: 8};

// kinds of settings: `read` returns undefined for a text that is not allowed, `allowed` says in words what is
const number = (low, high) => ({
  read: (text) => ((x) => x !== null && low <= x && x <= high ? x : undefined)(parseNumber(text)),
  write: String, allowed: () => say("from-to", {low, high}),
});
const whole = (low, high) => ({
  read: (text) => /^\d{1,16}$/.test(text) && low <= Number(text) && Number(text) <= high ? Number(text) : undefined,
  write: String, allowed: () => say("whole-from-to", {low, high}),
});
const choice = (names) => ({
  read: (text) => names().includes(text) ? text : undefined, write: String, allowed: () => names().join(", "),
});
const onOff = {read: (text) => ({1: true, 0: false})[text], write: (x) => x ? "1" : "0", allowed: () => "0, 1"};
const list = (one, most) => ({
  read(text) {
    const found = text === "" ? [] : text.split(".").map(one.read);
    return found.length <= most && !found.includes(undefined) ? found : undefined;
  },
  write: (parts) => parts.map(one.write).join("."),
  allowed: () => say("list-of", {most, allowed: one.allowed()}),
});
const text = (most) => ({read: (t) => t.length <= most ? t : undefined, write: String, allowed: () => say("at-most", {most})});

const KINDS = Object.keys(ACTIVATIONS);
const PARTS = ["data", "inputs", "settings", "more", "network", "curves", "sees", "steps", "speed", "time", "out", "challenge"];
const COLORS = {blue: ["#E69F00", "#0072B2"], orange: ["#0072B2", "#E69F00"], green: ["#D55E00", "#009E73"], pink: ["#009E73", "#CC79A7"]};

const SETTINGS = {
  data: choice(() => [...Object.keys(page.sets), "own"]),
  n: whole(10, MOST.rows), noise: number(0, 5), classes: whole(2, MOST.classes), dataseed: whole(0, 2 ** 53 - 1),
  share: number(0, .9), formula: text(200), own: text(200000), scale: onOff,
  inputs: list(text(6), 64), net: list(whole(1, MOST.units), MOST.layers), act: list(choice(() => KINDS), MOST.layers),
  out: choice(() => KINDS),
  loss: choice(() => ["entropy", "squared", "hinge", "huber"]),
  rule: choice(() => Object.keys(RULES)), lr: number(0, 1000), schedule: choice(() => Object.keys(SCHEDULES)),
  batch: whole(1, MOST.rows), l1: number(0, 10), l2: number(0, 10), dropout: number(0, .9), clip: number(0, 1e6),
  init: choice(() => Object.keys(INITIAL)), seed: whole(0, 2 ** 53 - 1), weights: text(40000),
  stop: onOff, hard: onOff, heldout: onOff, speed: choice(() => Object.keys(SPEEDS)),
  colors: choice(() => Object.keys(COLORS)), across: whole(1, 64), up: whole(1, 64),
  hide: list(choice(() => PARTS), PARTS.length), challenge: text(60),
};
const SPEEDS = {slow: 2, medium: 15, fast: 60, most: Infinity};       // epochs a second

const FIRST = {
  n: 300, noise: .1, classes: 2, dataseed: 0, share: .25, formula: "sin(3*x)/2", own: "", scale: true, inputs: ["x1", "x2"], net: [4],
  act: ["tanh"], out: "linear", loss: "entropy", rule: "adam", lr: .03, schedule: "constant", batch: 32, l1: 0, l2: 0,
  dropout: 0, clip: 0, init: "xavier", seed: 0, weights: "", stop: true, hard: false, heldout: true, speed: "fast",
  colors: "blue", across: 1, up: 2, hide: [], challenge: "",
};

// the settings with which a data set begins
function beginning(name) {
  return fitting({...structuredClone(FIRST), data: name, ...structuredClone(page.sets[name] ?? {})});
}

// settings from an address such as #data=xor&lr=0.1, and what is wrong with it: [settings, messages]
function readAddress(hash) {
  const wrong = [];
  const given = new Map();
  for (const part of hash.replace(/^#/, "").split("&").filter(Boolean)) {
    const [name, ...rest] = part.split("=");
    let value = rest.join("=");
    try {
      value = decodeURIComponent(value);
    } catch {
      wrong.push(say("address-code", {name: shortened(name)}));
      continue;
    }
    if (!Object.hasOwn(SETTINGS, name)) wrong.push(say("address-unknown", {name: shortened(name)}));
    else if (SETTINGS[name].read(value) === undefined) {
      wrong.push(say("address-value", {name, value: shortened(value), allowed: shortened(SETTINGS[name].allowed(), 160)}));
    } else given.set(name, SETTINGS[name].read(value));
  }
  const first = given.has("data") ? beginning(given.get("data")) : {...beginning(page.start.data), ...structuredClone(page.start)};
  const found = {...first, ...Object.fromEntries(given)};
  return [fitting(found), wrong];
}

// settings that fit together: an activation for each layer, and only inputs and views that exist
function fitting(settings) {
  const s = {...settings};
  if (s.data === "own" && !s.own && !page.table) s.data = "circles";
  s.act = s.net.map((_, l) => s.act[l] ?? s.act.at(-1) ?? "tanh");
  return s;
}

function writeAddress(settings, {full = false} = {}) {
  const base = beginning(settings.data in page.sets ? settings.data : "circles");
  const parts = [`data=${settings.data}`];
  for (const [name, kind] of Object.entries(SETTINGS)) {
    const value = kind.write(settings[name] ?? FIRST[name]);
    if (name !== "data" && (full || value !== kind.write(base[name]))) parts.push(`${name}=${encodeURIComponent(value)}`);
  }
  return `#${parts.join("&")}`;
}

const shortened = (t, most = 40) => t.length > most ? `${t.slice(0, most)}…` : t;

// ------------------------------------------------------------------------------------------ numbers in an address

function packed(numbers) {
  const all = new Uint8Array(Float64Array.from(numbers).buffer);
  let found = "";
  for (const byte of all) found += String.fromCharCode(byte);
  return btoa(found).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// null unless the text is whole numbers of eight bytes, each finite
function unpackedNumbers(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const found = new Float64Array(bytes.buffer.slice(0, bytes.length - bytes.length % 8));
    return bytes.length % 8 || !found.every(Number.isFinite) ? null : found;
  } catch {
    return null;
  }
}
