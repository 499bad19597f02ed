// Find a term or an assertion; write the files that a reader takes along.

// ---- find: label, synonym, identifier, statement, words of a source; several hits make a list

const pairs = (text) => new Set([...text.toLowerCase()].map((_, place, letters) => letters.slice(place, place + 2).join("")));
const likeness = (x, y) => (2 * [...x].filter((pair) => y.has(pair)).length) / (x.size + y.size || 1); // Dice
const texts = new Map(); // what of a row can be found, in lower case; made when it is first asked for
const textOf = (row, places) => {
  if (!texts.has(row)) texts.set(row, places.map((place) => cell(row, place)).join("\n").toLowerCase());
  return texts.get(row);
};

function find(text) {
  const list = byId("hits");
  const wanted = text.trim().toLowerCase();
  list.hidden = !wanted;
  list.replaceChildren();
  byId("told").textContent = "";
  if (!wanted) return;
  const open = (iri) => () => {
    list.hidden = true;
    const edge = edgeOf.get(iri);
    if (edge && edge.group === "hypothesised") byId("hypotheses").checked = true;
    focus(iri);
    const box = nodeOf.has(iri) && boxOf.get(boxIri(nodeOf.get(iri)));
    if (box) box.focus();
  };
  const terms = nodes.filter((node) => textOf(termRow.get(node.iri), [1, 2, 5]).includes(wanted));
  const said = edges.filter((edge) => textOf(edgeRow.get(edge.iri), [7, 9]).includes(wanted));
  terms.slice(0, 40).forEach((node) => list.append(button(`${node.label} (${cell(termRow.get(node.iri), 3)})`, open(node.iri))));
  said.slice(0, 20).forEach((edge) => list.append(button("— " + statement(edge), open(edge.iri))));
  const more = Math.max(terms.length - 40, 0) + Math.max(said.length - 20, 0);
  if (more) list.append(make("p", `and ${more} more: give more letters`, { class: "quiet" }));
  byId("told").textContent = `${many(terms.length, "term")}, ${many(said.length, "assertion")} found`;
  if (terms.length || said.length) return;
  list.append(make("p", "Nothing found. Nearest labels:", { class: "quiet" }));
  const names = (node) => [node.label, ...cell(termRow.get(node.iri), 5).split("; ")];
  const score = (node) => Math.max(...names(node).map((label) => likeness(pairs(label), pairs(wanted))));
  const ranked = nodes.map((node) => [score(node), node]).sort((a, b) => b[0] - a[0]);
  ranked.slice(0, 3).forEach(([, node]) => list.append(button(node.label, open(node.iri))));
}

// ---- files

function save(name, content) {
  const link = make("a", "", { download: name, href: URL.createObjectURL(content) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function png() { // twice the size, for a slide or a paper
  const image = new Image();
  const address = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
  image.addEventListener("load", () => {
    const canvas = make("canvas", "", { width: svg.width.baseVal.value * 2, height: svg.height.baseVal.value * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => { save("network.png", blob); URL.revokeObjectURL(address); });
  });
  image.src = address;
}

function csv() {
  // a cell that begins like a formula would be run by a spreadsheet
  const quoted = (value) => (typeof value === "number" ? value : `"${String(value).replace(/^(?=[=+\-@\t\r])/, "'").replace(/"/g, '""')}"`);
  const heads = "assertion,subject,subject_label,relation,relation_label,object,object_label,status,level,level_label,sign,context,statement,sources";
  const rows = edges.filter(isShown).map((edge) => {
    const row = edgeRow.get(edge.iri);
    const sources = [...row.cells[9].querySelectorAll(".evidence")].map((each) => cell(sourceRow.get(each.textContent.match(/\[(\d+)\]: /)[1]), 1));
    return [edge.iri, edge.subject.iri, edge.subject.label, edge.relation, cell(row, 1), edge.object.iri, edge.object.label,
      cell(row, 3), edge.level, levelWords(edge), edge.sign, cell(row, 6), cell(row, 7), [...new Set(sources)].join("; ")].map(quoted).join(",");
  });
  return [heads, ...rows].join("\r\n") + "\r\n";
}
