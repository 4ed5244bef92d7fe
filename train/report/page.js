// The page: what is where, sorting, tabs, and live updates.
let page = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("js");

function drawGroup(group) {
  const host = document.querySelector(".charts[data-group='" + group.id + "']");
  if (!host) return;
  const section = host.closest("section.drawn");
  if (section) section.hidden = false;
  const again = () => drawGroup(page.groups.find(g => g.id === group.id));
  drawLegend(host.parentElement.querySelector(".legend"), { ...group, legend: group.legend || [] }, again);
  for (const c of group.charts) drawChart(host, { ...group, legend: group.legend || [] }, c, again);
}

function drawHistograms() {
  const some = !!(page.histograms && page.histograms.length);
  document.getElementById("histograms").hidden = !some;
  if (some) drawBars(document.getElementById("bars"), page.histograms);
}

function drawAll() {
  for (const g of page.groups || []) drawGroup(g);
  drawHistograms();
}

// enhance makes tables sortable and results tabs.
function enhance(root) {
  for (const th of root.querySelectorAll("table.sortable thead th")) {
    const name = th.textContent;
    th.textContent = "";
    el("button", { type: "button" }, th, name).onclick = () => sort(th);
  }
  for (const table of root.querySelectorAll("table.sortable")) { // a narrow page shows each cell with the name of its column
    const names = [...table.tHead.rows[0].cells].map(th => th.textContent);
    for (const row of table.querySelectorAll("tbody tr, tfoot tr")) [...row.cells].forEach((c, i) => { if (i) c.dataset.name = names[i]; });
  }
  for (const row of root.querySelectorAll(".result tbody tr")) {
    const id = row.closest(".result").id, key = row.querySelector("th").textContent;
    row.onmouseenter = () => lead(id, key);
    row.onmouseleave = () => lead(id, null);
  }
  for (const s of root.querySelectorAll("section.results")) tabs(s);
}

function sort(th) {
  const table = th.closest("table"), body = table.tBodies[0], k = th.cellIndex;
  const down = th.getAttribute("aria-sort") !== "descending" && (k > 0 || th.getAttribute("aria-sort") === "ascending");
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = row => row.cells[k].dataset.sort;
  const rows = [...body.rows], numeric = rows.every(r => key(r) === "" || !isNaN(key(r)));
  rows.sort((a, b) => {
    const x = key(a), y = key(b);
    if (x === "" || y === "") return (x === "") - (y === "");
    return (down ? -1 : 1) * (numeric ? x - y : x.localeCompare(y));
  });
  for (const r of rows) body.appendChild(r);
}

let chosen = 0;
function tabs(section) {
  const results = [...section.querySelectorAll(".result")];
  if (results.length < 2) return;
  section.classList.add("tabbed");
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": "results" });
  section.insertBefore(bar, results[0]);
  const choose = i => {
    chosen = i;
    results.forEach((r, k) => { r.hidden = k !== i; bar.children[k].setAttribute("aria-selected", String(k === i)); bar.children[k].tabIndex = k === i ? 0 : -1; });
    drawAll();
  };
  results.forEach((r, i) => {
    r.setAttribute("role", "tabpanel");
    r.setAttribute("aria-labelledby", "tab-" + r.id);
    const b = el("button", { type: "button", role: "tab", id: "tab-" + r.id, "aria-controls": r.id }, bar, r.querySelector(".name").textContent || "result " + (i + 1));
    b.onclick = () => choose(i);
    b.onkeydown = e => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (way) { choose((i + way + results.length) % results.length); bar.children[chosen].focus(); }
    };
  });
  choose(Math.min(chosen, results.length - 1));
}

// changed says whether something differs from the last time.
const seen = {};
function changed(name, value) {
  const text = JSON.stringify(value), differs = seen[name] !== text;
  seen[name] = text;
  return differs;
}

// later takes over the newest update, but does not draw all the time, as the training may run on the same machine: a pause
// is fifty times as long as the script took to draw, up to five seconds, and nobody looks at a page in the background.
let pending = null, next = 0, timer = 0;
function later(data) {
  pending = data || pending;
  if (!pending || document.hidden || timer) return;
  const begin = performance.now();
  if (begin < next) {
    timer = setTimeout(() => { timer = 0; later(); }, next - begin);
    return;
  }
  apply(pending);
  pending = null;
  const now = performance.now();
  next = now + Math.min(5000, 50 * (now - begin));
}

// apply takes over an update of the live page. Only what changed is replaced, so that a selection survives.
const last = {};
function apply(data) {
  page = data;
  let results = false;
  for (const id in data.parts) {
    if (last[id] === data.parts[id]) continue;
    last[id] = data.parts[id];
    results = results || id === "results";
    const e = document.getElementById(id), open = !!e.querySelector("details[open]");
    e.innerHTML = data.parts[id]; // made by the server's template, which escapes
    const d = e.querySelector("details");
    if (d && open) d.open = true;
    enhance(e);
  }
  document.title = document.getElementById("title").textContent;
  for (const g of page.groups || []) if (changed(g.id, g) || results) drawGroup(g);
  if (changed("histograms", page.histograms)) drawHistograms();
}

function listen(url) {
  const status = text => { const s = document.getElementById("status"); s.textContent = ""; last.status = null; el("span", { class: "pill lost" }, s, text); };
  const source = new EventSource(url);
  source.onmessage = e => later(JSON.parse(e.data));
  source.addEventListener("end", e => { source.close(); pending = null; apply(JSON.parse(e.data)); });
  source.onerror = () => {
    status("connection lost, trying again");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(url), 3000);
  };
}

enhance(document);
drawAll();
let frame = 0;
const again = () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(drawAll); };
addEventListener("resize", again);
media.addEventListener("change", again);
addEventListener("visibilitychange", () => later());
addEventListener("beforeprint", () => { printing = true; drawAll(); });
addEventListener("afterprint", () => { printing = false; drawAll(); });
if (document.body.dataset.live) listen(document.body.dataset.live);
