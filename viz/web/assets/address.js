// put a step into the address; a page in a frame has none that a reader sees, and a new one would scroll the page around it
function setLink(link) {
  if (location.protocol !== "about:" && window.parent === window) history.replaceState(null, "", link);
}
