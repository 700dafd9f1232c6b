// The drawing fits the screen: the shape whose type is readable and that is folded least; then zoom, pan and overview.

const TYPE = 14 * 96 / 72;         // CSS pixels of the drawing's type at scale 1
const READABLE = 8.6;
const EASY = 12;
const PRINTED = 6.5;               // CSS pixels, 5 points
const UPRIGHT = [680, 880], ACROSS = [960, 580];
const LARGEST = 1.5;
const SHARE = 0.56;                // of the page's middle for the drawing
const FRAMED = document.documentElement.hasAttribute("data-framed");     // the height of a frame follows the page
const ZOOMS = [1, 1.4, 2, 2.8, 4, 5.6, 8];

// the same question as in screen.css: whether the page scrolls as a whole, with nothing that sticks
function flows() {
  return FRAMED || matchMedia("(max-height: 599px), print").matches;
}

class Fit {
  // `changed()` is called when another shape is shown or its size has changed
  constructor(picture, changed) {
    Object.assign(this, {picture, changed, zoom: 0, hand: null, fold: "auto"});   // hand: the reader's own zoom
    this.overview = picture.figure.querySelector(".overview");
    this.frame = document.createElement("span");
    picture.figure.addEventListener("click", (event) => this.act(event.target.closest("[data-fit]")?.dataset.fit));
    picture.figure.addEventListener("dblclick", (event) => this.open(event.target.closest("g.folded")));
    picture.figure.addEventListener("pointerdown", (event) => this.pan(event));
    picture.figure.addEventListener("wheel", (event) => this.wheel(event), {passive: false});
    picture.figure.addEventListener("scroll", () => this.look(), {capture: true});
    this.overview.addEventListener("pointerdown", (event) => this.jump(event));
    window.addEventListener("resize", () => this.fit());
  }

  // the width and height that the drawing may take
  room() {
    const main = document.querySelector("main");
    const wide = this.picture.figure.clientWidth;
    if (FRAMED) return [wide, Math.max(300, Math.min(wide * 0.75, 600))];
    if (flows()) return [wide, Math.max(260, window.innerHeight * 0.94 - 60)];
    const tools = 40;
    return [wide, Math.max(150, main.clientHeight * (document.body.dataset.mode === "steps" ? SHARE : SHARE - 0.08) - tools)];
  }

  scale(shape, [wide, high]) {
    return Math.min(wide / shape.wide, high / shape.high, LARGEST);
  }

  // an exercise asks for numbers within folded boxes, too, so it shows all of them, large enough to be read
  unfolded() {
    return this.fold === "none" || this.fold === "auto" && document.body.dataset.mode === "exercise";
  }

  // the best shape for a room, by the rule of drawings.py: readable type first, then few rows, then larger type
  choose(room, readable = READABLE) {
    const sizes = shapes.map((shape, k) => ({k, level: shape.level, rows: shape.rows, type: TYPE * this.scale(shape, room)}));
    const score = ({type, rows}) => Math.min(type, EASY) + type / 50 - 1.5 * (rows - 1);
    const best = (some) => some.reduce((a, b) => score(b) > score(a) ? b : a).k;
    if (this.unfolded()) return best(sizes.filter((s) => s.level === 0));
    const most = Math.max(...sizes.map((s) => s.level));
    if (this.fold === "most") return best(sizes.filter((s) => s.level === most));
    const large = sizes.filter((s) => s.type >= readable);
    const least = Math.min(...large.map((s) => s.level));
    return best(large.length ? large.filter((s) => s.level === least) : sizes);
  }

  fit() {
    const room = this.room();
    this.picture.use(this.choose(room));
    const {shape, svg, place} = this.picture;
    const scale = this.scale(shape, room);
    this.least = this.unfolded() && this.fold === "auto" ? Math.max(0, ZOOMS.findIndex((z) => TYPE * scale * z >= READABLE)) : 0;
    this.zoom = this.hand ?? this.least;
    const zoom = ZOOMS[this.zoom];
    svg.style.width = `${shape.wide * scale * zoom}px`;
    svg.style.height = `${shape.high * scale * zoom}px`;
    place.style.height = `${Math.min(room[1], shape.high * scale * zoom)}px`;
    place.classList.toggle("zoomed", this.zoom > 0);
    this.buttons();
    this.map();
    this.changed();
  }

  // on paper the whole drawing is on one page, upright or across, whichever needs less folding
  forPrint() {
    const {picture} = this;
    const papers = [UPRIGHT, ACROSS].map((room) => {
      const shape = this.choose(room, PRINTED);
      return {room, shape, level: shapes[shape].level, type: TYPE * this.scale(shapes[shape], room)};
    });
    const best = papers.reduce((a, b) => b.level < a.level || b.level === a.level && a.type < EASY && b.type > a.type ? b : a);
    picture.use(best.shape);
    const scale = this.scale(picture.shape, best.room);
    picture.figure.classList.toggle("landscape", best.room === ACROSS);
    Object.assign(picture.svg.style, {width: `${picture.shape.wide * scale}px`, height: `${picture.shape.high * scale}px`});
    picture.place.style.height = "";
  }

