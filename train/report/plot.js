"use strict";
// Drawing: charts, legends and histograms from the JSON of the page, as SVG.
const NS = document.querySelector("svg").namespaceURI;
const media = matchMedia("(prefers-color-scheme: dark)");
let printing = false;

// el makes an element, of SVG where the name says so.
function el(name, attrs, parent, text) {
  const svg = name.startsWith("svg:");
  const e = svg ? document.createElementNS(NS, name.slice(4)) : document.createElement(name);
  for (const k in attrs) if (attrs[k] !== undefined && attrs[k] !== null) e.setAttribute(k, attrs[k]);
  if (text !== undefined) e.textContent = text;
  if (parent) parent.appendChild(e);
  return e;
}

// Six colours that people with colour-blindness tell apart, times four dashes.
const LIGHT = ["#0072b2", "#c44e00", "#00795c", "#a3478a", "#7d6200", "#50565f"];
const DARK = ["#63b8f2", "#ff9d57", "#35cfa3", "#e79fd0", "#e6c84b", "#c3c9d3"];
const DASHES = [null, "7 3", "2 3", "9 3 2 3"];
// Viridis without the end that the background swallows.
const DEPTH = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];

// look is the colour and the dash of an entry of a legend.
function look(group, key) {
  const dark = media.matches && !printing, n = group.legend.length;
  const i = group.legend.findIndex(e => e.key === key), e = group.legend[i];
  if (!e) return { color: dark ? "#c3c9d3" : "#50565f" };
  if (e.muted) return { color: dark ? "#8d96a5" : "#8b93a0", dash: "4 3" };
  if (e.color < 0) return { color: dark ? "#ffffff" : "#000000" };
  if (!group.depth) return { color: (dark ? DARK : LIGHT)[e.color % 6], dash: DASHES[Math.floor(e.color / 6) % 4] };
  const shown = group.legend.filter(e => !e.muted).length;
  const t = Math.min(i, shown - 1) / Math.max(1, shown - 1);
  return { color: mix(DEPTH, dark ? 2.7 + 5.3 * t : 6.2 * t) };
}

function mix(colors, t) {
  const i = Math.min(Math.floor(t), colors.length - 2), f = t - i;
  const rgb = c => [1, 3, 5].map(k => parseInt(c.slice(k, k + 2), 16));
  const a = rgb(colors[i]), b = rgb(colors[i + 1]);
  return "#" + a.map((v, k) => Math.round(v + (b[k] - v) * f).toString(16).padStart(2, "0")).join("");
}

// The state that outlives a redrawing: entries switched off, logarithmic axes.
const off = {}, logs = {};
function isOff(group, key) {
  const e = group.legend.find(e => e.key === key);
  const k = group.id + "\n" + key;
  return k in off ? off[k] : !!(e && e.hide);
}

function swatch(group, key, parent) {
  const l = look(group, key), s = el("svg:svg", { viewBox: "0 0 24 10", "aria-hidden": "true" }, parent);
  el("svg:path", { d: "M1 5H23", stroke: l.color, "stroke-width": 2.5, "stroke-dasharray": l.dash }, s);
}

// drawLegend makes a button for each entry of which the group's charts show something.
function drawLegend(host, group, redraw) {
  const used = new Set(group.charts.flatMap(c => c.series.map(s => s.key)));
  const focus = document.activeElement && host.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  host.textContent = "";
  const entries = group.legend.filter(e => used.has(e.key));
  for (const e of entries) {
    const b = el("button", { type: "button", "aria-pressed": String(!isOff(group, e.key)), title: e.key + " (with shift, or double click: this one alone)" }, host);
    b.dataset.key = e.key;
    swatch(group, e.key, b);
    el("span", {}, b, e.key);
    const alone = () => {
      const already = entries.every(x => x === e || isOff(group, x.key));
      for (const x of entries) off[group.id + "\n" + x.key] = already ? false : x !== e;
      redraw();
    };
    b.ondblclick = alone;
    b.onclick = event => {
      if (event.shiftKey) return alone();
      off[group.id + "\n" + e.key] = !isOff(group, e.key);
      redraw();
    };
    b.onmouseenter = () => lead(group.id, e.key);
    b.onmouseleave = () => lead(group.id, null);
    if (focus === e.key) b.focus();
  }
}

// lead puts the lines of one key before the others.
function lead(id, key) {
  for (const p of document.querySelectorAll("[data-group='" + id + "'] [data-key]")) {
    p.classList.toggle("dim", key !== null && p.dataset.key !== key);
    p.classList.toggle("lead", key !== null && p.dataset.key === key);
  }
}

