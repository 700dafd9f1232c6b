// The widget: a page in a frame. What the page sends becomes the model's `sent`, and what Python sets goes to the page.

function render({model, el}) {
  const frame = Object.assign(document.createElement("iframe"), {srcdoc: model.get("page"), title: "microgrAD"});
  frame.setAttribute("style", "border: 0; display: block; width: 100%; height: 0");
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  let shown = null;                                  // what the page has; it is not told again
  const tell = () => {
    const sent = model.get("sent");
    if (!sent || typeof sent === "string" || same(sent, shown)) return;
    shown = sent;
    frame.contentWindow?.postMessage({microgrAD: sent}, "*");
  };
  const heard = (event) => {
    if (event.source !== frame.contentWindow || event.data?.microgrAD === undefined) return;
    shown = event.data.microgrAD;
    if (same(shown, model.get("sent"))) return;
    model.set("sent", shown);
    model.save_changes();
  };
  frame.addEventListener("load", () => { fitFrame(frame); tell(); });
  window.addEventListener("message", heard);
  model.on("change:sent", tell);
  el.append(frame);
  return () => {
    window.removeEventListener("message", heard);
    model.off("change:sent", tell);
  };
}
