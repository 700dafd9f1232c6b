// A table from text, as microgrAD.datasets.read_csv reads it: columns are separated by commas, semicolons or tabs, and
// numbers can have a decimal comma. TableError says what is wrong, and in which line.

class TableError extends Error {}

const MOST_KINDS = 20;            // whole numbers of more kinds than that are quantities
const MOST_COLUMNS = 65;

// cells of a text: lines with their numbers, [{line, cells}]; quoted ones can hold any mark, "" is a quote
function cellsOf(text, mark) {
  const found = [];
  let [cells, cell, quoted, was, line, start] = [[], "", false, false, 1, 1];
  const endCell = () => { cells.push(cell.trim()); [cell, was] = ["", false]; };
  const endLine = () => {
    endCell();
    if (cells.some(Boolean)) found.push({line: start, cells});
    [cells, start] = [[], line];
  };
  for (let k = 0; k < text.length; k += 1) {
    const c = text[k];
    if (c === "\n") line += 1;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[k + 1] === '"') { cell += c; k += 1; }
      else [quoted, was] = [false, true];
    } else if (c === '"' && !cell.trim() && !was) [quoted, cell] = [true, ""];
    else if (c === mark) endCell();
    else if (c === "\n" || c === "\r") { if (c === "\n" || text[k + 1] !== "\n") endLine(); }
    else if (was && c.trim()) throw new TableError(say("csv-quote", {line}));
    else cell += c;
  }
  if (quoted) throw new TableError(say("csv-open", {line: start}));
  endLine();
  return found;
}

// the separator: the mark that makes the most columns, the same number in each of the first lines
function markOf(text) {
  const best = {mark: ",", columns: 0};
  for (const mark of [";", "\t", ",", "|"]) {
    let lines;
    try {
      lines = cellsOf(text.split("\n").slice(0, 20).join("\n"), mark);
    } catch {
      continue;
    }
    const wide = lines[0]?.cells.length ?? 0;
    if (wide > Math.max(best.columns, 1) && lines.every(({cells}) => cells.length === wide)) Object.assign(best, {mark, columns: wide});
  }
  return best.mark;
}

// a number as it is written with a point, or null
function decimalOf(cell, comma) {
  const plain = comma ? cell.replace(",", ".") : cell;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

// {features, target, classes, rows: [{x, y}]}; classes is empty if the last column is a quantity
function readTable(text) {
  if (text.length > 4e6) throw new TableError(say("csv-large"));
  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text)) throw new TableError(say("csv-binary"));
  const mark = markOf(text = text.replace(/^\ufeff/, ""));
  const lines = cellsOf(text, mark);
  if (!lines.length) throw new TableError(say("csv-empty"));
  const wide = lines[0].cells.length;
  const odd = lines.find(({cells}) => cells.length !== wide);
  if (odd) throw new TableError(say("csv-ragged", {line: odd.line, columns: odd.cells.length, wide}));
  if (wide < 2) throw new TableError(say("csv-column"));
  if (wide > MOST_COLUMNS) throw new TableError(say("csv-columns", {wide, most: MOST_COLUMNS}));
  const comma = mark !== "," && lines.some(({cells}) => cells.some((cell) => /^[+-]?\d*,\d+/.test(cell)));
  const read = (cell) => decimalOf(cell, comma);
  const named = !lines[0].cells.some((cell) => read(cell) !== null);
  const names = named ? lines.shift().cells : lines[0].cells.map((_, k) => `x${k + 1}`);
  if (lines.length < 2) throw new TableError(say("csv-rows"));
  if (lines.length > MOST.rows) throw new TableError(say("csv-many", {rows: lines.length, most: MOST.rows}));
  if (new Set(names).size < wide) throw new TableError(say("csv-names", {name: shortened(names.find((n, k) => names.indexOf(n) < k))}));
  const x = lines.map(({line, cells}) => cells.slice(0, -1).map((cell, k) => {
    const v = read(cell);
    if (v === null || !Number.isFinite(v) || Math.abs(v) > 1e150) {
      throw new TableError(say(cell ? "csv-number" : "csv-nothing", {line, name: shortened(names[k]), cell: shortened(cell)}));
    }
    return v;
  }));
  const {y, classes} = targetsOf(lines, names.at(-1), read);
  return {features: names.slice(0, -1).map((n) => shortened(n)), target: shortened(named ? names.at(-1) : "y"), classes, rows: x.map((row, k) => ({x: row, y: y[k]}))};
}

