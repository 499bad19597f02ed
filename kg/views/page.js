// Find, filter, focus and card of the mechanism network. Without this script the picture and the tables are still there.
// All text enters the page through textContent or as a copy of what the page holds; nothing here asks the network.
const network = JSON.parse(document.getElementById("network").textContent);
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const svg = document.querySelector("#picture svg");
const picture = new XMLSerializer().serializeToString(svg); // before the script marks anything in it
const byIri = (selector, name) => new Map(all(selector).map((element) => [element.dataset[name], element]));
const [boxOf, lineOf, chipOf] = [byIri("#picture .node", "iri"), byIri("#picture .edge", "iri"), byIri("#picture .chip", "node")];
const [edgeRow, termRow, sourceRow] = [byIri("tr[data-edge]", "edge"), byIri("tr[data-term]", "term"), byIri("tr[data-source]", "source")];
const { nodes, edges } = network;
const nodeOf = new Map(nodes.map((node) => [node.iri, node]));
const edgeOf = new Map(edges.map((edge) => [edge.iri, edge]));
const membersOf = new Map(network.boxes.map((box) => [box.iri, nodes.filter((node) => node.box === box.iri)]));
const folded = new Map(network.boxes.map((box) => [box.iri, box]));
const [leaving, coming] = [new Map(nodes.map((node) => [node, []])), new Map(nodes.map((node) => [node, []]))];
for (const edge of edges) {
  [edge.subject, edge.object] = [nodes[edge.s], nodes[edge.o]];
  leaving.get(edge.subject).push(edge);
  coming.get(edge.object).push(edge);
}
const trials = all("tr[data-study]").map((row, place) => {
  const [node, study, finding] = network.trials[place];
  return { node: nodes[node], study, finding, row };
});
const hidden = new Set(); // column numbers, status words, "trials"
let level = 0;
let chosen = ""; // iri of the term, the folded box or the assertion in focus
let opened = ""; // iri of the box whose chip is open

// ---- small things of the page

