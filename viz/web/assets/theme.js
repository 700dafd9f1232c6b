// The button that changes between the reader's own theme, the light and the dark one. A page of one theme has none.

function themeButton(button) {
  const names = ["auto", "light", "dark"];
  button?.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme ?? "auto";
    const next = names[(names.indexOf(now) + 1) % names.length];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    button.querySelector("span").textContent = next;
  });
}
