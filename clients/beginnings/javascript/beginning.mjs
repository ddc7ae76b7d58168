// A client of the suite that has just begun: Node.js 18, nothing but its own modules.
//   endkey conform -- node beginning.mjs
import { createHash, createHmac, hkdfSync, pbkdf2Sync } from "node:crypto";
import { createInterface } from "node:readline";

// Buffer.from(text, "hex") stops at the first fault and says nothing.
const fromHex = (text) => {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text)) throw new TypeError("no lower-case hex");
  return Buffer.from(text, "hex");
};
const labelled = (label, data) => Buffer.concat([Buffer.from(`endkey/1 ${label}\0`), data]);
const hash = (label, data) => createHash("sha256").update(labelled(label, data)).digest();

const operations = {
  "hash": ({ label, data }) => ({ hash: hash(label, fromHex(data)) }),
  "hmac": ({ key, data }) => ({ mac: createHmac("sha256", fromHex(key)).update(fromHex(data)).digest() }),
  "derive": ({ key, label, context }) => {
    const length = label === "token" ? 64 : 32;
    return { key: hkdfSync("sha256", fromHex(key), Buffer.alloc(0), labelled(label, fromHex(context)), length) };
  },
  "pbkdf2": ({ password, salt, iterations }) => ({
    key: pbkdf2Sync(fromHex(password), fromHex(salt), iterations, 32, "sha256"),
  }),
  "account-id": ({ root_key }) => ({ account_id: hash("account-id", fromHex(root_key)).subarray(0, 16) }),
  "agent-id": ({ modulus, verify_key }) => ({
    agent_id: hash("agent-id", Buffer.concat([fromHex(modulus), fromHex(verify_key)])).subarray(0, 16),
  }),
};

function answer({ cmd, op, in: given }) {
  if (cmd === "hello") {
    return { v: 1, client: { name: "beginning-javascript", version: "0" }, ops: Object.keys(operations) };
  }
  if (!Object.hasOwn(operations, op)) return { outcome: "unsupported", reason: "not written yet" };
  try {
    const out = Object.entries(operations[op](given));
    const hex = out.map(([name, value]) => [name, Buffer.from(value).toString("hex")]);
    return { outcome: "ok", out: Object.fromEntries(hex) };
  } catch (error) {
    return { outcome: "error", detail: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.cmd === "bye") break;
  process.stdout.write(`${JSON.stringify({ seq: request.seq, ...answer(request) })}\n`);
}
