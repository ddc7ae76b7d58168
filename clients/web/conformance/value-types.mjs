// What a member of an operation's input or output may be: the types of operation-table.mjs.

import { fromHex, toHex } from "../endkey/bytes.mjs";

/**
 * `read` takes a JSON value to the value of the program (bytes as Uint8Array), `write` goes back. Both throw a
 * TypeError that names the place for what is not of the type.
 * @typedef {{read: (value: any, place: string) => any, write: (value: any, place: string) => any, when?: [string,
 *   string[]]}} ValueType
 * @typedef {{in: ValueType, out: ValueType}} OperationType
 */

/** @param {string} place @param {string} what @returns {never} */
function wrong(place, what) {
  throw new TypeError(`${place} is not ${what}`);
}

/** @param {(value: any, place: string) => any} check @returns {ValueType} */
const plain = (check) => ({ read: check, write: check });

/**
 * Bytes, in JSON as lower-case hex.
 * @param {number} [least] @param {number} [most] `least` of them, if it is not given; any number, if neither is
 * @returns {ValueType}
 */
export function hex(least, most = least ?? Infinity) {
  /** @param {Uint8Array} bytes @param {string} place */
  const sized = (bytes, place) =>
    bytes.length >= (least ?? 0) && bytes.length <= most ? bytes : wrong(place, `from ${least} to ${most} bytes`);
  return {
    read: (value, place) => sized(typeof value === "string" ? fromHex(value) : wrong(place, "a text in hex"), place),
    write: (value, place) => toHex(sized(value instanceof Uint8Array ? value : wrong(place, "bytes"), place)),
  };
}

/** @returns {ValueType} */
export const text = () => plain((value, place) => (typeof value === "string" ? value : wrong(place, "a text")));

/** @returns {ValueType} */
export const boolean = () =>
  plain((value, place) => (typeof value === "boolean" ? value : wrong(place, "true or false")));

/** @param {number} least @param {number} most @returns {ValueType} */
export const number = (least, most) =>
  plain((value, place) => {
    const whole = typeof value === "bigint" && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    if (!Number.isSafeInteger(whole) || whole < least || whole > most) {
      wrong(place, `a whole number from ${least} to ${most}`);
    }
    return whole;
  });

/** @param {...string} names @returns {ValueType} */
export const name = (...names) =>
  plain((value, place) => (names.includes(value) ? value : wrong(place, `one of ${names.join(", ")}`)));

/** @param {ValueType} element @param {number} [least] @returns {ValueType} */
export function list(element, least = 0) {
  /** @param {"read" | "write"} way @returns {(value: any, place: string) => any} */
  const each = (way) => (value, place) => {
    if (!Array.isArray(value) || value.length < least) wrong(place, `a list of ${least} or more`);
    return value.map((/** @type {any} */ one, /** @type {number} */ index) => element[way](one, `${place}[${index}]`));
  };
  return { read: each("read"), write: each("write") };
}

/** @param {ValueType} type @returns {ValueType} */
export const nullable = (type) => ({
  read: (value, place) => (value === null ? null : type.read(value, place)),
  write: (value, place) => (value === null ? null : type.write(value, place)),
});

/**
 * A member that is there exactly when another has one of these values.
 * @param {string} member @param {string[]} values @param {ValueType} type @returns {ValueType}
 */
export const when = (member, values, type) => ({ ...type, when: [member, values] });

/**
 * All of these members, and no others.
 * @param {Record<string, ValueType>} members @returns {ValueType}
 */
export function object(members) {
  /** @param {"read" | "write"} way @returns {(value: any, place: string) => any} */
  const each = (way) => (value, place) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) wrong(place, "an object");
    const expected = Object.entries(members).filter(([, { when }]) => !when || when[1].includes(value[when[0]]));
    const made = expected.map(([key, type]) => {
      if (!Object.hasOwn(value, key)) wrong(place, `an object with ${key}`);
      return [key, type[way](value[key], `${place}.${key}`)];
    });
    if (Object.keys(value).length !== made.length) {
      wrong(place, `an object of ${expected.map(([key]) => key).join(", ") || "nothing"} alone`);
    }
    return Object.fromEntries(made);
  };
  return { read: each("read"), write: each("write") };
}

/**
 * Exactly one of these members.
 * @param {Record<string, ValueType>} members @returns {ValueType}
 */
export function either(members) {
  /** @param {"read" | "write"} way @returns {(value: any, place: string) => any} */
  const each = (way) => (value, place) => {
    const keys = Object.keys(value ?? {});
    if (keys.length !== 1 || !Object.hasOwn(members, keys[0])) {
      wrong(place, `an object of one of ${Object.keys(members).join(", ")}`);
    }
    return { [keys[0]]: members[keys[0]][way](value[keys[0]], `${place}.${keys[0]}`) };
  };
  return { read: each("read"), write: each("write") };
}
