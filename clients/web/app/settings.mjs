// Settings: how long records are wanted, and what this page is.

import { toHex } from "../endkey/bytes.mjs";
import { element } from "../dashboard/report.mjs";
import { MEMORIES } from "../dashboard/messages.mjs";
import { Screen } from "./acting.mjs";
import { byId, grouped, timeOf } from "./parts.mjs";

export class Settings extends Screen {
  /** @param {import("../http/person.mjs").PersonsEnd} person */
  constructor(person) {
    super(person);
    /** @type {HTMLFormElement} */
    const form = byId("retention");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = new FormData(form);
      const [retention_days, blob_days] = ["retention", "blobs"].map((name) => Number(fields.get(name)));
      this.perform((says) => person.act("edit", () => ({
        edit: (contents) => ({ ...contents, retention_days, blob_days }),
      }), says), "Saved.");
    });
  }

  async draw() {
    const { whole, session, standing } = this.person;
    const { contents, account, isOwner } = whole;
    /** @type {HTMLFormElement} */
    const form = byId("retention");
    for (const [name, days] of Object.entries({ retention: contents.retention_days, blobs: contents.blob_days })) {
      /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = String(days);
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
