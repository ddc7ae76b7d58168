// Keys: the password, new keys, the list of people, a new beginning. And how long records are wanted.

import { Screen, tell } from "./acting.mjs";
import { ask, byId, dateOf } from "./parts.mjs";
import { answered, askAbout, computersIn, periodsOf } from "./people.mjs";
import { warnOfGuesses } from "./welcome.mjs";

export class Keys extends Screen {
  /** @param {import("../http/person.mjs").PersonsEnd} person */
  constructor(person) {
    super(person);
    byId("password").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#changePassword(byId("password"));
    });
    warnOfGuesses(byId("password"), () => "");
    byId("rotate").addEventListener("click", () => this.#rotate());
    byId("renew").addEventListener("click", () => this.#renew());
    byId("repair").addEventListener("click", () => this.#repair());
  }

  async draw() {
    const { isOwner, state } = this.person.whole;
    for (const card of document.querySelectorAll("[data-owner]")) {
      /** @type {HTMLElement} */ (card).hidden = !isOwner;
    }
    byId("certificate").textContent = `Your signature under the list of people holds until ${
      dateOf(state.certificate_until)}. Sign it anew after comparing the digits under Audit with another device.`;
  }

  /** @param {HTMLFormElement} form */
  async #changePassword(form) {
    const fields = new FormData(form);
    const [current, password, again] = ["current", "password", "again"].map((name) => String(fields.get(name)));
    if (password !== again) return tell("The two passwords differ.", "problem");
    const done = await this.perform((says) => this.person.changePassword(current, password, says),
      "The password is changed. All other sessions have ended.");
    if (done !== undefined) form.reset();
    return undefined;
  }

  async #rotate() {
    const answer = await ask("Make new keys?", ["Every computer takes them when it next asks."], "Make new keys");
    if (answer === null) return;
    await this.perform((says) => this.person.act("rotate", () => ({}), says), "New keys are made.");
  }

  async #renew() {
    const answer = await ask("Sign the list of people anew?", [
      "Do this only once the digits under Audit are those that another device shows.",
    ], "Sign it");
    if (answer !== null) {
      await this.perform((says) => this.person.act("renew_certificate", () => ({}), says), "The list is signed anew.");
    }
  }

  async #repair() {
    const computers = computersIn(this.person.whole.contents);
    const answer = await ask("Repair the account?",
      ["All codes go, and everybody gets new keys.", periodsOf(this.person.whole.contents), ...askAbout(computers)],
      "Repair", "danger");
    if (answer === null) return;
    await this.perform((says) => this.person.act("repair", () => answered(computers, answer), says),
      "The account is repaired.");
  }
}
