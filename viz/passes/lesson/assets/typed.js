// What is typed as an answer: a number, or an expression such as 2*3, 1 - 0.5^2, exp(-1), with a point or a comma.

const CALLS = {exp: Math.exp, log: Math.log, ln: Math.log, sqrt: Math.sqrt, tanh: Math.tanh, sin: Math.sin, cos: Math.cos, tan: Math.tan,
               abs: Math.abs, sigmoid: (x) => 1 / (1 + Math.exp(-x)), relu: (x) => Math.max(0, x)};

// the value of an expression; null if it is none, or has none
function evaluate(typed) {
  const text = typed.trim().replaceAll(MINUS, "-").replaceAll("·", "*").replaceAll("×", "*").replaceAll("÷", "/").replaceAll("²", "^2")
    .replaceAll("**", "^").replace(/(?<=\d),(?=\d)|(?<!\d),(?=\d)/g, ".");
  const tokens = text.match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|[a-z]+|[-+*/^()]|\S/gi) ?? [];
  try {
    const reader = new Reader(tokens);
    const x = reader.sum();
    return reader.done() && Number.isFinite(x) ? x : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

class Reader {
  constructor(tokens) {
    Object.assign(this, {tokens, at: 0});
  }

  done() {
    return this.at === this.tokens.length;
  }

  take(...wanted) {
    return wanted.includes(this.tokens[this.at]) ? this.tokens[this.at++] : null;
  }

  sum() {
    let x = this.product();
    for (let sign; (sign = this.take("+", "-"));) x += sign === "+" ? this.product() : -this.product();
    return x;
  }

  product() {
    let x = this.signed();
    for (let sign; (sign = this.take("*", "/"));) x = sign === "*" ? x * this.signed() : x / this.signed();
    return x;
  }

  signed() {
    const sign = this.take("-", "+");
    if (sign) return sign === "-" ? -this.signed() : this.signed();
    return this.power();
  }

  power() {
    const x = this.atom();
    return this.take("^") ? x ** this.signed() : x;
  }

  atom() {
    if (this.take("(")) return this.closed();
    const token = this.tokens[this.at++] ?? "";
    if (/^[\d.]/.test(token)) return Number(token);
    if (Object.hasOwn(CALLS, token) && this.take("(")) return CALLS[token](this.closed());
    throw new SyntaxError(token);
  }

  closed() {
    const x = this.sum();
    if (!this.take(")")) throw new SyntaxError("(");
    return x;
  }
}
