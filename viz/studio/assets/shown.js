// What the tabs show of an answer. All that comes from the text stays text.
const PAGE = "made/page.html"; // where the service worker finds a lesson, see service.js

function textShown(text) {
  const [box, button, block] = ["div", "button", "pre"].map((tag) => document.createElement(tag));
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  });
  block.textContent = text;
  box.append(button, block);
  return box;
}

function pictureShown(svg) {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return document.importNode(drawing, true);
}

function row(kind, cells) {
  const line = document.createElement("tr");
  for (const cell of cells) {
    const made = document.createElement(kind);
    made.textContent = cell;
    line.append(made);
  }
  return line;
}

function tableShown(rows) {
  const table = document.createElement("table");
  table.append(row("th", ["node", "operation", "value", "gradient"]));
  for (const { name, op, value, gradient } of rows) table.append(row("td", [name, op, value, gradient]));
  return table;
}

/** A lesson in a frame. It has a policy of its own, so it comes from an address, which the service worker answers. */
async function pageShown(page) {
  if (!navigator.serviceWorker?.controller) {
    return textShown("This browser keeps no pages (it may be a private window). Save the lesson page instead, and open it.");
  }
  const cache = await caches.open("microgrAD-made");
  await cache.put(new URL(PAGE, location.href), new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  const frame = document.createElement("iframe");
  frame.title = "Lesson";
  frame.src = `${PAGE}?${Date.now()}`;
  return frame;
}

/** The element that shows an answer. */
async function answerShown({ svg, rows, page, text }) {
  if (svg !== undefined) return pictureShown(svg);
  if (rows !== undefined) return tableShown(rows);
  return page === undefined ? textShown(text) : pageShown(page);
}
