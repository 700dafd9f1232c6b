// A sentence of the page's language, with what belongs in its braces. `WORDS` is the table of the page.

function say(key, given = {}) {
  const found = WORDS[key];
  if (found === undefined) throw new Error(`no words for ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
}
