// What the page's scripts share: its data, words and elements.

const page = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

// a sentence of the page's language, with what belongs in its braces
function say(key, given = {}) {
  const found = page.words[key];
  if (found === undefined) throw new Error(`no words for ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
}
