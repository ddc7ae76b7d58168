#!/usr/bin/env node
// Run by `tools/run attest`: takes {files, library, garbled} as JSON on standard input, and prints what `attest` found.

import "../../clients/web/node-crypto.mjs";
import { readFileSync } from "node:fs";
import { attest } from "./web_witness.mjs";

const { files, library, garbled } = JSON.parse(readFileSync(0, "utf8"));
const report = await attest(files, library, garbled);
const { node, openssl } = process.versions;
process.stdout.write(JSON.stringify({ ...report, engine: node, openssl }));
