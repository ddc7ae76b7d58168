// The page: shows the report as the service delivers it, unlocks with the password, counts the batches, and opens what
// the page then holds. Keys live in this module's memory; locking loads the page anew.

import { fromHex, toHex, utf8 } from "../endkey/bytes.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { secretText } from "../endkey/text/texts.mjs";
import { auditInWorker } from "./auditor.mjs";
import { Acknowledged } from "./findings.mjs";
import { drawDocument } from "./inert.mjs";
import { messageFor, messageForFailure, TABS } from "./messages.mjs";
import { drawLines, drawReport, element } from "./report.mjs";
import { Revealer } from "./reveal.mjs";
import { save } from "./save.mjs";
import { fetchDocument, fetchReport, ReportError } from "./service.mjs";
import { beginSession, expectUse, hindrance, lock, whyLocked } from "./session.mjs";
import { drawStanding } from "./standing.mjs";
import { unlock } from "./unlock.mjs";
import { takeIn, View } from "./views.mjs";
import { Zone } from "./zone.mjs";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
/** @type {HTMLFormElement} */
const form = byId("unlock");
/** @type {HTMLFormElement} */
const period = byId("period");
const query = new URLSearchParams(location.search);
/** Milliseconds after which an unlocking that waits says so. */
const PATIENCE = 5000;

/**
 * The views of what was counted, once unlocked.
 * @type {View | undefined}
 */
let view;

/** @param {string} text @param {"problem" | "note"} [kind] a note tells what nobody has to mind */
function showProblem(text, kind = "problem") {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
  byId("problem").classList.toggle("is-note", kind === "note");
}

/** @param {import("./service.mjs").Report} report */
function showLocked(report) {
  byId("view").textContent = "Locked. This is all that the service sees: equal tokens, and time. Unlock to read the "
    + "names, and to have all of it proven.";
  drawLines(byId("notes"), report.notes);
  byId("feed").hidden = report.notes.length === 0;
  form.hidden = false;
  byId("service").hidden = false;
  drawReport(byId("report"), report.agents, null);
}

/** What the person typed. */
function credentials() {
  const fields = new FormData(form);
  const field = (/** @type {string} */ name) => String(fields.get(name) ?? "").trim();
  const secret = field("secret") === "" ? null : secretText.read(utf8(field("secret")));
  return {
    login: {
      // Neither is trimmed: white space counts (section 9.1).
      login_name: utf8(String(fields.get("login"))), password: utf8(String(fields.get("password"))),
      account_secret: secret?.secret ?? null,
    },
    noted: field("account") === "" ? secret?.account_id : fromHex(field("account")),
    isChanged: fields.has("changed"), isRestored: fields.has("restored"),
  };
}

/** @param {import("./service.mjs").Report} report @param {Zone} zone */
async function open(report, zone) {
  const { login, ...says } = credentials();
  const waits = setTimeout(() => showProblem(TABS.waits, "note"), PATIENCE);
  const unlocked = await unlock(login, report.account, says).finally(() => clearTimeout(waits));
  showProblem("");
  form.reset();
  beginSession();
  const { whole, opener, memory } = unlocked;
  const warnings = await drawStanding(byId("standing"), whole, memory);
  unlocked.onNewer(() => showProblem(TABS.newer));
  byId("confirm").hidden = whole.pins.confirmed;
  byId("confirm").addEventListener("click", async () => {
    const confirmation = await unlocked.confirm();
    if (confirmation === "newer") return showProblem(TABS.confirmed);
    byId("confirm").hidden = true;
    return confirmation === "denied" ? showProblem(TABS.unkept, "note") : undefined;
  });
  const question = { account: whole.account, contents: whole.contents, keys: opener.tokenKeys, agents: report.agents };
  const audited = await auditInWorker(question, showProgress).finally(() => { byId("progress").hidden = true; });
  await takeIn([...audited.counted.texts, ...audited.members.map(({ label }) => label)]);
  showOpen(whole, audited, report, opener, zone);
  byId("proof").append(...warnings.map((warning) => element("p", "caution", warning)));
  for (const address of query.getAll("document")) await showDocument(address, opener);
}

/** @param {number} done @param {number} all */
function showProgress(done, all) {
  const [bar, words] = byId("progress").children;
  Object.assign(bar, { max: all, value: done });
  words.textContent = `Counting: ${done} of ${all} batches`;
  byId("progress").hidden = false;
}

