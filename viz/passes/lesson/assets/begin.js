// What the page's scripts share: its data, and its words, which say.js reads.

const data = JSON.parse(document.getElementById("data").textContent);
const {trace, stages, shapes, digits, words: WORDS} = data;
const byId = (id) => document.getElementById(id);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
