// The presentation language of section 2.1: each function makes the reader and the writer of one kind of field.

import { compare, concat, join, uint, utf8 } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { ENUMS, LIMITS, MESSAGE_TYPES } from "../registry.mjs";
import { Reader } from "./reader.mjs";

/**
 * `size` is that of every value, where all have one. `self` is the struct as far as it was read; `scope` is what the
 * contents of a sealed message take from the message that holds them.
 * @typedef {{header?: Header, kind?: string}} Scope
 * @typedef {{type: string, account_id: Uint8Array, epoch: number}} Header
 * @typedef {{size?: number, read(reader: Reader, self: any, scope: Scope): any,
 *   write(value: any, self: any, scope: Scope): Uint8Array}} Type
 */

/**
 * `opaque name[size]`.
 * @param {number} size @returns {Type}
 */
export const opaque = (size) => ({
  size,
  read: (reader) => reader.take(size),
  write: (value) => {
    if (value.length !== size) throw new RangeError(`${value.length} bytes where ${size} are due`);
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
    if (!Number.isSafeInteger(value) || value < least || value > most) refuse("value_out_of_range");
    return uint(value, size);
  },
});

export const counter = number(8, 0, LIMITS.counter_max);
export const time = counter;
export const epoch = number(4, 1);
export const hash = opaque(32);
export const id = opaque(16);

/**
 * `Epoch epoch; epoch below the header's`.
 * @type {Type}
 */
export const pastEpoch = {
  size: 4,
  read: (reader, self, scope) => {
    const { offset } = reader;
    const value = epoch.read(reader, self, scope);
    if (scope.header === undefined || value >= scope.header.epoch) refuse("value_out_of_range", offset);
    return value;
  },
  write: epoch.write,
};

/**
 * `T name = v`.
 * @param {Uint8Array} bytes @param {string} code @returns {Type}
 */
export const constant = (bytes, code) => ({
  size: bytes.length,
  read: (reader) => {
    const { offset } = reader;
    if (compare(reader.take(bytes.length), bytes) !== 0) refuse(code, offset);
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
      if (!Object.hasOwn(values, name)) throw new TypeError(`no such value: ${name}`);
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
 * Fields in their order; an unnamed one holds a `select`, whose value goes under the name of its case.
 * @param {...[string, Type]} fields @returns {Type}
 */
export const struct = (...fields) => ({
  size: fields.every(([, type]) => type.size !== undefined)
    ? fields.reduce((sum, [, type]) => sum + /** @type {number} */ (type.size), 0)
    : undefined,
  read: (reader, _, scope) => {
    /** @type {Record<string, any>} */
    const self = {};
    for (const [name, type] of fields) {
      const value = type.read(reader, self, scope);
      if (name === "") Object.assign(self, value);
      else if (value !== undefined) self[name] = value;
    }
    return self;
  },
  write: (value, _, scope) =>
    join(fields.map(([name, type]) => type.write(name === "" ? value : value[name], value, scope))),
});

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
    return cases[name].write(value[name], {}, scope);
  },
});

/**
 * Bytes of the prefix of a vector.
 * @param {number} most
 */
const prefixSize = (most) => (most < 256 ? 1 : most < 65536 ? 2 : 3);

/**
 * `opaque name<least..most>`, perhaps of some lengths alone.
 * @param {number} least @param {number} most @param {number[]} [lengths] @returns {Type}
 */
export const bytes = (least, most, lengths) => {
  const isAllowed = (/** @type {number} */ length) =>
    length >= least && length <= most && (lengths === undefined || lengths.includes(length));
  return {
    read: (reader) => reader.take(length(reader, prefixSize(most), isAllowed)),
    write: (value) => {
      if (!isAllowed(value.length)) refuse("length_out_of_range");
      return concat(uint(value.length, prefixSize(most)), value);
    },
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
      const content = join(elements.map((/** @type {any} */ value) => element.write(value, {}, scope)));
      if (!isAllowed(content.length) || elements.length > count) refuse("length_out_of_range");
      for (let i = 1; key !== undefined && i < elements.length; i++) {
        if (compare(key(elements[i - 1]), key(elements[i])) >= 0) refuse("not_canonical");
      }
      return concat(uint(content.length, prefixSize(most)), content);
    },
  };
};

/**
 * A Header (section 8.1) of one of some types.
 * @param {string[]} types @param {Type} [epochs] @returns {Type}
 */
export const header = (types, epochs = epoch) =>
  struct(
    ["magic", constant(utf8("EK"), "bad_magic")],
    ["version", version],
    ["type", named(Object.fromEntries(types.map((type) => [type, MESSAGE_TYPES[type]])), "unexpected_type")],
    ["account_id", id],
    ["epoch", epochs],
  );

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
export const serialize = (type, value, scope = {}) => type.write(value, {}, scope);
