// The page's side of the audit: asks the worker that audits, so that the page stays awake.

import { Refusal } from "../endkey/refusal.mjs";

/**
 * Workers are scripts: the page's policy (`trusted-types`) lets in this one.
 * @type {any}
 */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("audit-worker", {
  createScriptURL: () => new URL("audit-worker.mjs", import.meta.url).href,
});

/** Bytes that are handed over in one turn, since the page copies them. */
const TOGETHER = 1 << 20;

/**
 * Hands a question over, its batches some at a time, so that the page has its turns between.
 * @param {Worker} worker @param {import("./audit.mjs").Question} question
 */
async function ask(worker, question) {
  const turn = new MessageChannel();
  const others = () => new Promise((done) => {
    turn.port1.onmessage = done;
    turn.port2.postMessage(null);
  });
  for (const { batches, ...agent } of question.agents) {
    worker.postMessage({ agent });
    /** @type {Uint8Array[]} */
    let some = [];
    let size = 0;
    for (const batch of batches) {
      some.push(batch);
      size += batch.length;
      if (size < TOGETHER) continue;
      worker.postMessage({ batches: some });
      [some, size] = [[], 0];
      await others();
    }
    worker.postMessage({ batches: some });
  }
  turn.port1.close();
  worker.postMessage({ question: { ...question, agents: [] } });
}

/**
 * @param {import("./audit.mjs").Question} question @param {(done: number, all: number) => void} progress
 * @returns {Promise<import("./audit.mjs").Result>}
 */
export function auditInWorker(question, progress) {
  const address = policy?.createScriptURL("") ?? new URL("audit-worker.mjs", import.meta.url);
  const worker = new Worker(address, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { result, refusal, error, done, all } }) => {
      if (result !== undefined) resolve(result);
      else if (typeof refusal === "string") reject(new Refusal(refusal));
      else if (error !== undefined) reject(new Error(error));
      else progress(done, all);
    };
    worker.onerror = ({ message }) => reject(new Error(message ?? "the worker that audits did not start"));
    ask(worker, question).catch(reject);
  }).finally(() => worker.terminate());
}