function format(v) {
  if (v === null || v === undefined) return "\u2013";
  const a = Math.abs(v);
  if (v !== 0 && (a < 9.5e-6 || a >= 1e15)) return power(v);
  const r = Number.isInteger(v) ? v : +v.toPrecision(4);
  let d = 0;
  while (d < 12 && Math.abs(r * 10 ** d - Math.round(r * 10 ** d)) > 1e-9 * Math.max(1, Math.abs(r * 10 ** d))) d++;
  const [whole, fraction] = r.toFixed(d).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? "." + fraction : "");
}

// power writes a number with a power of ten, as the function powers of number.go.
function power(v) {
  const [m, e] = v.toExponential(2).split("e");
  const raised = "10" + String(+e).replace(/./g, c => c === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[+c]);
  return +m === 1 ? raised : +m + "\u00a0\u00d7\u00a0" + raised;
}

// scale maps an axis to pixels: at(v), back(pixel), ticks.
function scale(lo, hi, a, b, log, count, whole) {
  const f = log ? Math.log10 : x => x, g = log ? x => Math.pow(10, x) : x => x;
  const from = f(lo), to = f(hi), k = (b - a) / (to - from || 1);
  let ticks = [];
  if (log && to - from > 1) {
    const every = Math.max(1, Math.ceil((to - from) / count));
    for (let e = Math.ceil(from - 1e-9); e <= to + 1e-9; e += every) ticks.push(Math.pow(10, e));
  } else {
    const raw = (hi - lo) / count, base = Math.pow(10, Math.floor(Math.log10(raw || 1)));
    let step = base * [1, 2, 2.5, 5, 10].find(m => m * base >= raw * 0.999);
    if (whole) step = Math.ceil(step);
    for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + step * 1e-9; i++) ticks.push(+(i * step).toPrecision(12));
  }
  return { at: v => a + (f(v) - from) * k, back: p => g(from + (p - a) / k), ticks };
}

// range spans all values given, with some room.
function range(values, axis, log) {
  let lo = Infinity, hi = -Infinity;
  for (const v of values) if (v !== null && v !== undefined && (!log || v > 0)) { if (v < lo) lo = v; if (v > hi) hi = v; }
  if (axis.fixed) { lo = Math.min(lo, axis.min); hi = Math.max(hi, axis.max); }
  if (!(lo <= hi)) return log ? [0.1, 1] : [0, 1];
  if (log) return lo === hi ? [lo / 2, hi * 2] : [lo / 1.15, hi * 1.15];
  if (lo === hi) { const d = Math.abs(lo) * 0.1 || 1; return [lo - d, hi + d]; }
  const room = axis.fixed ? 0 : (hi - lo) * 0.05;
  return [lo - room, hi + room];
}

