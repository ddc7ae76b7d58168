// Recovery of a spool segment (section 17).

import { compare, concat, utf8 } from "../bytes.mjs";
import { labelledHash } from "../labels.mjs";
import { open } from "../primitives/chunked-encryption.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { isRefusal, Refusal, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { Capture } from "../wire/contents.mjs";
import { SpoolHeader } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { spoolKey } from "./keys.mjs";

const HEADER = 48;
const MAGIC = utf8("EKfr");
const BEFORE_CHECK = 44;
const FRAME_HEAD = 52;

/**
 * @typedef {{device_key: Uint8Array, account_id: Uint8Array, agent_id: Uint8Array}} Owner
 * @typedef {{offset: number, length: number, code: string}} Damage
 * @typedef {{offset: number, code: string}} Note
 * @typedef {{error: string | null, payloads: Uint8Array[], damage: Damage[], notes: Note[], torn: number | null}}
 *   Recovery
 */

/** @param {Owner} owner @param {Uint8Array} segment @returns {Promise<Recovery>} */
export async function recover(owner, segment) {
  /** @type {Recovery} */
  const recovery = { error: null, payloads: [], damage: [], notes: [], torn: null };
  try {
    checkHeader(owner, segment.subarray(0, HEADER));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...recovery, error: error.code };
  }
  const key = await spoolKey(owner.device_key, owner.account_id, owner.agent_id);
  let expected = { index: 0, previous: await sha256(segment.subarray(0, HEADER)) };
  let isBehindDamage = false;
  let at = HEADER;
  while (at < segment.length) {
    const head = await frameHead(segment, at);
    const isWhole = head !== undefined && head.end <= segment.length;
    const payload = isWhole ? await openFrame(owner, key, segment, at, head.end) : undefined;
    if (payload === undefined) {
      const next = await nextHead(segment, at + 1);
      const isTorn = next === undefined && !isWhole && (head !== undefined || isCutMagic(segment, at));
      if (isTorn) return { ...recovery, torn: at };
      const end = next ?? segment.length;
      recovery.damage.push({ offset: at, length: end - at, code: isWhole ? "frame_open_failed" : "bad_frame" });
      isBehindDamage = true;
      at = end;
      continue;
    }
    const { index, previous, end } = /** @type {FrameHead} */ (head);
    const isContinued = index === expected.index && compare(previous, expected.previous) === 0;
    if (!isContinued && !isBehindDamage) recovery.notes.push({ offset: at, code: "chain_broken" });
    recovery.payloads.push(payload);
    expected = { index: index + 1, previous: await sha256(segment.subarray(at, end)) };
    isBehindDamage = false;
    at = end;
  }
  return recovery;
}

/** @param {Owner} owner @param {Uint8Array} bytes */
function checkHeader(owner, bytes) {
  const { header, agent_id } = parse(SpoolHeader, bytes);
  if (compare(header.account_id, owner.account_id) !== 0) refuse("wrong_account");
  if (compare(agent_id, owner.agent_id) !== 0) refuse("wrong_recipient");
}

/**
 * The frame head at a place, if it stands there in full with right magic, length bound and check.
 * @typedef {{index: number, previous: Uint8Array, end: number}} FrameHead
 * @param {Uint8Array} segment @param {number} at @returns {Promise<FrameHead | undefined>}
 */
async function frameHead(segment, at) {
  const head = segment.subarray(at, at + FRAME_HEAD);
  if (head.length < FRAME_HEAD || compare(head.subarray(0, 4), MAGIC) !== 0) return undefined;
  const [index, length] = [4, 8].map((start) => new DataView(head.buffer, head.byteOffset).getUint32(start));
  if (length < LIMITS.sealed_min || length > LIMITS.sealed_max) return undefined;
  const check = (await labelledHash("frame-check", head.subarray(0, BEFORE_CHECK))).subarray(0, 8);
  if (compare(check, head.subarray(BEFORE_CHECK)) !== 0) return undefined;
  return { index, previous: head.slice(12, BEFORE_CHECK), end: at + FRAME_HEAD + length };
}

/**
 * Where the next whole, right frame head stands.
 * @param {Uint8Array} segment @param {number} from
 */
async function nextHead(segment, from) {
  for (let at = segment.indexOf(MAGIC[0], from); at >= 0; at = segment.indexOf(MAGIC[0], at + 1)) {
    if ((await frameHead(segment, at)) !== undefined) return at;
  }
  return undefined;
}

/**
 * Whether less than a head is left, and agrees with the magic as far as it goes.
 * @param {Uint8Array} segment @param {number} at
 */
function isCutMagic(segment, at) {
  const left = segment.subarray(at);
  const start = left.subarray(0, 4);
  return left.length < FRAME_HEAD && compare(start, MAGIC.subarray(0, start.length)) === 0;
}

/**
 * The Capture in a frame, or `undefined`.
 * @param {Owner} owner @param {Uint8Array} key @param {Uint8Array} segment @param {number} at @param {number} end
 */
async function openFrame(owner, key, segment, at, end) {
  const context = concat(segment.subarray(0, HEADER), segment.subarray(at, at + BEFORE_CHECK));
  try {
    const payload = await open(key, context, segment.subarray(at + FRAME_HEAD, end));
    return compare(parse(Capture, payload).header.account_id, owner.account_id) === 0 ? payload : undefined;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
