// People: who may read the account and act for it.

import { compare, toHex } from "../endkey/bytes.mjs";
import { element } from "../dashboard/report.mjs";
import { attempt, Screen } from "./acting.mjs";
import { drawCodes, labelOf, named } from "./computers.mjs";
import { ask, button, byId, count, drawTable, field, grouped, linkToKeep, tick } from "./parts.mjs";
import { reasonFor } from "./words.mjs";

const DAYS = 7;

/**
 * The computers that are in the account.
 * @param {any} contents @returns {any[]}
 */
export const computersIn = ({ members }) =>
  members.filter((/** @type {any} */ { status }) => status === "granted");

/**
 * Asks about each computer whether it stays, as acts that begin anew have to (R-12.9-3). None does on the word of a
 * vault that somebody else may have written.
 * @param {any[]} computers
 */
export function askAbout(computers) {
  if (computers.length === 0) return [];
  const list = element("ul", "", ...computers.map((one) => element("li", "",
    tick("stay", toHex(one.agent_id), false, named(labelOf(one.label), toHex(one.agent_id))))));
  const tickAll = button("Tick all", () => {
    for (const box of list.querySelectorAll("input")) box.checked = true;
  });
  return [
    element("p", "", "Which computers stay? Tick those that you know: whoever had a hand in the account may have let "
      + "in some of their own. One that is not ticked goes."),
    list, element("div", "actions", tickAll),
  ];
}

/**
 * What an act that raises the generation shows (R-12.9-9).
 * @param {any} contents
 */
export const periodsOf = ({ retention_days, blob_days }) =>
  element("p", "", `Records are wanted for ${count(retention_days, "day")}, pictures for ${count(blob_days, "day")}. `
    + "Whoever goes may have set that, and what the service erases by it does not come back: Settings changes it.");

/**
 * Who goes and who stays of the computers that were asked about.
 * @param {any[]} computers @param {FormData} answer
 */
export function answered(computers, answer) {
  const stays = (/** @type {any} */ { agent_id }) => answer.getAll("stay").includes(toHex(agent_id));
  const agents = computers.filter((one) => !stays(one)).map(({ agent_id }) => agent_id);
  return { agents, staying: computers.filter(stays) };
}

export class People extends Screen {
  /** @param {import("../http/person.mjs").PersonsEnd} person */
  constructor(person) {
    super(person);
    byId("invite").addEventListener("click", () => this.#invite());
  }

  async draw() {
    const { contents, person, isOwner } = this.person.whole;
    for (const id of ["asking", "invite"]) {
      /** @type {HTMLElement} */ (byId(id).closest(".card")).hidden = !isOwner;
    }
    drawTable(byId("account-persons"), ["Person", "Role", ""], contents.persons.map((/** @type {any} */ one) => {
      const [id, label] = [toHex(one.person_id), labelOf(one.label)];
      const isSelf = compare(one.person_id, person.id) === 0;
      const isIn = one.status === "granted";
      return [
        named(label, id), `${isIn ? one.role : "removed"}${isSelf ? ", you" : ""}`,
        element("div", "actions",
          ...(isIn ? [button("Rename", () => this.#rename(id, label), "", id.slice(0, 8))] : []),
          ...(isIn && isOwner && one.role !== "owner"
            ? [button("Remove", () => this.#remove(one), "danger", id.slice(0, 8))] : [])),
      ];
    }), "");
    drawCodes(this, "manager", byId("invitations"), "Link for", "No link is valid.");
    if (isOwner) this.#drawAsking((await this.person.requests()).filter(({ role }) => role === "manager"));
  }

  /** @param {import("./computers.mjs").Request[]} requests */
  #drawAsking(requests) {
    drawTable(byId("asking"), ["Person", "", ""], requests.map(({ id, message, refused }) => [
      element("span", "id title", grouped(id)),
      refused === null ? "by a link of yours" : element("span", "bad", reasonFor(refused)),
      element("div", "actions",
        ...(refused === null ? [button("Let in", () => this.#admit(id, message), "main", id.slice(0, 8))] : []),
        button("Refuse", () => this.#refuse(id), "", id.slice(0, 8))),
    ]), "Nobody asks to join.");
  }

  async #invite() {
    const wanted = /** @type {const} */ ({ role: "manager", uses: 1, days: DAYS, label: "", approval: "manual" });
    const made = await this.perform((says) => this.person.makeCode(wanted, says), "The link is made.");
    if (made === undefined) return;
    byId("invited").replaceChildren(linkToKeep("Link for one manager",
      `Give it to them by a way that you trust. It is valid for ${DAYS} days, and for one person.`,
      String(made.value)));
  }

  /** @param {string} id @param {Uint8Array} message */
  async #admit(id, message) {
    const answer = await ask("Let this person in?", [
      "They read everything from now on, and what was sent before. Compare this id with what they see.",
      element("p", "id", grouped(id)), field("label", "Name", { maxlength: "60" }),
    ], "Let them in");
    if (answer === null) return;
    await this.perform((says) => this.person.admitPerson(message, String(answer.get("label") ?? "").trim(), says),
      "The person is in the account.");
  }

  /** @param {string} id */
  async #refuse(id) {
    if (await ask("Refuse this request?", [`It goes: ${grouped(id)}`], "Refuse it") === null) return;
    await attempt(async () => {
      await this.person.refuseRequest(id);
      await this.draw();
    });
  }

  /** @param {string} id @param {string} label */
  async #rename(id, label) {
    const name = field("label", "Name", { value: label, maxlength: "60" });
    const answer = await ask("Rename the person", [name], "Rename");
    if (answer === null) return;
    await this.perform((says) =>
      this.person.label("persons", id, String(answer.get("label") ?? "").trim(), says), "Renamed.");
  }

  /** @param {any} one */
  async #remove(one) {
    const computers = computersIn(this.person.whole.contents);
    const answer = await ask("Remove this person?", [
      "Their sessions end, and everybody else gets new keys. What they have read they may have kept.",
      element("p", "id", grouped(toHex(one.person_id))), periodsOf(this.person.whole.contents),
      ...askAbout(computers),
    ], "Remove", "danger");
    if (answer === null) return;
    await this.perform((says) => this.person.act("remove_person", () =>
      ({ persons: [one.person_id], ...answered(computers, answer) }), says), "The person is removed.");
  }
}
