// The page: each change asks Python again, and only the newest answer is shown.
const WAIT = 60; // milliseconds after the last key
const WAIT_OF_PAGES = 500; // a lesson begins anew with each change
const SLOW = ["lesson", "exercise"];
const PROGRAM = "x = Value(2.0)\nw = Value(-3.0)\nb = Value(1.0)\nn = x * w + b\nn.tanh()\n";

const at = (id) => document.getElementById(id);
const tabs = () => [...document.querySelectorAll("[data-tab]")];

class Studio {
  constructor(client, { examples, first, targets, words }) {
    Object.assign(this, { client, examples, asking: false, again: false });
    this.first = examples.find(({ name }) => name === first);
    this.inputs = new Inputs(at("inputs"), (name, number) => this.set(name, number));
    this.completion = new Completion(at("text"), at("words"), words, {
      python: () => this.state.python, changed: () => this.edited(),
    });
    this.typedHere = new Set([sessionStorage.getItem("program")]);
    for (const { title } of examples) at("examples").add(new Option(title));
    for (const target of targets) at("target").add(new Option(target));
    this.opened();
    this.listen();
    this.show();
  }

  /** The state that the address gives. A program in a link is not run before the reader asks for it. */
  opened() {
    this.address = location.hash;
    this.state = stateOf(this.address, this.first);
    this.waiting = this.waits();
  }

