// Numbers as pictures write them: so many significant digits, no zeros at the end, ties to even, as in Python.

const MINUS = "−";

// a positive number by toFixed or toExponential; these round ties up, so a tie is cut off where that leaves it even
function decimal(x, writer, places) {
  const up = x[writer](places);
  const [mantissa, power] = x[writer](Math.min(places + 30, 100)).split("e");
  const end = mantissa.indexOf(".") + 1 + places;
  if (!/^50*$/.test(mantissa.slice(end))) return up;
  const down = mantissa.slice(0, end).replace(/\.$/, "");
  return Number(down.at(-1)) % 2 ? up : down + (power === undefined ? "" : `e${power}`);
}

function format(x, digits) {
  if (x === null || x === undefined || Number.isNaN(x)) return "–";
  const sign = x < 0 ? MINUS : "";
  const size = Math.abs(x);
  if (size === Infinity) return sign + "∞";
  const short = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  const [mantissa, power] = decimal(size, "toExponential", digits - 1).split("e");
  const exponent = Number(power);
  if (-5 < exponent && exponent < 6) return sign + short(decimal(size, "toFixed", Math.max(digits - 1 - exponent, 0)));
  return `${sign}${short(mantissa)}e${String(exponent).replace("-", MINUS)}`;
}

// what a reader typed: a decimal number or a fraction, with either minus sign, with a decimal point or comma; null if it
// is neither
function parseNumber(typed) {
  const text = typed.trim().replaceAll(MINUS, "-").replace(/(?<=\d),(?=\d)|^,(?=\d)/g, ".");
  const pattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const parts = text.split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => pattern.test(part))) return null;
  const x = parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  return Number.isFinite(x) ? x : null;
}
