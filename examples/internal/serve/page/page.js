"use strict";
// The page for people: a form for molecules or for the columns of a table, and an answer with what argues for it and against.
const form = document.getElementById("form"), results = document.getElementById("results"), failure = document.getElementById("failure");
const NS = document.querySelector("svg").namespaceURI, MOST = 20;

// el makes an element, of SVG where the name says so. Texts are never parsed as HTML.
function el(name, attrs, parent, text) {
  const e = name.startsWith("svg:") ? document.createElementNS(NS, name.slice(4)) : document.createElement(name);
  for (const k in attrs) if (attrs[k] !== undefined && attrs[k] !== null) e.setAttribute(k, attrs[k]);
  if (text !== undefined) e.textContent = text;
  if (parent) parent.appendChild(e);
  return e;
}

// ask sends a question and returns the answer, or throws the error of the service.
async function ask(path, body) {
  const r = await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await r.json().catch(() => ({ error: "the answer cannot be read" }));
  if (!r.ok) throw new Error(answer.error || "status " + r.status);
  return answer;
}

function fail(text) {
  failure.textContent = text || "";
  failure.hidden = !text;
}

const percent = p => p >= 0.9995 || p > 0 && p < 0.0005 ? (p > 0.5 ? "> 99.9 %" : "< 0.1 %") : (100 * p).toFixed(1) + " %";
const signed = v => (v > 0 ? "+" : v < 0 ? "\u2212" : "") + Math.abs(v).toFixed(2);
const number = v => Math.abs(v) >= 1e5 || v !== 0 && Math.abs(v) < 0.01 ? v.toPrecision(3) : String(+v.toFixed(3));
const chance = z => 1 / (1 + Math.exp(-z));

// The address holds the question, so that an answer can be linked and loaded again.
const link = new URLSearchParams(location.hash.slice(1));
const remember = (key, value) => history.replaceState(null, "", "#" + new URLSearchParams({ [key]: value }));

