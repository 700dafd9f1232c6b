// The page: each change asks Python again, and only the newest answer is shown.
const WAIT = 60; // milliseconds after the last key

class Studio {
  constructor(client) {
    this.client = client;
    this.state = stateOf(location.hash);
    this.newest = 0;
    this.at = (id) => document.getElementById(id);
    this.listen();
    this.show();
  }

  listen() {
    this.at("expression").addEventListener("input", (event) => {
      this.state.text = event.target.value;
      this.later();
    });
    for (const tab of document.querySelectorAll("[data-tab]")) {
      tab.addEventListener("click", () => this.open(tab.dataset.tab));
    }
    this.at("tabs").addEventListener("keydown", (event) => this.keyed(event));
    for (const button of document.querySelectorAll("[data-ending]")) {
      button.addEventListener("click", () => this.save(button.dataset.ending));
    }
    window.addEventListener("hashchange", () => {
      if (location.hash === hashOf(this.state)) return;
      this.state = stateOf(location.hash);
      this.show();
    });
  }

  /** Show the state that an address gave. */
  show() {
    const tabs = [...document.querySelectorAll("[data-tab]")].map((tab) => tab.dataset.tab);
    if (!tabs.includes(this.state.tab)) this.state.tab = "picture";
    this.at("expression").value = this.state.text;
    this.at("inputs").replaceChildren();
    this.open(this.state.tab);
  }

  open(name) {
    this.state.tab = name;
    for (const tab of document.querySelectorAll("[data-tab]")) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.at("shown").setAttribute("aria-labelledby", `tab-${name}`);
    this.ask();
  }

  keyed(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    const tabs = [...document.querySelectorAll("[data-tab]")];
    const at = tabs.findIndex((tab) => tab.dataset.tab === this.state.tab);
    const next = tabs[(at + move + tabs.length) % tabs.length];
    this.open(next.dataset.tab);
    next.focus();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.newest += 1;
    const mine = this.newest;
    const { text, values, tab } = this.state;
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const answer = await this.client.ask({ ask: tab, text, values, theme });
    if (mine === this.newest) this.take(answer);
  }

  take(answer) {
    const wrong = answer.error !== undefined;
    this.at("error").hidden = !wrong;
    this.at("error").textContent = wrong ? answer.error : "";
    this.at("expression").setAttribute("aria-invalid", wrong);
    this.at("shown").setAttribute("aria-busy", wrong); // what was shown last stays, with a mark
    if (!wrong) {
      this.state.values = answer.inputs;
      this.fields();
      this.at("shown").replaceChildren(answerShown(answer));
    }
    history.replaceState(null, "", hashOf(this.state));
  }

  /** A field and a slider for each input; those that are there already stay. */
  fields() {
    const box = this.at("inputs");
    const names = Object.keys(this.state.values);
    if (JSON.stringify([...box.children].map((each) => each.dataset.name)) === JSON.stringify(names)) return;
    box.replaceChildren(...names.map((name) => this.field(name, this.state.values[name])));
  }

  field(name, value) {
    const [box, label, number, slider] = ["div", "label", "input", "input"].map((tag) => document.createElement(tag));
    box.className = "input";
    box.dataset.name = name;
    label.textContent = name;
    label.htmlFor = number.id = `input-${name}`;
    number.type = "text";
    number.inputMode = "decimal";
    number.value = value;
    const reach = Math.max(5, 2 * Math.abs(value));
    Object.assign(slider, { type: "range", min: -reach, max: reach, step: "any", value });
    slider.setAttribute("aria-label", `${name}, by a slider`);
    number.addEventListener("input", () => {
      const found = number.value.trim() === "" ? NaN : Number(number.value);
      number.setAttribute("aria-invalid", !Number.isFinite(found));
      if (!Number.isFinite(found)) return;
      slider.value = found;
      this.set(name, found);
    });
    slider.addEventListener("input", () => {
      number.value = Number(Number(slider.value).toPrecision(3));
      this.set(name, Number(number.value));
    });
    box.append(label, number, slider);
    return box;
  }

  set(name, value) {
    this.state.values = { ...this.state.values, [name]: value };
    this.later();
  }

  async save(ending) {
    const { text, values } = this.state;
    const image = ending === ".png";
    const answer = await this.client.ask({ ask: image ? "picture" : "file", ending, text, values });
    if (answer.error !== undefined) this.take(answer);
    else if (image) saveBlob(await pngOf(answer.svg), "graph.png");
    else saveBlob(new Blob([Uint8Array.from(atob(answer.bytes), (c) => c.charCodeAt(0))]), answer.name);
  }
}

async function begun() {
  const told = document.getElementById("status");
  const client = new Client("worker.js");
  new Studio(client);
  try {
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
