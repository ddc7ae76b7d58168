// What is drawn in more than one view: elements, times, rows with bars; and the service's report, whose rows are the
// tokens that it groups by. All text goes in as text nodes.

import { shown } from "../endkey/text/shown.mjs";
import { List } from "./list.mjs";
import { openedElement } from "./reveal.mjs";

/** @param {string} name @param {string} className @param {...(Node | string)} children */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/**
 * Hours and minutes; seconds below a minute.
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  if (milliseconds < 60_000) return `${Math.round(milliseconds / 1000)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** @param {{milliseconds: number}[]} rows */
export const sum = (rows) => rows.reduce((total, row) => total + row.milliseconds, 0);

/**
 * A row with a bar behind it: a label and a time.
 * @param {Node} label @param {number} milliseconds @param {number} greatest
 */
export function timeRow(label, milliseconds, greatest) {
  const row = element("li", "row", element("span", "label", label), element("span", "time", duration(milliseconds)));
  row.style.setProperty("--share", String(greatest === 0 ? 0 : milliseconds / greatest));
  row.dataset.milliseconds = String(milliseconds);
  return row;
}

/**
 * A text form that did not open, with the code of its refusal.
 * @param {string} text @param {string} code
 */
export function unopenedElement(text, code) {
  const made = element("span", "unopened", text);
  made.dataset.code = code;
  return made;
}

/** Lines that are laid out together. */
const LINES = 100;

/**
 * Draws lines of the service's, many of them in lists that a picture takes or leaves.
 * @param {HTMLElement} place @param {string[]} lines
 */
export function drawLines(place, lines) {
  place.replaceChildren();
  for (let at = 0; at < lines.length; at += LINES) {
    place.append(element("ul", "lines", ...lines.slice(at, at + LINES).map((line) => element("li", "", shown(line)))));
  }
}

/**
 * Draws what the service says of each computer, the longest first. A token is opened when its row comes near the
 * screen.
 * @param {HTMLElement} place @param {import("./service.mjs").AgentReport[]} agents
 * @param {import("./opener.mjs").Opener | null} opener null while locked
 */
export function drawReport(place, agents, opener) {
  const label = (/** @type {string} */ token) => {
    const text = document.createTextNode(token);
    opener?.open(token).then((opening) =>
      text.replaceWith("value" in opening ? openedElement(opening.value) : unopenedElement(token, opening.code)));
    return text;
  };
  place.replaceChildren(...agents.map(({ agent_id, name, applications }) => {
    const rows = [...applications].sort((a, b) => b.milliseconds - a.milliseconds);
    const total = sum(rows);
    const list = element("div", "");
    const drawn = element("section", "agent",
      element("header", "", element("h3", "label", name === "" ? agent_id : label(name)),
        element("span", "time", duration(total))), list);
    drawn.dataset.agent = agent_id;
    drawn.dataset.milliseconds = String(total);
    new List(list).show(rows.length, (index) =>
      timeRow(label(rows[index].token), rows[index].milliseconds, rows[0].milliseconds));
    return drawn;
  }));
}
