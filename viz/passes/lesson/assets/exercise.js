// Exercise mode: numbers are blanks until the reader has worked them out; with two hints each, and a count.

class Exercise {
  // section: a form with one .question a blank; `changed(part)` is called when a blank has been filled or is looked at;
  // `moved()` when there is something to keep
  constructor(section, marker, {changed, moved}) {
    Object.assign(this, {section, marker, changed, moved, run: null, numbers: {}, seed: 0, group: 0});
    for (const hint of section.querySelectorAll("[data-copy]")) copyEquations(hint);
    section.querySelector(".copied")?.remove();
    this.lists = [...section.querySelectorAll("[data-group]")];
    this.questions = [...section.querySelectorAll(".question")].map((element) => ({
      element, part: element.dataset.part, key: element.dataset.key, field: element.querySelector("input"),
      verdict: element.querySelector("output"), hints: [...element.querySelectorAll(".hint")],
      button: element.querySelector("[data-hint]"), list: element.parentElement}));
    for (const question of this.questions) {
      question.field.addEventListener("change", () => this.check(question));
      question.field.addEventListener("focus", () => this.changed(question.part));
      question.button.addEventListener("click", () => this.hint(question));
    }
    section.addEventListener("submit", (event) => event.preventDefault());
    section.addEventListener("click", (event) => {
      const to = event.target.closest("[data-to]");
      if (to) this.open(Number(to.dataset.to));
    });
    this.clear();
  }

  // ---------------------------------------------------------------------------------------- what is known

  asked(part) {
    return this.questions.find((q) => q.part === part);
  }

  blank(part) {
    const question = this.asked(part);
    return Boolean(question && !question.solved);
  }

  unknown(key) {
    return this.blank(key.replace(".data", ".value").replace(".derivative", ".grad"));
  }

  // whether a number of the trace would give a blank away
  secret(key) {
    const [id, index, field] = key.split(".");
    if (field === undefined) return this.unknown(key);
    const edge = trace.events.find((e) => "local" in e && e.node === id && String(e.index) === index);
    if (data.needs[`${id}.${index}`].some((node) => this.unknown(`${node}.data`))) return true;
    if (field === "local") return false;
    const to = edge.kind === "backward" ? edge.arg : edge.node;
    return this.unknown(`${sourceOf(edge)}.derivative`) || edge.parts === 1 && this.unknown(`${to}.derivative`)
      || field === "total" && this.unknown(`${to}.derivative`);
  }

  // whether the drawing leaves a number out that is no blank: a local derivative that a hint is for, a gradient that is
  // the same as one that is asked for
  hides(part) {
    const [id, field] = part.split(".");
    if (field === "local") {
      const event = trace.events.find((_, k) => stages[k].wires.length === 1 && stages[k].wires[0] === id && "local" in trace.events[k]);
      if (!event) return false;
      const to = this.asked(`${event.kind === "backward" ? event.arg : event.node}.grad`);
      return Boolean(to && !to.solved && !to.shown) || this.secret(`${event.node}.${event.index}.local`);
    }
    if (field !== "grad" || this.asked(part) || !edgesTo(id).length) return false;
    const x = this.run.derivatives[id];
    return x !== 0 && this.questions.some((q) => !q.solved && q.part.endsWith(".grad") && q.part !== part
      && this.marker.near(Math.abs(x), Math.abs(this.run.derivatives[q.part.split(".")[0]])));
  }

  // ---------------------------------------------------------------------------------------- answers

  check(q) {
    if (q.solved || !q.field.value.trim()) return;
    const answer = evaluate(q.field.value);
    if (this.marker.truth(q.key, this.run) === null) return this.say(q, "", say("no-number"));
    if (answer === null) return this.say(q, "wrong", say("answer-needed"));
    if (this.marker.right(answer, q.key, this.run)) {
      if (!/^[−-]?[\d.,]+$/.test(q.field.value.trim())) q.field.value = `${q.field.value.trim()} = ${format(answer, digits)}`;
      return this.solve(q, "right", `✓ ${say("right")}`);
    }
    this.wrong += 1;
    const {key, ...given} = this.marker.mistake(answer, q.key, this.run);
    this.say(q, "wrong", `✗ ${say(key, given)}`);
    this.count();
  }

