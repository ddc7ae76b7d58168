// Requests, answers and problems (`spec/http.md`, sections 3, 4 and 14).

const TYPE = "urn:endkey:http:1:";
const VENDOR = "application/vnd.endkey.";
/** Media types of section 4.1. */
export const MEDIA = {
  message: `${VENDOR}message`, publication: `${VENDOR}publication`, whole: `${VENDOR}whole`, grants: `${VENDOR}grants`,
  requests: `${VENDOR}requests`, batches: `${VENDOR}batches`, json: "application/json",
  events: "text/event-stream",
};
/** No answer is larger. */
const ANSWER_MAX = 128 * 2 ** 20;
/** Milliseconds without progress (H-10-4). */
const PATIENCE = 60_000;
const PAGE = 1000;
/** Which statuses a method is answered by, where it was done. */
const DONE = { GET: [200], POST: [200, 201], PUT: [200, 201], DELETE: [204] };
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** A request that was refused: the name of the problem's type, and its members. */
export class Problem extends Error {
  /** @param {number} status @param {Record<string, any>} members @param {number | null} retryAfter seconds */
  constructor(status, members, retryAfter) {
    const type = String(members.type ?? "");
    const name = type.startsWith(TYPE) ? type.slice(TYPE.length) : "";
    super(`${status} ${name}`);
    this.name = "Problem";
    this.type = name;
    this.status = status;
    this.members = members;
    this.retryAfter = retryAfter;
  }
}

/** No answer, or none that the document gives: the same bytes are sent again later (section 10). */
export class Unsettled extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why);
    this.name = "Unsettled";
  }
}

/**
 * `answer` is the media type that has to come, null for an answer without a body; `done` the statuses that say so,
 * where they are not the method's; `credential` what is shown in place of the service's. A request that `outlives` its
 * page is sent when it goes.
 * @typedef {{body?: Uint8Array | null, type?: string, headers?: Record<string, string>, answer?: string | null,
 *   done?: number[], credential?: string | null, outlives?: boolean}} About
 * @typedef {{status: number, headers: Headers, body: Uint8Array}} Answer
 */

/** A service, and the credential that is shown to it. */
export class Service {
  /** @type {string | null} */
  credential = null;
  /**
   * The incarnation of the service's data that answered last.
   * @type {string | null}
   */
  store = null;
  /** No listing has more pages. */
  pages = 10_000;

  /** @param {string} api the address that paths are below */
  constructor(api) {
    this.api = api;
  }

  /**
   * The service that a person names by its origin, and what it says of itself.
   * @param {string} origin
   */
  static async at(origin) {
    const typed = new URL(origin);
    const service = new Service(typed.origin);
    const about = json(await service.request("GET", "/.well-known/endkey", { answer: MEDIA.json }));
    const api = addressOf(about.api);
    if (api === undefined || !isBelow(api, typed)) throw new Unsettled("the service names an address of others");
    service.api = api.href.replace(/\/$/, "");
    return { service, about };
  }

  /**
   * An answer that says that it was done; 304 only where the request had a condition. Throws Problem or Unsettled
   * otherwise.
   * @param {keyof typeof DONE} method @param {string} path @param {About} [about] @returns {Promise<Answer>}
   */
  async request(method, path, about = {}) {
    const { body = null, type, headers = {}, answer = null, done = DONE[method], outlives = false } = about;
    const { credential = this.credential } = about;
    const sent = new Headers(headers);
    if (credential !== null) sent.set("Authorization", `Bearer ${credential}`);
    if (type !== undefined) sent.set("Content-Type", type);
    if (answer !== null && answer !== MEDIA.message) sent.set("Accept", answer);
    const patience = new Patience();
    try {
      const response = await fetch(this.api + path, {
        method, headers: sent, body: /** @type {any} */ (body), redirect: "error", cache: "no-store",
        credentials: "omit", referrerPolicy: "no-referrer", signal: patience.signal,
        keepalive: outlives,
      });
      this.store = response.headers.get("Endkey-Store") ?? this.store;
      const given = { status: response.status, headers: response.headers, body: await read(response, patience) };
      return judged(given, answer, sent.has("If-None-Match") ? [...done, 304] : done);
    } catch (error) {
      if (error instanceof Problem || error instanceof Unsettled) throw error;
      throw new Unsettled(reasonOf(error));
    } finally {
      patience.end();
    }
  }

