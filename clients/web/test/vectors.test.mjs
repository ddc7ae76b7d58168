#!/usr/bin/env node
// Runs all vectors in Node.js, through the same handler as respond.mjs. Argument: the folder of the vectors.

import "./node-crypto.mjs";
import { fileURLToPath } from "node:url";
import { judge } from "./conformance/judge.mjs";
import { vectorFiles } from "./vector-files.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../vectors", import.meta.url));
const files = vectorFiles(folder);

let [passed, failed, unsupported] = [0, 0, 0];
for (const file of files) {
  const verdict = await judge(file);
  passed += verdict.passed;
  failed += verdict.failed.length;
  unsupported += verdict.unsupported.length;
  for (const reason of verdict.unsupported) console.log(`unsupported ${reason}`);
  for (const { id, expected, answer } of verdict.failed) {
    console.log(`failed ${id}: expected ${short(expected)}, answered ${short(answer)}`);
  }
}
console.log(`${files.length} files`);
console.log(`${unsupported} unsupported`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** @param {any} value */
function short(value) {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
