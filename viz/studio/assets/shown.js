// What the tabs show of an answer. All that comes from the expression stays text.

function textShown(text) {
  const block = document.createElement("pre");
  block.textContent = text;
  return block;
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

/** The element that shows an answer. */
function answerShown({ svg, rows, text }) {
  if (svg !== undefined) return pictureShown(svg);
  return rows === undefined ? textShown(text) : tableShown(rows);
}

/** A PNG of a picture, as a Blob, with twice as many dots as the picture has. */
async function pngOf(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * image.naturalWidth;
    canvas.height = 2 * image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
