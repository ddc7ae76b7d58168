// Enrolment (section 10): an agent's request and the owner's checks of it.

import { compare } from "../bytes.mjs";
import { derive, isSigned, signed } from "../labels.mjs";
import { checkVerifyKey, SigningKey } from "../primitives/ed25519.mjs";
import { hmac, hmacVerifies } from "../primitives/hmac.mjs";
import { checkModulus, modulusOf } from "../primitives/rsa.mjs";
import { refuse } from "../refusal.mjs";
import { readCode } from "../text/texts.mjs";
import { EnrolmentRequest } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId } from "./keys.mjs";

const BEFORE_MAC = 344;

/** @param {Uint8Array} secret @param {Uint8Array} account */
const macKey = (secret, account) => derive(secret, "enrolment-mac", account);

/**
 * @param {Uint8Array} codeText
 * @param {{p: Uint8Array, q: Uint8Array, seed: Uint8Array}} keys
 * @param {Uint8Array} nonce 32 random bytes
 */
export async function makeRequest(codeText, keys, nonce) {
  const { account_id, secret } = readCode(codeText);
  const signingKey = await SigningKey.of(keys.seed);
  const modulus = modulusOf(keys.p, keys.q);
  const fields = {
    header: { type: "enrolment_request", account_id, epoch: 0 },
    modulus, verify_key: signingKey.verifyKey, nonce, mac: new Uint8Array(32), signature: new Uint8Array(64),
  };
  const unsealed = serialize(EnrolmentRequest, fields);
  const mac = await hmac(await macKey(secret, account_id), unsealed.subarray(0, BEFORE_MAC));
  const request = await signed(signingKey, serialize(EnrolmentRequest, { ...fields, mac }).subarray(0, -64));
  return { request, agent_id: await agentId(modulus, signingKey.verifyKey) };
}

/**
 * @typedef {{secret: Uint8Array, role: string, approval: string, uses_left: number, expires: number,
 *   nonces: Uint8Array[]}} Code
 * @param {Uint8Array} account @param {Uint8Array} message
 * @param {{codes: Code[], revoked: Uint8Array[], rotation_due: boolean, now: number, approved: boolean}} vault
 */
export async function verifyRequest(account, message, vault) {
  const request = parse(EnrolmentRequest, message);
  if (compare(request.header.account_id, account) !== 0) refuse("wrong_account");
  const index = await codeOf(account, message, request.mac, vault.codes);
  const code = vault.codes[index] ?? refuse("mac_invalid");
  if ((code.expires !== 0 && code.expires <= vault.now) || code.uses_left === 0) refuse("code_expired");
  if (code.nonces.some((nonce) => compare(nonce, request.nonce) === 0)) refuse("nonce_reused");
  checkModulus(request.modulus);
  checkVerifyKey(request.verify_key);
  if (!(await isSigned(request.verify_key, message))) refuse("signature_invalid");
  const agent = await agentId(request.modulus, request.verify_key);
  if (vault.revoked.some((revoked) => compare(revoked, agent) === 0)) refuse("revoked");
  if (vault.rotation_due) refuse("rotation_due");
  if (code.approval === "manual" && !vault.approved) refuse("approval_required");
  return { agent_id: agent, code: index };
}

/**
 * The index of the first code under which the MAC verifies, or -1; all are tried.
 * @param {Uint8Array} account @param {Uint8Array} message @param {Uint8Array} mac @param {Code[]} codes
 */
async function codeOf(account, message, mac, codes) {
  const verified = [];
  for (const { secret } of codes) {
    verified.push(await hmacVerifies(await macKey(secret, account), message.subarray(0, BEFORE_MAC), mac));
  }
  return verified.indexOf(true);
}
