// What the service delivers: a report over tokens and the account's stored messages, all of it opaque. README.md gives
// the format. It is checked for its shape here, once; nothing in it is trusted.

import { fromHex, toHex } from "../endkey/bytes.mjs";

export const FORMAT = "endkey-report-1";

/**
 * @typedef {import("../endkey/protocol/person.mjs").Messages} Messages
 * @typedef {{token: string, milliseconds: number}} Application
 * What the service tells of an agent, in one; `repeated` are the tokens that it tells more than once.
 * @typedef {{agent_id: string, name: string, request: Uint8Array | null, applications: Application[],
 *   batches: Uint8Array[], erased: {first: number, last: number}[], repeated: string[]}} AgentReport
 * Where blobs are: at an address, or where a function of agent and digest finds them.
 * @typedef {string | ((agent: string, digest: string) => Promise<Uint8Array | null>)} Blobs
 * @typedef {{account: Messages, agents: AgentReport[], notes: string[], blobs: Blobs | null}} Report
 */

/** A report that is not of this format, or not from this page's own origin. */
export class ReportError extends Error {}

const ASK = "Ask whoever runs the service.";

/** @param {string} address */
function own(address) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new ReportError("What is shown has to come from the origin of this page.");
  return url;
}

/** @param {string | null} address @returns {Promise<Report>} */
export async function fetchReport(address) {
  if (address === null) throw new ReportError("Name the report in the address: dashboard.html?service=report.json");
  const url = own(address);
  const response = await fetch(url, { cache: "no-store" }).catch(() => {
    throw new ReportError("The service does not answer. Look whether this computer is online, and try again.");
  });
  if (!response.ok) {
    throw new ReportError(`The service answered ${response.status} for ${url.pathname}. Look whether the address is `
      + "right; if it is, try again in a while.");
  }
  let json;
  try {
    json = await response.json();
  } catch {
    throw new ReportError(`The report is not JSON. ${ASK}`);
  }
  return readReport(json);
}

/**
 * A document of the service's, parsed as HTML: neither shown, nor run, nor does it load anything.
 * @param {string} address @returns {Promise<Document>}
 */
export function fetchDocument(address) {
  const { href, pathname } = own(address);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", href);
    request.responseType = "document";
    request.overrideMimeType("text/html; charset=utf-8");
    request.onloadend = () => (request.status === 200 && request.responseXML !== null
      ? resolve(request.responseXML) : reject(new ReportError(`The service gave no document for ${pathname}. ${ASK}`)));
    request.send();
  });
}

/**
 * A blob of an agent, by its digest; null where the service has it not.
 * @param {Blobs} blobs @param {string} agent @param {string} digest
 * @returns {Promise<Uint8Array | null>}
 */
export async function fetchBlob(blobs, agent, digest) {
  if (typeof blobs === "function") return blobs(agent, digest);
  const response = await fetch(own(`${blobs}/${agent}/${digest}`));
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

/** @param {any} json @returns {Report} */
export function readReport(json) {
  if (json?.format !== FORMAT) throw new ReportError(`The report's format is not ${FORMAT}. ${ASK}`);
  const { account } = json;
  return {
    account: {
      head: bytes(account?.head, "account.head"),
      person_keys: bytes(account.person_keys, "account.person_keys"),
      account_state: bytes(account.account_state, "account.account_state"),
      password_wrap: optional(account.password_wrap, "account.password_wrap"),
      grant: optional(account.grant, "account.grant"),
      owner_vault: bytes(account.owner_vault, "account.owner_vault"),
      rule_set: optional(account.rule_set, "account.rule_set"),
    },
    agents: inOne(list(json.agents, "agents").map((agent) => ({
      agent_id: toHex(bytes(agent?.agent_id, "agent_id")),
      name: text(agent.name, "name"),
      request: optional(agent.request, "request"),
      applications: list(agent.applications, "applications").map((row) => ({
        token: text(row?.token, "token"),
        milliseconds: count(row.milliseconds, "milliseconds"),
      })),
      batches: list(agent.batches, "batches").map((batch) => bytes(batch, "batches")),
      erased: list(agent.erased, "erased").map((range) =>
        ({ first: count(range?.first, "erased"), last: count(range.last, "erased") })),
    }))),
    notes: list(json.notes, "notes").map((note) => text(note, "notes")),
    blobs: json.blobs === undefined || json.blobs === null ? null : text(json.blobs, "blobs"),
  };
}

/**
 * Each agent once, and each token of it once, with all that is told of it.
 * @param {Omit<AgentReport, "repeated">[]} told @returns {AgentReport[]}
 */
export function inOne(told) {
  /** @type {Map<string, Omit<AgentReport, "repeated">[]>} */
  const agents = new Map();
  for (const one of told) agents.set(one.agent_id, [...(agents.get(one.agent_id) ?? []), one]);
  return [...agents].map(([agent_id, all]) => {
    /** @type {Map<string, number>} */
    const sums = new Map();
    const repeated = new Set(all.slice(1).map(({ name }) => name));
    for (const { token, milliseconds } of all.flatMap(({ applications }) => applications)) {
      if (sums.has(token)) repeated.add(token);
      sums.set(token, (sums.get(token) ?? 0) + milliseconds);
    }
    return {
      agent_id, name: all[0].name, request: all.find(({ request }) => request !== null)?.request ?? null,
      applications: [...sums].map(([token, milliseconds]) => ({ token, milliseconds })),
      batches: all.flatMap(({ batches }) => batches), erased: all.flatMap(({ erased }) => erased),
      repeated: [...repeated],
    };
  });
}

/** @param {any} value @param {string} name */
function text(value, name) {
  if (typeof value !== "string") throw new ReportError(`The report's ${name} is not a text. ${ASK}`);
  return value;
}

/** @param {any} value @param {string} name */
function bytes(value, name) {
  try {
    return fromHex(text(value, name));
  } catch {
    throw new ReportError(`The report's ${name} is not lower-case hexadecimal. ${ASK}`);
  }
}

/** @param {any} value @param {string} name */
const optional = (value, name) => (value === null ? null : bytes(value, name));

/** @param {any} value @param {string} name @returns {any[]} */
function list(value, name) {
  if (!Array.isArray(value)) throw new ReportError(`The report's ${name} is not a list. ${ASK}`);
  return value;
}

/** @param {any} value @param {string} name @returns {number} */
function count(value, name) {
  if (!Number.isSafeInteger(value) || value < 0) throw new ReportError(`The report's ${name} is not a count. ${ASK}`);
  return value;
}