  /**
   * The parts of an answer that goes on, as they come.
   * @param {string} path @param {{headers: Record<string, string>, answer: string}} about
   * @returns {AsyncGenerator<Uint8Array>}
   */
  async *parts(path, { headers, answer }) {
    const sent = new Headers({ ...headers, Accept: answer, Authorization: `Bearer ${this.credential}` });
    const patience = new Patience();
    try {
      const response = await fetch(this.api + path, {
        headers: sent, redirect: "error", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
        signal: patience.signal,
      });
      const { status } = response;
      if (status !== 200 || response.headers.get("Content-Type") !== answer || response.body === null) {
        judged({ status, headers: response.headers, body: await read(response, patience) }, answer, []);
      }
      const reader = response.body?.getReader();
      for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
        patience.begin();
        yield part.value;
      }
    } catch (error) {
      if (error instanceof Problem || error instanceof Unsettled) throw error;
      throw new Unsettled(error instanceof Error ? error.message : String(error));
    } finally {
      patience.end(true);
    }
  }

  /**
   * @param {string} path @param {object} members @param {string} [answer] @param {string | null} [credential]
   */
  post(path, members, answer = MEDIA.json, credential = this.credential) {
    const body = new TextEncoder().encode(JSON.stringify(members));
    return this.request("POST", path, { body, type: MEDIA.json, answer, credential });
  }

  /**
   * Brings what has to be kept until it is stored. It counts as stored by status, media type and body alone (H-10-5):
   * `names` says which members the answer has to have.
   * @param {"POST" | "PUT"} method @param {string} path @param {About} about
   * @param {Record<string, (value: unknown) => boolean>} names
   */
  async bring(method, path, about, names) {
    typed("an answer", json(await this.request(method, path, { ...about, answer: MEDIA.json })), names);
  }

  /**
   * All items of a listing, page by page (section 4.3), each of the given shape.
   * @param {string} path @param {string} query @param {Record<string, (value: unknown) => boolean>} shape
   * @returns {AsyncGenerator<any>}
   */
  async *items(path, query, shape) {
    for (let after = 0, pages = 0, isEnd = false; !isEnd; pages++) {
      const page = json(await this.request("GET", `${path}?after=${after}&limit=${PAGE}${query}`,
        { answer: MEDIA.json }));
      if (!Array.isArray(page.items)) throw new Unsettled("a listing has no items");
      let last = after;
      for (const item of page.items) {
        const { ordinal } = typed("an item of a listing", item, { ordinal: isCount });
        if (ordinal <= last) throw new Unsettled("the items of a listing do not ascend");
        last = ordinal;
        yield typed("an item of a listing", item, shape);
      }
      isEnd = page.end === true;
      if (!isEnd) after = onwards(Math.max(after + 1, last), page.next, page.items.length > 0 && pages < this.pages);
    }
  }

  /**
   * All messages of a listing that is read as a stream. What was erased is empty.
   * @param {string} path @param {string} type @param {string} [query] @returns {AsyncGenerator<Uint8Array>}
   */
  async *messages(path, type, query = "") {
    for (let after = 0, pages = 0, isEnd = false; !isEnd; pages++) {
      const { headers, body } = await this.request("GET", `${path}?after=${after}&limit=${PAGE}${query}`,
        { answer: type });
      yield* split(body);
      const next = /^<\?after=(\d+)[&>]/.exec(headers.get("Link") ?? "")?.[1];
      isEnd = next === undefined;
      if (!isEnd) after = onwards(after + 1, Number(next), body.length > 0 && pages < this.pages);
    }
  }
}

/** Gives a request up that makes no progress. */
class Patience {
  #controller = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    this.begin();
  }

  get signal() {
    return this.#controller.signal;
  }

  begin() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new Error("no progress")), PATIENCE);
  }

  /** @param {boolean} [isLeft] whether nobody wants what else comes */
  end(isLeft = false) {
    clearTimeout(this.#timer);
    if (isLeft) this.#controller.abort();
  }
}

