// Small curves: f along one input with its tangent, and the losses of the steps taken so far.

const SVG = "http://www.w3.org/2000/svg";
const SAMPLES = 80;

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, x] of Object.entries(attributes)) made.setAttribute(key, x);
  made.textContent = text;
  return made;
}

function line(points, kind) {
  const path = points.map(([x, y], k) => y === null ? "" : `${k && points[k - 1][1] !== null ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("");
  return element("path", {d: path || "M0,0", class: kind, fill: "none"});
}

// at(d): f where the input is moved by d; slope: its derivative; delta: the nudge
function drawCurve(svg, {reach, delta, slope, here, start, at, names: [along, root]}) {
  const [wide, high] = [320, 170], [left, right, top, bottom] = [58, 8, 10, 26];
  const moves = Array.from({length: SAMPLES + 1}, (_, k) => (2 * k / SAMPLES - 1) * reach);
  const values = moves.map((d) => at(d));
  const known = values.filter((y) => y !== null);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("curve-of", {root, along, slope: format(slope ?? null, digits)}));
  if (!known.length) return svg.replaceChildren();
  let [low, most] = [Math.min(...known), Math.max(...known)];
  const pad = (most - low) * 0.08 || Math.max(Math.abs(low) * 0.1, 0.5);
  [low, most] = [low - pad, most + pad];
  const x = (d) => left + (d + reach) / (2 * reach) * (wide - left - right);
  const y = (v) => v === null ? null : top + (most - v) / (most - low) * (high - top - bottom);
  const parts = [
    line([[left, top], [left, high - bottom], [wide - right, high - bottom]], "axis"),
    element("text", {x: left - 4, y: top + 9, class: "tick end"}, format(most - pad, 3)),
    element("text", {x: left - 4, y: high - bottom, class: "tick end"}, format(low + pad, 3)),
    element("text", {x: left, y: high - 10, class: "tick"}, format(start - reach, 3)),
    element("text", {x: wide - right, y: high - 10, class: "tick end"}, format(start + reach, 3)),
    element("text", {x: (left + wide - right) / 2, y: high - 8, class: "name"}, along),
    line(moves.map((d, k) => [x(d), y(values[k])]), "f"),
  ];
  if (here !== null && slope !== null && slope !== undefined) {
    const clip = (d) => [x(d), y(Math.max(low - (most - low), Math.min(most + (most - low), here + slope * d)))];
    parts.push(line([clip(-reach), clip(reach)], "tangent"));
    const there = at(delta);
    if (there !== null) parts.push(line([[x(delta), y(here + slope * delta)], [x(delta), y(there)]], "gap"));
    parts.push(element("circle", {cx: x(0), cy: y(here), r: 4.5, class: "here"}));
    if (there !== null) parts.push(element("circle", {cx: x(delta), cy: y(there), r: 3.5, class: "there"}));
  }
  svg.replaceChildren(...parts);
}

function drawLosses(svg, losses, root) {
  svg.toggleAttribute("hidden", losses.length < 2);
  if (losses.length < 2) return;
  const [low, most] = [Math.min(...losses), Math.max(...losses)];
  const y = (v) => 6 + (most - v) / (most - low || 1) * 48;
  const points = losses.map((v, k) => [6 + k / (losses.length - 1) * 308, y(v)]);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("losses-of", {root, list: losses.map((v) => format(v, digits)).join(", ")}));
  svg.replaceChildren(line(points, "f"), ...points.map(([cx, cy]) => element("circle", {cx, cy, r: 2.5, class: "here"})));
}
