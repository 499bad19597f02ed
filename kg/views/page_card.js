// The card: copies of the cells of the tables, so that what a line says is written once.

function evidence(row) {
  const [...notes] = copy(row, 9);
  for (const note of notes.filter((each) => each.localName === "div")) {
    const number = note.textContent.match(/\[(\d+)\]: /);
    const source = number && sourceRow.get(number[1]);
    if (source) note.append(make("p", "", { class: "quiet" }, [...copy(source, 1), ". ", cell(source, 2)]));
    if (!note.querySelector("blockquote")) note.append(make("p", byId("no-words").textContent.split("; otherwise ").pop(), { class: "quiet" }));
  }
  return notes;
}

function sparql(number, iri) {
  const question = network.questions[number];
  if (!question || /[\s<>"{}|\\^`]/.test(iri)) return [];
  const text = question.replace("UNDEF", () => `<${iri}>`);
  const shown = make("pre", text, { tabindex: 0, "aria-label": "SPARQL of this card", hidden: "" });
  const press = button("copy as SPARQL", async () => {
    shown.hidden = false;
    let words = "copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(shown);
      words = "selected: copy it with Ctrl-C";
    }
    byId("told").textContent = words;
    press.textContent = words;
  }, "");
  return [make("p", "", {}, [press]), shown];
}

function edgeCard(edge) {
  const row = edgeRow.get(edge.iri);
  const facts = make("dl");
  const say = (name, ...parts) => facts.append(make("dt", name), make("dd", "", {}, parts));
  say("status", cell(row, 3));
  say("level", cell(row, 4));
  say("why", cell(row, 8));
  say("direction", cell(row, 5));
  if (cell(row, 6)) say("context", cell(row, 6));
  say("from", button(edge.subject.label, () => focus(edge.subject.iri)));
  say("relation", cell(row, 1));
  say("to", button(edge.object.label, () => focus(edge.object.iri)));
  say("assertion", edge.iri);
  const behind = make("h3", "What stands behind it");
  return [make("h2", statement(edge)), facts, ...sparql(0, edge.iri), behind, ...evidence(row), ...together(edge)];
}

function together(edge) { // a line of a folded picture stands for several assertions
  const others = edges.filter((each) => each !== edge && each.line !== undefined && lineIri(each) && lineIri(each) === lineIri(edge));
  if (!others.length) return [];
  return [make("h3", `${many(others.length, "assertion")} drawn as the same line`), ...others.map(entry)];
}

function entry(edge) {
  const line = button("", () => focus(edge.iri));
  line.append(make("span", levelWords(edge), { class: "badge" }));
  const status = cell(edgeRow.get(edge.iri), 3);
  if (status !== "accepted" && status !== levelWords(edge)) line.append(make("span", status, { class: "badge" }));
  line.append(statement(edge));
  return line;
}

function nodeCard(node) {
  const row = termRow.get(node.iri);
  const parts = [make("h2", node.label), make("p", "", {}, [make("span", cell(row, 3), { class: "badge" }), ...copy(row, 2)])];
  if (cell(row, 4)) parts.push(make("p", cell(row, 4)));
  if (cell(row, 5)) parts.push(make("p", "Also: " + cell(row, 5), { class: "quiet" }));
  parts.push(...sparql(1, node.iri), ...trialList([node]));
  const near = [...new Set([...leaving.get(node), ...coming.get(node)])];
  parts.push(make("h3", many(near.length, "assertion")));
  const relation = (edge) => cell(edgeRow.get(edge.iri), 1);
  for (const name of [...new Set(near.map(relation))].sort()) {
    parts.push(make("p", name, { class: "quiet" }), ...near.filter((each) => relation(each) === name).map(entry));
  }
  return parts;
}

function trialList(terms) {
  const list = trials.filter((trial) => terms.includes(trial.node));
  if (!list.length) return [];
  const done = studies(list.filter(isMeasured));
  const planned = studies(list) - done;
  const parts = [make("h3", `${many(done, "study", "studies")} measured this` + (planned ? `; ${planned} planned` : ""))];
  for (const { row, finding } of list) {
    const place = [cell(row, 2), cell(row, 6), cell(row, 5)].filter(Boolean).join("; ");
    parts.push(make("div", "", { class: "evidence" }, [make("b", cell(row, 1) + ": "), `${cell(row, 3)}: ${finding}. ${place}.`]));
  }
  return parts;
}

function boxCard(iri) {
  const terms = membersOf.get(iri);
  const rows = terms.map((node) => button(node.label, () => focus(node.iri)));
  return [make("h2", labelOf(iri)), make("p", "Folded by parent class:", { class: "quiet" }), ...rows, ...trialList(terms)];
}

const emptyCard = [...byId("card").childNodes];
function card() {
  const [edge, node] = [edgeOf.get(chosen), nodeOf.get(chosen)];
  byId("card").replaceChildren(...(edge ? edgeCard(edge) : node ? nodeCard(node) : chosen ? boxCard(chosen) : emptyCard));
  byId("card").parentElement.scrollTop = 0;
}
