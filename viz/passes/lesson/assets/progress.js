// Progress: what survives a reload, the way back from a slip, and the code at the end, which microgrAD exercise --check reads.

class Progress {
  constructor(exercise, inputs) {
    Object.assign(this, {exercise, inputs, past: [], key: `microgrAD:${data.fingerprint}:${digits}`});
    const {section} = exercise;
    this.name = section.querySelector("[data-name]");
    this.undo = section.querySelector("[data-undo]");
    this.told = section.querySelector(".undone");
    this.name.addEventListener("input", () => this.keep());
    this.undo.addEventListener("click", () => this.back());
  }

  now() {
    return {numbers: this.exercise.numbers, seed: this.exercise.seed, name: this.name.value, ...this.exercise.taken()};
  }

  // before answers are lost: keep them for Undo
  remember() {
    if (!this.exercise.begun()) return;
    this.past.push(this.now());
    this.undo.hidden = false;
    this.told.textContent = say("put-aside");
  }

  back() {
    const before = this.past.pop();
    if (before) this.restore(before);
    this.undo.hidden = !this.past.length;
    this.told.textContent = "";
  }

  restore(state) {
    this.inputs.quiet(state.numbers);
    this.exercise.seed = state.seed;
    this.name.value = state.name ?? "";
    this.exercise.take(state);
    this.exercise.changed();
    this.keep();
  }

  // a page opened from a file or in a frame may have no storage
  keep() {
    this.exercise.section.querySelector(".code").textContent = this.code();
    try {
      localStorage.setItem(this.key, JSON.stringify(this.now()));
    } catch { /* nothing is kept */ }
  }

  kept() {
    try {
      const state = JSON.parse(localStorage.getItem(this.key));
      return state?.answers?.length === this.exercise.questions.length ? state : null;
    } catch {
      return null;
    }
  }

  // the rule is that of microgrAD/explanation/receipts.py
  code() {
    const {exercise} = this;
    const base = (n) => n.toString(36).toUpperCase();
    const solved = exercise.questions.filter((q) => q.solved).length - exercise.given;
    const counts = [solved, exercise.wrong, exercise.helped, exercise.given].map((n) => base(Math.min(n, 1295)).padStart(2, "0"));
    const told = `${data.fingerprint}-${exercise.seed === null ? "*" : base(exercise.seed)}-${counts.join(".")}`;
    return `${told}-${checksum(`${told}|${this.name.value.toLowerCase().trim().split(/\s+/).join(" ")}`)}`;
  }
}

// FNV-1a over UTF-8, 32 bits, in base 36
function checksum(text) {
  let hash = 0x811C9DC5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36).toUpperCase().padStart(7, "0");
}
