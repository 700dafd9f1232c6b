// put a step into the address; within a notebook's frame there is none of its own
function setLink(link) {
  if (location.protocol !== "about:") history.replaceState(null, "", link);
}
