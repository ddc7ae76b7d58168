// What the codes of refusals and findings say to the person who unlocks.

const AGAIN = "Try again in a while. If it stays so, ask whoever runs the service, and compare with another device "
  + "before you go on.";

/** @type {Record<string, string>} */
const MESSAGES = {
  person_keys_open_failed: "That did not open the account. The login name, the password or the account secret "
    + "is wrong.",
  account_secret_mismatch: "This account is opened with an account secret, or without: the other way round than given.",
  bad_password: "This cannot be a password: it is empty, too long, or holds characters that none may hold.",
  bad_login_name: "This cannot be a login name: it is empty, too long, or holds characters that none may hold.",
  iterations_out_of_range: "The service asks for a number of iterations outside the protocol's limits. "
    + "Nothing was computed.",
  pin_mismatch: "The service presents another account, or other parameters, than this device remembers. "
    + "Do not try again before you know why.",
  head_changed: "The service presents other parameters of the password than this device remembers. "
    + "If you changed the password elsewhere, say so below and unlock again.",
  no_master_key: "The service has no key of the account's newest state for you.",
  generation_rollback: `The service presents an older list of persons than this device has seen. ${AGAIN}`,
  epoch_rollback: `The service presents an older epoch of the account than this device has seen. ${AGAIN}`,
  counter_rollback: `The service presents an older record of the account than this device has seen. ${AGAIN}`,
  counter_fork: "The service presents another record than the one that this device has seen in its place.",
  state_fork: "What the service presents does not know the state that this device has seen.",
  wrong_account: "The service presents a record of another account.",
  certificate_invalid: "The list of persons is not signed by the account's root key.",
  signature_invalid: "A record of the account is not signed by a person of it.",
  unknown_agent: "You are no person of this account.",
  revoked: "You have been removed from this account.",
  bad_bech32m: "This is not an account secret: a character is wrong or missing.",
  bad_prefix: "This is not an account secret; those start with ekb1.",
};

/** @param {{code: string}} refusal */
export const messageFor = ({ code }) =>
  `${MESSAGES[code] ?? "The stored records of the account do not fit together."} (${code})`;

const COMPARE = "Compare the digits below with another device before you confirm them.";

/**
 * What is said of a browser's memory of the account.
 * @type {Record<import("./pins.mjs").Memory, string>}
 */
export const MEMORIES = {
  kept: "",
  unmarked: "This browser remembers the account, but has no room left to notice if that were deleted. Delete what "
    + "other pages of this address have stored here.",
  fresh: `Nothing is remembered here yet: old records would not be noticed. ${COMPARE}`,
  lost: `What this browser remembered of the account was deleted: old records would not be noticed. ${COMPARE}`,
  damaged: `What this browser remembered of the account is damaged: old records would not be noticed. ${COMPARE}`,
  denied: "This browser keeps nothing for this page, so that old records are never noticed here. Allow it to store "
    + "data, or leave the private window; until then compare the digits below with another device each time.",
};

/** Another tab of this browser. */
export const TABS = {
  waits: "This takes longer than it should. If another tab or window of this page is open and hangs, close it: they "
    + "wait for each other.",
  newer: "Another tab has opened a newer record of the account. Load this page anew to see it.",
  unkept: "Confirmed until this page is locked: this browser keeps nothing for it.",
  confirmed: "Another tab has opened a newer record of the account since, so this one was not confirmed. Load this "
    + "page anew, and compare what it shows then.",
};

/**
 * What is said of an error that is no refusal.
 * @param {unknown} error
 */
export function messageForFailure(error) {
  if (error instanceof DOMException && error.name === "NotSupportedError") {
    return "This browser lacks cryptography that the account needs (Ed25519). Use Chromium 137, Firefox 129, Safari "
      + "17, or a newer one.";
  }
  console.error(error);
  return "Something failed that is no fault of the account. Load the page anew; the browser's console says more.";
}