  listen() {
    at("text").addEventListener("input", () => this.edited());
    for (const tab of tabs()) tab.addEventListener("click", () => this.open(tab.dataset.tab));
    at("tabs").addEventListener("keydown", (event) => this.keyed(event));
    for (const button of document.querySelectorAll("[data-file]")) {
      button.addEventListener("click", () => this.save(button.dataset.file));
    }
    for (const button of document.querySelectorAll("[data-python]")) {
      button.addEventListener("click", () => this.become({ python: button.dataset.python === "true" }));
    }
    at("examples").addEventListener("change", () => this.example(at("examples").selectedIndex - 1));
    at("target").addEventListener("change", () => this.become({ target: at("target").value }));
    at("run").addEventListener("click", () => { this.trust(); this.waiting = false; this.show(); });
    at("link").addEventListener("click", () => this.link());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.ask());
    window.addEventListener("hashchange", () => {
      if (location.hash === this.address) return;
      this.opened();
      this.show();
    });
  }

  example(k) {
    const found = this.examples[k];
    at("examples").selectedIndex = 0;
    if (found) this.become({ python: false, text: found.text, values: structuredClone(found.values) });
  }

  /** Change the state. Between expressions and programs each keeps its own text. */
  become(change) {
    this.keep();
    history.pushState(null, "", location.href); // so that one can go back
    if (change.python !== undefined && change.python !== this.state.python) {
      const other = this.other ?? { text: change.python ? PROGRAM : this.first.text, values: this.first.values };
      this.other = { text: this.state.text, values: this.state.values };
      change = { ...other, ...change };
    }
    Object.assign(this.state, structuredClone(change));
    this.keep();
    this.waiting = this.waits();
    this.show();
  }

  /** Keep the state in the address. */
  keep() {
    history.replaceState(null, "", hashOf(this.state));
    this.address = location.hash;
  }

  /** Whether the page has not changed since it asked this, nor the reader the address. */
  still(request) {
    const now = this.request({ ask: this.state.tab });
    return location.hash === this.address && JSON.stringify(now) === JSON.stringify(request);
  }

  /** Whether the text is a program of a link that the reader has not run. */
  waits() {
    return this.state.python && this.state.text !== PROGRAM && !this.typedHere.has(this.state.text);
  }

  /** Keep that the reader typed or ran this program, for when the page is loaded again. */
  trust() {
    if (!this.state.python) return;
    this.typedHere.add(this.state.text);
    sessionStorage.setItem("program", this.state.text);
  }

  /** Show the state. */
  show() {
    if (!tabs().some(({ dataset }) => dataset.tab === this.state.tab)) this.state.tab = "picture";
    const { text, python, target } = this.state;
    at("text").value = text;
    at("text").rows = Math.min(12, Math.max(2, text.split("\n").length));
    at("target").value = target;
    for (const button of document.querySelectorAll("[data-python]")) {
      button.setAttribute("aria-pressed", String(python) === button.dataset.python);
    }
    at("label").textContent = python ? "Program in Python" : "Expression";
    at("inputs").replaceChildren();
    this.open(this.state.tab);
  }

  open(name) {
    this.state.tab = name;
    for (const tab of tabs()) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    at("shown").setAttribute("aria-labelledby", `tab-${name}`);
    at("library").hidden = name !== "code";
    at("inputs").hidden = SLOW.includes(name); // a lesson has inputs of its own
    this.ask();
  }

  keyed(event) {
    const all = tabs();
    const here = all.findIndex((tab) => tab.dataset.tab === this.state.tab);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = all.at(to % all.length);
    this.open(next.dataset.tab);
    next.focus();
  }

  edited() {
    this.state.text = at("text").value;
    this.trust();
    this.waiting = false;
    this.later();
  }

  /** Set an input: in a program, where its number stands. `number` is null for what is none. */
  set(name, number) {
    if (number === null) {
      clearTimeout(this.timer);
      this.say(this.inputs.wrong());
      return;
    }
    const { python, text, values } = this.state;
    if (!python) this.state.values = { ...values, [name]: number };
    else if (this.spans?.[name] && this.spanned === text) {
      const [start, end] = this.spans[name];
      const written = Number.isInteger(number) ? number.toFixed(1) : String(number);
      this.state.text = at("text").value = text.slice(0, start) + written + text.slice(end);
      this.moved(name, written.length - (end - start));
      this.trust();
    }
    this.later();
  }

  /** The places of the other inputs after the number of one has become longer. */
  moved(name, longer) {
    const [from] = this.spans[name];
    const places = Object.entries(this.spans).map(([other, [start, end]]) => [
      other, [start + (start > from ? longer : 0), end + (start >= from ? longer : 0)],
    ]);
    this.spans = Object.fromEntries(places);
    this.spanned = this.state.text;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), SLOW.includes(this.state.tab) ? WAIT_OF_PAGES : WAIT);
  }

  request(more) {
    const { text, python, values, target } = this.state;
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    return { text: python ? text : text.trim(), python, values, target, theme, ...more };
  }

  /** Ask for what the tab shows; while Python is at work, once more after it. */
  async ask() {
    at("unasked").hidden = !this.waiting;
    this.again = this.asking;
    if (this.asking || this.waiting) return;
    this.asking = true;
    at("found").setAttribute("aria-busy", true);
    const request = this.request({ ask: this.state.tab });
    const answer = await this.client.ask(request).catch((error) => ({ error: String(error), position: null }));
    this.asking = false;
    at("found").setAttribute("aria-busy", false);
    if (this.again) return this.ask();
    return this.take(answer, request);
  }

  /** Say what is wrong; "" for nothing. What was shown last stays, with a mark, unless another tab is open now. */
  say(error) {
    const wrong = error !== "";
    at("error").hidden = !wrong;
    at("error").textContent = error;
    at("text").setAttribute("aria-invalid", wrong);
    at("found").setAttribute("data-old", wrong);
    at("old").hidden = !wrong;
    if (wrong && this.shownTab !== this.state.tab) at("shown").replaceChildren();
  }

  /** Show an answer. It changes what the reader wrote only if nothing newer was written meanwhile. */
  async take(answer, request) {
    if (this.still(request)) {
      if (answer.inputs !== undefined) {
        if (!this.state.python) this.state.values = answer.inputs;
        this.inputs.show(answer.inputs);
      }
      this.keep();
    }
    this.say(answer.error ?? this.inputs.wrong());
    if (answer.error === undefined) {
      Object.assign(this, { spans: answer.spans, spanned: request.text, shownTab: request.ask });
      at("printed").textContent = answer.printed;
      at("printed").hidden = !answer.printed;
      at("shown").replaceChildren(await answerShown(answer));
    }
  }

  async save(file) {
    const more = file === "graph.png" ? { ask: "picture", theme: "light" } : { ask: "file", file };
    const hindered = this.waiting ? "run the program first" : this.inputs.wrong();
    at("saved").textContent = "";
    at("exports").setAttribute("aria-busy", true);
    const answer = hindered ? { error: hindered } : await this.client.ask(this.request(more));
    at("exports").setAttribute("aria-busy", false);
    at("saved").textContent = answer.error === undefined ? `Saved ${file}.` : `Not saved: ${answer.error.split("\n")[0]}`;
    if (answer.error === undefined) await saveAnswer(answer);
  }

  async link() {
    await navigator.clipboard.writeText(location.href.replace(/#.*/, "") + hashOf(this.state));
    at("link").textContent = "Link copied";
    setTimeout(() => { at("link").textContent = "Copy link"; }, 2000);
  }
}

async function begun() {
  const told = at("status");
  if (location.protocol === "file:") {
    told.textContent = "A browser runs Python only from a server. Type: microgrAD studio";
    return;
  }
  const client = new Client("worker.js");
  try {
    const known = await fetch("known.json");
    new Studio(client, await known.json());
    await client.ready;
    if (navigator.serviceWorker) {
      await navigator.serviceWorker.register("service.js");
      await navigator.serviceWorker.ready;
      told.textContent = "Python is ready, and works without a network from now on.";
    } else told.textContent = "Python is ready.";
  } catch (error) {
    told.textContent = `Python could not start: ${error.message}`;
  }
}

begun();
