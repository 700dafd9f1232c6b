// The button that changes between the reader's own theme, the light and the dark one. A page of one theme has none.

const THEMES = ["auto", "light", "dark"];

function themeNow() {
  return document.documentElement.dataset.theme ?? "auto";
}

function setTheme(button, name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  button.querySelector("span").textContent = button.dataset[name] ?? name;
}

function themeButton(button, changed = () => {}) {
  button?.addEventListener("click", () => {
    setTheme(button, THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length]);
    changed();
  });
}
