// The drawing by keyboard: Tab goes to it, arrow keys go from node to node along the wires, and each node is read out.

class Keys {
  constructor(picture) {
    Object.assign(this, {picture, at: null});
    picture.figure.addEventListener("keydown", (event) => this.key(event));
    picture.figure.addEventListener("focusin", (event) => {
      const node = event.target.closest("g[data-id]");
      if (node) this.label(node);
    });
  }

  // make the nodes of the shape that is shown reachable; one of them is in the order of Tab
  renew() {
    const {svg, groups} = this.picture;
    svg.setAttribute("role", "group");
    this.nodes = [...groups.values()].filter((group) => groups.has(`${group.dataset.id}.box`));
    this.at = this.nodes.find((node) => node.dataset.id === this.at?.dataset.id) ?? this.nodes[0];
    for (const node of this.nodes) {
      node.querySelector("title")?.remove();
      node.setAttribute("role", "img");
      node.setAttribute("tabindex", node === this.at ? "0" : "-1");
      this.label(node);
    }
  }

  label(node) {
    node.setAttribute("aria-label", this.read(node.dataset.id));
  }

  // a node as it is read out: its name, and its numbers as they stand in the picture
  read(id) {
    const node = nodeOf(id);
    const written = (part) => this.picture.written.get(`${id}.${part}`) || "";
    const parts = [node.name, node.op ? data.symbols[node.op] : say("input")];
    if (written("value")) parts.push(`${say("value")} ${written("value")}`);
    if (written("grad")) parts.push(`${say(`column-${trace.mode}`)} ${written("grad")}`);
    return parts.join(", ");
  }

  go(node) {
    if (!node) return;
    this.at.setAttribute("tabindex", "-1");
    node.setAttribute("tabindex", "0");
    this.at = node;
    node.focus({preventScroll: true});
    this.picture.reveal(node.dataset.id);
  }

  key(event) {
    const node = event.target.closest("g[data-id][tabindex]");
    if (!node || event.ctrlKey || event.altKey || event.metaKey) return;
    const place = this.nodes.indexOf(node);
    const wires = [...this.picture.groups.values()].filter((group) => group.classList.contains("edge"));
    const along = (from, to) => this.picture.groups.get(wires.find((wire) => wire.dataset[from] === node.dataset.id)?.dataset[to]);
    const next = {ArrowRight: () => along("source", "target"), ArrowLeft: () => along("target", "source"),
                  ArrowDown: () => this.nodes[place + 1], ArrowUp: () => this.nodes[place - 1],
                  Home: () => this.nodes[0], End: () => this.nodes.at(-1)}[event.key];
    if (!next) return;
    event.preventDefault();
    this.go(next());
  }
}
