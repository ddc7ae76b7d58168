// What was captured becomes records when it is sent (sections 13.3 and 16.1).

import { compare, utf8 } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { refuse } from "../refusal.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import { Capture } from "../wire/contents.mjs";
import { Record, Token } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { sealBlob } from "./blobs.mjs";
import { TokenCipher } from "./tokens.mjs";

/**
 * The value that a captured text is tokenised as: repaired, then cut at a code point.
 * @param {Uint8Array} text
 */
export function captureValue(text) {
  const repaired = utf8(new TextDecoder("utf-8", { ignoreBOM: true }).decode(text));
  let end = Math.min(repaired.length, LIMITS.token_value_max);
  while (end < repaired.length && (repaired[end] & 0xc0) === 0x80) end -= 1;
  return repaired.slice(0, end);
}

/**
 * @typedef {{account_id: Uint8Array, epoch: number, agent_id: Uint8Array, token_key: Uint8Array,
 *   agent_key: Uint8Array}} Sealer
 * @param {Sealer} sealer @param {Uint8Array[]} captures @param {() => Uint8Array} nextSalt the salt of each blob
 */
export async function sealCaptures(sealer, captures, nextSalt) {
  const cipher = new TokenCipher(sealer.token_key, sealer.account_id, sealer.epoch);
  /** @type {Uint8Array[]} */
  const blobs = [];
  /** @param {{field: string, content: Uint8Array}} item */
  const sealItem = async ({ field, content }) => {
    if (Object.hasOwn(ENUMS.TokenField, field)) {
      return { type: "token", token: parse(Token, await cipher.seal(field, captureValue(content))) };
    }
    const blob = await sealBlob(sealer.agent_key, { ...sealer, field }, nextSalt(), content);
    blobs.push(blob);
    return { type: "blob", blob: { field, length: blob.length, digest: await sha256(blob) } };
  };
  const records = [];
  for (const message of captures) {
    const { header, items, ...about } = parse(Capture, message);
    if (compare(header.account_id, sealer.account_id) !== 0) refuse("wrong_account");
    const sealed = [];
    for (const item of items) sealed.push(await sealItem(item));
    records.push(serialize(Record, { ...about, items: sealed }));
  }
  return { records, blobs };
}
