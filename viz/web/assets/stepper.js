// Going through numbered steps: buttons, keys, a slider, a link to each step, and playing.

class Stepper {
  // nav: the element with the buttons (data-go) and the slider; `show(k)` draws step k, of 0 to `last`;
  // `addressed(k)` puts the step into the address, by default as #step-k
  constructor(nav, last, show, {seconds = 1.6, link = "step", addressed = (k) => setLink(`#${link}-${k}`)} = {}) {
    Object.assign(this, {nav, show, seconds, link, addressed, k: 0, timer: null, enabled: true});
    this.slider = nav.querySelector("input[type=range]");
    this.count = nav.querySelector(".count");
    this.reach(last);
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    nav.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-go]");
      if (button) this.act(button.dataset.go);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("hashchange", () => this.follow());
  }

  // the number of the last step
  reach(last) {
    this.last = last;
    this.slider.max = last;
  }

  act(name) {
    const to = {first: 0, back: this.k - 1, next: this.k + 1, last: this.last};
    if (name === "play") return this.play(!this.timer);
    this.play(false);
    this.go(to[name]);
  }

  go(k) {
    this.k = Math.max(0, Math.min(this.last, Math.round(k)));
    this.slider.value = this.k;
    this.slider.setAttribute("aria-valuetext", this.nav.dataset.said.replace("{k}", this.k).replace("{last}", this.last));
    this.count.textContent = `${this.k} / ${this.last}`;
    for (const button of this.nav.querySelectorAll("[data-go=first], [data-go=back]")) button.disabled = this.k === 0;
    for (const button of this.nav.querySelectorAll("[data-go=next], [data-go=last]")) button.disabled = this.k === this.last;
    this.show(this.k);
    this.addressed(this.k);
  }

  // the step that the address names; false if it names none
  follow() {
    const found = location.hash.match(new RegExp(`^#${this.link}-(\\d+)$`));
    if (found) this.go(Number(found[1]));
    return Boolean(found);
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.nav.querySelector("[data-go=play]");
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("span").textContent = on ? button.dataset.pause : button.dataset.play;
    button.firstChild.textContent = on ? "❚❚ " : "▶ ";
    if (!on) return;
    if (this.k === this.last) this.go(0);
    this.timer = setInterval(() => this.k < this.last ? this.go(this.k + 1) : this.play(false), this.seconds * 1000);
  }

  // how long each step stays
  pace(seconds) {
    this.seconds = seconds;
    if (this.timer) this.play(true);
  }

  key(event) {
    if (!this.enabled || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const at = event.target;
    const name = {ArrowRight: "next", ArrowLeft: "back", PageDown: "next", PageUp: "back",
                  Home: "first", End: "last", " ": "play"}[event.key];
    if (!name || at.matches("select, textarea") || at.matches("input:not([type=checkbox])") && at !== this.slider) return;
    if (event.key === " " && at.matches("button, summary, a, input[type=checkbox]")) return;        // these have a use for it
    event.preventDefault();
    this.act(name);
  }
}