/**
 * Why there is no answer: Node.js has it behind a "fetch failed", a browser tells no page.
 * @param {unknown} error
 */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** @param {unknown} text */
function addressOf(text) {
  try {
    return new URL(String(text));
  } catch {
    return undefined;
  }
}

/**
 * H-3-1: https or a loopback address, and the host that was typed or one below it.
 * @param {URL} api @param {URL} typed
 */
const isBelow = (api, typed) => (api.protocol === "https:" || LOOPBACK.includes(api.hostname))
  && (api.hostname === typed.hostname || api.hostname.endsWith(`.${typed.hostname}`));

/**
 * Where a listing goes on. One that stands still, has an empty page before its end, or never ends, is none (H-4.3-3).
 * @param {number} least @param {unknown} next @param {boolean} mayGoOn
 */
function onwards(least, next, mayGoOn) {
  if (!isCount(next) || next < least || !mayGoOn) throw new Unsettled("a listing does not move on to its end");
  return next;
}

/** @param {unknown} value @returns {value is number} */
export const isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** @param {unknown} value a count, or null for none */
export const isCountOrNone = (value) => value === null || isCount(value);
/** @param {unknown} value the hexadecimal digits of an id */
export const isId = (value) => typeof value === "string" && /^[0-9a-f]{32}$/.test(value);
/** @param {unknown} value the hexadecimal digits of a hash */
export const isHash = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
/** @param {...unknown} values those that a member may have */
export const isOneOf = (...values) => (/** @type {unknown} */ value) => values.includes(value);

/**
 * What the service gave, once each member is what it has to be.
 * @param {string} what @param {unknown} given @param {Record<string, (value: unknown) => boolean>} shape
 * @returns {Record<string, any>}
 */
export function typed(what, given, shape) {
  const members = Object.entries(Object(given));
  for (const [name, isIt] of Object.entries(shape)) {
    const found = members.find(([one]) => one === name);
    if (found === undefined || !isIt(found[1])) throw new Unsettled(`${what} has another ${name} than it has to have`);
  }
  return Object.fromEntries(members);
}

/**
 * The body, bounded.
 * @param {Response} response @param {Patience} patience
 */
async function read(response, patience) {
  const reader = response.body?.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    patience.begin();
    size += part.value.length;
    if (size > ANSWER_MAX) {
      await reader?.cancel();
      throw new Unsettled("an answer is too large");
    }
    parts.push(part.value);
  }
  const body = new Uint8Array(size);
  parts.reduce((at, part) => (body.set(part, at), at + part.length), 0);
  return body;
}

/** @param {Answer} answer @param {string | null} expected @param {number[]} done */
function judged(answer, expected, done) {
  const { status, headers, body } = answer;
  const type = headers.get("Content-Type");
  if (done.includes(status)) {
    const isIt = status === 304 || (expected === null ? body.length === 0 : type === expected);
    if (!isIt) throw new Unsettled(`an answer is ${type}`);
    return answer;
  }
  if (status < 400 || type !== "application/problem+json") throw new Unsettled(`status ${status}`);
  const retry = headers.get("Retry-After");
  throw new Problem(status, json(answer), retry !== null && /^\d+$/.test(retry) ? Number(retry) : null);
}

/**
 * The JSON object that an answer is.
 * @param {{body: Uint8Array}} answer @returns {Record<string, any>}
 */
export function json({ body }) {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // What it is instead is not said: it may be anything.
  }
  throw new Unsettled("an answer is no JSON object");
}

/**
 * The messages of a stream, each behind its length in 4 bytes.
 * @param {Uint8Array} stream @returns {Generator<Uint8Array>}
 */
export function* split(stream) {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at < stream.length;) {
    const length = stream.length - at < 4 ? Infinity : view.getUint32(at);
    at += 4;
    if (length > stream.length - at) throw new Unsettled("a stream ends within a message");
    yield stream.subarray(at, at + length);
    at += length;
  }
}
