// What was recorded: first as the service says, unverified; then counted in this page from signed batches. The report's
// parts are those of dashboard.html.

import { toHex } from "../endkey/bytes.mjs";
import { auditInWorker } from "../dashboard/auditor.mjs";
import { Acknowledged, wordsFor } from "../dashboard/findings.mjs";
import { Opener } from "../dashboard/opener.mjs";
import { drawReport, element } from "../dashboard/report.mjs";
import { openedElement } from "../dashboard/reveal.mjs";
import { save } from "../dashboard/save.mjs";
import { fetchDocument, inOne } from "../dashboard/service.mjs";
import { drawStanding } from "../dashboard/standing.mjs";
import { takeIn, View } from "../dashboard/views.mjs";
import { Zone } from "../dashboard/zone.mjs";
import { attempt, perform } from "./acting.mjs";
import { button, byId, count, drawTable, grouped } from "./parts.mjs";

/** Which parts of dashboard.html stand where. */
const PARTS = { "report-place": ["tools", "progress", "open", "service"], "audit-place": ["findings", "standing"] };
/** Milliseconds until what was counted is looked at again. */
const FRESH = 60_000;

/** @typedef {import("../dashboard/audit.mjs").Result} Result */

export class Books {
  /** @type {Promise<Document> | undefined} */
  #document;
  /** @type {Promise<void> | null} */
  #loading = null;
  #at = -Infinity;
  #vault = "";
  /** @type {View | null} */
  #view = null;
  /**
   * What was counted last.
   * @type {Result | null}
   */
  result = null;

  /** @param {import("../http/person.mjs").PersonsEnd} person */
  constructor(person) {
    this.person = person;
  }

  /**
   * Counts, unless that was done just now.
   * @param {boolean} [isAsked]
   */
  show(isAsked = false) {
    const isSame = this.#vault === toHex(this.person.whole.pins.vault_hash);
    if (!isAsked && isSame && performance.now() - this.#at < FRESH) return this.#loading ?? Promise.resolve();
    return this.#count(false);
  }

  /** Counts what has come meanwhile; until that is done, what is shown stays. */
  async follow() {
    await this.#loading;
    if (this.result === null) return this.show();
    const tab = /** @type {HTMLElement | null} */ (
      document.querySelector("#open [data-tab][aria-selected=true]"));
    await this.#count(true);
    const same = document.querySelector(`#open [data-tab=${tab?.dataset.tab}]`);
    if (same instanceof HTMLElement) same.click();
    return undefined;
  }

  /** Whether a person looks at a part of what was counted, which would go if it were drawn anew. */
  get isBusy() {
    return this.#view?.isTouched === true || byId("report-place").contains(document.activeElement);
  }

  /** @param {boolean} isQuiet whether what is shown stays meanwhile */
  #count(isQuiet) {
    this.#loading ??= this.#load(isQuiet).finally(() => { this.#loading = null; });
    return this.#loading;
  }

