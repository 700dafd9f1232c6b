// What pictures over a plane share: SVG elements, the marker of each class, round numbers, lines of a level.

const SVG = "http://www.w3.org/2000/svg";
const MARKERS = [
  "M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6Z", "M-5.4-5.4H5.4V5.4H-5.4Z", "M0-6.6L6.2 5H-6.2Z", "M0-7L6 0 0 7-6 0Z",
  "M0 6.6L6.2-5H-6.2Z", "M0-7L6.7-2.2 4.1 5.7H-4.1L-6.7-2.2Z", "M-6-3L-3-6 0-3 3-6 6-3 3 0 6 3 3 6 0 3-3 6-6 3-3 0Z",
  "M0-7L1.7-2.2H6.7L2.7.8 4.1 5.7 0 2.8-4.1 5.7-2.7.8-6.7-2.2H-1.7Z"];

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// a point of class k; one that was held out is hollow
function marker(k, color, held = false) {
  return held ? element("path", {d: MARKERS[k], stroke: color, class: "marker held"})
    : element("path", {d: MARKERS[k], fill: color, class: "marker"});
}

// about five round numbers between two
function nice([low, high]) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high; k += 1) found.push(Number((k * step).toPrecision(12)));
  return found;
}

// ------------------------------------------------------------------------------------------ the boundary

// pieces of the line on which a grid crosses `level` (marching squares), as pairs of [column, row]
function contour(grid, size, level) {
  const found = [];
  const between = (a, b) => (level - a) / (b - a);
  for (let i = 0; i < size - 1; i += 1) {
    for (let j = 0; j < size - 1; j += 1) {
      const k = i * size + j;
      const [a, b, c, d] = [grid[k], grid[k + 1], grid[k + size + 1], grid[k + size]];
      const ends = [];
      if (a > level !== b > level) ends.push([j + between(a, b), i]);
      if (b > level !== c > level) ends.push([j + 1, i + between(b, c)]);
      if (d > level !== c > level) ends.push([j + between(d, c), i + 1]);
      if (a > level !== d > level) ends.push([j, i + between(a, d)]);
      for (let e = 0; e + 1 < ends.length; e += 2) found.push([ends[e], ends[e + 1]]);
    }
  }
  return found;
}

// pieces of the lines between classes: an edge of the grid is crossed nearer to the end that is less sure of its class
function borders(grid, size) {
  const found = [];
  for (let i = 0; i < size - 1; i += 1) {
    for (let j = 0; j < size - 1; j += 1) {
      const corners = [[j, i], [j + 1, i], [j + 1, i + 1], [j, i + 1]];
      const values = corners.map(([x, y]) => grid[y * size + x]);
      const ends = [];
      for (let k = 0; k < 4; k += 1) {
        const [a, b] = [values[k], values[(k + 1) % 4]];
        if (a >> 5 === b >> 5) continue;
        const share = ((a & 31) + .5) / ((a & 31) + (b & 31) + 1);
        ends.push(corners[k].map((v, axis) => v + (corners[(k + 1) % 4][axis] - v) * share));
      }
      if (ends.length === 2) found.push(ends);
      else if (ends.length) {
        const middle = [0, 1].map((axis) => ends.reduce((sum, end) => sum + end[axis], 0) / ends.length);
        for (const end of ends) found.push([end, middle]);
      }
    }
  }
  return found;
}
