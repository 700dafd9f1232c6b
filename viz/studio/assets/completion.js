// Completes words in the editor: a list below the text, chosen by arrows and Tab or Enter, or by a click.
const MOST = 8; // words in the list
const SHORTEST = 2; // letters of what is completed

class Completion {
  /** `words`: those of known.json; `python()`: whether the text is a program; `changed()`: after a word was put in. */
  constructor(editor, list, words, { python, changed }) {
    Object.assign(this, { editor, list, words, python, changed, found: [], at: -1 });
    editor.addEventListener("input", () => this.open());
    editor.addEventListener("keydown", (event) => this.keyed(event));
    editor.addEventListener("blur", () => this.close());
    editor.addEventListener("click", () => this.close());
    list.addEventListener("mousedown", (event) => this.clicked(event)); // before the editor loses the focus
  }

  /** What stands before the caret of a word; in a program a dot may begin it. */
  begun() {
    const before = this.editor.value.slice(0, this.editor.selectionStart);
    const after = this.editor.value.slice(this.editor.selectionStart);
    if (/^[\p{L}\p{N}_]/u.test(after)) return "";
    const pattern = this.python() ? /(?<![\p{N}.])\.[\p{L}\p{N}_]*$|[\p{L}_][\p{L}\p{N}_]*$/u : /[\p{L}_][\p{L}\p{N}_]*$/u;
    return pattern.exec(before)?.[0] ?? "";
  }

  /** Names of the text itself, such as those before `=`. */
  own(word) {
    const names = this.editor.value.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
    const others = new Set(names.filter((name) => name !== word && !this.words.some((known) => known.name === name)));
    return [...others].map((name) => ({ name, after: "", says: "in this text" }));
  }

  open() {
    const word = this.begun();
    const known = this.words.filter((each) => this.python() || !each.python);
    this.found = word.length < SHORTEST ? [] : [...this.own(word), ...known]
      .filter(({ name }) => name.startsWith(word) && name !== word).slice(0, MOST);
    this.at = -1; // none, so that Enter and Tab keep what was typed until the reader chooses
    this.show();
  }

  show() {
    const open = this.found.length > 0;
    this.list.hidden = !open;
    this.list.replaceChildren(...this.found.map((word, k) => this.item(word, k)));
    if (this.at >= 0 && open) this.editor.setAttribute("aria-activedescendant", `word-${this.at}`);
    else this.editor.removeAttribute("aria-activedescendant");
  }

  item({ name, after, says }, k) {
    const [item, code, words] = ["li", "code", "span"].map((tag) => document.createElement(tag));
    Object.assign(item, { id: `word-${k}`, role: "option" });
    item.setAttribute("aria-selected", k === this.at);
    code.textContent = name + after;
    words.textContent = says;
    item.append(code, words);
    return item;
  }

  close() {
    this.found = [];
    this.show();
  }

  keyed(event) {
    if (this.found.length === 0) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) this.at = this.at < 0 && move < 0 ? this.found.length - 1 : (this.at + move + this.found.length) % this.found.length;
    else if (this.at >= 0 && (event.key === "Tab" || event.key === "Enter")) this.put(this.found[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    if (move) this.show();
  }

  clicked(event) {
    const item = event.target.closest("li");
    if (!item) return;
    event.preventDefault();
    this.put(this.found[[...this.list.children].indexOf(item)]);
  }

  /** Put a word in; the caret goes inside its brackets. */
  put({ name, after }) {
    const { selectionStart: end } = this.editor;
    const inside = after.startsWith("([") ? "([" : after ? "(" : "";
    const rest = inside === "([" ? "])" : inside ? ")" : "";
    this.editor.setRangeText(name + inside + rest, end - this.begun().length, end, "end");
    this.editor.selectionStart = this.editor.selectionEnd = this.editor.selectionEnd - rest.length;
    this.close();
    this.changed();
  }
}
