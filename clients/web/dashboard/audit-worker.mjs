// Audits beside the page: it is given agents and their batches, then the question; tells how far it is, and answers.

import { isRefusal } from "../endkey/refusal.mjs";
import { auditAccount } from "./audit.mjs";

const EVERY = 100;  // milliseconds between two words on how far it is

/** @type {import("./service.mjs").AgentReport[]} */
const agents = [];

addEventListener("message", ({ data: { agent, batches, question } }) => {
  if (agent !== undefined) agents.push({ ...agent, batches: [] });
  else if (batches !== undefined) for (const one of batches) agents[agents.length - 1].batches.push(one);
  else answer({ ...question, agents });
});

/** @param {import("./audit.mjs").Question} question */
async function answer(question) {
  let last = performance.now();
  const progress = (/** @type {number} */ done, /** @type {number} */ all) => {
    if (done < all && performance.now() - last < EVERY) return;
    last = performance.now();
    postMessage({ done, all });
  };
  try {
    postMessage({ result: await auditAccount(question, progress) });
  } catch (error) {
    // A refusal is made again at the other side: what crosses over is no longer one.
    postMessage({ refusal: isRefusal(error) ? /** @type {any} */ (error).code : null, error: String(error) });
  }
}
