// What a person wants to be told of, what the service says of it, and that something is new (`spec/http.md`, section
// 13). All of it is a hint.

import { all } from "./reading.mjs";
import { isCount, isCountOrNone, isHash, isId, isOneOf, json, MEDIA, typed, Unsettled } from "./service.mjs";

/**
 * An alert as it is put; `on` says which of the other members there are.
 * @typedef {{id: string, from: number, on: "time" | "silence" | "expiry", ms: number, is?: "more" | "less",
 *   per?: "agent" | "account", agents?: string[], tokens?: string[], categories?: string[]}} Alert
 * @typedef {{days: number[], items: Alert[]}} AlertList
 * @typedef {{ordinal: number, alert: string, agent: string | null, day: number, ms: number, at: number,
 *   acknowledged: number | null}} Firing
 * @typedef {{id: number, lists: string[], vault: string}} Event
 */

/** @typedef {import("./service.mjs").Service} Service */

const isAlertId = (/** @type {unknown} */ value) => typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
const isListOf = (/** @type {(value: unknown) => boolean} */ isIt) => (/** @type {unknown} */ value) =>
  value === undefined || (Array.isArray(value) && value.every(isIt));
const isText = (/** @type {unknown} */ value) => typeof value === "string";
const FIRING_ITEM = {
  ordinal: isCount, alert: isAlertId, agent: (/** @type {unknown} */ value) => value === null || isId(value),
  day: isCount, ms: isCount, at: isCount, acknowledged: isCountOrNone,
};
const ALERT = { id: isAlertId, from: isCount, on: isOneOf("time", "silence", "expiry"), ms: isCount };
const SUM = { is: isOneOf("more", "less"), per: isOneOf("agent", "account") };
/** Bytes of an event that is none. */
const EVENT_MAX = 65_536;

/**
 * The list as the service has it, and its tag.
 * @param {Service} service @param {string} path of the account
 * @returns {Promise<{list: AlertList, tag: string}>}
 */
export async function readAlerts(service, path) {
  const answer = await service.request("GET", `${path}/alerts`, { answer: MEDIA.json });
  const { days, items } = typed("a list of alerts", json(answer), { days: Array.isArray, items: Array.isArray });
  for (const item of items) {
    const { on, agents, tokens, categories } = typed("an alert", item, ALERT);
    if (on === "time") typed("an alert", item, SUM);
    const isWhole = isListOf(isId)(agents) && isListOf(isText)(tokens) && isListOf(isText)(categories);
    if (!isWhole) throw new Unsettled("an alert selects by what it can not");
  }
  if (!days.every(isCount)) throw new Unsettled("a list of alerts has other days than it has to have");
  return { list: { days, items }, tag: answer.headers.get("ETag") ?? "" };
}

/**
 * Replaces the list that has a tag.
 * @param {Service} service @param {string} path @param {AlertList} list @param {string} tag
 */
export async function writeAlerts(service, path, list, tag) {
  await service.request("PUT", `${path}/alerts`, {
    body: new TextEncoder().encode(JSON.stringify(list)), type: MEDIA.json, headers: { "If-Match": tag }, done: [204],
  });
}

/**
 * What fired, as the service says.
 * @param {Service} service @param {string} path @returns {Promise<Firing[]>}
 */
export const readFirings = (service, path) => all(service.items(`${path}/firings`, "", FIRING_ITEM));

/**
 * Says that firings were seen.
 * @param {Service} service @param {string} path @param {number[]} firings ordinals
 */
export async function acknowledge(service, path, firings) {
  await service.post(`${path}/acknowledgements`, { firings });
}

/**
 * Events, until the service ends the answer. Throws Problem or Unsettled where it gives none.
 * @param {Service} service @param {string} path @param {number | null} after the event that came last
 * @returns {AsyncGenerator<Event>}
 */
export async function* readEvents(service, path, after) {
  /** @type {Record<string, string>} */
  const headers = after === null ? {} : { "Last-Event-ID": String(after) };
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of service.parts(`${path}/events`, { headers, answer: MEDIA.events })) {
    text += decoder.decode(part, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    if (text.length > EVENT_MAX) throw new Unsettled("an event does not end");
    for (const event of events) {
      const fields = Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (fields.event === "changed") yield eventOf(fields);
    }
  }
}

/** @param {Record<string, string>} fields */
function eventOf({ id, data }) {
  const { lists, vault } = typed("an event", json({ body: new TextEncoder().encode(data) }),
    { lists: Array.isArray, vault: isHash });
  if (!/^\d+$/.test(id ?? "") || !isCount(Number(id))) throw new Unsettled("an event has no id");
  return { id: Number(id), lists: lists.filter(isText), vault };
}
