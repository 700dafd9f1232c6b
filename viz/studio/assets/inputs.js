// A field and a slider for each input.

class Inputs {
  /** `box` holds the fields; `changed(name, number)` is called when a reader sets one, with null for what is no number. */
  constructor(box, changed) {
    this.box = box;
    this.changed = changed;
  }

  /** Show these inputs; the fields of those that are there already stay, and the one in use is left alone. */
  show(values) {
    const names = Object.keys(values);
    if (JSON.stringify([...this.box.children].map(({ dataset }) => dataset.name)) !== JSON.stringify(names)) {
      this.box.replaceChildren(...names.map((name) => this.made(name, values[name])));
    }
    for (const field of this.box.children) {
      if (!field.contains(document.activeElement)) this.fill(field, values[field.dataset.name]);
    }
  }

  fill(field, value) {
    const [number, slider] = field.querySelectorAll("input");
    number.value = value;
    number.setAttribute("aria-invalid", false);
    const reach = Math.max(Number(slider.max), 2 * Math.abs(value));
    Object.assign(slider, { min: -reach, max: reach, value });
  }

  made(name, value) {
    const [field, label, number, slider] = ["div", "label", "input", "input"].map((tag) => document.createElement(tag));
    field.className = "input";
    field.dataset.name = name;
    label.textContent = label.title = name;
    label.htmlFor = number.id = `input-${name}`;
    Object.assign(number, { type: "text", inputMode: "decimal" });
    Object.assign(slider, { type: "range", min: -5, max: 5, step: "any" });
    slider.setAttribute("aria-label", `${name}, by a slider`);
    number.addEventListener("input", () => this.typed(name, number, slider));
    slider.addEventListener("input", () => {
      number.value = Number(Number(slider.value).toPrecision(3));
      this.changed(name, Number(number.value));
    });
    field.append(label, number, slider);
    this.fill(field, value);
    return field;
  }

  typed(name, number, slider) {
    const found = parseNumber(number.value);
    number.setAttribute("aria-invalid", found === null);
    if (found !== null) {
      const reach = Math.max(Number(slider.max), 2 * Math.abs(found));
      Object.assign(slider, { min: -reach, max: reach, value: found });
    }
    this.changed(name, found);
  }

  /** What is wrong with a field, in words; "" if all of them hold numbers. */
  wrong() {
    const field = [...this.box.children].find((each) => each.querySelector("[aria-invalid=true]"));
    if (!field) return "";
    return `${field.dataset.name} needs a number such as 2.5 or 1/3, got "${field.querySelector("input").value}"`;
  }
}