  hint(q) {
    if (q.shown < q.hints.length) {
      this.reveal(q, q.shown + 1);
      this.helped += 1;
      q.field.focus();
      this.changed(q.part);
      return this.count();
    }
    this.given += 1;
    q.field.value = format(this.marker.truth(q.key, this.run), digits);
    this.solve(q, "shown", say("shown"));
  }

  reveal(q, count) {
    q.shown = count;
    q.hints.forEach((hint, k) => { hint.hidden = k >= count; });
    q.button.textContent = say(!count ? "hint" : count < q.hints.length ? "next-hint" : "show-answer");
  }

  solve(q, state, verdict) {
    this.close(q, state, verdict);
    this.count();
    const place = this.questions.indexOf(q);
    const next = [...this.questions.slice(place + 1), ...this.questions.slice(0, place)].find((other) => !other.solved);
    if (next) this.go(next);
    this.changed(next?.part ?? q.part);
  }

  close(q, state, verdict) {
    q.solved = true;
    q.field.readOnly = q.button.disabled = true;
    this.say(q, state, verdict);
  }

  say(q, state, verdict) {
    q.element.dataset.state = state;
    q.verdict.textContent = verdict;
  }

  // ---------------------------------------------------------------------------------------- places

  go(q) {
    this.open(this.lists.indexOf(q.list));
    q.field.focus();
  }

  open(group) {
    this.group = group;
    this.lists.forEach((list, k) => { list.hidden = k !== group; });
    for (const button of this.section.querySelectorAll("[data-to]")) {
      const k = Number(button.dataset.to);
      button.setAttribute("aria-pressed", String(k === group));
      button.classList.toggle("solved", this.questions.every((q) => q.list !== this.lists[k] || q.solved));
    }
  }

  // ---------------------------------------------------------------------------------------- again

  clear() {
    this.wrong = this.helped = this.given = 0;
    for (const q of this.questions) {
      q.solved = false;
      q.field.value = "";
      q.field.readOnly = q.button.disabled = false;
      this.say(q, "", "");
      this.reveal(q, 0);
    }
    this.open(0);
    this.count();
  }

  begun() {
    return this.questions.some((q) => q.solved || q.shown || q.field.value.trim()) || this.wrong > 0;
  }

  // what can be taken up again: answers, counts
  taken() {
    return {wrong: this.wrong, helped: this.helped, given: this.given, group: this.group,
            answers: this.questions.map((q) => [q.solved ? q.element.dataset.state : "", q.field.value, q.shown, q.verdict.textContent])};
  }

  take({wrong, helped, given, group, answers}) {
    this.clear();
    Object.assign(this, {wrong, helped, given});
    answers.forEach(([state, value, count, verdict], k) => {
      const q = this.questions[k];
      q.field.value = value;
      this.reveal(q, count);
      if (state) this.close(q, state, verdict);
    });
    this.open(group);
    this.count();
  }

  count() {
    const solved = this.questions.filter((q) => q.solved).length;
    const many = (n, key) => say(n === 1 ? `${key}-one` : key, {n});
    const counts = [say("solved-of", {n: solved - this.given, all: this.questions.length}), many(this.wrong, "wrong-answers"),
                    many(this.helped, "hints"), ...this.given ? [say("shown-count", {n: this.given})] : []];
    this.section.querySelector(".score").textContent = counts.join(" · ");
    this.section.querySelector("progress").value = solved;
    this.section.dataset.done = String(solved === this.questions.length);
    this.open(this.group);
    this.moved();
  }
}

// a hint's equations are those of steps: step:equation, or step:equation:sides, the rest left to the reader
function copyEquations(hint) {
  for (const place of hint.dataset.copy.split(" ")) {
    const [step, number, sides] = place.split(":").map(Number);
    const equation = document.querySelectorAll(`[data-step="${step}"] .equation`)[number].cloneNode(true);
    if (sides) {
      for (const side of [...equation.querySelectorAll(".side")].slice(sides)) side.remove();
      equation.append(Object.assign(document.createElement("span"), {textContent: "= ?"}));
    }
    hint.append(equation);
  }
}
