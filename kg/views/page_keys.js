// Keys, mouse, and the address of the page: it runs last and starts the page.

// Right and left follow the best supported line, up and down go through the column.
function neighbour(iri, key) {
  const shown = [...boxOf.keys()].filter((each) => boxOf.get(each).getClientRects().length);
  if (key === "ArrowUp" || key === "ArrowDown") {
    const column = shown.filter((each) => boxOf.get(each).dataset.column === boxOf.get(iri).dataset.column);
    return column[column.indexOf(iri) + (key === "ArrowUp" ? -1 : 1)];
  }
  const [near, to] = key === "ArrowRight" ? [leaving, "object"] : [coming, "subject"];
  const lines = termsOf(iri).flatMap((node) => near.get(node)).filter((edge) => isShown(edge) && boxIri(edge[to]) !== iri);
  return lines.length ? boxIri(lines.sort((a, b) => b.level - a.level)[0][to]) : undefined;
}

function view(name) {
  for (const part of ["table", "query"]) {
    byId(part).hidden = part !== name;
    byId(part + "-button").setAttribute("aria-pressed", String(part === name));
  }
  byId("picture").hidden = name === "table";
  if (name === "table") unfold();
}
const viewed = () => ["table", "query"].find((part) => !byId(part).hidden) || "";
const toggle = (name) => { view(viewed() === name ? "" : name); remember(); };

const groupOf = (target) => (target.closest ? target.closest(".node, .chip, .edge") : null);
const keyOf = (group) => (group ? group.dataset.iri || group.dataset.node : "");
function act(group) {
  if (group && group.classList.contains("chip")) openChip(group.dataset.node);
  else focus(keyOf(group));
}

svg.addEventListener("click", (event) => { if (!event.target.closest(".opened")) act(groupOf(event.target)); });
svg.addEventListener("mouseover", (event) => { if (!chosen && groupOf(event.target)) light(reach(keyOf(groupOf(event.target)))); });
svg.addEventListener("mouseout", () => { if (!chosen) light(null); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const group = groupOf(event.target);
  const hit = event.target.closest && event.target.closest("#hits button");
  if (event.key === "Escape") {
    find(byId("find").value = "");
    opened = "";
    focus("");
  } else if (group && (event.key === "Enter" || event.key === " ")) act(group);
  else if (group && event.key.startsWith("Arrow")) {
    const next = boxOf.get(neighbour(keyOf(group), event.key));
    if (next) next.focus();
  } else if (hit && /^Arrow(Up|Down)$/.test(event.key)) {
    const next = event.key === "ArrowDown" ? hit.nextElementSibling : hit.previousElementSibling || byId("find");
    if (next) next.focus();
  } else if (/^(INPUT|BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
  else if (event.key === "/") byId("find").focus();
  else if (event.key === "t") toggle("table");
  else return;
  event.preventDefault();
});
byId("find").addEventListener("input", (event) => { find(event.target.value); remember(); });
byId("find").addEventListener("keydown", (event) => {
  const first = byId("hits").querySelector("button");
  if (event.key === "Enter" && first) first.click();
  if (event.key === "ArrowDown" && first) { first.focus(); event.preventDefault(); }
});
for (const box of all("aside input")) {
  box.addEventListener("change", () => { hidden[box.checked ? "delete" : "add"](box.dataset.key); update(); });
}
byId("hypotheses").addEventListener("change", update);
byId("level").addEventListener("input", (event) => { level = Number(event.target.value); update(); });
byId("reset").addEventListener("click", () => { level = 0; hidden.clear(); tick(); update(); });
for (const part of ["table", "query"]) byId(part + "-button").addEventListener("click", () => toggle(part));
byId("svg-button").addEventListener("click", () => save("network.svg", new Blob([picture], { type: "image/svg+xml" })));
byId("png-button").addEventListener("click", png);
byId("csv-button").addEventListener("click", () => save("network.csv", new Blob([csv()], { type: "text/csv" })));

// the check boxes say what is hidden, also when the address or the reset button said so
const tick = () => all("aside input").forEach((box) => { box.checked = !hidden.has(box.dataset.key); });

for (const line of lineOf.values()) { // a thin line is hard to hit
  const hit = line.querySelector(".wire").cloneNode();
  hit.removeAttribute("stroke-dasharray");
  hit.setAttribute("class", "hit");
  line.append(hit);
}

// ---- the address keeps what is seen: a link to it shows the same

function remember() {
  const parts = {
    focus: chosen, open: opened, level: level || "", hide: [...hidden].sort().join(","),
    hypotheses: byId("hypotheses").checked ? "shown" : "", view: viewed(), find: byId("find").value,
  };
  const text = Object.entries(parts).filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  try {
    history.replaceState(null, "", text.length ? "#" + text.join("&") : location.pathname + location.search);
  } catch { /* in the frame of a notebook the page has no address of its own */ }
}

function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  level = Math.max(0, Math.min(6, Math.trunc(Number(state.get("level"))) || 0));
  hidden.clear();
  const keys = all("aside input").map((box) => box.dataset.key);
  (state.get("hide") || "").split(",").filter((key) => keys.includes(key)).forEach((key) => hidden.add(key));
  byId("hypotheses").checked = state.get("hypotheses") === "shown";
  opened = chipOf.has(state.get("open")) ? state.get("open") : "";
  byId("find").value = state.get("find") || "";
  view(["table", "query"].includes(state.get("view")) ? state.get("view") : "");
  tick();
  const wanted = state.get("focus") || "";
  find(wanted ? "" : byId("find").value);
  focus(wanted);
}
document.documentElement.classList.add("script");
window.addEventListener("hashchange", restore);
restore();
