// The page: shows the report as the service delivers it, unlocks with the password, counts the batches, and opens what
// the page then holds. Keys live in this module's memory; locking loads the page anew.

import { fromHex, utf8 } from "../endkey/bytes.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { secretText } from "../endkey/text/texts.mjs";
import { auditReport } from "./audit.mjs";
import { drawDocument } from "./inert.mjs";
import { messageFor, messageForFailure, TABS } from "./messages.mjs";
import { drawReport, duration, element, merged, sum } from "./report.mjs";
import { legible, Revealer } from "./reveal.mjs";
import { save } from "./save.mjs";
import { fetchDocument, fetchReport, ReportError } from "./service.mjs";
import { beginSession, hindrance, lock, whyLocked } from "./session.mjs";
import { drawStanding } from "./standing.mjs";
import { unlock } from "./unlock.mjs";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
/** @type {HTMLFormElement} */
const form = byId("unlock");
const query = new URLSearchParams(location.search);

/**
 * What is drawn: the service's rows, or those that were counted.
 * @type {import("./report.mjs").AgentRows[]}
 */
let agents = [];
/** @type {import("./report.mjs").Order} */
let order = "time";
/**
 * Values of the report's labels, once unlocked.
 * @type {Map<string, import("./opener.mjs").Opening>}
 */
const openings = new Map();

/** @param {string} text */
function showProblem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

function draw() {
  drawReport(byId("report"), agents, openings, order);
  for (const button of document.querySelectorAll("[data-order]")) {
    button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.order === order));
  }
  const total = sum(agents.flatMap(({ applications }) => applications));
  byId("total").textContent = duration(total);
  byId("total").dataset.milliseconds = String(total);
  byId("people").textContent = String(agents.length);
}

/** @param {import("./service.mjs").Report} report */
function showLocked(report) {
  byId("view").textContent = "What the service sees, unverified: equal tokens, and time. Unlock to read the names.";
  byId("notes").replaceChildren(...report.notes.map((note) => element("li", "", note)));
  byId("feed").hidden = report.notes.length === 0;
  byId("facts").hidden = false;
  form.hidden = false;
  agents = report.agents;
  draw();
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

/** @param {import("./service.mjs").Report} report */
async function open(report) {
  const { login, ...says } = credentials();
  const unlocked = await unlock(login, report.account, says);
  beginSession();
  const { whole, opener, memory } = unlocked;
  await drawStanding(byId("standing"), whole, memory);
  unlocked.onNewer(() => showProblem(TABS.newer));
  byId("confirm").hidden = whole.pins.confirmed;
  byId("confirm").addEventListener("click", async () => {
    if (await unlocked.confirm()) byId("confirm").hidden = true;
    else showProblem(TABS.confirmed);
  });
  const audited = await auditReport(whole, opener.tokenKeys, report);
  const labels = audited.agents.flatMap((agent) => [agent.name, ...agent.applications.map((row) => row.token)]);
  await Promise.all(labels.map(async (label) => openings.set(label, await opener.open(label))));
  for (const opening of openings.values()) if ("value" in opening) legible.add(opening.value);
  showOpen(audited, opener);
  showAudit(audited);
  for (const address of query.getAll("document")) await showDocument(address, opener);
}

/** @param {import("./audit.mjs").Result} audited @param {import("./opener.mjs").Opener} opener */
function showOpen(audited, opener) {
  form.reset();
  form.hidden = true;
  byId("tools").hidden = false;
  byId("view").textContent = "Opened and counted in this page. The service sees no more than before.";
  main.classList.add("is-open");
  agents = audited.agents;
  draw();
  /** @type {Revealer} */
  const revealer = new Revealer(opener, { changed: () => showCounts(revealer.counts) });
  revealer.watch(main);
}

/** @param {import("./audit.mjs").Result} result */
function showAudit({ batches, findings, differences }) {
  const isRight = findings.length === 0 && differences.length === 0;
  const says = isRight
    ? "the service's report agrees"
    : `${findings.length} faults, and the service's report differs for ${differences.length} computers`;
  byId("checked").textContent = `Counted from ${batches} signed batches: ${says}`;
  byId("checked").classList.toggle("is-wrong", !isRight);
  byId("checked").dataset.findings = findings.map(({ code }) => code).join(" ");
}

/** @param {string} address of a document of the service's @param {import("./opener.mjs").Opener} opener */
async function showDocument(address, opener) {
  const place = element("section", "document", element("h2", "", "Document of the service, unverified"));
  byId("documents").append(place);
  const { opened, unopened } = await drawDocument(place, await fetchDocument(address), opener);
  const rest = [...unopened].map(([code, count]) => `, ${count} ${code}`).join("");
  place.append(element("p", "counts", `${opened} texts opened${rest}`));
}

/** What was counted, in words. */
function totals() {
  const said = (/** @type {string} */ text) => {
    const opening = openings.get(text);
    return opening !== undefined && "value" in opening ? opening.value : text;
  };
  return agents.flatMap(({ agent_id, name, applications }) => merged(applications, openings).map((row) =>
    ({ computer: agent_id, name: said(name), application: row.value ?? row.token, milliseconds: row.milliseconds })));
}

/** @param {import("./reveal.mjs").Counts} counts of what stands between the page's own words */
function showCounts({ opened, unopened, skipped, contested }) {
  const listed = (/** @type {Map<string, number>} */ codes) =>
    [...codes].map(([code, count]) => `${count} ${code}`).join(", ");
  const parts = [`${opened} text forms opened below`];
  if (unopened.size > 0) parts.push(`not opened: ${listed(unopened)}`);
  if (skipped.size > 0) parts.push(`not a text form: ${listed(skipped)}`);
  if (contested > 0) parts.push(`left to another program of this page: ${contested}`);
  byId("footer").textContent = parts.join("; ");
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof Refusal) return messageFor(error);
  if (error instanceof ReportError) return error.message;
  return messageForFailure(error);
}

try {
  if (hindrance() !== "") throw new ReportError(hindrance());
  showLocked(await fetchReport(query.get("service")));
  showProblem(whyLocked());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    showProblem("");
    button.disabled = true;
    try {
      await open(await fetchReport(query.get("service")));  // what came before may be old by now
    } catch (error) {
      showProblem(explain(error));
    } finally {
      button.disabled = false;
    }
  });
  byId("tools").addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    if (target.id === "lock") lock("asked");
    if (target.dataset.save === "csv" || target.dataset.save === "json") save(target.dataset.save, totals());
    if (target.dataset.order === "time" || target.dataset.order === "name") {
      order = target.dataset.order;
      draw();
    }
  });
} catch (error) {
  byId("view").textContent = "No report";
  showProblem(explain(error));
}
document.documentElement.dataset.ready = "";