/**
 * @param {import("../endkey/protocol/person.mjs").Whole} whole @param {import("./audit.mjs").Result} audited
 * @param {import("./service.mjs").Report} report @param {import("./opener.mjs").Opener} opener @param {Zone} zone
 */
function showOpen(whole, audited, report, opener, zone) {
  form.hidden = true;
  byId("tools").hidden = false;
  byId("open").hidden = false;
  main.classList.add("is-open");
  byId("view").textContent = `Opened in this page; days are those of ${zone.name}. The service sees no more than `
    + "before.";
  view = new View(audited, report, opener, zone, new Acknowledged(toHex(whole.account)));
  view.onDay = ({ date }) => choose(date, date, zone);
  view.draw();
  period.addEventListener("change", () => {
    const fields = new FormData(period);
    choose(String(fields.get("from")), String(fields.get("to")), zone);
  });
  byId("all").addEventListener("click", () => choose("", "", zone));
  /** @type {Revealer} */
  const revealer = new Revealer(opener, { changed: () => showCounts(revealer.counts) });
  revealer.watch(byId("feed"));
}

/**
 * Shows some days; without an end, all days on that side.
 * @param {string} from @param {string} to @param {Zone} zone
 */
function choose(from, to, zone) {
  for (const [name, value] of Object.entries({ from, to })) {
    /** @type {HTMLInputElement} */ (period.elements.namedItem(name)).value = value;
  }
  byId("all").hidden = from === "" && to === "";
  const [start, end] = [zone.dayOf(from)?.start ?? 0, zone.dayOf(to)?.end ?? Infinity];
  view?.choose(from === "" && to === "" ? null : { start, end: Math.max(start, end) });
}

/** @param {string} address of a document of the service's @param {import("./opener.mjs").Opener} opener */
async function showDocument(address, opener) {
  const place = element("section", "document", element("h2", "", "Document of the service, unverified"));
  byId("documents").append(place);
  const { opened, unopened } = await drawDocument(place, await fetchDocument(address), opener);
  const rest = [...unopened].map(([code, count]) => `, ${count} ${code}`).join("");
  place.append(element("p", "counts", `${opened} texts opened${rest}`));
}

/** @param {import("./reveal.mjs").Counts} counts of what stands between the page's own words */
function showCounts({ opened, unopened, skipped, contested }) {
  const listed = (/** @type {Map<string, number>} */ codes) =>
    [...codes].map(([code, count]) => `${count} ${code}`).join(", ");
  const parts = [`Latest activity: ${opened} text forms opened`];
  if (unopened.size > 0) parts.push(`not opened: ${listed(unopened)}`);
  if (skipped.size > 0) parts.push(`not a text form: ${listed(skipped)}`);
  if (contested > 0) parts.push(`left to another program of this page: ${contested}`);
  byId("footer").textContent = parts.join("; ");
}

/** @param {string | null} name of the time zone that the address asks for */
function zoneOf(name) {
  try {
    return new Zone(name ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  } catch {
    throw new ReportError(`No time zone is called ${name}. Name one such as Europe/Madrid in the address, or none.`);
  }
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof Refusal) return messageFor(error);
  if (error instanceof ReportError) return error.message;
  return messageForFailure(error);
}

try {
  if (hindrance() !== "") throw new ReportError(hindrance());
  expectUse();
  const zone = zoneOf(query.get("zone"));
  showLocked(await fetchReport(query.get("service")));
  showProblem(whyLocked(), "note");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    showProblem("");
    button.disabled = true;
    try {
      await open(await fetchReport(query.get("service")), zone);  // what came before may be old by now
    } catch (error) {
      showProblem(explain(error));
    } finally {
      button.disabled = false;
    }
  });
  byId("tools").addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    if (target.id === "lock") lock("asked");
    if (target.dataset.save === "csv" || target.dataset.save === "json") {
      save(target.dataset.save, view?.totals() ?? []);
    }
  });
  byId("open").addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const { order } = target.dataset;
    if (order === "time" || order === "name") view?.sort(order);
  });
} catch (error) {
  byId("view").textContent = "No report";
  showProblem(explain(error));
}
document.documentElement.dataset.ready = "";
