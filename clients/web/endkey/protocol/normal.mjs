// Normal forms of passwords and login names (section 9.1).

import { fromUTF8, utf8 } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { isAssigned, nfc } from "../unicode/nfc.mjs";

/** @param {Uint8Array} bytes @param {string} code @returns {string} */
function normal(bytes, code) {
  const text = fromUTF8(bytes) ?? refuse(code);
  for (const character of text) {
    const point = /** @type {number} */ (character.codePointAt(0));
    if (point === 0 || !isAssigned(point)) refuse(code);
  }
  return nfc(text);
}

/** @param {Uint8Array} bytes UTF-8, perhaps ill-formed @returns {Uint8Array} */
export function normalPassword(bytes) {
  const password = utf8(normal(bytes, "bad_password"));
  if (password.length < 1 || password.length > LIMITS.password_max) refuse("bad_password");
  return password;
}

/** @param {Uint8Array} bytes UTF-8, perhaps ill-formed @returns {Uint8Array} */
export function normalLoginName(bytes) {
  const folded = normal(bytes, "bad_login_name").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const loginName = utf8(nfc(folded));  // A lowered letter may compose with a mark.
  if (loginName.length < 1 || loginName.length > LIMITS.login_name_max) refuse("bad_login_name");
  return loginName;
}