// track draws a bar in hundredths of its width.
function track(parent, from, width, kind, tick, middle) {
  const svg = el("svg:svg", { viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" }, parent);
  el("svg:rect", { class: "track", width: 100, height: 12, rx: 1 }, svg);
  el("svg:rect", { class: kind, x: from, width: Math.max(width, 0.4), height: 12, rx: 1 }, svg);
  if (tick !== undefined) el("svg:path", { class: "tick", d: "M" + tick + " -2V14" }, svg);
  if (middle) el("svg:path", { class: "middle", d: "M50 0V12" }, svg);
}

// contributions draws bars to both sides, the largest first, and the others as one.
function contributions(parent, list, most) {
  list = list.filter(c => c.contribution !== 0).sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  if (list.length > most + 1) {
    const rest = list.slice(most);
    list = list.slice(0, most).concat({ name: rest.length + " others", contribution: rest.reduce((s, c) => s + c.contribution, 0) });
  }
  const top = Math.max(1e-9, ...list.map(c => Math.abs(c.contribution)));
  const box = el("div", { class: "bars" }, parent);
  for (const c of list) {
    const row = el("div", { class: "bar" }, box), width = 50 * Math.abs(c.contribution) / top;
    el("span", {}, row, c.cell ? c.name + " = " + c.cell : c.name);
    track(row, c.contribution < 0 ? 50 - width : 50, width, c.contribution < 0 ? "against" : "for", undefined, true);
    el("b", {}, row, signed(c.contribution));
  }
}

// draw shows an SVG that the service has made.
function draw(parent, text, larger) {
  const box = el("div", { class: "drawing" }, parent);
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (svg.nodeName !== "svg") return;
  svg.setAttribute("width", larger * svg.getAttribute("width"));
  svg.removeAttribute("height");
  box.appendChild(document.importNode(svg, true));
}

// memberNames lists the kinds of members with what they consist of, such as "neighbours (50 neighbours)".
const memberNames = list => list.map(m => m.settings ? m.name + " (" + m.settings + ")" : m.models + " " + m.name);

// others says that the explanation is that of the networks alone if other kinds of members take part in a prediction, and what each kind says.
function others(parent, a, what) {
  if (!a.members) return;
  const scale = a.combine === "mean" ? "probability" : "log-odds", percents = v => Math.round(100 * v) + " %";
  el("p", {}, parent, "This explains the networks alone. The prediction is that of several kinds of members; the networks have " + percents(a.members[0].share) + " of its " + scale + ":");
  const box = el("div", { class: "bars" }, parent);
  a.members.forEach((m, k) => {
    const row = el("div", { class: "bar" }, box);
    el("span", {}, row, memberNames([m])[0] + ", share " + percents(m.share));
    track(row, 0, 100 * m.probability, k === 0 ? "full" : "other");
    el("b", {}, row, percent(m.probability));
  });
  el("p", { class: "note" }, parent, "Bars are the probability of " + what + " by each kind of members.");
}

const partNames = { atoms: "atoms, as coloured", descriptors: "descriptors", maccs: "MACCS keys", autocorrelation: "autocorrelation" };

// showMolecule fills the card of a molecule. Its tasks are buttons that ask again.
function showMolecule(card, a, choose) {
  const focused = card.contains(document.activeElement);
  card.textContent = "";
  el("h2", {}, card, a.formula.replace(/\d/g, d => "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089"[d]) + ", " + a.weight.toFixed(1) + " g/mol");
  el("p", { class: "note smiles" }, card, a.smiles);
  const two = el("div", { class: "two" }, card), left = el("div", {}, two), right = el("div", {}, two);
  draw(left, a.drawing, 1.5);
  const legend = el("div", { class: "legend" }, left);
  el("span", { class: "for" }, legend, "argues for " + a.task);
  el("span", { class: "against" }, legend, "argues against it");
  el("h3", {}, right, "Probability of activity in twelve assays");
  const bars = el("div", { class: "bars" }, right);
  let known = false;
  for (const t of a.tasks) {
    const b = el("button", { type: "button", class: "bar", "aria-pressed": String(t.name === a.task) }, bars);
    el("span", {}, b, t.name);
    track(b, 0, 100 * t.probability, "full", t.base_rate === undefined ? undefined : 100 * t.base_rate);
    el("b", {}, b, percent(t.probability));
    b.onclick = () => choose(t.name);
    if (t.base_rate !== undefined) {
      known = true;
      b.title = t.name + ": " + percent(t.base_rate) + " of the training compounds are active";
    }
    if (focused && t.name === a.task) b.focus();
  }
  const keys = el("div", { class: "legend" }, right);
  if (known) el("span", { class: "tick" }, keys, "share of actives among the training compounds");
  else keys.textContent = "The file does not tell the shares of actives.";
  const why = el("div", { class: "section" }, card), chosen = a.tasks.find(t => t.name === a.task);
  el("h3", {}, why, "Why " + (a.members ? "the networks give " + percent(chance(a.value)) : percent(chosen.probability)) + " for " + a.task);
  others(why, a, "activity in " + a.task);
  el("p", { class: "note" }, why, "Without substructures and with average values the networks give " + percent(chance(a.baseline)) + ", log-odds " + a.baseline.toFixed(2) +
    ". These add up to log-odds " + a.value.toFixed(2) + ":");
  contributions(why, a.contributions.map(c => ({ name: partNames[c.name] || c.name, contribution: c.contribution })), MOST);
  neighbour(el("div", { class: "section" }, card), a.neighbour, a.pending);
}

// neighbour says how near the training compounds are.
function neighbour(parent, n, pending) {
  el("h3", {}, parent, "How near are the training compounds?");
  if (!n) {
    el("p", { class: "note" }, parent, pending ? "The training compounds are still being read." :
      "The file does not tell its training compounds, so this is unknown.");
    return;
  }
  const near = el("div", { class: "near" }, parent), text = el("div", {}, near);
  if (!n.active) {
    el("p", {}, text, "None of " + n.training.toLocaleString("en") + " has any substructure of this molecule (ECFP4). Trust its predictions little.");
    return;
  }
  el("p", {}, text, "The nearest of " + n.training.toLocaleString("en") + " has a Tanimoto similarity of " + n.similarity.toFixed(2) + " (ECFP4)" +
    (n.similarity >= 0.9995 ? ": the molecule, or one with the same substructures, was in the training." : "."));
  el("p", {}, text, (n.nearer_than === undefined ? "" : percent(n.nearer_than) + " of the challenge\u2019s test compounds are farther from the training than this molecule. ") +
    "Trust predictions less, the farther a molecule is.");
  const box = el("div", {}, near);
  if (n.drawing) draw(box, n.drawing, 1);
  if (n.id) el("p", { class: "note smiles" }, box, n.id);
  else el("p", { class: "note" }, box, "The file does not tell the structure of this compound.");
  el("p", { class: "note" }, box, (n.active.length ? "active in " + n.active.join(", ") : "active in none") + "; inactive in " + n.inactive);
}

// explainMolecule asks for a molecule and a task, and for others when they are chosen.
async function explainMolecule(card, smiles, task) {
  card.setAttribute("aria-busy", "true");
  try {
    const a = await ask("/explain", task ? { smiles, task } : { smiles });
    showMolecule(card, a, t => explainMolecule(card, smiles, t));
    if (a.pending) setTimeout(() => card.isConnected && explainMolecule(card, smiles, a.task), 3000);
  } catch (e) {
    card.textContent = "";
    el("p", { class: "smiles" }, card, smiles);
    el("p", {}, card, e.message);
    card.classList.add("failure");
  }
  card.removeAttribute("aria-busy");
}

const examples = [["nitroaromatic", "O=[N+]([O-])c1ccc2c(c1)-c1ccccc1C2"], ["steroid", "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O"], ["salt", "CCCCCCCCCCCCCCCC[n+]1ccccc1.[Cl-]"]];

// moleculeForm asks for SMILES, one a line; a name may follow.
function moleculeForm() {
  el("label", { for: "smiles" }, form, "Molecules as SMILES, one a line");
  const text = el("textarea", { id: "smiles", spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: "CC(=O)Oc1ccccc1C(=O)O" }, form);
  const actions = el("div", { class: "actions" }, form), go = el("button", { class: "go" }, actions, "Predict");
  for (const [name, smiles] of examples) {
    el("button", { type: "button", class: "chip" }, actions, name).onclick = () => { text.value = smiles; form.requestSubmit(); };
  }
  form.onsubmit = async event => {
    event.preventDefault();
    const all = [...new Set(text.value.split("\n").map(s => s.trim()).filter(s => s))];
    fail(all.length === 0 ? "There is no molecule." : all.length > MOST ? "Only the first " + MOST + " molecules are shown; POST /predict takes more." : "");
    results.textContent = "";
    remember("smiles", all.slice(0, MOST).join("\n"));
    go.disabled = true;
    for (const smiles of all.slice(0, MOST)) {
      const card = el("section", { class: "card" }, results);
      el("p", { class: "note" }, card, "working on " + smiles);
      await explainMolecule(card, smiles.split(/\s/)[0]);
    }
    go.disabled = false;
  };
  if (link.has("smiles")) {
    text.value = link.get("smiles");
    form.requestSubmit();
  }
}

// tableForm asks for the columns of a row.
function tableForm(page) {
  const fields = el("div", { class: "fields" }, form), inputs = [];
  page.columns.forEach((c, i) => {
    const box = el("div", {}, fields), id = "column" + i;
    el("label", { for: id }, box, c.name);
    let input;
    if (c.kind === "category" && c.categories && c.categories.length <= 100) {
      input = el("select", { id }, box);
      el("option", { value: "" }, input, "(unknown)");
      for (const k of c.categories) el("option", { value: k }, input, k);
    } else {
      input = el("input", { id, autocomplete: "off", inputmode: c.kind === "number" ? "decimal" : undefined, placeholder: c.mean !== undefined ? "mean " + number(c.mean) : c.kind === "date" ? "date" : "missing" }, box);
    }
    inputs.push(input);
  });
  const actions = el("div", { class: "actions" }, form), go = el("button", { class: "go" }, actions, "Predict");
  el("span", { class: "note" }, actions, "Empty fields are missing values.");
  const send = async target => {
    const row = {};
    page.columns.forEach((c, i) => { row[c.name] = inputs[i].value.trim() === "" ? null : inputs[i].value.trim(); });
    remember("row", JSON.stringify(row));
    go.disabled = true;
    try {
      const a = await ask("/explain", target ? { row, target } : { row });
      fail("");
      showRow(a, page, send);
    } catch (e) {
      fail(e.message);
    }
    go.disabled = false;
  };
  form.onsubmit = event => { event.preventDefault(); send(); };
  if (link.has("row")) {
    let row = {};
    try { row = JSON.parse(link.get("row")) || {}; } catch { fail("The link holds no row."); return; }
    page.columns.forEach((c, i) => { inputs[i].value = row[c.name] ?? ""; });
    send();
  }
}

// showRow shows the prediction for a row.
function showRow(a, page, choose) {
  results.textContent = "";
  const card = el("section", { class: "card" }, results), two = el("div", { class: "two" }, card), left = el("div", {}, two), right = el("div", {}, two);
  const odds = a.scale === "in log-odds";
  el("h2", {}, left, page.targets.length === 1 ? page.targets[0] : "Prediction");
  if (page.targets.length === 1) el("p", { class: "answer" }, left, odds ? String(a.prediction[page.targets[0]]) : number(a.value));
  const bars = el("div", { class: "bars" }, left);
  a.targets.forEach((t, k) => {
    if (!odds && a.targets.length === 1) return;
    const b = el("button", { type: "button", class: "bar", "aria-pressed": String(t === a.target) }, bars);
    el("span", {}, b, t);
    if (odds) track(b, 0, 100 * a.values[k], "full");
    else el("span", {}, b);
    el("b", {}, b, odds ? percent(a.values[k]) : number(a.prediction[t]));
    b.onclick = () => choose(t);
  });
  for (const note of a.notes || []) el("p", { class: "note" }, left, note);
  el("h3", {}, right, odds ? "What argues for " + a.target + " and against" : "What raises and lowers " + a.target);
  others(right, a, a.target);
  el("p", { class: "note" }, right, odds ? "With average values the networks give " + percent(chance(a.baseline)) + ", log-odds " + a.baseline.toFixed(2) + ". These add up to log-odds " +
    a.value.toFixed(2) + ":" : "With average values the networks give " + number(a.baseline) + ". These add up to " + number(a.value) + ":");
  contributions(right, a.contributions, MOST);
}

(async () => {
  try {
    const page = await ask("/page.json"), m = page.model_info;
    document.getElementById("model").textContent = m.name + ": " + (m.members ? memberNames(m.members).join(", ") : m.networks > 1 ? m.networks + " networks" : "a network") + " of " + page.kind;
    document.title = m.name + ": predictions";
    if (page.columns) tableForm(page);
    else moleculeForm();
    form.hidden = false;
  } catch (e) {
    fail(e.message);
  }
})();
