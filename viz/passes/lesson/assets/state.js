// The address: a link is a state. #step=7&mode=exercise&theme=dark&seed=12&n0=3.5&pace=0.6&every=1&fold=none

function readState() {
  const hash = location.hash.slice(1).replace(/^step-(?=\d)/, "step=").replace(/^exercise$/, "mode=exercise");
  return Object.fromEntries(new URLSearchParams(hash));
}

// all that is not as at first
function writeState({k, mode, theme, seed, numbers, first, pace, every, fold}) {
  const state = new URLSearchParams();
  if (k) state.set("step", k);
  if (mode !== data.mode) state.set("mode", mode);
  if (theme !== "auto") state.set("theme", theme);
  if (seed) state.set("seed", seed);
  else for (const [id, x] of Object.entries(numbers)) if (x !== first[id]) state.set(id, x);
  if (pace) state.set("pace", pace);
  if (every) state.set("every", 1);
  if (fold !== "auto") state.set("fold", fold);
  setLink(`#${state}`);
}
