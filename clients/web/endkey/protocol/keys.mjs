// Keys of an epoch and ids (section 7).

import { concat, uint } from "../bytes.mjs";
import { derive, labelledHash } from "../labels.mjs";

/** @typedef {Uint8Array | CryptoKey} Secret bytes, or a key that cannot be read again */

/** @param {Uint8Array} verifyKey */
export const accountId = async (verifyKey) => (await labelledHash("account-id", verifyKey)).slice(0, 16);

/** @param {Uint8Array} modulus @param {Uint8Array} verifyKey */
export const agentId = async (modulus, verifyKey) =>
  (await labelledHash("agent-id", concat(modulus, verifyKey))).slice(0, 16);

/**
 * A key of the account.
 * @param {"token" | "private-keys" | "vault" | "commitment"} label
 * @returns {(masterKey: Secret, account: Uint8Array, epoch: number) => Promise<Uint8Array>}
 */
const accountKey = (label) => (masterKey, account, epoch) =>
  derive(masterKey, label, concat(account, uint(epoch, 4)));

export const tokenKey = accountKey("token");
export const privateKeysKey = accountKey("private-keys");
export const vaultKey = accountKey("vault");
export const commitment = accountKey("commitment");

/**
 * A key of one agent.
 * @param {"agent" | "blob" | "spool"} label
 * @returns {(key: Secret, account: Uint8Array, epoch: number, agent: Uint8Array) => Promise<Uint8Array>}
 */
const memberKey = (label) => (key, account, epoch, agent) =>
  derive(key, label, concat(account, uint(epoch, 4), agent));

/** From the MasterKey. */
export const agentKey = memberKey("agent");
/** From the agent key. */
export const blobKey = memberKey("blob");
/** From the agent key. */
export const spoolKey = memberKey("spool");
