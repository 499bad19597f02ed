"use strict";
// Find terms in the reference page. Without this script the tree and all entries are still there.
(() => {
  const byId = (id) => document.getElementById(id);
  const find = byId("find");
  const entries = [...document.querySelectorAll("[data-entry]")];
  const sections = [...document.querySelectorAll("main > section:not(.about)")];
  const leaves = [...document.querySelectorAll("nav li")];
  const folds = [...document.querySelectorAll("nav details, main details")];
  const closed = folds.map((fold) => fold.open);
  // What an entry is found by: its own words, not the names of its neighbours.
  const own = (entry) => [...entry.querySelectorAll("h3, dd:not(.away), th, td")].map((part) => part.textContent);
  const words = new Map(entries.map((entry) => [entry, own(entry).join(" ").toLowerCase().replace(/\s+/g, " ")]));
  const head = (entry) => (entry.querySelector("h3, th") ?? entry).textContent.toLowerCase();
  document.documentElement.classList.add("script");

  // A term whose label begins with the words stands before one that only has them in its text.
  const rank = (entry, wanted) => (head(entry).startsWith(wanted) ? 0 : head(entry).includes(wanted) ? 1 : 2);

  function show() {
    const wanted = find.value.trim().toLowerCase().replace(/\s+/g, " ");
    let found = 0;
    for (const entry of entries) {
      entry.hidden = wanted !== "" && !words.get(entry).includes(wanted);
      if (!entry.hidden) found += 1;
    }
    for (const section of sections) section.hidden = wanted !== "" && !section.querySelector("[data-entry]:not([hidden])");
    const shown = new Set(entries.filter((entry) => !entry.hidden).map((entry) => "#" + encodeURI(entry.id)));
    const isShown = (link) => shown.has(link.getAttribute("href"));
    for (const leaf of leaves) leaf.hidden = wanted !== "" && ![...leaf.querySelectorAll("a")].some(isShown);
    folds.forEach((fold, place) => {
      const inNav = fold.closest("nav") !== null;
      fold.hidden = wanted !== "" && inNav && ![...fold.querySelectorAll("li a")].some(isShown);
      fold.open = wanted !== "" ? true : closed[place];
    });
    byId("found").textContent = wanted === "" ? "" : `${found} of ${entries.length}`;
    byId("nothing").hidden = wanted === "" || found > 0;
  }

  function clear() {
    if (find.value === "") return;
    find.value = "";
    show();
  }

  // An address may name an entry that is folded away or that the search hides.
  function open() {
    const entry = document.querySelector(":target"); // the browser knows how to read an address
    if (!entry) return;
    if (entry.closest("[hidden]")) clear();
    for (let fold = entry.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    entry.scrollIntoView();
  }

  let waiting = 0;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 80);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    show();
    const wanted = find.value.trim().toLowerCase();
    const hits = entries.filter((entry) => !entry.hidden).sort((one, two) => rank(one, wanted) - rank(two, wanted));
    if (wanted !== "" && hits.length > 0) location.hash = encodeURI(hits[0].id);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && find.value !== "") {
      clear();
      open(); // stay with the entry of the address, which the others may have pushed away
    }
    if (event.key !== "/" || event.target === find || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    find.focus();
    find.select();
  });
  window.addEventListener("hashchange", open);
  show();
  open();
})();
