// Going through numbered steps: buttons, keys, a slider, a link to each step, and playing.

class Stepper {
  // nav: the element with the buttons (data-go) and the slider; `show(k)` draws step k, of 0 to `last`
  constructor(nav, last, show, {seconds = 1.6, link = "step"} = {}) {
    Object.assign(this, {nav, last, show, seconds, link, k: 0, timer: null, enabled: true});
    this.slider = nav.querySelector("input[type=range]");
    this.count = nav.querySelector(".count");
    this.slider.max = last;
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    nav.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-go]");
      if (button) this.act(button.dataset.go);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("hashchange", () => this.follow());
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
    this.slider.setAttribute("aria-valuetext", `${this.link} ${this.k} of ${this.last}`);
    this.count.textContent = `${this.k} / ${this.last}`;
    for (const button of this.nav.querySelectorAll("[data-go=first], [data-go=back]")) button.disabled = this.k === 0;
    for (const button of this.nav.querySelectorAll("[data-go=next], [data-go=last]")) button.disabled = this.k === this.last;
    setLink(`#${this.link}-${this.k}`);
    this.show(this.k);
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
    button.querySelector("span").textContent = on ? "Pause" : "Play";
    button.firstChild.textContent = on ? "❚❚ " : "▶ ";
    if (!on) return;
    if (this.k === this.last) this.go(0);
    this.timer = setInterval(() => this.k < this.last ? this.go(this.k + 1) : this.play(false), this.seconds * 1000);
  }

  key(event) {
    if (!this.enabled || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const at = event.target;
    const name = {ArrowRight: "next", ArrowLeft: "back", PageDown: "next", PageUp: "back",
                  Home: "first", End: "last", " ": "play"}[event.key];
    if (!name || at.matches("select, textarea") || at.matches("input") && at !== this.slider) return;
    if (event.key === " " && at.matches("button, summary, a")) return;        // these have a use for it
    event.preventDefault();
    this.act(name);
  }
}
