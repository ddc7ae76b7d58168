// The page's side of the audit: asks the worker that audits, so that the page stays awake.

import { Refusal } from "../endkey/refusal.mjs";

/**
 * Workers are scripts: the page's policy (`trusted-types`) lets in this one.
 * @type {any}
 */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("audit-worker", {
  createScriptURL: () => new URL("audit-worker.mjs", import.meta.url).href,
});

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
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}
