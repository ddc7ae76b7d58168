#!/usr/bin/env node
// The client line protocol of vectors/README.md: one JSON object a line on standard input, one answer a line.

import "./node-crypto.mjs";
import { createInterface } from "node:readline";
import { answer, CLIENT } from "./conformance/handler.mjs";
import { OPERATIONS } from "./conformance/operations.mjs";

/** @param {any} request */
async function respond(request) {
  const { seq, cmd, op, in: input } = request;
  if (cmd === "hello") {
    return { v: 1, seq, client: CLIENT, ops: Object.keys(OPERATIONS) };
  }
  if (cmd === "run") return { seq, ...(await answer(op, input)) };
  return { seq, outcome: "error", detail: `no command ${cmd}` };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let request;
  try {
    request = JSON.parse(line);
  } catch {
    console.error("not a line of JSON");
    process.exitCode = 2;
    break;
  }
  if (request.cmd === "bye") break;
  process.stdout.write(`${JSON.stringify(await respond(request))}\n`);
}

// A runner may keep its end open after `bye`; nothing is waited for.
process.stdin.destroy();
