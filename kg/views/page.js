"use strict";
// Find, filter, focus and card of the mechanism network. Without this script the picture and the table are still there.
// All text enters the page through textContent; nothing here asks the network for anything.
(() => {
  const network = JSON.parse(document.getElementById("network").textContent);
  const byId = (id) => document.getElementById(id);
  const svg = document.querySelector("#picture svg");
  const nodeOf = new Map(network.nodes.map((node) => [node.iri, node]));
  const edgeOf = new Map(network.edges.map((edge) => [edge.iri, edge]));
  const boxOf = new Map([...svg.querySelectorAll(".node")].map((box) => [box.dataset.iri, box]));
  const lineOf = new Map([...svg.querySelectorAll(".edge")].map((line) => [line.dataset.iri, line]));
  const chipOf = new Map([...svg.querySelectorAll(".chip")].map((chip) => [chip.dataset.node, chip]));
  const boxes = [...boxOf.keys()];
  const hidden = new Set(); // column numbers, status words, "trials"
  let level = 0;
  let chosen = ""; // iri of the node or edge in focus

  // ---- small helpers for the page

  function make(tag, text, attributes = {}, children = []) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function button(text, action) {
    const element = make("button", text, { type: "button", class: "plain" });
    element.addEventListener("click", action);
    return element;
  }

  function leaving(text, address) {
    if (!/^https?:\/\//i.test(address)) return document.createTextNode(text);
    const title = "leaves this page: " + address;
    return make("a", text, { href: address, title, rel: "noopener noreferrer", target: "_blank", class: "leaves" });
  }

  const many = (number, noun, plural = noun + "s") => `${number} ${number === 1 ? noun : plural}`;
  const studies = (trials) => new Set(trials.map((trial) => trial.study)).size;
  const isMeasured = (trial) => trial.finding !== "planned";
  const rowOf = new Map([...document.querySelectorAll("#table tr[data-edge]")].map((row) => [row.dataset.edge, row]));
  const trialsOf = (iri) => network.trials.filter((trial) => trial.node === iri);
  const columnOf = (iri) => nodeOf.get(iri).column;
  const labelOf = (iri) => nodeOf.get(iri).label || iri;

  // ---- what is shown

  const nodeIsShown = (iri) => !hidden.has(String(columnOf(iri)));
  const edgeIsShown = (edge) =>
    edge.level >= level && !hidden.has(edge.group) && nodeIsShown(edge.subject) && nodeIsShown(edge.object);

  // A step of a chain keeps the order of the columns and is not contradicted; all others end the walk where they stand.
  const isStep = (edge) => columnOf(edge.subject) <= columnOf(edge.object) && edge.group !== "contradicted";

  function walk(start, from, to) {
    const found = new Set();
    const seen = new Set([start]);
    for (const here of seen) {
      for (const edge of network.edges) {
        if (edge[from] !== here || !edgeIsShown(edge)) continue;
        if (isStep(edge) || here === start) found.add(edge);
        if (isStep(edge)) seen.add(edge[to]);
      }
    }
    return { edges: found, nodes: seen };
  }

  function reach(iri) {
    if (edgeOf.has(iri)) {
      const edge = edgeOf.get(iri);
      return { edges: new Set([edge]), nodes: new Set([edge.subject, edge.object]) };
    }
    const down = walk(iri, "subject", "object");
    const up = walk(iri, "object", "subject");
    const edges = new Set([...down.edges, ...up.edges]);
    const nodes = new Set([iri, ...[...edges].flatMap((edge) => [edge.subject, edge.object])]);
    return { edges, nodes };
  }

  function light(set) {
    svg.classList.toggle("dim", Boolean(set));
    for (const [iri, each] of [...boxOf, ...chipOf]) each.classList.toggle("on", Boolean(set && set.nodes.has(iri)));
    for (const [iri, line] of lineOf) line.classList.toggle("on", Boolean(set && set.edges.has(edgeOf.get(iri))));
  }

  function update() {
    let count = 0;
    for (const edge of network.edges) {
      const show = edgeIsShown(edge);
      count += show;
      lineOf.get(edge.iri).classList.toggle("off", !show);
      rowOf.get(edge.iri).hidden = !show;
    }
    for (const [iri, box] of boxOf) box.classList.toggle("off", !nodeIsShown(iri));
    for (const [iri, chip] of chipOf) chip.classList.toggle("off", hidden.has("trials") || !nodeIsShown(iri));
    const all = network.edges.length;
    const why = [];
    if (level) why.push(`level is set to at least ${network.levels[level]}`);
    if (hidden.size) why.push(`${many(hidden.size, "group is", "groups are")} switched off`);
    byId("shown").textContent = count < all ? `· ${count} of ${all} shown: ${why.join("; ")}` : "";
    byId("reset").hidden = !level && !hidden.size;
    byId("level").value = level;
    byId("level-words").textContent = level ? `${level} ${network.levels[level]}` : "0 (all)";
    for (const [iri, each] of [...boxOf, ...lineOf]) each.classList.toggle("chosen", iri === chosen);
    light(chosen ? reach(chosen) : null);
    sentence();
    const parts = { focus: chosen, level: level || "", hide: [...hidden].join(",") };
    const text = Object.entries(parts).filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    try {
      history.replaceState(null, "", text.length ? "#" + text.join("&") : location.pathname + location.search);
    } catch { /* in the frame of a notebook the page has no address of its own */ }
  }

  // ---- focus: what was measured where, and the weakest step, in words

  function sentence() {
    const place = byId("focus");
    place.hidden = !chosen;
    place.textContent = "";
    if (!chosen) return;
    const { edges, nodes } = reach(chosen);
    const measured = network.trials.filter((trial) => nodes.has(trial.node) && isMeasured(trial));
    const own = nodeOf.has(chosen) ? columnOf(chosen) : -1;
    // of the column in focus only the studies of the very term: its neighbour's evidence is not its own
    const counts = (trial, column) => columnOf(trial.node) === column && (own !== column || trial.node === chosen);
    const ofColumn = (column) => studies(measured.filter((trial) => counts(trial, column)));
    const outcomes = [...nodes].filter((iri) => columnOf(iri) === 4).length;
    const outcome = own === 4 ? "this outcome" : outcomes > 1 ? `at least one of the ${outcomes} outcomes` : "the outcome";
    const count = outcomes ? `${many(ofColumn(4), "study", "studies")} measured ${outcome}` : "no outcome is in view";
    const mechanism = own === 3 ? "this mechanism" : "a mechanism on the way";
    place.append(make("b", own < 0 ? edgeOf.get(chosen).statement.replace(/\.$/, "") : labelOf(chosen)), `: ${count}; ${ofColumn(3)} measured ${mechanism}. `);
    const weakest = [...edges].filter(isStep).sort((a, b) => a.level - b.level)[0];
    if (weakest && edges.size > 1) place.append(`Weakest step in view: “${weakest.statement}” (${weakest.level_label}). `);
    place.append(make("small", "A study that measured the outcome does not support the steps to it."));
  }

  function focus(iri) {
    chosen = nodeOf.has(iri) || edgeOf.has(iri) ? iri : "";
    update();
    card();
  }

  // ---- card

  function evidence(note) {
    const facts = [note.section, note.role, note.study_kind, note.cited_as && "cited as " + note.cited_as];
    return make("div", "", { class: "evidence " + (note.direction === "disputes" ? "disputes" : "") }, [
      make("b", note.direction + ": "), leaving(note.source_label, note.url), ". " + facts.filter(Boolean).join("; ") + ".",
      note.words ? make("blockquote", note.words) : make("p", network.no_words, { class: "quiet" }),
    ]);
  }

  // Only what the evidence lines say: the rule that gives the level is the graph's.
  function why(edge) {
    const kinds = [...new Set(edge.evidence.filter((note) => note.direction === "supports").map((note) => note.study_kind))];
    const ways = edge.evidence.map((note) => note.direction);
    const count = (way) => `${ways.filter((each) => each === way).length} ${way}`;
    const lines = [...new Set(ways)].map(count).join(", ") || "none";
    return `Evidence lines: ${lines}.` + (kinds.length ? ` Supported by: ${kinds.join(", ")}.` : "");
  }

  function edgeCard(edge) {
    const facts = make("dl");
    const row = (name, ...parts) => facts.append(make("dt", name), make("dd", "", {}, parts));
    row("status", edge.status);
    row("level", `${edge.level} ${edge.level_label}. ${why(edge)}`);
    row("direction", edge.sign > 0 ? "increases or promotes" : edge.sign < 0 ? "decreases or inhibits" : "neither");
    if (edge.context) row("context", edge.context);
    row("from", button(labelOf(edge.subject), () => focus(edge.subject)));
    row("relation", edge.relation_label);
    row("to", button(labelOf(edge.object), () => focus(edge.object)));
    row("assertion", edge.iri);
    return [make("h2", edge.statement || edge.iri), facts, make("h3", "What stands behind it"), ...edge.evidence.map(evidence)];
  }

  function nodeCard(node) {
    const parts = [make("h2", node.label)];
    const name = node.curie || node.iri;
    parts.push(make("p", "", {}, [make("span", node.kind, { class: "badge" }), leaving(name, node.link)]));
    if (node.definition) parts.push(make("p", node.definition));
    if (node.synonyms.length) parts.push(make("p", "Also: " + node.synonyms.join("; "), { class: "quiet" }));
    const trials = trialsOf(node.iri);
    if (trials.length) {
      const done = studies(trials.filter(isMeasured));
      const planned = studies(trials) - done;
      parts.push(make("h3", `${many(done, "study", "studies")} measured this` + (planned ? `; ${planned} planned` : "")));
      for (const trial of trials) {
        const place = [trial.design, trial.where].filter(Boolean).join("; ");
        const name = make("b", trial.study_label + ": ");
        parts.push(make("div", "", { class: "evidence" }, [name, `${trial.what}: ${trial.finding}. ${place}.`]));
      }
    }
    const near = network.edges.filter((edge) => edge.subject === node.iri || edge.object === node.iri);
    parts.push(make("h3", many(near.length, "assertion")));
    for (const relation of [...new Set(near.map((edge) => edge.relation_label))].sort()) {
      parts.push(make("p", relation, { class: "quiet" }));
      for (const edge of near.filter((each) => each.relation_label === relation)) {
        const line = button("", () => focus(edge.iri));
        line.append(make("span", edge.level_label, { class: "badge" }));
        if (edge.status !== "accepted" && edge.status !== edge.level_label) {
          line.append(make("span", edge.status, { class: "badge" }));
        }
        line.append(edge.statement || `${labelOf(edge.subject)} ${relation} ${labelOf(edge.object)}`);
        parts.push(line);
      }
    }
    return parts;
  }

  const emptyCard = [...byId("card").childNodes];
  function card() {
    const [edge, node] = [edgeOf.get(chosen), nodeOf.get(chosen)];
    byId("card").replaceChildren(...(edge ? edgeCard(edge) : node ? nodeCard(node) : emptyCard));
    byId("card").parentElement.scrollTop = 0;
  }

  // ---- find

  const pairs = (text) => new Set([...text.toLowerCase()].map((_, place, all) => all.slice(place, place + 2).join("")));

  const likeness = (x, y) => (2 * [...x].filter((pair) => y.has(pair)).length) / (x.size + y.size || 1); // Dice

  function find(text) {
    const list = byId("hits");
    const wanted = text.trim().toLowerCase();
    list.hidden = !wanted;
    list.replaceChildren();
    if (!wanted) return;
    const has = (...texts) => texts.some((each) => (each || "").toLowerCase().includes(wanted));
    const nodes = network.nodes.filter((node) => has(node.label, node.curie, ...node.synonyms));
    const edges = network.edges.filter((edge) => has(edge.statement, ...edge.evidence.map((note) => note.words)));
    const open = (iri) => () => { list.hidden = true; focus(iri); if (boxOf.has(iri)) boxOf.get(iri).focus(); };
    nodes.forEach((node) => list.append(button(`${node.label} (${node.kind})`, open(node.iri))));
    edges.slice(0, 20).forEach((edge) => list.append(button("— " + edge.statement, open(edge.iri))));
    if (nodes.length || edges.length) return;
    list.append(make("p", "Nothing found. Nearest labels:", { class: "quiet" }));
    const score = (node) => Math.max(...[node.label, ...node.synonyms].map((label) => likeness(pairs(label), pairs(wanted))));
    const ranked = network.nodes.map((node) => [score(node), node]).sort((a, b) => b[0] - a[0]);
    ranked.slice(0, 3).forEach(([, node]) => list.append(button(node.label, open(node.iri))));
  }

  // ---- downloads

  function save(name, text, type) {
    const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function csv() {
    const cell = (value) => {
      if (typeof value === "number") return value;
      // a cell that begins like a formula would be run by a spreadsheet
      return `"${String(value).replace(/^(?=[=+\-@\t\r])/, "'").replace(/"/g, '""')}"`;
    };
    const rows = network.edges.filter(edgeIsShown).map((edge) => ({
      assertion: edge.iri, subject: edge.subject, subject_label: labelOf(edge.subject),
      relation: edge.relation, relation_label: edge.relation_label, object: edge.object, object_label: labelOf(edge.object),
      status: edge.status, level: edge.level, level_label: edge.level_label, sign: edge.sign, context: edge.context,
      statement: edge.statement, sources: edge.evidence.map((note) => note.source_label).join("; "),
    }));
    const lines = [Object.keys(rows[0] || {}), ...rows.map(Object.values)].map((cells) => cells.map(cell).join(","));
    return lines.join("\r\n") + "\r\n";
  }

  // ---- keyboard and mouse

  // Right and left follow the best supported line, up and down go through the column.
  function neighbour(iri, key) {
    if (key === "ArrowUp" || key === "ArrowDown") {
      const column = boxes.filter((each) => columnOf(each) === columnOf(iri) && nodeIsShown(each));
      return column[column.indexOf(iri) + (key === "ArrowUp" ? -1 : 1)];
    }
    const [from, to] = key === "ArrowRight" ? ["subject", "object"] : ["object", "subject"];
    const lines = network.edges.filter((edge) => edge[from] === iri && edgeIsShown(edge)).sort((a, b) => b.level - a.level);
    return lines.length ? lines[0][to] : undefined;
  }

  function toggle(name) {
    for (const part of ["table", "query"]) {
      byId(part).hidden = part !== name || !byId(part).hidden;
      byId(part + "-button").setAttribute("aria-pressed", String(!byId(part).hidden));
    }
    byId("picture").hidden = !byId("table").hidden;
  }

  function ownKey(target) {
    const group = target.closest ? target.closest(".node, .chip, .edge") : null;
    return group ? group.dataset.iri || group.dataset.node : "";
  }

  svg.addEventListener("click", (event) => focus(ownKey(event.target)));
  svg.addEventListener("mouseover", (event) => { if (!chosen && ownKey(event.target)) light(reach(ownKey(event.target))); });
  svg.addEventListener("mouseout", () => { if (!chosen) light(null); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const iri = ownKey(event.target);
    if (event.key === "Escape") {
      find(byId("find").value = "");
      focus("");
    } else if (iri && (event.key === "Enter" || event.key === " ")) focus(iri);
    else if (iri && event.key.startsWith("Arrow")) {
      const next = boxOf.get(neighbour(iri, event.key));
      if (next) next.focus();
    } else if (/^(INPUT|BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
    else if (event.key === "/") byId("find").focus();
    else if (event.key === "t") toggle("table");
    else return;
    event.preventDefault();
  });
  byId("find").addEventListener("input", (event) => find(event.target.value));
  byId("find").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && byId("hits").querySelector("button")) byId("hits").querySelector("button").click();
  });
  for (const box of document.querySelectorAll("aside input")) {
    box.addEventListener("change", () => { hidden[box.checked ? "delete" : "add"](box.dataset.key); update(); });
  }
  byId("level").addEventListener("input", (event) => { level = Number(event.target.value); update(); });
  byId("reset").addEventListener("click", () => { level = 0; hidden.clear(); tick(); update(); });
  for (const part of ["table", "query"]) byId(part + "-button").addEventListener("click", () => toggle(part));
  byId("svg-button").addEventListener("click", () => save("network.svg", picture, "image/svg+xml"));
  byId("csv-button").addEventListener("click", () => save("network.csv", csv(), "text/csv"));

  // the check boxes say what is hidden, also when the address or the reset button said so
  const tick = () => document.querySelectorAll("aside input").forEach((box) => { box.checked = !hidden.has(box.dataset.key); });

  const picture = new XMLSerializer().serializeToString(svg); // before the script marks anything in it
  for (const line of lineOf.values()) { // a thin line is hard to hit
    const hit = line.querySelector(".wire").cloneNode();
    hit.removeAttribute("stroke-dasharray");
    hit.setAttribute("class", "hit");
    line.append(hit);
  }

  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    level = Math.max(0, Math.min(5, Number(state.get("level")) || 0));
    hidden.clear();
    (state.get("hide") || "").split(",").filter(Boolean).forEach((key) => hidden.add(key));
    tick();
    focus(state.get("focus") || "");
  }
  document.documentElement.classList.add("script");
  toggle(""); // shows the picture alone
  window.addEventListener("hashchange", restore);
  restore();
})();
