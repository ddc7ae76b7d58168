// The presentation language of section 2.1: each function makes the reader and the writer of one kind of field.

import { compare, concat, join, uint, utf8 } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { ENUMS, LIMITS, MESSAGE_TYPES } from "../registry.mjs";
import { Reader } from "./reader.mjs";

/**
 * `size` is that of every value, where all have one. `self` is the struct as far as it was read; `scope` is what the
 * contents of a sealed message take from the message that holds them. A writer throws a RangeError for what is no value
 * of the field: it gives no codes.
 * @typedef {{kind?: string}} Scope
 * @typedef {{type: string, account_id: Uint8Array, epoch: number}} Header
 * @typedef {{size?: number, read(reader: Reader, self: any, scope: Scope): any,
 *   write(value: any, self: any, scope: Scope, written: number): Uint8Array}} Type
 */

/**
 * Insists on what a writer needs.
 * @param {boolean} holds @param {string} what
 */
function insist(holds, what) {
  if (!holds) throw new RangeError(what);
}

/**
 * `opaque name[size]`.
 * @param {number} size @returns {Type}
 */
export const opaque = (size) => ({
  size,
  read: (reader) => reader.take(size),
  write: (value) => {
    insist(value.length === size, `${value.length} bytes where ${size} are due`);
    return value;
  },
});

/**
 * `opaque name[least..]`.
 * @param {number} least @returns {Type}
 */
export const rest = (least) => ({
  read: (reader) => reader.take(Math.max(least, reader.remaining)),
  write: (value) => value,
});

/**
 * A number of `size` bytes from `least` to `most`.
 * @param {number} size @param {number} [least] @param {number} [most] @returns {Type}
 */
export const number = (size, least = 0, most = 256 ** size - 1) => ({
  size,
  read: (reader) => {
    const { offset } = reader;
    const value = reader.uint(size);
    // 64-bit numbers above 2^53 are rounded, but never down to 2^53 - 1.
    if (value < least || value > most) refuse("value_out_of_range", offset);
    return value;
  },
  write: (value) => {
    insist(Number.isSafeInteger(value) && value >= least && value <= most, `no number from ${least} to ${most}`);
    return uint(value, size);
  },
});

export const counter = number(8, 0, LIMITS.counter_max);
export const time = counter;
export const epoch = number(4, 1);
export const generation = number(4, 1);
export const hash = opaque(32);
export const id = opaque(16);

/**
 * `T name = v`.
 * @param {Uint8Array} bytes @param {string} code @returns {Type}
 */
export const constant = (bytes, code) => ({
  size: bytes.length,
  read: (reader) => {
    const { offset } = reader;
    if (!reader.reads(bytes)) refuse(code, offset);
    return undefined;
  },
  write: () => bytes,
});

/**
 * One byte, read as the name of its value.
 * @param {Record<string, number>} values @param {string} [code] @returns {Type}
 */
export const named = (values, code = "unknown_value") => {
  const names = new Map(Object.entries(values).map(([name, value]) => [value, name]));
  return {
    size: 1,
    read: (reader) => {
      const { offset } = reader;
      return names.get(reader.uint(1)) ?? refuse(code, offset);
    },
    write: (name) => {
      insist(Object.hasOwn(values, name), `no such value: ${name}`);
      return Uint8Array.of(values[name]);
    },
  };
};

/**
 * An enumeration of section 8.2.
 * @param {string} name
 */
export const enumeration = (name) => named(ENUMS[name]);

/**
 * `0 or 1`, as a boolean.
 * @type {Type}
 */
export const bit = {
  size: 1,
  read: (reader) => {
    const { offset } = reader;
    const value = reader.uint(1);
    if (value > 1) refuse("unknown_value", offset);
    return value === 1;
  },
  write: (value) => Uint8Array.of(value ? 1 : 0),
};

export const version = constant(Uint8Array.of(1), "unknown_version");

