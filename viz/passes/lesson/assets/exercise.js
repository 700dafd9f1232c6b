// Exercise mode: numbers are blanks until the reader has worked them out; with two hints each, and a count.

class Exercise {
  // section: a form with one .question a blank; `changed()` is called when a blank has been filled
  constructor(section, tolerance, changed) {
    Object.assign(this, {section, tolerance, changed, numbers: {}});
    for (const hint of section.querySelectorAll("[data-copy]")) copyEquations(hint);
    const words = (text) => text.split(" ").filter(Boolean);
    this.questions = [...section.querySelectorAll(".question")].map((element) => ({
      element, part: element.dataset.part, key: element.dataset.key, field: element.querySelector("input"),
      verdict: element.querySelector("output"), hints: [...element.querySelectorAll(".hint")],
      button: element.querySelector("[data-hint]"), parts: words(element.dataset.parts), locals: words(element.dataset.locals)}));
    for (const question of this.questions) {
      question.field.addEventListener("change", () => this.check(question));
      question.field.addEventListener("focus", () => this.changed(question.part));
      question.button.addEventListener("click", () => this.hint(question));
    }
    section.addEventListener("submit", (event) => event.preventDefault());
    this.again();
  }

  again() {
    this.wrong = this.helped = this.given = 0;
    for (const q of this.questions) {
      Object.assign(q, {solved: false, shown: 0});
      q.field.value = "";
      q.field.readOnly = q.button.disabled = false;
      q.element.dataset.state = q.verdict.textContent = "";
      q.button.textContent = "Hint";
      for (const hint of q.hints) hint.hidden = true;
    }
    this.count();
  }

  blank(part) {
    return this.questions.some((q) => q.part === part && !q.solved);
  }

  // whether a local derivative would tell what a first hint is for
  secret(wire) {
    return this.questions.some((q) => q.locals.includes(wire) && !q.solved && !q.shown);
  }

  near(answer, truth) {
    return Math.abs(answer - truth) <= Math.max(this.tolerance * Math.abs(truth), 1e-9);
  }

  check(q) {
    if (q.solved || !q.field.value.trim()) return;
    const answer = parseNumber(q.field.value);
    const truth = this.numbers[q.key];
    if (truth === null) return this.say(q, "", "there is no number here: an input is out of its domain");
    if (answer === null) return this.say(q, "wrong", "a number is needed here, such as −1.5 or 1/4");
    if (this.near(answer, truth)) return this.solve(q, "✓ right");
    this.wrong += 1;
    this.say(q, "wrong", `✗ ${this.advice(q, answer, truth)}`);
    this.count();
  }

  // what may have gone wrong
  advice(q, answer, truth) {
    if (this.near(-answer, truth)) return "not yet: look at the sign";
    if (q.parts.length > 1 && q.parts.some((key) => this.near(answer, this.numbers[key]))) {
      return `not yet: that is one of ${q.parts.length} contributions, and they add up`;
    }
    return "not yet";
  }

  hint(q) {
    if (q.shown < q.hints.length) {
      q.hints[q.shown].hidden = false;
      q.shown += 1;
      this.helped += 1;
      q.button.textContent = q.shown < q.hints.length ? "Next hint" : "Show the answer";
      q.field.focus();
      this.changed(q.part);
      return this.count();
    }
    this.given += 1;
    q.field.value = format(this.numbers[q.key], this.digits);
    this.solve(q, "shown");
  }

  solve(q, verdict) {
    q.solved = true;
    q.field.readOnly = q.button.disabled = true;
    this.say(q, verdict === "shown" ? "shown" : "right", verdict);
    this.count();
    this.changed(q.part);
    this.questions.find((other) => !other.solved)?.field.focus();
  }

  say(q, state, verdict) {
    q.element.dataset.state = state;
    q.verdict.textContent = verdict;
  }

  count() {
    const solved = this.questions.filter((q) => q.solved).length;
    const many = (n, one, more) => `${n} ${n === 1 ? one : more}`;
    const counts = [`${solved - this.given} of ${this.questions.length} solved`, many(this.wrong, "wrong answer", "wrong answers"),
                    many(this.helped, "hint", "hints"), ...this.given ? [`${this.given} shown`] : []];
    this.section.querySelector(".score").textContent = counts.join(" · ");
    this.section.querySelector("progress").value = solved;
    this.section.dataset.done = String(solved === this.questions.length);
  }
}

// a hint's equations are those of steps: step:equation, or step:equation:sides, the rest left to the reader
function copyEquations(hint) {
  for (const place of hint.dataset.copy.split(" ")) {
    const [step, number, sides] = place.split(":").map(Number);
    const equation = document.querySelectorAll(`[data-step="${step}"] .equation`)[number].cloneNode(true);
    equation.querySelector(".remark")?.remove();
    if (sides) {
      for (const side of [...equation.querySelectorAll(".side")].slice(sides)) side.remove();
      equation.append(Object.assign(document.createElement("span"), {textContent: "= ?"}));
    }
    hint.append(equation);
  }
}