// drawChart draws a chart into its figure. It is called again for new data, other sizes, and other choices.
function drawChart(host, group, chart, redraw) {
  let fig = host.querySelector("[id='" + chart.id + "']");
  if (!fig) {
    fig = el("figure", { class: chart.square ? "chart square" : "chart", id: chart.id }, host);
    const head = el("figcaption", {}, fig);
    el("h3", {}, head);
    el("button", { class: "log", type: "button" }, head, "log");
    const plot = el("div", { class: "plot" }, fig);
    el("svg:svg", { tabindex: 0, role: "img" }, plot);
    el("div", { class: "tip", role: "status" }, plot);
    el("p", { class: "keys" }, fig);
    el("p", { class: "note" }, fig);
  }
  fig.querySelector("h3").textContent = chart.title;
  fig.querySelector(".note").textContent = chart.note || "";
  const shown = chart.series.filter(s => s.style === "reference" || !isOff(group, s.key));
  const positive = chart.series.every(s => s.py.every(v => v === null || v > 0));
  const log = (chart.id in logs ? logs[chart.id] : !!chart.y.log) && positive;
  const button = fig.querySelector(".log");
  const known = chart.series.flatMap(s => s.py).filter(v => v !== null);
  button.hidden = chart.square || chart.y.fixed || !positive || !(range(known, {}, true)[1] > 4 * range(known, {}, true)[0]);
  button.setAttribute("aria-pressed", String(log));
  button.setAttribute("aria-label", "logarithmic axis: " + chart.title);
  button.onclick = () => { logs[chart.id] = !log; redraw(); };

  const plot = fig.querySelector(".plot"), svg = plot.querySelector("svg"), tip = plot.querySelector(".tip");
  const W = Math.max(220, plot.clientWidth || 370), H = chart.square ? Math.min(W, 400) : Math.max(210, Math.min(290, W * 0.62));
  svg.textContent = "";
  svg.setAttribute("viewBox", "0 0 " + W + " " + H);
  svg.setAttribute("height", H);
  svg.setAttribute("aria-label", chart.label);
  const real = shown.filter(s => s.style !== "reference" || !chart.x.fixed);
  const boxes = chart.boxes || [], marks = chart.marks || [];
  const xs = real.flatMap(s => s.px).concat(boxes.flatMap(b => [b.left, b.right]), marks.map(m => m.x));
  const ys = real.flatMap(s => s.py.concat(s.low || [], s.high || [])).concat(boxes.flatMap(b => [b.bottom, b.top]), marks.map(m => m.y));
  const [x0, x1] = chart.square ? range(xs, chart.x, false) : tight(xs), [y0, y1] = range(ys, chart.y, log);
  const yTicks = scale(y0, y1, 0, 1, log, 5).ticks.map(format);
  const left = 26 + 6.6 * Math.max(3, ...yTicks.map(t => t.length)), right = W - 8, top = 10, bottom = H - 38;
  const X = scale(x0, x1, left, right, false, Math.max(3, Math.min(8, (right - left) / 75)), chart.x.whole), Y = scale(y0, y1, bottom, top, log, 5);

  for (const t of Y.ticks) {
    el("svg:path", { class: "grid", d: "M" + left + " " + Y.at(t) + "H" + right }, svg);
    el("svg:text", { class: "tick", x: left - 6, y: Y.at(t) + 4, "text-anchor": "end" }, svg, format(t));
  }
  for (const t of X.ticks) {
    el("svg:path", { class: "grid", d: "M" + X.at(t) + " " + top + "V" + bottom }, svg);
    el("svg:text", { class: "tick", x: X.at(t), y: bottom + 15, "text-anchor": "middle" }, svg, format(t));
  }
  el("svg:rect", { class: "frame", x: left, y: top, width: right - left, height: bottom - top }, svg);
  el("svg:text", { class: "axis", x: (left + right) / 2, y: H - 5, "text-anchor": "middle" }, svg, chart.x.name);
  el("svg:text", { class: "axis", transform: "translate(11 " + (top + bottom) / 2 + ") rotate(-90)", "text-anchor": "middle" }, svg, chart.y.name);

  const defs = el("svg:defs", {}, svg);
  for (const [clip, room] of [["clip-", 0], ["loose-", 5]]) // the second leaves room for points on the frame
    el("svg:rect", { x: left - room, y: top - room, width: right - left + 2 * room, height: bottom - top + 2 * room }, el("svg:clipPath", { id: clip + chart.id }, defs));
  const inside = el("svg:g", { "clip-path": "url(#clip-" + chart.id + ")" }, svg);
  for (const b of boxes) {
    const l = b.left === null ? left - 5 : X.at(b.left), r = b.right === null ? right + 5 : X.at(b.right);
    const t = b.top === null ? top - 5 : Y.at(b.top), o = b.bottom === null ? bottom + 5 : Y.at(log && b.bottom <= 0 ? y0 : b.bottom);
    el("svg:rect", { class: "box", x: l, y: t, width: r - l, height: o - t }, inside);
  }
  const lines = el("svg:g", { "clip-path": "url(#loose-" + chart.id + ")" }, svg);
  for (const s of shown) drawSeries(lines, group, chart, s, X, Y);
  for (const m of marks) el("svg:path", { class: "mark", d: diamond(X.at(m.x), Y.at(m.y)) }, svg);
  drawKeys(fig.querySelector(".keys"), boxes, marks);
  hover({ svg, tip, plot, group, chart, shown: shown.filter(s => s.style !== "reference"), X, Y, left, right, top, bottom, W });
}

function diamond(x, y) {
  return "M" + (x - 5) + " " + y + "L" + x + " " + (y - 5) + "L" + (x + 5) + " " + y + "L" + x + " " + (y + 5) + "Z";
}

// drawKeys names areas and marks below the chart, where no line crosses the text.
function drawKeys(host, boxes, marks) {
  host.textContent = "";
  const key = name => { const k = el("span", {}, host), s = el("svg:svg", { viewBox: "0 0 16 12", "aria-hidden": "true" }, k); el("span", {}, k, name); return s; };
  for (const b of boxes) el("svg:rect", { class: "box", x: 1, y: 1, width: 14, height: 10 }, key(b.name));
  for (const m of marks) if (m.name) el("svg:path", { class: "mark", d: diamond(8, 6) }, key(m.name));
}

