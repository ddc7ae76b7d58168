// Settings: how long records are wanted, and what this page is.

import { toHex } from "../endkey/bytes.mjs";
import { element } from "../dashboard/report.mjs";
import { MEMORIES } from "../dashboard/messages.mjs";
import { Screen } from "./acting.mjs";
import { byId, grouped, timeOf } from "./parts.mjs";

/** The fields of the form, and what they are in the vault. */
const PERIODS = { retention: "retention_days", blobs: "blob_days" };

export class Settings extends Screen {
  /**
   * The periods that are shown.
   * @type {Record<string, number>}
   */
  #shown = {};

  /** @param {import("../http/person.mjs").PersonsEnd} person */
  constructor(person) {
    super(person);
    /** @type {HTMLFormElement} */
    const form = byId("retention");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = new FormData(form);
      const changed = Object.fromEntries(Object.entries(PERIODS).map(([name, period]) =>
        [period, Number(fields.get(name))]).filter(([period, days]) => days !== this.#shown[period]));
      // What another tab or device has changed since it was shown stays.
      this.perform((says) => person.retain(changed, says), "Saved.");
    });
  }

  async draw() {
    const { whole, session, standing } = this.person;
    const { contents, account, isOwner } = whole;
    /** @type {HTMLFormElement} */
    const form = byId("retention");
    for (const [name, period] of Object.entries(PERIODS)) {
      this.#shown[period] = contents[period];
      /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = String(contents[period]);
    }
    /** @type {HTMLElement} */ (form.closest(".card")).hidden = !isOwner;
    byId("about").textContent = "This page came from the service, which could change it. Whoever minds opens the "
      + "account from the command line, or from these files on an own computer.";
    const facts = {
      Service: location.origin, Account: grouped(toHex(account)), You: grouped(toHex(whole.person.id)),
      Role: isOwner ? "owner" : "manager", "Session until": timeOf(Number(session.expires)),
      "This browser": standing === "kept" ? "remembers the account" : MEMORIES[standing].split(/[:,]/)[0],
    };
    byId("facts").replaceChildren(...Object.entries(facts).flatMap(([name, value]) =>
      [element("dt", "", name), element("dd", name === "Account" || name === "You" ? "id" : "", value)]));
  }
}
