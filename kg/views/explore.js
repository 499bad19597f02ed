"use strict";
// Free exploration of a network that vis-network draws. Every text goes into the page as text, never as markup.
document.documentElement.classList.add("script");
const byId = (id) => document.getElementById(id);
const nodes = new vis.DataSet(NODES);
const edges = new vis.DataSet(EDGES);
const places = new Map(NODES.map((node) => [node.id, { id: node.id, x: node.x, y: node.y }]));
const network = new vis.Network(byId("mynetwork"), { nodes, edges }, OPTIONS);
byId("mynetwork").tabIndex = 0;

// The whole of a large network would be too small to read: the first view is as wide as the picture, from its top left.
function firstView() {
  const spots = [...places.values()];
  const [left, right] = [Math.min(...spots.map((spot) => spot.x)) - 90, Math.max(...spots.map((spot) => spot.x)) + 110];
  const top = Math.min(...spots.map((spot) => spot.y)) - 20;
  const { clientWidth: width, clientHeight: height } = byId("mynetwork");
  const scale = Math.min(Math.max(width / (right - left), 0.62), 1.2);
  network.moveTo({ scale, position: { x: left + width / scale / 2, y: top + height / scale / 2 } });
}
let untouched = NODES.length > 0;
for (const event of ["click", "dragStart", "zoom"]) network.on(event, () => { untouched = false; });
for (const event of ["resize", "afterDrawing"]) {
  network[event === "resize" ? "on" : "once"](event, () => setTimeout(() => untouched && firstView(), 0)); // after its own
}

function line(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

function show(record) {
  if (!record || !record.card) return;
  const [heading, ...rest] = record.card;
  byId("card").replaceChildren(line("h2", heading), ...rest.map((text) => line("p", text)));
}

function clear() {
  network.unselectAll();
  byId("card").replaceChildren(line("p", "Click a box or a line, or find a term, to see what stands behind it."));
}

network.on("click", (event) => {
  if (event.nodes.length) show(nodes.get(event.nodes[0]));
  else if (event.edges.length) show(edges.get(event.edges[0]));
  else clear();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });

// ---- find: by the label that a box has
const named = NODES.filter((node) => node.name);
byId("terms").append(...named.map((node) => { const option = document.createElement("option"); option.value = node.name; return option; }));
byId("find").addEventListener("change", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  const found = wanted && (named.find((node) => node.name.toLowerCase() === wanted) || named.find((node) => node.name.toLowerCase().includes(wanted)));
  if (!found) {
    if (wanted) byId("card").replaceChildren(line("p", `No box is called “${event.target.value}”.`));
    return;
  }
  network.selectNodes([found.id]);
  network.focus(found.id, { scale: 1.1 });
  show(nodes.get(found.id));
});

// ---- places
byId("fit").addEventListener("click", () => { untouched = false; network.fit(); });
byId("back").addEventListener("click", () => {
  byId("loose").checked = false;
  network.setOptions({ physics: { enabled: false } });
  nodes.update([...places.values()]);
  firstView();
});
byId("loose").addEventListener("change", (event) => network.setOptions({ physics: { enabled: event.target.checked } }));
