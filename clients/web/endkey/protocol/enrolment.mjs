// Enrolment (section 10): requests, and the checks of them at a person's end.

import { compare } from "../bytes.mjs";
import { isSigned, signed } from "../labels.mjs";
import { checkVerifyKey, SigningKey } from "../primitives/ed25519.mjs";
import { hmac, hmacVerifies } from "../primitives/hmac.mjs";
import { checkModulus, modulusOf } from "../primitives/rsa.mjs";
import { refuse } from "../refusal.mjs";
import { EnrolmentRequest } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId, macKey } from "./keys.mjs";

const BEFORE_MAC = 344;

/**
 * @param {{account_id: Uint8Array, secret: Uint8Array}} code
 * @param {import("./password.mjs").Keys} keys
 * @param {Uint8Array} nonce 32 random bytes
 */
export async function makeRequest({ account_id, secret }, keys, nonce) {
  const signingKey = await SigningKey.of(keys.seed);
  const modulus = modulusOf(keys.p, keys.q);
  const fields = {
    header: { type: "enrolment_request", account_id, epoch: 0 },
    modulus, verify_key: signingKey.verifyKey, nonce, mac: new Uint8Array(32), signature: new Uint8Array(64),
  };
  const mac = await hmac(await macKey(secret, account_id), serialize(EnrolmentRequest, fields).subarray(0, BEFORE_MAC));
  const request = await signed(signingKey, serialize(EnrolmentRequest, { ...fields, mac }).subarray(0, -64));
  return { request, agent_id: await agentId(modulus, signingKey.verifyKey) };
}

/**
 * @typedef {{id: Uint8Array, secret: Uint8Array, role: "agent" | "manager", kind: "master" | "scoped",
 *   approval: "automatic" | "manual", uses_left: number, expires: number, nonces: Uint8Array[]}} Code
 * @typedef {{codes: Code[], members: {agent_id: Uint8Array, status: string}[],
 *   persons: {person_id: Uint8Array, status: string}[]}} Lists of a vault
 * @param {Uint8Array} account @param {Uint8Array} message @param {Lists} vault
 * @param {{root: boolean, now: number, approved: boolean}} about
 */
export async function verifyRequest(account, message, vault, { root, now, approved }) {
  const request = parse(EnrolmentRequest, message);
  if (compare(request.header.account_id, account) !== 0) refuse("wrong_account");
  const code = (await codeOf(account, message, request.mac, vault.codes)) ?? refuse("mac_invalid");
  if ((code.expires !== 0 && code.expires <= now) || code.uses_left === 0) refuse("code_expired");
  if (code.nonces.some((nonce) => compare(nonce, request.nonce) === 0)) refuse("nonce_reused");
  checkModulus(request.modulus);
  checkVerifyKey(request.verify_key);
  if (!(await isSigned(request.verify_key, message))) refuse("signature_invalid");
  const id = await agentId(request.modulus, request.verify_key);
  const member = vault.members.find(({ agent_id }) => compare(agent_id, id) === 0);
  const person = vault.persons.find(({ person_id }) => compare(person_id, id) === 0);
  if ((member !== undefined && member.status !== "granted") || person?.status === "removed") refuse("revoked");
  if (person !== undefined || (code.role === "manager" && member !== undefined)) refuse("wrong_recipient");
  if ((code.role === "manager" || code.kind === "master") && !root) refuse("root_required");
  if (code.approval === "manual" && !approved) refuse("approval_required");
  return { agent_id: id, code_id: code.id, kind: code.kind, role: code.role, nonce: request.nonce };
}

/**
 * The first code by id under which the MAC verifies; all are tried (R-10.2-4).
 * @param {Uint8Array} account @param {Uint8Array} message @param {Uint8Array} mac @param {Code[]} codes
 */
async function codeOf(account, message, mac, codes) {
  const verified = [];
  for (const code of [...codes].sort((a, b) => compare(a.id, b.id))) {
    const key = await macKey(code.secret, account);
    if (await hmacVerifies(key, message.subarray(0, BEFORE_MAC), mac)) verified.push(code);
  }
  return verified[0];
}

/**
 * What an agent that was verified changes in a vault (section 10.2): its member, and its code's uses and nonces.
 * @param {any} contents @param {Awaited<ReturnType<typeof verifyRequest>>} verified
 * @param {Uint8Array} label of who approved
 */
export function enter(contents, { agent_id, code_id, kind, nonce }, label) {
  const zeros = new Uint8Array(32);
  const codes = contents.codes.map((/** @type {any} */ code) => (compare(code.id, code_id) === 0
    ? { ...code, uses_left: code.uses_left - 1, nonces: [...code.nonces, nonce] } : code));
  const code = codes.find((/** @type {any} */ one) => compare(one.id, code_id) === 0);
  const isIt = (/** @type {any} */ member) => compare(member.agent_id, agent_id) === 0;
  const known = contents.members.find(isIt) ?? {
    agent_id, label: new Uint8Array(0), status: "granted", listed: 0, audited_sequence: 0, audited_hash: zeros,
    audited_generation: 0, audited_state: 0, kept_sequence: 0, kept_hash: zeros,
  };
  const named = [known.label, label, code.label].find(({ length }) => length > 0) ?? known.label;
  const members = [...contents.members.filter((/** @type {any} */ member) => !isIt(member)),
    { ...known, code_id, kind, label: named }];
  return { ...contents, codes, members: members.sort((a, b) => compare(a.agent_id, b.agent_id)) };
}