  /** @param {boolean} isQuiet */
  async #load(isQuiet) {
    if (!isQuiet) byId("view").textContent = "Asking the service";
    await this.person.refresh();
    if (!isQuiet) await this.#adopt();
    const { whole } = this.person;
    const opener = await Opener.of(whole);
    const agents = inOne(await this.person.report());
    if (!isQuiet) await this.#drawSaid(agents, opener);
    const result = await auditInWorker(
      { account: whole.account, contents: whole.contents, keys: opener.tokenKeys, agents }, drawProgress)
      .finally(() => { drawProgress(0, 0); });
    if (isQuiet) {
      await this.#adopt();
      await this.#drawSaid(agents, opener);
    }
    await takeIn([...result.counted.texts, ...result.members.map(({ label }) => label)]);
    this.#draw(result, agents, opener);
    this.#at = performance.now();
    this.#vault = toHex(whole.pins.vault_hash);
  }

  /**
   * What the service says, under its own heading, until it is counted; and where the account stands.
   * @param {import("../dashboard/service.mjs").AgentReport[]} agents @param {Opener} opener
   */
  async #drawSaid(agents, opener) {
    const { whole, standing } = this.person;
    await drawStanding(byId("standing"), whole, standing);
    byId("confirm").hidden = whole.pins.confirmed || this.person.isConfirmed;
    byId("confirm").onclick = async () => {
      await this.person.confirm();
      byId("confirm").hidden = true;
      document.dispatchEvent(new Event("acted"));
    };
    drawReport(byId("report"), agents, opener);
    byId("service").hidden = false;
    byId("view").textContent = "Below is what the service says. It is being counted from signed records.";
  }

  /** Puts the parts of the dashboard's page where they belong, anew. */
  async #adopt() {
    this.#document ??= fetchDocument("dashboard.html");
    const page = await this.#document;
    for (const [place, ids] of Object.entries(PARTS)) {
      byId(place).replaceChildren(...ids.map((id) => {
        const part = page.getElementById(id);
        if (part === null) throw new Error(`dashboard.html has no ${id}`);
        return document.importNode(part, true);
      }));
    }
    byId("open").querySelector("#findings")?.remove();
    byId("tools").querySelector("#lock")?.remove();
    const members = element("section", "card", element("h2", "", "Computers"), element("div", ""));
    members.id = "audited";
    byId("audit-place").prepend(members);
  }

  /**
   * @param {Result} result @param {import("../dashboard/service.mjs").AgentReport[]} agents @param {Opener} opener
   */
  #draw(result, agents, opener) {
    this.result = result;
    const zone = new Zone(Intl.DateTimeFormat().resolvedOptions().timeZone);
    byId("view").textContent = `Counted in this page from signed records; days are those of ${zone.name}.`;
    if (result.members.length === 0) {
      const add = element("a", "", "Add a computer");
      add.setAttribute("href", "#computers");
      byId("view").replaceChildren("Nothing can be counted yet. ", add, " to begin.");
    }
    const blobs = (/** @type {string} */ _, /** @type {string} */ digest) => this.person.blob(digest);
    const report = { account: /** @type {any} */ (null), agents, notes: [], blobs };
    const view = new View(result, report, opener, zone, new Acknowledged(toHex(this.person.whole.account)));
    this.#view = view;
    byId("tools").hidden = byId("open").hidden = false;
    const period = /** @type {HTMLFormElement} */ (byId("period"));
    const choose = (/** @type {string} */ from, /** @type {string} */ to) => {
      for (const [name, value] of Object.entries({ from, to })) {
        /** @type {HTMLInputElement} */ (period.elements.namedItem(name)).value = value;
      }
      byId("all").hidden = from === "" && to === "";
      const [start, end] = [zone.dayOf(from)?.start ?? 0, zone.dayOf(to)?.end ?? Infinity];
      view.choose(from === "" && to === "" ? null : { start, end: Math.max(start, end) });
    };
    view.onDay = ({ date }) => choose(date, date);
    view.draw();
    period.addEventListener("change", () => {
      const fields = new FormData(period);
      choose(String(fields.get("from")), String(fields.get("to")));
    });
    byId("all").addEventListener("click", () => choose("", ""));
    byId("tools").addEventListener("click", ({ target }) => {
      const format = target instanceof HTMLElement ? target.dataset.save : undefined;
      if (format === "csv" || format === "json") save(format, view.totals());
    });
    byId("open").addEventListener("click", ({ target }) => {
      const order = target instanceof HTMLElement ? target.dataset.order : undefined;
      if (order === "time" || order === "name") view.sort(order);
    });
    this.#drawMembers(result);
  }

  /** @param {Result} result */
  #drawMembers(result) {
    const { members } = this.person.whole.contents;
    const noted = new Map(members.map((/** @type {any} */ one) => [toHex(one.agent_id), one.audited_sequence]));
    const rows = result.members.map(({ agent_id, label, status, batches, mark }) => {
      const found = [...new Set(result.findings.filter((one) => one.agent_id === agent_id).map(({ code }) => code))];
      const name = label === "" ? element("span", "id", grouped(agent_id)) : openedElement(label);
      return [
        element("span", "title", name), status === "granted" ? "in the account" : status, String(batches),
        `${mark.sequence} (noted: ${noted.get(agent_id)})`,
        found.length === 0 ? element("span", "state is-good", "nothing missing")
          : element("span", "state is-bad bad", found.map((code) => wordsFor(code).title).join("; ")),
      ];
    });
    const place = /** @type {HTMLElement} */ (byId("audited").lastElementChild);
    drawTable(place, ["Computer", "Status", "Batches counted", "Up to number", "Found"], rows,
      "No computer is in the account yet.");
    const due = result.members.filter(({ agent_id, mark }) => mark.sequence > (noted.get(agent_id) ?? 0));
    if (due.length > 0) {
      place.append(element("p", "actions", button("Note what was counted", () => this.#note(result)),
        element("span", "where", `For ${count(due.length, "computer")}, up to where you counted. Every device then `
          + "sees it if something before that goes missing.")));
    }
  }

  /**
   * Publishes up to where each computer was counted.
   * @param {Result} result
   */
  async #note(result) {
    const done = await perform(this.person, (says) =>
      this.person.act("edit", () => ({ edit: (contents) => withMarks(contents, result.members) }), says), "Noted.");
    if (done !== undefined) await attempt(() => this.show(true));
  }
}

/**
 * A vault that notes up to where its members were counted, and what retention took.
 * @param {any} contents @param {import("../dashboard/audit.mjs").MemberSum[]} sums
 */
export function withMarks(contents, sums) {
  const counted = new Map(sums.map((sum) => [sum.agent_id, sum]));
  /** @type {Map<string, number>} */
  const taken = new Map();
  const members = contents.members.map((/** @type {any} */ member) => {
    const id = toHex(member.agent_id);
    const { mark, kept } = counted.get(id) ?? {};
    if (mark === undefined || kept === undefined || mark.sequence <= member.audited_sequence) return member;
    const isMoved = kept.sequence > member.kept_sequence;
    if (isMoved) taken.set(id, kept.sequence);
    return {
      ...member, audited_sequence: mark.sequence, audited_hash: mark.hash, audited_generation: mark.generation,
      audited_state: mark.counter, ...(isMoved ? { kept_sequence: kept.sequence, kept_hash: kept.hash } : {}),
    };
  });
  const erasures = contents.erasures.filter((/** @type {any} */ { agent_id, last }) =>
    last > (taken.get(toHex(agent_id)) ?? 0));
  return { ...contents, members, erasures };
}

/** @param {number} done @param {number} all */
function drawProgress(done, all) {
  const [bar, words] = byId("progress").children;
  Object.assign(bar, { max: all, value: done });
  words.textContent = `Counting: ${done} of ${all} batches`;
  byId("progress").hidden = all === 0;
}
