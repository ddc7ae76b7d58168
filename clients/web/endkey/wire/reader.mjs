// A cursor over a message: every fault has a code and an offset (section 2.2).

import { refuse } from "../refusal.mjs";

/** Reads bytes front to back, up to the end of an enclosing vector. Offsets count from the start of the message. */
export class Reader {
  /** @param {Uint8Array} bytes @param {number} [offset] @param {number} [end] */
  constructor(bytes, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get remaining() {
    return this.end - this.offset;
  }

  /** @param {number} count @returns {Uint8Array} */
  take(count) {
    if (count > this.remaining) refuse("truncated", this.offset);
    this.offset += count;
    return this.bytes.slice(this.offset - count, this.offset);
  }

  /** @param {number} size at most 6 bytes, or 8 for what `number` then bounds @returns {number} */
  uint(size) {
    if (size > this.remaining) refuse("truncated", this.offset);
    const end = this.offset + size;
    let value = 0;
    for (; this.offset < end; this.offset += 1) value = value * 256 + this.bytes[this.offset];
    return value;
  }

  /**
   * Reads what is known: whether it stands here.
   * @param {Uint8Array} bytes
   */
  reads(bytes) {
    if (bytes.length > this.remaining) refuse("truncated", this.offset);
    const isThere = bytes.every((byte, i) => this.bytes[this.offset + i] === byte);
    this.offset += bytes.length;
    return isThere;
  }

  /**
   * A reader of the next `count` bytes alone.
   * @param {number} count @returns {Reader}
   */
  within(count) {
    if (count > this.remaining) refuse("truncated", this.offset);
    this.offset += count;
    return new Reader(this.bytes, this.offset - count, this.offset);
  }

  /** Insists that everything was read. */
  finish() {
    if (this.remaining > 0) refuse("trailing_bytes", this.offset);
  }
}
