// Computers: codes, who asks to join, and who is in the account.

import { compare, fromUTF8, toHex } from "../endkey/bytes.mjs";
import { element } from "../dashboard/report.mjs";
import { openedElement } from "../dashboard/reveal.mjs";
import { attempt, perform, Screen } from "./acting.mjs";
import { withMarks } from "./books.mjs";
import {
  ask, button, byId, count, dateOf, drawTable, field, grouped, linkToKeep, shortTimeOf, textToKeep, tick,
} from "./parts.mjs";
import { reasonFor } from "./words.mjs";

const STATUS = { granted: "in the account", retired: "retired", removed: "removed" };
/** A computer that was not heard of for so long is shown as silent. */
const SILENT = 2 * 86_400_000;

/** @typedef {Awaited<ReturnType<import("../http/person.mjs").PersonsEnd["requests"]>>[number]} Request */

/** @param {Uint8Array} bytes */
export const labelOf = (bytes) => fromUTF8(bytes) ?? "";

/**
 * A computer or person: its label, and its id.
 * @param {string} label @param {string} id
 */
export const named = (label, id) => element("div", "",
  ...(label === "" ? [] : [element("span", "title", openedElement(label))]),
  element("span", label === "" ? "id title" : "id where", grouped(id)));

/**
 * Whether a code lets in nobody any more.
 * @param {any} code @param {number} now
 */
const isOver = ({ uses_left, expires }, now) => uses_left === 0 || (expires !== 0 && expires <= now);

/**
 * The codes of a role that live, each of which can be taken back.
 * @param {Screen} screen @param {"agent" | "manager"} of @param {HTMLElement} place @param {string} title
 * @param {string} empty what is said where there is none
 */
export function drawCodes(screen, of, place, title, empty) {
  const now = Date.now();
  const codes = screen.person.whole.contents.codes.filter((/** @type {any} */ { role }) => role === of);
  drawTable(place, [title, "Uses left", "Until", "Lets in", ""], codes.map((/** @type {any} */ code) => {
    const label = labelOf(code.label);
    const name = label === "" ? "without a label" : label;
    return [
      element("span", "title", label === "" ? "no label" : openedElement(label)),
      isOver(code, now) ? element("span", "empty", "used up, or over") : String(code.uses_left),
      code.expires === 0 ? "for ever" : dateOf(code.expires),
      code.approval === "automatic" ? "without asking" : "after you approve",
      element("div", "actions", button("Drop", () => dropCode(screen, code, name), "", `the code ${name}`)),
    ];
  }), empty);
}

/** @param {Screen} screen @param {any} code @param {string} name */
async function dropCode(screen, code, name) {
  const answer = await ask("Drop this code?", [`Nobody can ask to join by it any more: ${name}.`], "Drop it");
  if (answer === null) return;
  await screen.perform((says) => screen.person.act("edit", () => ({
    edit: (contents) => ({
      ...contents, codes: contents.codes.filter((/** @type {any} */ { id }) => compare(id, code.id) !== 0),
    }),
  }), says), "The code is dropped.");
}

