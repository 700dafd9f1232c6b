// After the gradient: a nudge of one input and the curve along it; a step down the slope, predicted and true.

// the trace with d(root)/d(root) = 1, so that its derivatives are those of the root itself
const UNIT = {...trace, events: trace.events.map((event) => event.kind === "seed" ? {...event, gradient: 1} : event)};
const ROOT = trace.root;

class Explore {
  constructor(section, inputs) {
    Object.assign(this, {section, inputs, past: []});
    this.along = section.querySelector("[data-along]");
    this.nudge = section.querySelector("[data-nudge]");
    this.rate = section.querySelector("[data-rate]");
    section.addEventListener("input", () => this.show());
    section.querySelector("[data-descend]")?.addEventListener("click", () => this.descend());
    section.querySelector("[data-ascend]")?.addEventListener("click", () => this.ascend());
    // begin at the input that matters most
    if (this.along) this.along.value = this.steepest(replay(UNIT, inputs.numbers));
  }

  steepest(run) {
    const ids = [...this.inputs.rows.keys()];
    const slope = (id) => Math.abs(run.derivatives[id] ?? 0);
    return ids.reduce((best, id) => slope(id) > slope(best) ? id : best, ids[0]);
  }

  out(name, x) {
    const place = this.section.querySelector(`[data-out="${name}"]`);
    if (place) place.textContent = typeof x === "string" ? x : format(x, digits);
  }

  show() {
    this.run = replay(UNIT, this.inputs.numbers);
    this.showNudge();
    if (this.rate) this.showStep();
  }

  // ---------------------------------------------------------------------------------------- nudge

  // the inputs moved by d along what is chosen: one input, or in forward mode the tangents
  moved(d) {
    const {numbers} = this.inputs;
    if (this.along) return {...numbers, [this.along.value]: numbers[this.along.value] + d};
    return Object.fromEntries(Object.entries(numbers).map(([id, x]) => [id, x + d * (this.run.derivatives[id] ?? 0)]));
  }

  reach() {
    if (!this.along) return 2;
    const {slider} = this.inputs.rows.get(this.along.value);
    return Number(slider.step) * 50;
  }

  showNudge() {
    const delta = Number(this.nudge.value) / 100 * this.reach() / 2;
    const slope = this.run.derivatives[this.along ? this.along.value : ROOT];
    const [here, there] = [this.run.data[ROOT], replay(UNIT, this.moved(delta)).data[ROOT]];
    const change = here === null || there === null ? null : there - here;
    const predicted = slope === null || slope === undefined ? null : slope * delta;
    this.out("delta", delta);
    this.out("predicted", predicted);
    this.out("true", change);
    const known = predicted !== null && change !== null && change !== 0;
    this.out("off", known ? say("nudge-off", {share: format(100 * Math.abs(predicted - change) / Math.abs(change), 2)}) : "");
    drawCurve(this.section.querySelector(".curve"), {reach: this.reach(), delta, slope, here, start: this.along ? this.inputs.numbers[this.along.value] : 0,
      at: (d) => replay(UNIT, this.moved(d)).data[ROOT],
      names: [this.along ? nameOf(this.along.value) : say("nudge-direction"), nameOf(ROOT)]});
  }

  // ---------------------------------------------------------------------------------------- a step

  stepped(rate) {
    const moves = [...this.section.querySelectorAll("[data-moves]")].filter((box) => box.checked).map((box) => box.dataset.moves);
    const slopes = moves.map((id) => this.run.derivatives[id]);
    if (slopes.some((slope) => slope === null || slope === undefined)) return null;
    const numbers = {...this.inputs.numbers};
    moves.forEach((id, k) => { numbers[id] -= rate * slopes[k]; });
    return {numbers, predicted: this.run.data[ROOT] - rate * slopes.reduce((sum, slope) => sum + slope * slope, 0)};
  }

  showStep() {
    const rate = 10 ** (Number(this.rate.value) / 100);
    const next = this.stepped(rate);
    const [before, after] = [this.run.data[ROOT], next && replay(UNIT, next.numbers).data[ROOT]];
    this.out("rate", `η = ${format(rate, 2)}`);
    this.out("before", before);
    this.out("after-predicted", next?.predicted ?? null);
    this.out("after", after);
    const known = next && after !== null;
    this.out("verdict", !known ? say("step-none") : after > before ? say("step-up") : after === before ? say("step-flat") : say("step-down"));
    this.section.querySelector("[data-descend]").disabled = !known;
    this.section.querySelector("[data-ascend]").disabled = !this.past.length;
    drawLosses(this.section.querySelector(".losses"), [...this.past.map((p) => p.loss), before], nameOf(ROOT));
  }

  descend() {
    const next = this.stepped(10 ** (Number(this.rate.value) / 100));
    if (!next) return;
    this.past.push({numbers: {...this.inputs.numbers}, loss: this.run.data[ROOT]});
    this.inputs.set(next.numbers);
  }

  ascend() {
    const before = this.past.pop();
    if (before) this.inputs.set(before.numbers);
  }
}

const names = new Map(trace.nodes.map((node) => [node.id, node.name]));

function nameOf(id) {
  return names.get(id);
}
