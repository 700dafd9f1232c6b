// The inputs: each can be typed, dragged on its slider, or dragged in the drawing itself.

class Inputs {
  // form: one [data-input] row a leaf; `changed(numbers by id, whether a hand is still moving)` follows every change
  constructor(form, picture, changed) {
    Object.assign(this, {numbers: {}, rows: new Map(), changed, picture});
    for (const row of form.querySelectorAll("[data-input]")) this.add(row);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("[data-reset]").addEventListener("click", () => this.set(this.first));
    this.first = {...this.numbers};
    picture.figure.addEventListener("pointerdown", (down) => this.drag(down));
  }

  add(row) {
    const id = row.dataset.input;
    const field = row.querySelector("input[type=text]");
    const slider = row.querySelector("input[type=range]");
    this.rows.set(id, {row, field, slider});
    this.numbers[id] = Number(row.dataset.number);
    this.write(id);
    field.addEventListener("input", () => this.typed(id));
    field.addEventListener("change", () => parseNumber(field.value) === null || this.write(id));
    slider.addEventListener("input", () => this.dragged(id, Number(slider.value)));
  }

  // mark the inputs of the shape that is shown as things to drag
  renew() {
    for (const id of this.rows.keys()) this.picture.groups.get(id)?.classList.add("draggable");
  }

  typed(id) {
    const {row, field, slider} = this.rows.get(id);
    const x = parseNumber(field.value);
    field.setAttribute("aria-invalid", String(x === null));
    row.querySelector(".wrong").textContent = x === null ? say("number-needed") : "";
    if (x === null) return;
    this.numbers[id] = x;
    this.move(slider, x);
    this.changed(this.numbers);
  }

  dragged(id, x) {
    this.numbers[id] = x;
    this.write(id);
    this.changed(this.numbers);
  }

  // drag the leaf in the drawing to the right or the left
  drag(down) {
    const node = down.target.closest(".draggable");
    if (!node || down.button) return;
    const id = node.dataset.id;
    const {slider} = this.rows.get(id);
    const [start, step] = [this.numbers[id], Number(slider.step)];
    const places = Math.max(0, -Math.floor(Math.log10(step)));
    let far = false;
    const move = (event) => {
      far ||= Math.abs(event.clientX - down.clientX) > 4;      // a click that shakes is no drag
      if (far) this.dragged(id, Number((start + Math.round((event.clientX - down.clientX) / 2) * step).toFixed(places)));
    };
    node.setPointerCapture(down.pointerId);
    node.addEventListener("pointermove", move);
    node.addEventListener("lostpointercapture", () => node.removeEventListener("pointermove", move), {once: true});
  }

  set(numbers) {
    this.numbers = {...this.numbers, ...numbers};
    for (const id of this.rows.keys()) this.write(id);
    this.changed(this.numbers);
  }

  write(id) {
    const {row, field, slider} = this.rows.get(id);
    field.value = String(Number(this.numbers[id].toPrecision(15))).replaceAll("-", MINUS);
    field.setAttribute("aria-invalid", "false");
    row.querySelector(".wrong").textContent = "";
    this.move(slider, this.numbers[id]);
  }

  // the slider follows, and reaches further if it must
  move(slider, x) {
    if (x < Number(slider.min)) slider.min = x;
    if (x > Number(slider.max)) slider.max = x;
    slider.value = x;
  }
}