export class Computers extends Screen {
  /**
   * @param {import("../http/person.mjs").PersonsEnd} person @param {import("./books.mjs").Books} books
   */
  constructor(person, books) {
    super(person);
    this.books = books;
    /** @type {HTMLFormElement} */
    const form = byId("make-code");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#makeCode(new FormData(form));
    });
  }

  async show() {
    await this.person.refresh();
    await this.#admitByCode(await this.person.requests());
    await this.draw();
  }

  async draw() {
    drawCodes(this, "agent", byId("codes"), "Code for", "No code is valid. Make one to add a computer.");
    this.#drawRequests((await this.person.requests()).filter(({ role }) => role === "agent"));
    this.#drawMembers(new Map((await this.person.agents()).map((agent) => [String(agent.id), agent])));
  }

  /**
   * Lets in who comes by a code that needs no approval.
   * @param {Request[]} requests
   */
  async #admitByCode(requests) {
    const ready = requests.filter(({ role, refused, code }) =>
      role === "agent" && refused === null && code.approval === "automatic");
    if (ready.length === 0 || !this.person.isConfirmed) return;
    await perform(this.person, (says) => this.person.admit(ready.map(({ message }) => message), "", says),
      `Let in by code: ${count(ready.length, "computer")}.`);
  }

  /** @param {FormData} fields */
  async #makeCode(fields) {
    const text = (/** @type {string} */ name) => String(fields.get(name) ?? "").trim();
    byId("made").replaceChildren();
    const made = await this.perform((says) => this.person.makeCode({
      role: "agent", uses: Number(text("uses")), days: Number(text("days")), label: text("label"),
      approval: fields.has("automatic") ? "automatic" : "manual",
    }, says), "The code is made. It is shown once.");
    if (made === undefined) return;
    const code = String(made.value);
    byId("made").replaceChildren(
      ...(fields.has("automatic") ? [] : [linkToKeep("Link", "Open it on the computer that is to be added.", code)]),
      textToKeep("Code", "Give this to its agent, with the address of this service.", code, null));
  }

  /** @param {Request[]} requests */
  #drawRequests(requests) {
    const place = byId("requests");
    const ready = requests.filter(({ refused }) => refused === null);
    drawTable(place, ["Computer", "By the code", ""], requests.map((request) => {
      const { id, code, refused } = request;
      const label = code === undefined ? "" : labelOf(code.label);
      return [
        element("span", "id title", grouped(id)),
        refused === null ? (label === "" ? "without a label" : openedElement(label))
          : element("span", "bad", reasonFor(refused)),
        element("div", "actions",
          ...(refused === null ? [button("Approve", () => this.#approve([request]), "main", id.slice(0, 8))] : []),
          button("Refuse", () => this.#refuse(id), "", id.slice(0, 8))),
      ];
    }), "Nobody asks to join.");
    if (ready.length > 1) {
      place.append(element("p", "actions", button(`Approve all ${ready.length}`, () => this.#approve(ready), "main")));
    }
  }

  /** @param {Request[]} requests */
  async #approve(requests) {
    const one = requests.length === 1;
    const answer = await ask(one ? "Let this computer in?" : `Let ${requests.length} computers in?`, [
      "Compare the id with what the agent on that computer shows. The computer gets keys to seal with; it cannot read "
        + "what others sent.",
      element("ul", "id", ...requests.map(({ id }) => element("li", "", grouped(id)))),
      ...(one ? [field("label", "Name, if the code has none", { maxlength: "60" })] : []),
    ], one ? "Let it in" : "Let them in");
    if (answer === null) return;
    await this.perform((says) => this.person.admit(
      requests.map(({ message }) => message), String(answer.get("label") ?? "").trim(), says),
    one ? "The computer is in the account." : "The computers are in the account.");
  }

  /** @param {string} id */
  async #refuse(id) {
    const answer = await ask("Refuse this request?", [`It goes: ${grouped(id)}`], "Refuse it");
    if (answer === null) return;
    await attempt(async () => {
      await this.person.refuseRequest(id);
      await this.draw();
    });
  }

  /** @param {Map<string, any>} agents what the service tells of each */
  #drawMembers(agents) {
    const now = Date.now();
    const { members } = this.person.whole.contents;
    const order = Object.keys(STATUS);
    const sorted = [...members].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status)
      || labelOf(a.label).localeCompare(labelOf(b.label)));
    drawTable(byId("members"), ["Computer", "Status", "Heard of, the service says",
      "Batches, the service says", ""], sorted.map((member) => {
      const [id, label] = [toHex(member.agent_id), labelOf(member.label)];
      const told = agents.get(id);
      const heard = told?.last_seen ?? 0;
      const isIn = member.status === "granted";
      const isWithheld = this.person.withheld.includes(id);
      const status = element("span", `state${isIn ? (isWithheld ? " is-bad" : " is-good") : ""}`,
        isWithheld ? "no keys: its request is withheld" : STATUS[/** @type {keyof STATUS} */ (member.status)]);
      const name = label === "" ? id.slice(0, 8) : label;
      return [
        named(label, id), status,
        element("time", isIn && now - heard > SILENT ? "bad" : "", heard === 0 ? "never" : shortTimeOf(heard)),
        String(told?.batches ?? 0),
        element("div", "actions", ...(isIn ? [
          button("Rename", () => this.#rename(id, label), "", name),
          button("Retire", () => this.#leave("retire", member, name), "", name),
          button("Remove", () => this.#leave("remove", member, name), "danger", name),
        ] : [])),
      ];
    }), "No computer is in the account yet. Make a code below, and use it on the computer.");
  }

  /** @param {string} id @param {string} label */
  async #rename(id, label) {
    const name = field("label", "Name", { value: label, maxlength: "60" });
    const answer = await ask("Rename the computer", [name], "Rename");
    if (answer === null) return;
    await this.perform((says) =>
      this.person.label("members", id, String(answer.get("label") ?? "").trim(), says), "Renamed.");
  }

  /**
   * @param {"retire" | "remove"} act @param {any} member @param {string} name
   */
  async #leave(act, member, name) {
    // Who came by the same code may be the same person; who has no label came by nobody knows what; and a computer with
    // all keys may have let in anybody.
    const close = this.person.whole.contents.members.filter((/** @type {any} */ one) => one.status === "granted"
      && compare(one.agent_id, member.agent_id) !== 0 && (member.kind === "master"
        || compare(one.code_id, member.code_id) === 0 || one.label.length === 0));
    const content = act === "retire"
      ? [`${name} stops sending. It keeps today's keys; what it sent stays counted. For a computer that you have.`]
      : [`${name} gets no keys any more, all others get new ones, and all codes go. For a computer that was lost.`];
    const answer = await ask(`${act === "retire" ? "Retire" : "Remove"} ${name}?`, [
      ...content,
      tick("count", "yes", true, "Count first what it sent: whatever comes later does not count"),
      ...(act === "remove" && close.length > 0 ? [
        element("p", "", "Somebody else may have a hand in these. Do they go, too?"),
        element("ul", "", ...close.map((/** @type {any} */ one) => element("li", "",
          tick("also", toHex(one.agent_id), false, named(labelOf(one.label), toHex(one.agent_id)))))),
      ] : []),
    ], act === "retire" ? "Retire it" : "Remove", act === "remove" ? "danger" : "main");
    if (answer === null) return;
    const ids = [toHex(member.agent_id), ...answer.getAll("also").map(String)];
    await this.perform(async (says) => {
      if (answer.has("count")) await this.books.show(true);
      const sums = (answer.has("count") ? this.books.result?.members : undefined) ?? [];
      await this.person.act(act, ({ contents }) => ({
        agents: contents.members.map((/** @type {any} */ one) => one.agent_id)
          .filter((/** @type {Uint8Array} */ id) => ids.includes(toHex(id))),
        staying: close.filter((/** @type {any} */ one) => !ids.includes(toHex(one.agent_id))),
        edit: (before) => withMarks(before, sums.filter(({ agent_id }) => ids.includes(agent_id))),
      }), says);
    }, act === "retire" ? "Retired." : "Removed. The others got new keys.");
  }
}
