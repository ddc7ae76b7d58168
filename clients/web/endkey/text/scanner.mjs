// Finds text forms anywhere in a text, in one pass (section 18).

import { Refusal, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { SealedBlobHead, TokenHead } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { decode, encodedLength, isCharacter } from "./base64url.mjs";

/**
 * @typedef {{kind: "token" | "blob", start: number, end: number}} Match
 * @typedef {{offset: number, code: string}} Skipped
 */

const PREFIX = 5;
/** Where the sealed content of a blob begins. */
const SEALED = 41;
/** How a text form begins: characters of its head, and the bytes that the head asks for. */
const FORMS = {
  t: { kind: /** @type {const} */ ("token"), head: 32, size: tokenSize },
  s: { kind: /** @type {const} */ ("blob"), head: 60, size: blobSize },
};

/**
 * The bytes of the Token whose first 24 these are.
 * @param {Uint8Array} head
 */
function tokenSize(head) {
  return head.length + parse(TokenHead, head).length;
}

/**
 * The bytes of the BlobText whose first 45 these are.
 * @param {Uint8Array} head
 */
function blobSize(head) {
  const length = (head[0] << 16) | (head[1] << 8) | head[2];
  if (length < 113 || length > LIMITS.blob_text_max) refuse("length_out_of_range");
  parse(SealedBlobHead, head.subarray(3, 3 + SEALED));
  return 3 + length;
}

/** @param {Uint8Array} text @returns {{matches: Match[], skipped: Skipped[]}} */
export function scan(text) {
  /** @type {Match[]} */
  const matches = [];
  /** @type {Skipped[]} */
  const skipped = [];
  for (const found of candidates(text)) {
    if ("kind" in found) matches.push(found);
    else skipped.push(found);
  }
  return { matches, skipped };
}

/**
 * The same one after the other, for who has to do other things between.
 * @param {Uint8Array} text @returns {Generator<Match | Skipped, void>}
 */
export function* candidates(text) {
  let runEnd = 0;
  let at = 0;
  while ((at = nextPrefix(text, at)) >= 0) {
    const start = at + PREFIX;
    // A prefix consists of base64url characters itself: candidates within one run share its end, which is sought once.
    if (runEnd < start) runEnd = endOfRun(text, start);
    const found = candidate(text, at, runEnd);
    yield found;
    at = "kind" in found ? found.end : at + 1;
  }
}

/**
 * What stands behind a prefix.
 * @param {Uint8Array} text @param {number} at @param {number} runEnd
 * @returns {Match | Skipped}
 */
function candidate(text, at, runEnd) {
  const form = text[at + 2] === 0x74 ? FORMS.t : FORMS.s;
  try {
    return { kind: form.kind, start: at, end: measure(text, at + PREFIX, runEnd, form) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { offset: at, code: error.code };
  }
}

/**
 * Where `ekt1_` or `eks1_` stands from `at` on, or -1.
 * @param {Uint8Array} text @param {number} at
 */
function nextPrefix(text, at) {
  for (let i = text.indexOf(0x65, at); i >= 0; i = text.indexOf(0x65, i + 1)) {
    const isForm = text[i + 2] === 0x74 || text[i + 2] === 0x73;
    if (text[i + 1] === 0x6b && isForm && text[i + 3] === 0x31 && text[i + 4] === 0x5f) return i;
  }
  return -1;
}

/** @param {Uint8Array} text @param {number} start */
function endOfRun(text, start) {
  let end = start;
  while (end < text.length && isCharacter(text[end])) end += 1;
  return end;
}

/**
 * Where the candidate ends.
 * @param {Uint8Array} text
 * @param {number} start
 * @param {number} runEnd
 * @param {{head: number, size: (head: Uint8Array) => number}} form
 */
function measure(text, start, runEnd, form) {
  if (runEnd - start < form.head) refuse("truncated");
  const end = start + encodedLength(form.size(decode(text.subarray(start, start + form.head))));
  if (runEnd < end) refuse("truncated");
  const tail = text.subarray(end - ((end - start) % 4), end);
  decode(tail);
  return end;
}
