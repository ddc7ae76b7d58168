// Draws the report: for each agent, time by application. Locked, rows are what the service groups by, its tokens;
// unlocked, rows whose values are equal in several epochs become one. All text goes in as text nodes.

import { openedElement } from "./reveal.mjs";

/**
 * @typedef {import("./opener.mjs").Opening} Opening
 * @typedef {{token: string, value: string | undefined, milliseconds: number}} Row
 * @typedef {{agent_id: string, name: string, applications: {token: string, milliseconds: number}[]}} AgentRows
 * @typedef {"time" | "name"} Order
 */

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
 * @param {{token: string, milliseconds: number}[]} applications
 * @param {Map<string, Opening>} openings
 * @returns {Row[]}
 */
export function merged(applications, openings) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const { token, milliseconds } of applications) {
    const opening = openings.get(token);
    const value = opening !== undefined && "value" in opening ? opening.value : undefined;
    const key = value === undefined ? `token ${token}` : `value ${value}`;
    const row = rows.get(key) ?? { token, value, milliseconds: 0 };
    row.milliseconds += milliseconds;
    rows.set(key, row);
  }
  return [...rows.values()];
}

/**
 * By name, what is open stands before what is not.
 * @param {Order} order @returns {(a: Row, b: Row) => number}
 */
function comparison(order) {
  const byName = (/** @type {Row} */ a, /** @type {Row} */ b) =>
    Number(a.value === undefined) - Number(b.value === undefined)
    || (a.value ?? a.token).localeCompare(b.value ?? b.token, undefined, { sensitivity: "base", numeric: true });
  return order === "name" ? byName : (a, b) => b.milliseconds - a.milliseconds || byName(a, b);
}

/**
 * An opened value, or the token, for the revealer to mark.
 * @param {string} name @param {string} token @param {string | undefined} value
 */
const label = (name, token, value) => element(name, "label", value === undefined ? token : openedElement(value));

/** @param {Row} row @param {number} greatest */
function drawRow(row, greatest) {
  const bar = element("span", "bar");
  bar.style.setProperty("--share", String(greatest === 0 ? 0 : row.milliseconds / greatest));
  const drawn = element("li", "row",
    label("span", row.token, row.value), bar, element("span", "time", duration(row.milliseconds)));
  drawn.dataset.milliseconds = String(row.milliseconds);
  return drawn;
}

/**
 * @param {AgentRows} agent
 * @param {Map<string, Opening>} openings
 * @param {Order} order
 */
function drawAgent(agent, openings, order) {
  const rows = merged(agent.applications, openings).sort(comparison(order));
  const greatest = rows.reduce((most, row) => Math.max(most, row.milliseconds), 0);
  const opening = openings.get(agent.name);
  const name = label("h2", agent.name, opening !== undefined && "value" in opening ? opening.value : undefined);
  const total = sum(rows);
  const drawn = element("section", "agent",
    element("header", "", name, element("span", "time", duration(total))),
    element("ol", "rows", ...rows.map((row) => drawRow(row, greatest))));
  drawn.dataset.agent = agent.agent_id;
  drawn.dataset.milliseconds = String(total);
  return drawn;
}

/**
 * @param {HTMLElement} place
 * @param {AgentRows[]} agents
 * @param {Map<string, Opening>} openings
 * @param {Order} order
 */
export function drawReport(place, agents, openings, order) {
  place.replaceChildren(...agents.map((agent) => drawAgent(agent, openings, order)));
}
