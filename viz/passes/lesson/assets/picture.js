// The drawing in the page: each number and wire is a part that can be written, marked or blanked by itself.
// The page has it in several shapes; `use` says which one is shown.

class Picture {
  // figure: the element around the shapes; what has the data-part of a number in the page (a table) shows it too
  constructor(figure) {
    this.figure = figure;
    this.written = new Map();
    this.marked = new Map();
    this.copies = new Map();
    for (const element of document.querySelectorAll("[data-part]:not(form *)")) {
      this.copies.set(element.dataset.part, [...this.copies.get(element.dataset.part) ?? [], element]);
    }
    this.place = figure.querySelector(".drawing");
    this.drawings = [this.place.querySelector("svg"), ...[...figure.querySelectorAll("template")].map((t) => t.content.querySelector("svg"))];
    this.use(0);
  }

  // show the shape of this number, with what stands in the picture now
  use(number) {
    if (this.number === number) return;
    this.number = number;
    this.shape = shapes[number];
    this.svg = this.drawings[number];
    this.place.replaceChildren(this.svg);
    this.groups = new Map([...this.svg.querySelectorAll("g[data-id]")].map((group) => [group.dataset.id, group]));
    this.texts = new Map();
    for (const [id, group] of this.groups) {
      if (!group.matches(".value, .grad, .local")) continue;
      const text = group.querySelector("text");
      this.texts.set(id, {text, size: Number(text.getAttribute("font-size")), room: this.room(id, text)});
    }
    for (const [id, written] of this.written) this.put(id, written);
    for (const [name, ids] of this.marked) this.mark(name, ids);
  }

  // the box of a node: its own, or the one that it is folded into
  box(id) {
    return this.shape.box[id] ?? id;
  }

  // the wire for an edge, "" where it is within a box
  wire(id) {
    return this.shape.wire[id] ?? id;
  }

  // the room for a number: up to its box's border; on a wire as board.py leaves it, for a long number
  room(id, text) {
    const box = this.groups.get(`${id.split(".")[0]}.box`)?.querySelector("rect");
    if (!box) return this.roomOnWire(text);
    return Number(box.getAttribute("x")) + Number(box.getAttribute("width")) - Number(text.getAttribute("x")) - 4;
  }

  roomOnWire(text) {
    const now = text.textContent;
    const length = text.getComputedTextLength();
    text.textContent = `×${MINUS}0.${"8".repeat(Math.min(digits, 4))}`;
    const sample = text.getComputedTextLength();
    text.textContent = now;
    return Math.max(length, sample) + 1;
  }

  // write a number; an empty text is a blank
  write(id, written) {
    this.written.set(id, written);
    for (const copy of this.copies.get(id) ?? []) copy.textContent = written;
    this.put(id, written);
  }

  put(id, written) {
    const found = this.texts.get(id);
    if (!found) return;
    const {text, size, room} = found;
    const merged = id.endsWith(".local") && this.isMerged(id.replace(".local", ""));
    const shown = merged ? "" : written;
    if (text.textContent !== shown) {
      text.textContent = shown;
      text.setAttribute("font-size", size);
      const length = shown ? text.getComputedTextLength() : 0;
      if (length > room) text.setAttribute("font-size", size * room / length);
    }
    this.groups.get(`${id}.sign`)?.classList.toggle("empty", !shown);
  }

  // whether a wire stands for a way through a folded box, which has no local derivative of one operation
  isMerged(wire) {
    const target = this.groups.get(wire)?.dataset.target;
    return Boolean(target && this.groups.get(target)?.classList.contains("folded"));
  }

  // every part that shows a number, in any shape or in the table
  parts() {
    return this.every ??= [...new Set([...stages.flatMap((stage) => stage.shows.map((shown) => shown.part)), ...this.copies.keys()])];
  }

  // give the groups of these ids a class, and take it from all others; a folded node's box, or an edge's wire, stands for it
  mark(name, ids) {
    this.marked.set(name, ids);
    for (const group of this.svg.querySelectorAll(`g.${name}`)) group.classList.remove(name);
    for (const id of ids) this.groups.get(this.wire(this.box(id)))?.classList.add(name);
  }

  // scroll the drawing until a node is in sight, where it is larger than its place
  reveal(id) {
    const node = this.groups.get(this.box(id));
    const {place} = this;
    if (!node || place.scrollWidth <= place.clientWidth && place.scrollHeight <= place.clientHeight) return;
    const box = node.getBoundingClientRect();
    const around = place.getBoundingClientRect();
    place.scrollBy({left: box.left + box.width / 2 - around.left - around.width / 2,
                    top: box.top + box.height / 2 - around.top - around.height / 2, behavior: calm() ? "auto" : "smooth"});
  }
}
