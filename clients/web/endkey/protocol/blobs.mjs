// Sealed blobs (section 15).

import { compare, concat, equal } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { SealedBlob } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { blobKey } from "./keys.mjs";
import { firstOf } from "./tokens.mjs";

const CONTEXT = 41;

/**
 * @param {Uint8Array} agentKey
 * @param {{account_id: Uint8Array, epoch: number, agent_id: Uint8Array, field: string}} about
 * @param {Uint8Array} salt 24 random bytes @param {Uint8Array} content
 */
export async function sealBlob(agentKey, about, salt, content) {
  const { account_id, epoch, agent_id, field } = about;
  const header = { type: "sealed_blob", account_id, epoch };
  const context = serialize(SealedBlob, { header, field, agent_id, sealed: new Uint8Array(0) });
  const key = await blobKey(agentKey, account_id, epoch, agent_id);
  return concat(context, await seal(key, context, salt, content));
}

/**
 * @param {Uint8Array} account
 * @param {(epoch: number, agent: Uint8Array) => Uint8Array[] | Promise<Uint8Array[]>} agentKeysOf
 * @param {Uint8Array | null} message null where the service has it not
 * @param {{field: string, length: number, digest: Uint8Array} | null} reference
 */
export async function openBlob(account, agentKeysOf, message, reference) {
  if (message === null) refuse("blob_missing");
  const { header, field, agent_id, sealed } = parse(SealedBlob, message);
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  const keys = await agentKeysOf(header.epoch, agent_id);
  const isReferred = reference === null || (reference.field === field
    && reference.length === message.length && equal(await sha256(message), reference.digest));
  return firstOf(keys, (agentKey) => asOne("blob_open_failed", async () => {
    if (!isReferred) refuse("blob_open_failed");
    const key = await blobKey(agentKey, account, header.epoch, agent_id);
    return { field, agent_id, content: await open(key, message.subarray(0, CONTEXT), sealed) };
  }));
}
