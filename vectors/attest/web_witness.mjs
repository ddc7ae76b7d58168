// Answers vectors with clients/web, and tells for which of them Web Crypto computed. The same in Node.js
// (node_witness.mjs) and in a page of Chromium, which `tools/run attest` opens.

const COMPUTING = ["digest", "sign", "verify", "encrypt", "decrypt", "deriveBits", "wrapKey", "unwrapKey"];

/** A wrong result of the same kind. */
function garbled(value) {
  if (typeof value === "boolean") return !value;
  if (!(value instanceof ArrayBuffer)) throw new DOMException("garbled", "OperationError");
  return new Uint8Array(value).map((byte) => byte ^ 1).buffer;
}

/** Watches crypto.subtle; the returned function says whether it computed since the last time. */
function watch(isGarbled) {
  const { subtle } = globalThis.crypto;
  let computed = false;
  for (const name of COMPUTING) {
    const original = subtle[name].bind(subtle);
    const watched = async (...given) => {
      computed = true;
      const value = await original(...given);
      return isGarbled ? garbled(value) : value;
    };
    Object.defineProperty(subtle, name, { value: watched });
  }
  return () => {
    const was = computed;
    computed = false;
    return was;
  };
}

/**
 * @param {any[]} files vector files
 * @param {string} library what this Web Crypto is called in the record
 * @param {boolean} isGarbled whether each of its results is spoiled
 */
export async function attest(files, library, isGarbled) {
  const hasComputed = watch(isGarbled);
  const { answer, CLIENT } = await import("../../clients/web/conformance/handler.mjs");
  const { agrees } = await import("../../clients/web/conformance/judge.mjs");
  const results = {};
  for (const { op, tests } of files) {
    const [wrong, computed] = [{}, []];
    for (const { id, in: input, expect } of tests) {
      const given = await answer(op, input);
      if (!agrees(expect, given)) wrong[id] = JSON.stringify(given).slice(0, 300);
      if (hasComputed()) computed.push(id);
    }
    results[op] = { wrong, computed: computed.length > 0 ? { [library]: computed } : {}, disagreed: {} };
  }
  return { version: CLIENT.version, results };
}