/**
 * Fields in their order; `_` holds a `select`, whose value goes under the name of its case. `rules` says of a field
 * whether it fits the others (R-2.2-9).
 * @param {Record<string, Type>} fields @param {Record<string, (self: any) => boolean>} [rules] @returns {Type}
 */
export const struct = (fields, rules = {}) => {
  const entries = Object.entries(fields);
  const sizes = entries.map(([, type]) => type.size);
  const bound = Object.keys(fields).filter((name) => rules[name] !== undefined);
  return {
    size: sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    read: (reader, _, scope) => {
      /** @type {Record<string, any>} */
      const self = {};
      /** @type {Record<string, number>} */
      const offsets = {};
      for (const [name, type] of entries) {
        if (bound.length > 0) offsets[name] = reader.offset;
        const value = type.read(reader, self, scope);
        if (name === "_") Object.assign(self, value);
        else if (value !== undefined) self[name] = value;
      }
      const stranger = bound.find((name) => !rules[name](self));
      if (stranger !== undefined) refuse("value_out_of_range", offsets[stranger]);
      return self;
    },
    write: (value, _, scope) => {
      for (const [name, fits] of Object.entries(rules)) insist(fits(value), `${name} does not fit the other fields`);
      const parts = [];
      let written = 0;
      for (const [name, type] of entries) {
        const part = type.write(name === "_" ? value : value[name], value, scope, written);
        parts.push(part);
        written += part.length;
      }
      return join(parts);
    },
  };
};

/**
 * A struct whose bytes are kept beside what they say, for whoever takes it as a whole.
 * @param {Type} type @returns {Type}
 */
export const whole = (type) => ({
  ...type,
  read: (reader, self, scope) => {
    const { offset } = reader;
    const value = type.read(reader, self, scope);
    // No copy of the value has it: what was changed there has other bytes.
    return Object.defineProperty(value, BYTES, { value: reader.bytes.subarray(offset, reader.offset) });
  },
});

/** Where `whole` keeps the bytes of a value that was read. */
export const BYTES = Symbol("bytes");

/**
 * `select`: `tag` says which case.
 * @param {(self: any, scope: Scope) => string} tag @param {Record<string, Type>} cases @returns {Type}
 */
export const select = (tag, cases) => ({
  read: (reader, self, scope) => {
    const name = tag(self, scope);
    return { [name]: cases[name].read(reader, {}, scope) };
  },
  write: (value, self, scope) => {
    const name = tag(self, scope);
    return cases[name].write(value[name], {}, scope, 0);
  },
});

/**
 * Bytes of the prefix of a vector.
 * @param {number} most
 */
const prefixSize = (most) => (most < 256 ? 1 : most < 65536 ? 2 : 3);

/**
 * The prefix of `opaque name<least..most>`, perhaps of some lengths alone.
 * @param {number} least @param {number} most @param {number[]} [lengths] @returns {Type}
 */
export const prefix = (least, most, lengths) => {
  const isAllowed = (/** @type {number} */ length) =>
    length >= least && length <= most && (lengths === undefined || lengths.includes(length));
  return {
    size: prefixSize(most),
    read: (reader) => length(reader, prefixSize(most), isAllowed),
    write: (value) => {
      insist(isAllowed(value), `${value} bytes are not allowed`);
      return uint(value, prefixSize(most));
    },
  };
};

/**
 * `opaque name<least..most>`.
 * @param {number} least @param {number} most @param {number[]} [lengths] @returns {Type}
 */
export const bytes = (least, most, lengths) => {
  const counted = prefix(least, most, lengths);
  return {
    read: (reader, self, scope) => reader.take(counted.read(reader, self, scope)),
    write: (value, self, scope) => concat(counted.write(value.length, self, scope, 0), value),
  };
};

/**
 * `opaque name<least..most>; is a T`, or `is empty or a T`. The value is the content's bytes.
 * @param {number} least @param {number} most @param {Type} type @returns {Type}
 */
