// What the service's problems, and refusals of acts, say to a person.

import { messageFor, messageForFailure } from "../dashboard/messages.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { Lost, NotRecovered, PasswordChanged, Recovered } from "../http/person.mjs";
import { Problem, Unsettled } from "../http/service.mjs";

/** @type {Record<string, string>} */
const PROBLEMS = {
  "login-failed": "That did not sign in. The login name, the password or the account secret is wrong.",
  "no-credential": "The session has ended. Lock this page, and sign in again. What you sent and is not settled stays.",
  "signup-refused": "Accounts are not made at this service. Ask whoever runs it.",
  "login-taken": "Somebody has this login name already. Choose another one.",
  "admission-refused": "This link is not valid any more: it was used, it has expired, or it was taken back.",
  "owner-required": "Only the owner of the account may do this.",
  "fresh-required": "For this you have to have signed in within the last ten minutes. Lock this page, sign in, and try "
    + "again.",
  quota: "The account has as many open requests as it may have.",
  "other-publication": "Others publish at the same time, again and again. Try again in a minute.",
  precondition: "Others changed this at the same time. Look at it, and try again.",
  "not-found": "The service has nothing like that for you.",
  "slow-down": "Too many attempts. Wait a quarter of an hour.",
  internal: "The service has a fault of its own. Nothing of yours is lost; tell whoever runs it.",
  "store-unavailable": "The service cannot write at the moment. Nothing was stored; try again in a while.",
};

/** @type {Record<string, string>} */
const REFUSALS = {
  already_pinned: "This browser remembers an account under this login name, or something that it sent and that is not "
    + "settled. Sign in with it, or take another login name. Who takes back that very account may have it forgotten.",
  unsettled: "Something you sent is not settled yet. Send it again, or give it up, first.",
  approval_required: "A computer joined that you were not asked about. Look at it, and do this again.",
  root_required: "Only the owner may do this.",
  limit_reached: "The account has reached a limit of the protocol.",
  code_expired: "Its code has expired, or has no uses left.",
  mac_invalid: "It came by no code that is known here. Somebody invented it, or its code was dropped.",
  nonce_reused: "It was let in before with this request.",
  revoked: "It has been removed before. It has to ask anew, as a new computer.",
  wrong_recipient: "This does not fit the role of its code.",
  clock_wrong: "This computer's clock is more than a day behind the account. Set it right.",
  bad_bech32m: "A character is wrong or missing.",
  bad_prefix: "This is another kind of text than is asked for.",
};

/** @param {string} code of a refusal */
export const reasonFor = (code) => REFUSALS[code] ?? messageFor({ code });

/** @param {unknown} error */
export function explain(error) {
  if (error instanceof Problem) return PROBLEMS[error.type] ?? `The service refused this (${error.message.trim()}).`;
  if (error instanceof Unsettled) {
    return "The service does not answer as it should. Look whether this computer is online, and try again. "
      + `(${error.message})`;
  }
  if (error instanceof Lost) {
    return "Somebody else changed the account meanwhile, so yours was not made. Look at what there is now, and do it "
      + "again if you still want it.";
  }
  if (error instanceof PasswordChanged) {
    return "The new password that you sent before has reached the service. Sign in with it.";
  }
  if (error instanceof Recovered) {
    return "The account is taken back: what you sent before has reached the service. Sign in with the password of "
      + "then.";
  }
  if (error instanceof NotRecovered) {
    return "What you sent to take the account back has not reached the service. Type the recovery text again: the same "
      + "is then sent.";
  }
  if (error instanceof Refusal) return reasonFor(error.code);
  return messageForFailure(error);
}
