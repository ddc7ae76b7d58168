// Runs the vectors of every operation in the page, says how many files are done, and the sum in its last line.

import { judge } from "./judge.mjs";
import { DETERMINISTIC } from "./operations.mjs";

const log = /** @type {HTMLElement} */ (document.getElementById("log"));
const say = (/** @type {string} */ line) => log.append(`${line}\n`);

const sum = { files: 0, passed: 0, failed: 0, unsupported: 0 };
for (const op of Object.keys(DETERMINISTIC)) {
  const name = `${op.replaceAll("/", "-").toLowerCase()}.json`;
  const response = await fetch(new URL(`../../../vectors/${name}`, import.meta.url));
  if (!response.ok) {
    say(`${name}: no such file`);
    continue;
  }
  const verdict = await judge(await response.json());
  sum.files += 1;
  document.documentElement.dataset.files = String(sum.files);
  sum.passed += verdict.passed;
  sum.failed += verdict.failed.length;
  sum.unsupported += verdict.unsupported.length;
  for (const { id, answer } of verdict.failed) say(`failed ${id}: ${JSON.stringify(answer).slice(0, 200)}`);
}
say(`${sum.files} files, ${sum.unsupported} unsupported`);
say(`${sum.passed} passed, ${sum.failed} failed`);
document.documentElement.dataset.sum = JSON.stringify(sum);