function tight(values) {
  let lo = Infinity, hi = -Infinity;
  for (const v of values) if (v !== null && v !== undefined) { if (v < lo) lo = v; if (v > hi) hi = v; }
  return lo < hi ? [lo, hi] : lo === hi ? [lo - 1, lo + 1] : [0, 1];
}

function drawSeries(parent, group, chart, s, X, Y) {
  const l = look(group, s.key);
  if (s.style === "reference") {
    el("svg:path", { class: "reference", d: trace(s, s.py, X, Y) }, parent);
    return;
  }
  if (s.low) {
    const back = { px: s.px.slice().reverse() };
    const d = trace(s, s.high, X, Y) + trace(back, s.low.slice().reverse(), X, Y).replace(/M/g, "L") + "Z";
    el("svg:path", { class: "area", d, fill: l.color, "data-key": s.key }, parent);
  }
  if (s.style !== "points")
    el("svg:path", { class: "curve" + (s.style === "fine" ? " fine" : ""), d: trace(s, s.py, X, Y), stroke: l.color, "stroke-dasharray": l.dash, "data-key": s.key }, parent);
  const dots = s.style === "points" || s.style === "markers" && s.px.length <= 60 || s.px.length === 1;
  const r = s.style === "points" ? 2.3 : 3.2;
  s.px.forEach((x, i) => {
    if (s.py[i] === null || x === null || !(dots || s.style === "path" && i === s.px.length - 1)) return;
    el("svg:circle", { class: s.style === "points" ? null : "halo", cx: X.at(x), cy: Y.at(s.py[i]), r: s.style === "path" ? 4 : r, fill: l.color, "fill-opacity": s.style === "points" ? 0.6 : null, "data-key": s.key }, parent);
  });
}

// trace is the path of a line. A missing value is a gap.
function trace(s, ys, X, Y) {
  let d = "", gap = true;
  for (let i = 0; i < ys.length; i++) {
    const x = s.px[i], y = ys[i];
    if (x === null || y === null || !isFinite(Y.at(y))) { gap = true; continue; }
    const px = X.at(x).toFixed(1), py = Y.at(y).toFixed(1);
    d += gap ? "M" + px + " " + py : s.style === "steps" ? "V" + py + "H" + px : "L" + px + " " + py;
    gap = false;
  }
  return d;
}

// nearest is the index of the value closest to x in ascending values.
function nearest(px, x) {
  let lo = 0, hi = px.length - 1;
  while (hi - lo > 1) { const m = (lo + hi) >> 1; if (px[m] < x) lo = m; else hi = m; }
  return Math.abs(px[hi] - x) < Math.abs(px[lo] - x) ? hi : lo;
}

// hover shows values at the pointer, and at a step that the arrow keys move.
function hover(c) {
  const cross = el("svg:g", {}, c.svg);
  const clear = () => { cross.textContent = ""; c.tip.style.visibility = "hidden"; };
  const move = (x, y) => c.chart.square ? point(c, cross, x, y) : column(c, cross, x, y);
  c.svg.onpointermove = c.svg.onpointerdown = e => {
    const r = c.svg.getBoundingClientRect();
    c.tip.removeAttribute("aria-live");
    move((e.clientX - r.left) * c.W / r.width, (e.clientY - r.top) * c.W / r.width);
  };
  c.svg.onpointerleave = c.svg.onblur = clear;
  let at = -1;
  c.svg.onkeydown = e => {
    const s = c.shown[0], way = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[e.key];
    if (e.key === "Escape") clear();
    if (!s || !way) return;
    e.preventDefault();
    c.tip.setAttribute("aria-live", "polite");
    at = Math.max(0, Math.min(s.px.length - 1, at + way * Math.ceil(s.px.length / 50)));
    if (s.px[at] !== null && s.py[at] !== null) move(c.X.at(s.px[at]), c.Y.at(s.py[at]));
  };
  clear();
}

// column shows the values of all lines at one x.
function column(c, cross, x, y) {
  cross.textContent = "";
  let best = null;
  for (const s of c.shown) {
    if (!s.px.length) continue;
    const v = s.px[nearest(s.px, c.X.back(x))];
    if (best === null || Math.abs(c.X.at(v) - x) < Math.abs(c.X.at(best) - x)) best = v;
  }
  if (best === null) return;
  let rows = [];
  for (const s of c.shown) {
    const i = nearest(s.px, best);
    if (s.px.length && s.py[i] !== null) rows.push({ key: s.key, value: s.py[i], x: s.px[i] });
  }
  if (rows.length > 12) {
    rows.sort((a, b) => Math.abs(c.Y.at(a.value) - y) - Math.abs(c.Y.at(b.value) - y));
    const near = new Set(rows.slice(0, 12));
    rows = c.shown.map(s => rows.find(r => r.key === s.key)).filter(r => near.has(r));
  }
  el("svg:path", { class: "cross", d: "M" + c.X.at(best) + " " + c.top + "V" + c.bottom }, cross);
  for (const r of rows) el("svg:circle", { class: "halo", cx: c.X.at(r.x), cy: c.Y.at(r.value), r: 3.4, fill: look(c.group, r.key).color }, cross);
  show(c, c.chart.x.name + " " + format(Math.round(best)), rows.map(r => [r.key, format(r.value)]), c.X.at(best), y);
}

