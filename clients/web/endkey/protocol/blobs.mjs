// Sealed blobs (section 15).

import { compare, concat, equal } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { SealedBlob } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { blobKey } from "./keys.mjs";

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
 * @param {(epoch: number, agent: Uint8Array) => Promise<Uint8Array>} agentKeyOf refuses what it has no key for
 * @param {Uint8Array} message @param {{field: string, length: number, digest: Uint8Array} | null} reference
 */
export async function openBlob(account, agentKeyOf, message, reference) {
  const blob = parse(SealedBlob, message);
  const { header, field, agent_id } = blob;
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  const agentKey = await agentKeyOf(header.epoch, agent_id);
  return asOne("blob_open_failed", async () => {
    const key = await blobKey(agentKey, account, header.epoch, agent_id);
    const content = await open(key, message.subarray(0, CONTEXT), blob.sealed);
    const isReferred = reference === null || (reference.field === field
      && reference.length === message.length && equal(await sha256(message), reference.digest));
    if (!isReferred) refuse("blob_open_failed");
    return { field, agent_id, content };
  });
}
