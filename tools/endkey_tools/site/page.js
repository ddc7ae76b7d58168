"use strict";

// Every block of code can be copied.
for (const block of document.querySelectorAll(".block")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent.trim() + "\n");
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block.querySelector("pre"));
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.append(button);
}

// What can be found: sections by number and title, requirements by id and text, error codes by name and trigger.
const texts = (selector, id, name, text) => [...document.querySelectorAll(selector)].map((element) => ({
  id: id(element), name: name(element), text: text(element).replace(/\s+/g, " ").trim(),
}));
const entries = [
  ...texts("section[id] > :is(h2, h3, h4):has(.section-number)", (heading) => heading.parentElement.id,
    (heading) => heading.querySelector(".section-number").textContent.trim(),
    (heading) => heading.querySelector(".section-name").textContent),
  ...texts("tr[id^=error-]", (row) => row.id, (row) => row.cells[0].textContent.trim(),
    (row) => row.cells[row.cells.length - 1].textContent),
  ...texts("a.requirement", (anchor) => anchor.id, (anchor) => anchor.id,
    (anchor) => anchor.parentElement.textContent.trim().slice(anchor.id.length)),
];
const MOST = 40;
const search = document.getElementById("search");
const found = document.getElementById("found");
const count = document.getElementById("count");

function show() {
  const words = search.value.toLowerCase().replace(/^§/, "").split(/\s+/).filter(Boolean);
  const starts = (entry) => entry.name.toLowerCase().startsWith(words[0]) ? 0 : 1;
  const hits = words.length === 0 ? [] : entries.filter((entry) => {
    const text = `${entry.name} ${entry.text}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }).sort((a, b) => starts(a) - starts(b));
  found.replaceChildren(...hits.slice(0, MOST).map((entry) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const name = document.createElement("b");
    link.href = `#${entry.id}`;
    name.textContent = entry.name;
    link.append(name, ` ${entry.text.slice(0, 140)}`);
    item.append(link);
    return item;
  }));
  found.hidden = hits.length === 0;
  const told = hits.length > MOST ? `${MOST} of ${hits.length}` : `${hits.length} found`;
  count.textContent = words.length === 0 ? "" : told;
}

search.addEventListener("input", show);
found.addEventListener("click", () => { found.hidden = true; });
addEventListener("keydown", (event) => {
  if (event.key === "Escape") found.hidden = true;
  if (event.key === "ArrowDown" && !found.hidden) {
    const links = [...found.querySelectorAll("a")];
    (links[links.indexOf(document.activeElement) + 1] ?? links[0]).focus();
    event.preventDefault();
  }
  if (event.key === "/" && document.activeElement !== search) {
    search.focus();
    event.preventDefault();
  }
});