// point shows the point next to the pointer.
function point(c, cross, x, y) {
  cross.textContent = "";
  let best = null, least = 60 * 60;
  for (const s of c.shown) s.px.forEach((v, i) => {
    if (v === null || s.py[i] === null) return;
    const d = (c.X.at(v) - x) ** 2 + (c.Y.at(s.py[i]) - y) ** 2;
    if (d < least) { least = d; best = { s, i }; }
  });
  if (!best) { c.tip.style.visibility = "hidden"; return; }
  const s = best.s, px = s.px[best.i], py = s.py[best.i];
  el("svg:circle", { class: "halo", cx: c.X.at(px), cy: c.Y.at(py), r: 5, fill: look(c.group, s.key).color }, cross);
  const rows = [[null, c.chart.x.name, format(px)], [null, c.chart.y.name, format(py)]];
  if (s.weight) rows.push([null, "rows", format(s.weight[best.i])]);
  show(c, s.key, rows.map(r => [r[0], r[2], r[1]]), c.X.at(px), c.Y.at(py));
}

function show(c, title, rows, x, y) {
  c.tip.textContent = "";
  el("b", {}, c.tip, title);
  for (const [key, value, name] of rows) {
    const d = el("div", {}, c.tip);
    if (key !== null) swatch(c.group, key, d);
    el("span", {}, d, name || key);
    el("em", {}, d, value);
  }
  const w = c.tip.offsetWidth, h = c.tip.offsetHeight;
  c.tip.style.left = Math.max(0, x + 14 + w > c.W ? x - 14 - w : x + 14) + "px";
  c.tip.style.top = Math.max(0, Math.min(y - h / 2, c.bottom - h)) + "px";
  c.tip.style.visibility = "visible";
}

// drawBars draws histograms, one picture each, in groups.
function drawBars(host, histograms) {
  host.textContent = "";
  for (const name of new Set(histograms.map(h => h.group))) {
    el("h3", {}, host, name.slice(0, 1).toUpperCase() + name.slice(1));
    const some = histograms.filter(h => h.group === name);
    const grid = el("div", { class: some.length <= 6 ? "bars few" : "bars" }, host);
    for (const h of some) drawBar(grid, h);
  }
}

function drawBar(grid, h) {
  const cell = el("div", { class: "bar" }, grid), W = Math.max(120, cell.clientWidth || 160), H = 92, base = H - 16;
  el("b", { title: h.name }, cell, h.name);
  const short = v => v === null ? format(v) : format(+v.toPrecision(2));
  const note = "mean " + short(h.mean) + ", sd " + short(h.std);
  const text = el("div", { class: "note" }, cell, note);
  const svg = el("svg:svg", { viewBox: "0 0 " + W + " " + H, role: "img", "aria-label": h.name + ": " + note }, cell);
  const top = Math.max(1, ...h.counts), w = W / h.counts.length, width = h.high - h.low;
  h.counts.forEach((n, i) => {
    const b = el("svg:rect", { x: i * w + 0.3, width: Math.max(0.5, w - 0.6), y: base - (base - 2) * n / top, height: (base - 2) * n / top }, svg);
    const hit = el("svg:rect", { x: i * w, width: w, y: 0, height: base, "fill-opacity": 0 }, svg);
    hit.onpointerenter = () => {
      b.classList.add("hot");
      text.textContent = format(h.low + width * i / h.counts.length) + " to " + format(h.low + width * (i + 1) / h.counts.length) + ": " + n;
    };
    hit.onpointerleave = () => { b.classList.remove("hot"); text.textContent = note; };
  });
  if (h.low < 0 && h.high > 0) el("svg:path", { class: "zero", d: "M" + W * -h.low / width + " 0V" + base }, svg);
  el("svg:path", { class: "frame", d: "M0 " + base + "H" + W }, svg);
  el("svg:text", { class: "tick", x: 0, y: H - 3 }, svg, format(h.low));
  el("svg:text", { class: "tick", x: W, y: H - 3, "text-anchor": "end" }, svg, format(h.high));
}
