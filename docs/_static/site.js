// What is wider than its place can be scrolled by keyboard, too; and the two bars at the sides have names.

function reachable() {
  for (const [places, name] of [[".highlight pre", "Code"], [".table-wrapper", "Table"], [".made", "Picture"]])
    for (const place of document.querySelectorAll(places)) {
      if (place.scrollWidth <= place.clientWidth) continue;
      Object.assign(place, {tabIndex: 0, role: "group", ariaLabel: name});
    }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Pages");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");
  reachable();
  for (const event of ["load", "resize"]) addEventListener(event, reachable);   // pictures come later than the text
});
