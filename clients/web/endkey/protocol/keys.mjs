// Keys of an epoch, of a device and of a code; ids (section 7).

import { concat, uint } from "../bytes.mjs";
import { derive, labelledHash } from "../labels.mjs";

/** @typedef {Uint8Array | CryptoKey} Secret bytes, or a key that cannot be read again */

/** @param {Uint8Array} rootKey */
export const accountId = async (rootKey) => (await labelledHash("account-id", rootKey)).slice(0, 16);

/** @param {Uint8Array} modulus @param {Uint8Array} verifyKey */
export const agentId = async (modulus, verifyKey) =>
  (await labelledHash("agent-id", concat(modulus, verifyKey))).slice(0, 16);

/**
 * A key of the account, from the MasterKey.
 * @param {"token" | "vault" | "commitment"} label
 * @returns {(masterKey: Secret, account: Uint8Array, epoch: number) => Promise<Uint8Array>}
 */
const accountKey = (label) => (masterKey, account, epoch) =>
  derive(masterKey, label, concat(account, uint(epoch, 4)));

export const tokenKey = accountKey("token");
export const vaultKey = accountKey("vault");
export const commitment = accountKey("commitment");

/**
 * A key of one agent.
 * @param {"agent" | "blob"} label
 * @returns {(key: Secret, account: Uint8Array, epoch: number, agent: Uint8Array) => Promise<Uint8Array>}
 */
const memberKey = (label) => (key, account, epoch, agent) =>
  derive(key, label, concat(account, uint(epoch, 4), agent));

/** From the MasterKey. */
export const agentKey = memberKey("agent");
/** From the agent key. */
export const blobKey = memberKey("blob");

/**
 * A key that the service keeps the hash of, from the secret of a code or the root seed (section 7.1).
 * @param {"enrolment-mac" | "admission" | "recovery"} label
 * @returns {(secret: Uint8Array, account: Uint8Array) => Promise<Uint8Array>}
 */
const ofAccount = (label) => (secret, account) => derive(secret, label, account);

export const macKey = ofAccount("enrolment-mac");
export const admissionKey = ofAccount("admission");
export const recoveryKey = ofAccount("recovery");

/**
 * A key of an agent's device.
 * @param {"spool" | "upload"} label
 * @returns {(deviceKey: Uint8Array, account: Uint8Array, agent: Uint8Array) => Promise<Uint8Array>}
 */
const ofDevice = (label) => (deviceKey, account, agent) => derive(deviceKey, label, concat(account, agent));

export const spoolKey = ofDevice("spool");
export const uploadKey = ofDevice("upload");
