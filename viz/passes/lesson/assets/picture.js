// The drawing in the page: each number and wire is a part that can be written, marked or blanked by itself.

class Picture {
  // figure: the element around the svg; what has the data-part of a number in the page (a table) shows it too
  constructor(figure) {
    this.figure = figure;
    this.svg = figure.querySelector("svg");
    this.groups = new Map();
    this.texts = new Map();
    for (const group of this.svg.querySelectorAll("g[data-id]")) this.groups.set(group.dataset.id, group);
    for (const [id, group] of this.groups) {
      if (!group.matches(".value, .grad, .local")) continue;
      const text = group.querySelector("text");
      this.texts.set(id, {text, size: Number(text.getAttribute("font-size")), room: this.room(id, text)});
    }
    this.copies = new Map();
    for (const element of document.querySelectorAll("[data-part]:not(form *)")) {
      this.copies.set(element.dataset.part, [...this.copies.get(element.dataset.part) ?? [], element]);
    }
  }

  // the room for a number: up to its box's border, or as long as the sample that it was drawn with
  room(id, text) {
    const box = this.groups.get(`${id.split(".")[0]}.box`)?.querySelector("rect");
    if (!box) return text.getComputedTextLength() + 1;
    return Number(box.getAttribute("x")) + Number(box.getAttribute("width")) - Number(text.getAttribute("x")) - 4;
  }

  // write a number; an empty text is a blank
  write(id, written) {
    const found = this.texts.get(id);
    for (const copy of this.copies.get(id) ?? []) copy.textContent = written;
    if (!found) return;
    const {text, size, room} = found;
    if (text.textContent !== written) {
      text.textContent = written;
      text.setAttribute("font-size", size);
      const length = written ? text.getComputedTextLength() : 0;
      if (length > room) text.setAttribute("font-size", size * room / length);
    }
    this.groups.get(`${id}.sign`)?.classList.toggle("empty", !written);
  }

  // give the groups of these ids a class, and take it from all others
  mark(name, ids) {
    for (const group of this.svg.querySelectorAll(`g.${name}`)) group.classList.remove(name);
    for (const id of ids) this.groups.get(id)?.classList.add(name);
  }

  // scroll the drawing until a node is in sight, where it is larger than its place
  reveal(id) {
    const scroller = this.svg.parentElement;
    const node = this.groups.get(id);
    if (!node || scroller.scrollWidth <= scroller.clientWidth && scroller.scrollHeight <= scroller.clientHeight) return;
    const box = node.getBoundingClientRect();
    const place = scroller.getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollBy({left: box.left + box.width / 2 - place.left - place.width / 2,
                       top: box.top + box.height / 2 - place.top - place.height / 2, behavior: calm ? "auto" : "smooth"});
  }

  // a note beside a node, such as what is wrong there, where it hides least of the others
  notes(messages) {
    for (const note of this.figure.querySelectorAll(".note")) note.remove();
    for (const [id, message] of Object.entries(messages)) {
      const note = document.createElement("div");
      note.className = "note";
      note.dataset.node = id;
      note.textContent = message.replace(/-(?=\d)/g, MINUS);
      this.svg.parentElement.append(note);
      this.place(note, id);
    }
  }

  place(note, id) {
    const scroller = this.svg.parentElement;
    const origin = scroller.getBoundingClientRect();
    const box = this.groups.get(`${id}.box`).getBoundingClientRect();
    const [width, height] = [note.offsetWidth, note.offsetHeight];
    const others = [...this.groups].filter(([key]) => key.endsWith(".box")).map(([key, group]) => {
      return {area: group.getBoundingClientRect(), weight: key === `${id}.box` ? 10 : 1};
    });
    const middle = box.left + box.width / 2 - width / 2;
    const hidden = ([x, y]) => others.reduce((sum, {area, weight}) => sum + weight
      * Math.max(0, Math.min(x + width, area.right) - Math.max(x, area.left))
      * Math.max(0, Math.min(y + height, area.bottom) - Math.max(y, area.top)), 0);
    const top = origin.top - scroller.scrollTop + 2;
    const low = origin.left - scroller.scrollLeft + 4;
    const high = low + Math.max(scroller.scrollWidth, scroller.clientWidth) - width - 8;
    const places = [[middle, box.bottom + 6], [middle, box.top - height - 6], [box.right + 8, box.top], [box.left - width - 8, box.top]]
      .map(([x, y]) => [Math.max(low, Math.min(x, high)), Math.max(top, Math.min(y, top + Math.max(scroller.scrollHeight, scroller.clientHeight) - height - 4))]);
    const [x, y] = places.reduce((best, place) => hidden(place) < hidden(best) ? place : best);
    note.style.left = `${x - origin.left + scroller.scrollLeft}px`;
    note.style.top = `${y - origin.top + scroller.scrollTop}px`;
  }
}
