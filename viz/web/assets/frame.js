// A notebook's frame around a page: as high as what is in it, and in the place of the picture before it.

function fitFrame(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  const fit = () => { frame.style.height = `${Math.ceil(page.getBoundingClientRect().height)}px`; };
  new frame.contentWindow.ResizeObserver(fit).observe(page);
  fit();
  if (frame.previousElementSibling?.tagName === "IMG") frame.previousElementSibling.style.display = "none";
}