function targetsOf(lines, name, read) {
  const cells = lines.map(({cells}) => cells.at(-1));
  const empty = cells.indexOf("");
  if (empty >= 0) throw new TableError(say("csv-nothing", {line: lines[empty].line, name: shortened(name)}));
  const numbers = cells.map(read);
  const texts = numbers.includes(null);
  const values = texts ? [...new Set(cells)].sort() : [...new Set(numbers)].sort((a, b) => a - b);
  if (values.length < 2) throw new TableError(say("csv-one", {name: shortened(name), value: shortened(cells[0])}));
  if (!texts && (values.length > MOST_KINDS || values.some((v) => v % 1) || values.length > 2 && values.length === cells.length)) {
    if (numbers.some((v) => Math.abs(v) > 1e150)) throw new TableError(say("csv-number", {line: lines[0].line, name: shortened(name), cell: "1e150"}));
    return {y: numbers, classes: []};
  }
  if (texts && numbers.some((v) => v !== null) && (values.length > MOST_KINDS || numbers.some((v) => v !== null && v % 1))) {
    const bad = numbers.indexOf(null);
    throw new TableError(say("csv-number", {line: lines[bad].line, name: shortened(name), cell: shortened(cells[bad])}));
  }
  if (values.length > MOST.classes) throw new TableError(say("csv-classes", {count: values.length, most: MOST.classes}));
  const kinds = new Map(values.map((v, k) => [v, k]));
  return {y: (texts ? cells : numbers).map((v) => kinds.get(v)), classes: values.map((v) => shortened(String(v)))};
}

function quotedCell(v) {
  const cell = String(v);
  return /[",\n\r]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function writeTable(features, target, rows, classes) {
  const lines = [[...features, target], ...rows.map(({x, y}) => [...x, classes.length ? classes[y] : y])];
  return `${lines.map((cells) => cells.map(quotedCell).join(",")).join("\n")}\n`;
}

// ------------------------------------------------------------------------------------------ formulas

// y > f(x): a function of x from a text such as sin(3*x)/2; FormulaError says what is wrong
class FormulaError extends Error {}

const NAMED = {sin: Math.sin, cos: Math.cos, tan: Math.tan, exp: Math.exp, log: Math.log, sqrt: Math.sqrt, abs: Math.abs, tanh: Math.tanh};

function formulaOf(typed) {
  const parts = typed.match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[a-z]+|\*\*|[-+*/^()]|\S/gi) ?? [];
  let at = 0;
  const wrong = () => { throw new FormulaError(say("formula-wrong", {part: shortened(parts[at] ?? say("formula-end"))})); };
  const next = (...marks) => marks.includes(parts[at]) ? parts[at++] : null;
  const sum = (deep) => {
    if (deep > 40) wrong();
    let left = product(deep);
    for (let sign; (sign = next("+", "-"));) left = ((a, b, plus) => (x) => plus ? a(x) + b(x) : a(x) - b(x))(left, product(deep), sign === "+");
    return left;
  };
  const product = (deep) => {
    let left = signed(deep);
    for (let sign; (sign = next("*", "/"));) left = ((a, b, by) => (x) => by ? a(x) * b(x) : a(x) / b(x))(left, signed(deep), sign === "*");
    return left;
  };
  const signed = (deep) => {
    if (deep > 40) wrong();
    if (next("-")) return ((a) => (x) => -a(x))(signed(deep + 1));
    const base = atom(deep);
    return next("^", "**") ? ((a, b) => (x) => a(x) ** b(x))(base, signed(deep + 1)) : base;
  };
  const atom = (deep) => {
    const part = parts[at];
    if (next("(")) {
      const inner = sum(deep + 1);
      return next(")") ? inner : wrong();
    }
    at += 1;
    if (part === "x") return (x) => x;
    if (part === "pi") return () => Math.PI;
    if (Object.hasOwn(NAMED, part ?? "") && next("(")) {
      const inner = sum(deep + 1);
      return next(")") ? (x) => NAMED[part](inner(x)) : wrong();
    }
    if (/^[\d.]/.test(part ?? "") && Number.isFinite(Number(part))) return () => Number(part);
    at -= 1;
    return wrong();
  };
  const found = sum(0);
  return at < parts.length ? wrong() : found;
}
