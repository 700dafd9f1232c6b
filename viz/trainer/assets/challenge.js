// Challenges: data to learn with few units, inputs or epochs. The page checks them, and makes a code to hand in.

// each by its id: the settings that it fixes, and what it asks; `right` is the share of held-out points
const CHALLENGES = {
  "spirals-8": {data: "spirals", units: 8, without: ["sin1", "sin2"], right: .95},
  "circles-3": {data: "circles", units: 3, without: ["sq1", "sq2", "prod", "sin1", "sin2"], right: .95},
  "xor-2": {data: "xor", units: 2, without: ["prod"], right: .95},
  "circles-0": {data: "circles", units: 0, without: [], right: .95},
  "moons-noisy": {data: "moons", units: 24, noise: .3, without: [], right: .88},
  "yin-yang-20": {data: "yin-yang", units: 20, without: [], right: .9},
};

// what a challenge asks, point by point: [{said, done}]
function judged(id, {settings, now, edited}) {
  const asked = CHALLENGES[id];
  const units = settings.net.reduce((a, b) => a + b, 0);
  const barred = settings.inputs.filter((input) => asked.without.includes(input));
  const own = settings.data === asked.data && settings.noise >= (asked.noise ?? page.sets[asked.data].noise) && settings.n >= 200 && settings.share >= .2 && !edited;
  return [
    {said: say("challenge-data", {data: asked.data}), done: own},
    {said: say("challenge-units", {units: asked.units, now: units}), done: units <= asked.units},
    ...(asked.without.length ? [{said: say("challenge-without", {inputs: asked.without.map((input) => inputName(input, ["x1", "x2"])).join(", ")}), done: !barred.length}] : []),
    {said: say("challenge-right", {share: Math.round(100 * asked.right), now: now?.heldAccuracy === null || !now ? "–" : Math.round(100 * now.heldAccuracy)}), done: (now?.heldAccuracy ?? 0) >= asked.right},
  ];
}

// a code of what was done: challenge, epoch, and a hash of address, epoch and loss. Whoever opens the address and trains
// for as many epochs gets the same code.
function challengeCode(id, address, {epoch, loss}) {
  let hash = 2166136261;
  for (const c of `${id}|${address}|${epoch}|${loss.toPrecision(9)}`) hash = Math.imul(hash ^ c.codePointAt(0), 16777619);
  return `${id.toUpperCase()}-${epoch}-${(hash >>> 0).toString(36).toUpperCase().padStart(7, "0")}`;
}
