#!/usr/bin/env node
// Runs all vectors in Node.js, through the same handler as respond.mjs. Argument: the folder of the vectors.

import "./node-crypto.mjs";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { judge } from "./conformance/judge.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../vectors", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "kills.json").sort();

let [passed, failed, unsupported] = [0, 0, 0];
for (const name of names) {
  const file = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  if (!file.schema?.startsWith("endkey-vectors-")) continue;
  const verdict = await judge(file);
  passed += verdict.passed;
  failed += verdict.failed.length;
  unsupported += verdict.unsupported.length;
  for (const reason of verdict.unsupported) console.log(`unsupported ${reason}`);
  for (const { id, expected, answer } of verdict.failed) {
    console.log(`failed ${id}: expected ${short(expected)}, answered ${short(answer)}`);
  }
}
console.log(`${unsupported} unsupported`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** @param {any} value */
function short(value) {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
