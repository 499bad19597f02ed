// What is wrong with the open page for a reader with a keyboard, a screen reader or weak eyes: a list of sentences.
// Names are computed by the browser itself (tests/browser.py); here is what it does not judge.
(() => {
  const problems = [];
  const say = (what, element) => {
    const name = element ? `<${element.localName}${element.id ? "#" + element.id : ""} class="${element.getAttribute("class") || ""}"> ` : "";
    const line = `${what}: ${name}${element ? (element.textContent || "").trim().slice(0, 40) : ""}`;
    if (!problems.includes(line)) problems.push(line);
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.getClientRects().length > 0;

  // ---- the page as a whole
  const isPage = document.documentElement.localName === "html";
  if (isPage) {
    if (!document.documentElement.lang) say("the page does not say its language");
    if (!document.title.trim()) say("the page has no title");
    if (!document.querySelector("main, [role=main]")) say("the page has no main part");
    if (all("h1").filter(seen).length !== 1) say(`the page has ${all("h1").filter(seen).length} first headings, not one`);
    if (/user-scalable\s*=\s*no|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content || "")) say("zooming is switched off");
  }
  let last = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(seen)) {
    const rank = Number(heading.localName[1]);
    if (rank > last + 1) say(`a heading skips from ${last} to ${rank}`, heading);
    last = rank;
  }
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((each, place) => ids.indexOf(each) !== place))) say(`the id ${id} is there twice`);
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const element of all(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) if (!document.getElementById(id)) say(`${name} names no element (${id})`, element);
    }
  }
  for (const element of all("[tabindex]")) if (Number(element.getAttribute("tabindex")) > 0) say("tabindex above 0 breaks the order", element);
  for (const element of all("[aria-hidden=true]")) {
    if (element.querySelector("a[href], button, input, [tabindex='0']")) say("something that takes the focus is hidden from screen readers", element);
  }
  for (const table of all("table")) {
    if (!table.querySelector("caption") && !table.getAttribute("aria-label")) say("a table has no caption", table);
    if ([...table.querySelectorAll("th")].some((head) => !head.scope)) say("a head of a table does not say what it heads", table);
    if (!table.querySelector("th")) say("a table has no heads", table);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) say(`the page is wider than the window (${document.documentElement.scrollWidth} px)`);

  // ---- contrast of text (WCAG 1.4.3)
  const parse = (colour) => {
    const parts = (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const over = (top, below) => [0, 1, 2].map((place) => top[place] * top[3] + below[place] * (1 - top[3])).concat(1);
  function ground(element) { // what lies behind: backgrounds of HTML, filled shapes drawn before the text in SVG
    const layers = [];
    const at = element.getBoundingClientRect();
    const middle = [at.x + at.width / 2, at.y + at.height / 2];
    if (element.closest("svg")) {
      const shapes = [...element.closest("svg").querySelectorAll("rect, circle, ellipse, polygon, path, text")];
      for (const shape of shapes.slice(0, shapes.indexOf(element)).reverse()) {
        if (shape.localName === "text" || !seen(shape)) continue;
        const fill = getComputedStyle(shape).fill;
        const box = shape.getBoundingClientRect();
        const covers = box.left <= middle[0] && middle[0] <= box.right && box.top <= middle[1] && middle[1] <= box.bottom;
        if (fill === "none" || !covers) continue;
        if (shape.localName === "path") {
          const here = new DOMPoint(...middle).matrixTransform(shape.getScreenCTM().inverse());
          if (!shape.isPointInFill(here)) continue;
        }
        const colour = parse(fill);
        colour[3] *= Number(getComputedStyle(shape).fillOpacity);
        layers.push(colour);
        if (colour[3] >= 1) break;
      }
    }
    for (let here = element; here && !(layers.length && layers.at(-1)[3] >= 1); here = here.parentElement) {
      const style = getComputedStyle(here);
      if (style.backgroundImage !== "none") return null; // a picture behind: not for a program to judge
      layers.push(parse(style.backgroundColor));
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches && getComputedStyle(document.documentElement).colorScheme.includes("dark");
    return layers.reverse().reduce((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  }
  const holders = new Set();
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) holders.add(walker.currentNode.parentElement);
  let checked = 0;
  for (const holder of holders) {
    if (["script", "style", "title", "desc", "option", "noscript"].includes(holder.localName) || !seen(holder) || checked > 1500) continue;
    if (holder.closest("[disabled], [aria-disabled=true]")) continue;
    checked += 1;
    const style = getComputedStyle(holder);
    const behind = ground(holder.closest("text") || holder);
    if (!behind) continue;
    const front = over(parse(holder.namespaceURI.endsWith("svg") ? style.fill : style.color), behind);
    const [low, high] = [light(front), light(behind)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < wanted - 0.005) say(`contrast ${ratio.toFixed(2)}:1, ${wanted}:1 is wanted`, holder);
  }

  // ---- for the walk with Tab
  window.__stop = () => {
    const here = document.activeElement;
    if (!here || here === document.body || here === document.documentElement) return null;
    if (window.__stops.includes(here)) return { again: true, problems: [] };
    const found = [];
    const name = `<${here.localName}${here.id ? "#" + here.id : ""} class="${here.getAttribute("class") || ""}">`;
    const before = window.__stops.at(-1);
    if (before && before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING) found.push(`the focus goes back: ${name}`);
    if (!seen(here)) found.push(`the focus is on something not seen: ${name}`);
    const marks = (element) => ["outlineStyle", "outlineWidth", "stroke", "strokeWidth", "boxShadow"].map((each) => getComputedStyle(element)[each]).join();
    const parts = [here, ...here.querySelectorAll("rect, path, circle")].slice(0, 6);
    const with_focus = parts.map(marks).join();
    here.blur();
    const without = parts.map(marks).join();
    here.focus({ preventScroll: true });
    if (with_focus === without) found.push(`the focus cannot be seen: ${name}`);
    window.__stops.push(here);
    return { again: false, problems: found };
  };
  return problems;
})()
