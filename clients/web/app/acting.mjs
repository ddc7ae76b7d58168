// Acts of a person, from a screen: what has to be asked is asked, and what became of it is said.

import { toHex } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { element } from "../dashboard/report.mjs";
import { ask, byId, timeOf } from "./parts.mjs";
import { explain } from "./words.mjs";

/** @typedef {import("../http/person.mjs").Says} Says */
/** @typedef {{flag: keyof Says, title: string, text: string, yes: string}} Question */

/** @type {Record<"newest" | "aside" | "expired" | "storage" | "clock", Question>} */
const QUESTIONS = {
  newest: {
    flag: "newest", title: "Is this the newest?", yes: "It is the newest",
    text: "Nothing was remembered in this browser, so an old record of the account would not be noticed. Compare this "
      + "with another device before you go on.",
  },
  aside: {
    flag: "newest", title: "Is this the newest that opened?", yes: "It is the newest",
    text: "What the service has does not open, so this goes on from the last that opened in this browser. What was "
      + "changed since, on another device, is lost. If another device shows something newer, go on there.",
  },
  expired: {
    flag: "newest", title: "The account's state has expired", yes: "It is the newest",
    text: "Nobody renewed it in time, or the service keeps back a newer one. Compare this with another device.",
  },
  storage: {
    flag: "withoutStorage", title: "This browser keeps nothing", yes: "Go on all the same",
    text: "If this page is closed before the service has answered, nobody knows what became of it. Better leave the "
      + "private window, or allow this page to store data.",
  },
  clock: {
    flag: "clock", title: "Is this computer's clock right?", yes: "The clock is right",
    text: "Something in the account was made more than a day after what this computer's clock shows.",
  },
};

/** What an act is told while what the service has does not open (section 12.8, step 5). */
const ROOT_ACT_DUE = "What the service has of this account does not open. First remove the person who did that, under "
  + "People, or repair the account, under Keys.";

/** @param {string} text @param {"problem" | "said"} [where] */
export function tell(text, where = "said") {
  for (const id of ["problem", "said"]) {
    byId(id).textContent = id === where ? text : "";
    byId(id).hidden = id !== where || text === "";
  }
  if (where === "problem" && text !== "") byId(where).scrollIntoView({ block: "nearest" });
}

/**
 * What a person compares with another device.
 * @param {import("../http/person.mjs").PersonsEnd} person
 */
async function comparison(person) {
  const { state, contents, pins } = person.whole;
  const facts = {
    Made: timeOf(contents.made), Generation: String(state.generation), Counter: String(state.counter),
    Digits: toHex(await sha256(pins.state)).slice(0, 8),
  };
  return element("dl", "facts-list", ...Object.entries(facts).flatMap(([name, value]) =>
    [element("dt", "", name), element("dd", "", value)]));
}

/**
 * Which question answers a refusal; undefined where none does.
 * @param {unknown} error @param {import("../http/person.mjs").PersonsEnd} person @param {Says} says
 */
function questionFor(error, person, says) {
  if (!(error instanceof Refusal)) return undefined;
  if (error.code === "approval_required") {
    if (!person.isConfirmed && !says.newest) return person.isAside ? QUESTIONS.aside : QUESTIONS.newest;
    return person.standing === "denied" ? QUESTIONS.storage : undefined;
  }
  if (error.code === "state_expired") return QUESTIONS.expired;
  return error.code === "clock_wrong" ? QUESTIONS.clock : undefined;
}

/**
 * Runs an act: asks what only a person knows, and says what came of it. Gives what the act gave, or undefined.
 * @template T
 * @param {import("../http/person.mjs").PersonsEnd} person @param {(says: Says) => Promise<T>} act
 * @param {string} done what is said once it is done
 * @returns {Promise<{value: T} | undefined>}
 */
export async function perform(person, act, done) {
  /** @type {Says} */
  let says = {};
  tell("");
  document.body.setAttribute("aria-busy", "true");
  try {
    for (;;) {
      try {
        const value = await act(says);
        tell(done);
        return { value };
      } catch (error) {
        const question = questionFor(error, person, says);
        if (question === undefined || says[question.flag]) throw error;
        const content = question.flag === "newest" ? [question.text, await comparison(person)] : [question.text];
        if (await ask(question.title, content, question.yes) === null) return undefined;
        says = { ...says, [question.flag]: true };
      }
    }
  } catch (error) {
    const isDue = person.isAside && error instanceof Refusal && error.code === "unsettled";
    tell(isDue ? ROOT_ACT_DUE : explain(error), "problem");
    return undefined;
  } finally {
    document.body.removeAttribute("aria-busy");
    document.dispatchEvent(new Event("acted"));
  }
}

/**
 * Runs what is no act, and says what hindered it.
 * @template T @param {() => Promise<T>} body @returns {Promise<T | undefined>}
 */
export async function attempt(body) {
  document.body.setAttribute("aria-busy", "true");
  try {
    return await body();
  } catch (error) {
    tell(explain(error), "problem");
    return undefined;
  } finally {
    document.body.removeAttribute("aria-busy");
  }
}

/** A screen that acts: it shows what there is, and does so again after each act. */
export class Screen {
  /** @param {import("../http/person.mjs").PersonsEnd} person */
  constructor(person) {
    this.person = person;
  }

  /**
   * Draws what is open.
   * @returns {Promise<void>}
   */
  async draw() {}

  async show() {
    await this.person.refresh();
    await this.draw();
  }

  /**
   * Gives what the act gave, or undefined.
   * @template T @param {(says: Says) => Promise<T>} act @param {string} done
   */
  async perform(act, done) {
    const given = await perform(this.person, act, done);
    if (given !== undefined) await attempt(() => this.draw());
    return given;
  }
}