function make(tag, text, attributes = {}, children = []) {
  const element = tag.startsWith("svg:") ? document.createElementNS(svg.namespaceURI, tag.slice(4)) : document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function button(text, action, kind = "plain") {
  const element = make("button", text, { type: "button", class: kind });
  element.addEventListener("click", action);
  return element;
}

const many = (number, noun, plural = noun + "s") => `${number} ${number === 1 ? noun : plural}`;
const cell = (row, place) => row.cells[place].textContent.trim();
const copy = (row, place) => [...row.cells[place].cloneNode(true).childNodes];
const studies = (list) => new Set(list.map((trial) => trial.study)).size;
const isMeasured = (trial) => trial.finding !== "planned";
const statement = (edge) => cell(edgeRow.get(edge.iri), 7) || edge.iri;
const levelWords = (edge) => cell(edgeRow.get(edge.iri), 4).replace(/^\d+ /, "");
const boxIri = (node) => node.box || node.iri;
const termsOf = (iri) => membersOf.get(iri) || (nodeOf.has(iri) ? [nodeOf.get(iri)] : []);

// ---- what is shown

const nodeIsShown = (node) => !hidden.has(String(node.column));
const isShown = (edge) =>
  edge.level >= level && !hidden.has(edge.group) && nodeIsShown(edge.subject) && nodeIsShown(edge.object) &&
  (edge.group !== "hypothesised" || byId("hypotheses").checked);

// A step of a chain keeps the order of the columns and is not contradicted; all others end the walk where they stand.
const isStep = (edge) => edge.subject.column <= edge.object.column && edge.group !== "contradicted";

function walk(starts, near, to, found) {
  const seen = new Set(starts);
  for (const here of seen) {
    for (const edge of near.get(here)) {
      if (!isShown(edge)) continue;
      if (isStep(edge) || starts.includes(here)) found.add(edge);
      if (isStep(edge)) seen.add(edge[to]);
    }
  }
}

function reach(iri) {
  const found = new Set();
  if (edgeOf.has(iri)) found.add(edgeOf.get(iri));
  walk(termsOf(iri), leaving, "object", found);
  walk(termsOf(iri), coming, "subject", found);
  const ends = [...found].flatMap((edge) => [edge.subject, edge.object]);
  return { edges: found, nodes: new Set([...termsOf(iri), ...ends]) };
}

const lineIri = (edge) => (edge.line === undefined ? edge.iri : edge.line);

function light(set) {
  const [boxes, lines] = set ? [new Set([...set.nodes].map(boxIri)), new Set([...set.edges].map(lineIri))] : [new Set(), new Set()];
  svg.classList.toggle("dim", Boolean(set));
  for (const [iri, each] of [...boxOf, ...chipOf]) each.classList.toggle("on", boxes.has(iri));
  for (const [iri, line] of lineOf) line.classList.toggle("on", lines.has(iri));
}

function update() {
  const lines = new Set();
  const columns = new Map(nodes.map((node) => [boxIri(node), node]));
  let count = 0;
  for (const edge of edges) {
    const show = isShown(edge);
    count += show;
    if (show) lines.add(lineIri(edge));
    edgeRow.get(edge.iri).hidden = !show;
  }
  for (const [iri, line] of lineOf) line.classList.toggle("off", !lines.has(iri));
  for (const [iri, box] of boxOf) box.classList.toggle("off", !nodeIsShown(columns.get(iri)));
  for (const [iri, chip] of chipOf) chip.classList.toggle("off", hidden.has("trials") || !nodeIsShown(columns.get(iri)));
  const why = [];
  const supposed = byId("hypotheses").checked ? 0 : edges.filter((edge) => edge.group === "hypothesised").length;
  if (level) why.push(`level is set to at least ${network.levels[level]}`);
  if (hidden.size) why.push(`${many(hidden.size, "group is", "groups are")} switched off`);
  if (supposed) why.push(`${many(supposed, "hypothesis", "hypotheses")} hidden`);
  byId("shown").textContent = count < edges.length ? `· ${count} of ${edges.length} shown: ${why.join("; ")}` : "";
  byId("reset").hidden = !level && !hidden.size;
  byId("level").value = level;
  byId("level-words").textContent = level ? `${level} ${network.levels[level]}` : "0 (all)";
  const marked = nodeOf.has(chosen) ? boxIri(nodeOf.get(chosen)) : edgeOf.has(chosen) ? lineIri(edgeOf.get(chosen)) : chosen;
  for (const [iri, each] of [...boxOf, ...lineOf]) each.classList.toggle("chosen", iri === marked);
  light(chosen ? reach(chosen) : null);
  svg.classList.toggle("only", Boolean(chosen));
  sentence();
  unfold();
  remember();
}

// ---- focus: what was measured where, and the weakest step, in words

function sentence() {
  const place = byId("focus");
  place.hidden = !chosen;
  place.textContent = "";
  if (!chosen) return;
  const found = reach(chosen);
  const own = termsOf(chosen);
  const column = own.length ? own[0].column : -1;
  const measured = trials.filter((trial) => found.nodes.has(trial.node) && isMeasured(trial));
  // of the column in focus only the studies of the very term: its neighbour's evidence is not its own
  const counts = (trial, wanted) => trial.node.column === wanted && (column !== wanted || own.includes(trial.node));
  const ofColumn = (wanted) => studies(measured.filter((trial) => counts(trial, wanted)));
  const outcomes = [...found.nodes].filter((node) => node.column === 4).length;
  const outcome = column === 4 ? "this outcome" : outcomes > 1 ? `at least one of the ${outcomes} outcomes` : "the outcome";
  const count = outcomes ? `${many(ofColumn(4), "study", "studies")} measured ${outcome}` : "no outcome is in view";
  const mechanism = column === 3 ? "this mechanism" : "a mechanism on the way";
  const name = edgeOf.has(chosen) ? statement(edgeOf.get(chosen)).replace(/\.$/, "") : labelOf(chosen);
  place.append(make("b", name), `: ${count}; ${ofColumn(3)} measured ${mechanism}. `);
  const weakest = [...found.edges].filter(isStep).sort((a, b) => a.level - b.level)[0];
  if (weakest && found.edges.size > 1) place.append(`Weakest step in view: “${statement(weakest)}” (${levelWords(weakest)}). `);
  place.append(make("small", "A study that measured the outcome does not support the steps to it."));
}

const labelOf = (iri) => (folded.get(iri) || nodeOf.get(iri)).label;

function focus(iri) {
  chosen = nodeOf.has(iri) || edgeOf.has(iri) || folded.has(iri) ? iri : "";
  update();
  card();
}

// ---- the chip of trial evidence, opened: a line for each study

function unfold() {
  for (const old of all(".opened", svg)) old.remove();
  for (const [iri, chip] of chipOf) chip.setAttribute("aria-expanded", String(iri === opened));
  const chip = chipOf.get(opened);
  if (!chip || chip.classList.contains("off")) return;
  const of = new Map();
  for (const trial of trials.filter((each) => boxIri(each.node) === opened)) {
    const known = of.get(trial.study) || { name: cell(trial.row, 1), design: cell(trial.row, 2), found: new Map() };
    known.found.set(trial.finding, (known.found.get(trial.finding) || 0) + 1);
    of.set(trial.study, known);
  }
  const lines = [...of.values()].map(({ name, design, found }) => {
    const results = [...found].map(([finding, times]) => finding + (times > 1 ? ` ×${times}` : "")).join(", ");
    return `${name}: ${results} (${design})`;
  });
  const rect = chip.querySelector("rect");
  const at = (name) => Number(rect.getAttribute(name));
  const wide = 372;
  const left = at("x") + at("width") - wide;
  const top = at("y") + at("height");
  const shown = lines.slice(0, 24);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more in the card`);
  const group = make("svg:g", "", { class: "opened" });
  group.append(make("svg:rect", "", { x: left, y: top, width: wide, height: 15 * shown.length + 10, fill: "#fff", stroke: "#1d2329" }));
  chip.parentNode.insertBefore(group, chip.parentNode.querySelector(".legend"));
  shown.forEach((line, place) => {
    const text = make("svg:text", line, { x: left + 8, y: top + 17 + 15 * place, "font-size": 10.5 });
    group.append(text);
    let letters = line;
    while (letters.length > 9 && text.getComputedTextLength() > wide - 14) {
      letters = letters.slice(0, -2);
      text.textContent = letters.trimEnd() + "…";
    }
  });
}

function openChip(iri) {
  opened = opened === iri ? "" : iri;
  focus(iri);
  byId("told").textContent = opened ? "opened: the studies stand in the card" : "folded";
}
