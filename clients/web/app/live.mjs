// What the service says is new while the page is open (`spec/http.md`, section 13.2): a hint to look, nothing else.

import { Problem, Unsettled } from "../http/service.mjs";

/** @typedef {import("../http/alerts.mjs").Event} Event */

/** Milliseconds, the greatest delay before the service is asked again. */
const DELAY_MAX = 30_000;

/**
 * Listens until the session ends; an end of an answer is no end of that.
 * @param {import("../http/person.mjs").PersonsEnd} person
 * @param {(event: Event) => void} tell
 */
export async function listen(person, tell) {
  /** @type {number | null} */
  let after = null;
  for (let tries = 0; ; tries++) {
    try {
      /** @type {AsyncGenerator<Event>} */
      const events = person.events(after);
      for await (const event of events) {
        if (event.lists.length > 0) tell(event);
        [after, tries] = [event.id, 0];
      }
    } catch (error) {
      if (error instanceof Problem && error.status < 500 && error.type !== "slow-down") return;
      if (!(error instanceof Problem || error instanceof Unsettled)) throw error;
    }
    const delay = Math.random() * Math.min(DELAY_MAX, 1000 * 2 ** tries);
    await new Promise((done) => { setTimeout(done, delay); });
  }
}