  buttons() {
    const find = (name) => this.picture.figure.querySelector(`[data-fit=${name}]`);
    const foldable = shapes.some((shape) => shape.level);
    const fold = find("fold");
    fold.hidden = !foldable;
    fold.setAttribute("aria-pressed", String(this.picture.shape.level > 0));
    fold.textContent = this.picture.shape.level ? fold.dataset.open : fold.dataset.shut;
    find("less").disabled = this.zoom === 0;
    find("more").disabled = this.zoom === ZOOMS.length - 1;
  }

  act(name) {
    if (!name) return;
    if (name === "fold") this.fold = this.picture.shape.level ? "none" : "most";
    if (name === "whole") this.fold = "auto";
    if (name === "fold" || name === "whole") {
      this.hand = name === "whole" && this.zoom ? 0 : null;
      return this.fit();
    }
    this.zoomTo(this.zoom + (name === "more" ? 1 : -1));
  }

  // zoom, and keep what is in the middle, or at a point of the screen, where it is
  zoomTo(level, at = null) {
    const next = Math.max(0, Math.min(ZOOMS.length - 1, level));
    if (next === this.zoom) return;
    const {place} = this.picture;
    const box = place.getBoundingClientRect();
    const [x, y] = at ? [at.clientX - box.left, at.clientY - box.top] : [place.clientWidth / 2, place.clientHeight / 2];
    const [left, top] = [(place.scrollLeft + x) / place.scrollWidth, (place.scrollTop + y) / place.scrollHeight];
    this.hand = next;
    this.fit();
    place.scrollTo(left * place.scrollWidth - x, top * place.scrollHeight - y);
    this.look();
  }

  // open a folded box: the whole graph, at what is inside it
  open(group) {
    if (!group) return;
    this.fold = "none";
    this.hand = null;
    this.fit();
    const small = TYPE * this.scale(this.picture.shape, this.room());
    this.zoomTo(ZOOMS.findIndex((zoom) => small * zoom >= 10));
    this.picture.reveal(group.dataset.id);
  }

  wheel(event) {
    if (!event.ctrlKey || !event.target.closest(".drawing")) return;
    event.preventDefault();
    this.zoomTo(this.zoom + (event.deltaY < 0 ? 1 : -1), event);
  }

  pan(down) {
    const {place} = this.picture;
    if (!this.zoom || down.pointerType === "touch" || !down.target.closest(".drawing") || down.target.closest(".draggable")) return;
    const [left, top] = [place.scrollLeft, place.scrollTop];
    const move = (event) => place.scrollTo(left + down.clientX - event.clientX, top + down.clientY - event.clientY);
    place.setPointerCapture(down.pointerId);
    place.addEventListener("pointermove", move);
    place.addEventListener("lostpointercapture", () => place.removeEventListener("pointermove", move), {once: true});
  }

  // the overview: a box for each box, and a frame around what is in sight
  map() {
    this.overview.hidden = this.zoom === 0;
    if (!this.zoom) return;
    const {shape, svg} = this.picture;
    const scale = Math.min(130 / shape.wide, 80 / shape.high);
    const [wide, high] = [shape.wide * scale, shape.high * scale];
    const view = svg.viewBox.baseVal;
    const rects = [...svg.querySelectorAll("g.box rect")].map((r) => {
      const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(r.getAttribute(name)));
      const element = document.createElement("span");
      Object.assign(element.style, {left: `${x / view.width * wide}px`, top: `${y / view.height * high}px`,
                                    width: `${w / view.width * wide}px`, height: `${h / view.height * high}px`});
      return element;
    });
    Object.assign(this.overview.style, {width: `${wide}px`, height: `${high}px`});
    this.overview.replaceChildren(...rects, this.frame);
    this.look();
  }

  look() {
    const {place} = this.picture;
    const share = (part, whole) => `${100 * Math.min(1, part / whole)}%`;
    Object.assign(this.frame.style, {left: share(place.scrollLeft, place.scrollWidth), top: share(place.scrollTop, place.scrollHeight),
                                     width: share(place.clientWidth, place.scrollWidth), height: share(place.clientHeight, place.scrollHeight)});
  }

  jump(down) {
    const {place} = this.picture;
    const box = this.overview.getBoundingClientRect();
    const go = (event) => place.scrollTo((event.clientX - box.left) / box.width * place.scrollWidth - place.clientWidth / 2,
                                         (event.clientY - box.top) / box.height * place.scrollHeight - place.clientHeight / 2);
    go(down);
    this.overview.setPointerCapture(down.pointerId);
    this.overview.addEventListener("pointermove", go);
    this.overview.addEventListener("lostpointercapture", () => this.overview.removeEventListener("pointermove", go), {once: true});
  }
}
