// All vectors in Node.js, through the same handler as respond.mjs: a test for each file.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { judge } from "../conformance/judge.mjs";
import { vectorFiles } from "../vector-files.mjs";

for (const file of vectorFiles(fileURLToPath(new URL("../../../vectors", import.meta.url)))) {
  test(`every vector of ${file.op} is answered rightly`, async () => {
    const verdict = await judge(file);
    assert.deepEqual([verdict.unsupported, verdict.failed], [[], []]);
    assert.ok(verdict.passed > 0 && verdict.passed === file.tests.length);
  });
}