export const holding = (least, most, type) => {
  const plain = bytes(least, most);
  return {
    read: (reader, self, scope) => {
      const { offset } = reader;
      const content = plain.read(reader, self, scope);
      const inner = new Reader(reader.bytes, offset + prefixSize(most), reader.offset);
      if (content.length > 0) {
        type.read(inner, {}, scope);
        inner.finish();
      }
      return content;
    },
    write: plain.write,
  };
};

/**
 * `opaque name<0..unit-1>; zeros to a multiple of unit bytes`, the last field of a struct that is read from its own
 * start.
 * @param {number} unit @returns {Type}
 */
export const padding = (unit) => {
  const due = (/** @type {number} */ before) => (unit - ((before + 2) % unit)) % unit;
  return {
    read: (reader) => {
      const content = reader.within(length(reader, 2, (value) => value === due(reader.offset - 2)));
      while (content.remaining > 0) {
        const { offset } = content;
        if (content.uint(1) !== 0) refuse("not_canonical", offset);
      }
      return undefined;
    },
    write: (_, __, ___, written) => concat(uint(due(written), 2), new Uint8Array(due(written))),
  };
};

/**
 * Reads a length prefix.
 * @param {Reader} reader @param {number} size @param {(length: number) => boolean} isAllowed
 */
function length(reader, size, isAllowed) {
  const { offset } = reader;
  const value = reader.uint(size);
  if (!isAllowed(value)) refuse("length_out_of_range", offset);
  return value;
}

/**
 * `T name<least..most>`. With `key`, elements strictly ascend by the bytes it gives.
 * @param {number} least @param {number} most @param {Type} element
 * @param {{key?: (element: any) => Uint8Array, count?: number}} [rules] @returns {Type}
 */
export const vector = (least, most, element, rules = {}) => {
  const { key, count = Infinity } = rules;
  const isAllowed = (/** @type {number} */ length) =>
    length >= least && length <= most && (element.size === undefined || length % element.size === 0);
  return {
    read: (reader, _, scope) => {
      const content = reader.within(length(reader, prefixSize(most), isAllowed));
      const elements = [];
      let last;
      while (content.remaining > 0) {
        const { offset } = content;
        if (elements.length === count) refuse("length_out_of_range", offset);
        const value = element.read(content, {}, scope);
        const order = key?.(value);
        if (order !== undefined && last !== undefined && compare(last, order) >= 0) refuse("not_canonical", offset);
        last = order;
        elements.push(value);
      }
      return elements;
    },
    write: (elements, _, scope) => {
      const content = join(elements.map((/** @type {any} */ value) => element.write(value, {}, scope, 0)));
      insist(isAllowed(content.length) && elements.length <= count, `${content.length} bytes are not allowed`);
      for (let i = 1; key !== undefined && i < elements.length; i++) {
        insist(compare(key(elements[i - 1]), key(elements[i])) < 0, "elements are out of order");
      }
      return concat(uint(content.length, prefixSize(most)), content);
    },
  };
};

/** `epoch 0`. */
export const noEpoch = number(4, 0, 0);

/**
 * A Header (section 8.1) of one of some types.
 * @param {string[]} types @param {Type} [epochs] @returns {Type}
 */
export const header = (types, epochs = epoch) =>
  struct({
    magic: constant(utf8("EK"), "bad_magic"),
    version,
    type: named(Object.fromEntries(types.map((type) => [type, MESSAGE_TYPES[type]])), "unexpected_type"),
    account_id: id,
    epoch: epochs,
  });

/**
 * Reads a whole message.
 * @param {Type} type @param {Uint8Array} message @param {Scope} [scope]
 */
export function parse(type, message, scope = {}) {
  const reader = new Reader(message);
  const value = type.read(reader, {}, scope);
  reader.finish();
  return value;
}

/** @param {Type} type @param {any} value @param {Scope} [scope] @returns {Uint8Array} */
export const serialize = (type, value, scope = {}) => type.write(value, {}, scope, 0);
