// Files out of the page.

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

/** Save the file that an answer holds: bytes in base64, or a picture for a PNG. */
async function saveAnswer({ svg, name, bytes }) {
  if (svg !== undefined) saveBlob(await pngOf(svg), "graph.png");
  else saveBlob(new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]), name);
}
