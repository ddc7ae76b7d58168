// What the client over HTTP makes of answers that no service may give (`spec/http.md`, section 10).

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { toHex } from "../endkey/bytes.mjs";
import { readReport } from "../http/reading.mjs";
import { isCount, isHash, isId, MEDIA, Problem, Service, Unsettled } from "../http/service.mjs";

const PROBLEM = "application/problem+json";
const refused = JSON.stringify({ type: "urn:endkey:http:1:not-found", title: "", status: 404 });

/** @type {Record<string, {status?: number, headers?: Record<string, string>, body?: string | Buffer |
 *   ((after: number) => string)}>} */
const ANSWERS = {
  redirect: { status: 307, headers: { Location: "/json" } },
  html: { headers: { "Content-Type": "text/html" }, body: "<b>no</b>" },
  untyped: { body: "{}" },
  text: { headers: { "Content-Type": MEDIA.json }, body: "maintenance" },
  list: { headers: { "Content-Type": MEDIA.json }, body: "[]" },
  bare: { status: 404, body: "no" },
  "html-problem": { status: 503, headers: { "Content-Type": "text/html" }, body: "<b>down</b>" },
  problem: { status: 404, headers: { "Content-Type": PROBLEM, "Retry-After": "7" }, body: refused },
  foreign: { status: 404, headers: { "Content-Type": PROBLEM }, body: '{"type": "about:blank"}' },
  standing: { headers: { "Content-Type": MEDIA.json }, body: '{"items": [], "next": 0, "end": false}' },
  cut: { headers: { "Content-Type": MEDIA.batches }, body: Buffer.from([0, 0, 0, 9, 1]) },
  empty: { headers: { "Content-Type": MEDIA.json }, body: (after) => listing([], after + 1) },
  endless: { headers: { "Content-Type": MEDIA.json }, body: (after) =>
    listing([{ ordinal: after + 1, id: ID }], after + 1) },
  again: { headers: { "Content-Type": MEDIA.json }, body: (after) =>
    listing([{ ordinal: 1, id: ID }, { ordinal: 1, id: ID }], after + 1) },
  none: { headers: { "Content-Type": MEDIA.json }, body: () => listing([null], 1) },
  crazy: { headers: { "Content-Type": MEDIA.json }, body: () => listing([{ ordinal: 1, id: "__proto__" }], 1) },
  bodiless: { status: 201 },
  gone: { status: 204 },
  unchanged: { status: 304 },
  object: { headers: { "Content-Type": MEDIA.json }, body: "{}" },
  inherited: { headers: { "Content-Type": MEDIA.json }, body: '{"__proto__": {"vault": 1, "ordinal": 1}}' },
  ordinal: { status: 201, headers: { "Content-Type": MEDIA.json }, body: '{"ordinal": 7}' },
  words: { status: 201, headers: { "Content-Type": MEDIA.json }, body: '{"ordinal": "x"}' },
  accepted: { status: 202, headers: { "Content-Type": MEDIA.json }, body: '{"ordinal": 7}' },
  elsewhere: { headers: { "Content-Type": MEDIA.json }, body: '{"api": "http://evil.example/v1"}' },
  nowhere: { headers: { "Content-Type": MEDIA.json }, body: '{"api": 7}' },
};

const ID = "0".repeat(32);
const listing = (/** @type {unknown[]} */ items, /** @type {number} */ next) =>
  JSON.stringify({ items, next, end: false });

const server = createServer((request, response) => {
  const path = (request.url ?? "").split("?")[0].slice(1);
  const after = Number(/after=(\d+)/.exec(request.url ?? "")?.[1] ?? 0);
  const { status = 200, headers = {}, body = "" } = ANSWERS[path === ".well-known/endkey" ? named : path] ?? {};
  response.writeHead(status, headers).end(typeof body === "function" ? body(after) : body);
});
let origin = "";
let named = "elsewhere";

before(() => new Promise((done) => {
  server.listen(0, "127.0.0.1", () => {
    origin = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
    done(undefined);
  });
}));
after(() => { server.close(); });

/** @param {string} path @param {string} [answer] */
const ask = (path, answer = MEDIA.json) => new Service(origin).request("GET", `/${path}`, { answer });
/** @param {AsyncIterable<unknown>} listing */
const all = async (listing) => { for await (const _ of listing) continue; };

test("what is no answer of the document is unsettled, never taken for one", async () => {
  for (const path of ["redirect", "html", "untyped", "bare", "html-problem"]) {
    await assert.rejects(ask(path), Unsettled, path);
  }
  await assert.rejects(new Service("http://127.0.0.1:1").request("GET", "/"), Unsettled);
});

test("a problem has the name of its type; one of another kind has none", async () => {
  await assert.rejects(ask("problem"), (error) =>
    error instanceof Problem && error.type === "not-found" && error.status === 404 && error.retryAfter === 7);
  await assert.rejects(ask("foreign"), (error) => error instanceof Problem && error.type === "");
});

test("a listing that stands still, is none, or ends within a message is unsettled", async () => {
  const service = new Service(origin);
  service.pages = 20;
  for (const path of ["/standing", "/text", "/list", "/empty", "/endless", "/again", "/none", "/crazy"]) {
    await assert.rejects(all(service.items(path, "", { id: isId })), Unsettled, path);
  }
  await assert.rejects(all(service.messages("/cut", MEDIA.batches)), Unsettled);
});

test("a service is used only below the host that was typed (H-3-1)", async () => {
  for (named of ["elsewhere", "nowhere", "text"]) await assert.rejects(Service.at(origin), Unsettled, named);
});

test("what is brought counts as stored by status, media type and body alone (section 10)", async () => {
  const service = new Service(origin);
  /** @type {[string, Parameters<Service["bring"]>[3], string][]} */
  const kinds = [["a publication", { vault: isHash }, ""], ["a batch", { ordinal: isCount }, "ordinal"],
    ["a blob", { hash: isHash }, ""], ["a request", { id: isId }, ""]];
  const paths = ["html", "untyped", "text", "list", "bodiless", "gone", "unchanged", "object", "inherited", "ordinal",
    "words", "accepted", "redirect"];
  for (const [kind, names, right] of kinds) {
    for (const path of paths) {
      const brought = service.bring("PUT", `/${path}`, { body: new Uint8Array(1) }, names);
      if (path === right) await brought;
      else await assert.rejects(brought, Unsettled, `${kind}: ${path}`);
    }
  }
});

test("304 is an answer to a condition alone", async () => {
  await assert.rejects(ask("unchanged"), Unsettled);
  const headers = { "If-None-Match": '"x"' };
  const { status } = await new Service(origin).request("GET", "/unchanged", { headers, answer: MEDIA.json });
  assert.equal(status, 304);
});

test("what is delivered is not said to be erased", async () => {
  const batch = new Uint8Array(64);
  batch[47] = 1;
  const agent = toHex(batch.subarray(24, 40));
  const service = {
    /** @param {string} _ @param {string} type */
    async *messages(_, type) { if (type === MEDIA.batches) yield batch; },
    async *items() { for (const sequence of [1, 2]) yield { ordinal: sequence, agent, sequence, erased: 5 }; },
    post: async () => ({ body: new TextEncoder().encode('{"rows": []}') }),
  };
  const [report] = await readReport(/** @type {any} */ (service), "/a/x");
  assert.deepEqual([report.agent_id, report.batches, report.erased], [agent, [batch], [{ first: 2, last: 2 }]]);
});
