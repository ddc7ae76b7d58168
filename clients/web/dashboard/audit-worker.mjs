// Audits beside the page: it is asked once, tells how far it is, and answers.

import { isRefusal } from "../endkey/refusal.mjs";
import { auditAccount } from "./audit.mjs";

const EVERY = 100;  // milliseconds between two words on how far it is

addEventListener("message", async ({ data }) => {
  let last = performance.now();
  const progress = (/** @type {number} */ done, /** @type {number} */ all) => {
    if (done < all && performance.now() - last < EVERY) return;
    last = performance.now();
    postMessage({ done, all });
  };
  try {
    postMessage({ result: await auditAccount(data, progress) });
  } catch (error) {
    // A refusal is made again at the other side: what crosses over is no longer one.
    postMessage({ refusal: isRefusal(error) ? /** @type {any} */ (error).code : null, error: String(error) });
  }
});
