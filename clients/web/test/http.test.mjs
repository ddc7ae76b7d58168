// What the client over HTTP makes of answers that no service may give (`spec/http.md`, section 10).

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { MEDIA, Problem, Service, Unsettled } from "../http/service.mjs";

const PROBLEM = "application/problem+json";
const refused = JSON.stringify({ type: "urn:endkey:http:1:not-found", title: "", status: 404 });

/** @type {Record<string, {status?: number, headers?: Record<string, string>, body?: string | Buffer}>} */
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
  elsewhere: { headers: { "Content-Type": MEDIA.json }, body: '{"api": "http://evil.example/v1"}' },
  nowhere: { headers: { "Content-Type": MEDIA.json }, body: '{"api": 7}' },
};

const server = createServer((request, response) => {
  const path = (request.url ?? "").split("?")[0].slice(1);
  const { status = 200, headers = {}, body = "" } = ANSWERS[path === ".well-known/endkey" ? named : path] ?? {};
  response.writeHead(status, headers).end(body);
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
  for (const path of ["/standing", "/text", "/list"]) await assert.rejects(all(service.items(path)), Unsettled, path);
  await assert.rejects(all(service.messages("/cut", MEDIA.batches)), Unsettled);
});

test("a service is used only below the host that was typed (H-3-1)", async () => {
  for (named of ["elsewhere", "nowhere", "text"]) await assert.rejects(Service.at(origin), Unsettled, named);
});
