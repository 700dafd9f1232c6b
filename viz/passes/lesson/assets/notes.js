// Notes in the drawing, such as what is wrong at a node: each where it hides least of the other boxes.

function showNotes(picture, messages) {
  for (const note of picture.figure.querySelectorAll(".note")) note.remove();
  for (const [id, message] of Object.entries(messages)) {
    const note = document.createElement("div");
    note.className = "note";
    note.dataset.node = id;
    note.textContent = message.replace(/-(?=\d)/g, MINUS);
    picture.place.append(note);
    placeNote(picture, note, id);
  }
}

function placeNote(picture, note, id) {
  const scroller = picture.place;
  const origin = scroller.getBoundingClientRect();
  const own = `${picture.box(id)}.box`;
  const box = picture.groups.get(own).getBoundingClientRect();
  const [width, height] = [note.offsetWidth, note.offsetHeight];
  const others = [...picture.groups].filter(([key]) => key.endsWith(".box")).map(([key, group]) => {
    return {area: group.getBoundingClientRect(), weight: key === own ? 10 : 1};
  });
  const hidden = ([x, y]) => others.reduce((sum, {area, weight}) => sum + weight
    * Math.max(0, Math.min(x + width, area.right) - Math.max(x, area.left))
    * Math.max(0, Math.min(y + height, area.bottom) - Math.max(y, area.top)), 0);
  const middle = box.left + box.width / 2 - width / 2;
  const top = origin.top - scroller.scrollTop + 2;
  const low = origin.left - scroller.scrollLeft + 4;
  const right = low + Math.max(scroller.scrollWidth, scroller.clientWidth) - width - 8;
  const bottom = top + Math.max(scroller.scrollHeight, scroller.clientHeight) - height - 4;
  const places = [[middle, box.bottom + 6], [middle, box.top - height - 6], [box.right + 8, box.top], [box.left - width - 8, box.top]]
    .map(([x, y]) => [Math.max(low, Math.min(x, right)), Math.max(top, Math.min(y, bottom))]);
  const [x, y] = places.reduce((best, place) => hidden(place) < hidden(best) ? place : best);
  note.style.left = `${x - origin.left + scroller.scrollLeft}px`;
  note.style.top = `${y - origin.top + scroller.scrollTop}px`;
}
