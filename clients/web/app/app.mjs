// The owner's application: a screen for each name behind `#`, of an account that is open in this page alone. Locking
// loads the page anew, so that no key is left in its memory.

import { element } from "../dashboard/report.mjs";
import { MEMORIES, messageFor } from "../dashboard/messages.mjs";
import { beginSession, expectUse, hindrance, lock, whyLocked } from "../dashboard/session.mjs";
import { Lost, PersonsEnd } from "../http/person.mjs";
import { Problem, Service, Unsettled } from "../http/service.mjs";
import { attempt, perform, tell } from "./acting.mjs";
import { Alerts } from "./alerts.mjs";
import { Books } from "./books.mjs";
import { Categories } from "./categories.mjs";
import { Computers } from "./computers.mjs";
import { Keys } from "./keys.mjs";
import { listen } from "./live.mjs";
import { browserMemory } from "./memory.mjs";
import { ask, button, byId, linkToKeep, textToKeep, timeOf } from "./parts.mjs";
import { People } from "./people.mjs";
import { Settings } from "./settings.mjs";
import { welcome } from "./welcome.mjs";
import { explain } from "./words.mjs";

/** @typedef {{show(isAsked?: boolean): Promise<void>}} Screen */

const FIRST = "report";
/** The screen that was asked for last. */
let asked = FIRST;
/** @type {HTMLElement[]} */
const shownLate = [];
/** Milliseconds that locking waits for the service to end the session. */
const PATIENCE = 1000;
/** Milliseconds, the greatest delay before something is sent again. */
const DELAY_MAX = 30_000;

/** @param {PersonsEnd} person @param {Books} books @returns {Record<string, Screen>} */
function screensOf(person, books) {
  return {
    report: books, computers: new Computers(person, books), categories: new Categories(person, books),
    alerts: new Alerts(person, books), audit: books,
    people: new People(person), keys: new Keys(person), settings: new Settings(person),
  };
}

/**
 * Shows the screen that the address names.
 * @param {Record<string, Screen>} screens @param {boolean} [isAsked] whether what is shown shall be asked for anew
 */
async function route(screens, isAsked = false) {
  const name = Object.hasOwn(screens, location.hash.slice(1)) ? location.hash.slice(1) : FIRST;
  asked = name;
  for (const other of Object.keys(screens)) byId(`screen-${other}`).hidden = other !== name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const title = byId(`${name}-title`);
  document.title = `${title.textContent} · Endkey`;
  if (!isAsked) title.focus({ preventScroll: true });
  await attempt(() => screens[name].show(isAsked));
  if (asked === name) document.documentElement.dataset.shown = name;
}

/**
 * What a person has to know before anything else: what is not settled, what was found, what is not remembered.
 * @param {PersonsEnd} person
 */
function drawNotices(person) {
  /** @type {HTMLElement[]} */
  const notices = [];
  const notice = (/** @type {string} */ text, /** @type {HTMLElement[]} */ ...buttons) =>
    notices.push(element("section", "notice", element("p", "", text), ...buttons));
  if (person.isSettling) {
    const send = () => perform(person, () => person.sendAgain(), "Settled.");
    const giveUp = async () => {
      const answer = await ask(
        "Give it up?", ["If the service has it, it holds all the same."], "Give it up", "danger");
      if (answer !== null) await perform(person, () => person.discard(), "Given up.");
    };
    notice("What you did last is not settled: the service has not said whether it has it. It lies in this browser, "
      + "which sends it again by itself.", button("Send it now", send), button("Give it up", giveUp));
  }
  if (person.isAside) {
    notice("What the service has of this account does not open: somebody who may sign, or the service, has spoiled it. "
      + `Shown is the last that opened in this browser, made ${timeOf(person.whole.contents.made)}. Look at people and `
      + "computers: removing a person, or a repair, goes on from it.");
  }
  if (person.behind > 0) {
    notice("The service was restored from a backup, and lacked what was changed since: this browser has put it back.");
  }
  if (person.missingKeys > 0) {
    notice(`The account lacks ${person.missingKeys} keys of past epochs that this browser has kept: somebody who may `
      + "sign has dropped them, or another device went on from an older record. What you do next gives them back.");
  }
  for (const code of person.findings) notice(messageFor({ code }));
  const code = person.takeCode();
  if (code !== null) shownLate.push(lateCode(person, code));
  notices.push(...shownLate);
  if (person.whole.isExpired) notice("The account's newest state has expired: computers send nothing.");
  if (person.withheld.length > 0) {
    notice(`The service keeps back the requests of ${person.withheld.length} computers: they get no keys.`);
  }
  if (!person.isConfirmed) notice(MEMORIES[person.standing] || "Nobody has confirmed here that this is the newest.");
  else if (["denied", "unmarked"].includes(person.standing)) notice(MEMORIES[person.standing]);
  byId("notices").replaceChildren(...notices);
}

/**
 * A code whose making was settled later than it was asked for.
 * @param {PersonsEnd} person @param {{text: string, role: string, approval: string}} code
 */
function lateCode(person, { text, role, approval }) {
  const about = "You made this before, and the service has it now. It is shown once.";
  const made = element("section", "notice", approval === "automatic" ? textToKeep("Code", about, text, null)
    : linkToKeep(role === "manager" ? "Link for one manager" : "Link", about, text));
  made.append(button("I have it", () => {
    shownLate.splice(shownLate.indexOf(made), 1);
    drawNotices(person);
  }));
  return made;
}

/** Sends again by itself what was not answered, until it is settled or refused (`spec/http.md`, section 10). */
class Sender {
  #isDue = false;

  /** @param {PersonsEnd} person */
  constructor(person) {
    this.person = person;
  }

  /**
   * Looks whether something is to be sent.
   * @param {number} [tries]
   */
  look(tries = 0) {
    if (this.#isDue || !this.person.isSettling) return;
    this.#isDue = true;
    setTimeout(() => this.#send(tries), Math.random() * Math.min(DELAY_MAX, 1000 * 2 ** tries));
  }

  /** @param {number} tries */
  async #send(tries) {
    try {
      if (this.person.isSettling) {
        await this.person.sendAgain();
        tell("Settled.");
      }
    } catch (error) {
      const isOver = error instanceof Problem && error.status < 500 && error.type !== "slow-down";
      if (isOver || error instanceof Lost) return tell(explain(error), "problem");
      if (!(error instanceof Problem || error instanceof Unsettled)) throw error;
    } finally {
      this.#isDue = false;
      drawNotices(this.person);
    }
    this.look(tries + 1);
    return undefined;
  }
}

/** @param {PersonsEnd} person */
async function open(person) {
  beginSession();
  byId("welcome").hidden = true;
  byId("welcome").replaceChildren();
  byId("bar").hidden = false;
  byId("main").classList.add("is-open");
  // What is open ends with the page; what is pending stays on this disk.
  const signOut = () => person.signOut(true).catch(() => {});
  addEventListener("pagehide", signOut);
  byId("lock").addEventListener("click", async () => {
    await Promise.race([signOut(), new Promise((done) => { setTimeout(done, PATIENCE); })]);
    lock("asked");
  });
  const sender = new Sender(person);
  document.addEventListener("acted", () => {
    drawNotices(person);
    sender.look();
  });
  const books = new Books(person);
  const screens = screensOf(person, books);
  for (const reload of document.querySelectorAll("[data-reload]")) {
    reload.addEventListener("click", () => route(screens, true));
  }
  addEventListener("hashchange", () => {
    history.replaceState({ locked: "left" }, "");
    tell("");
    route(screens);
  });
  drawNotices(person);
  sender.look();
  if (person.isConfirmed && person.standing !== "denied" && person.isRenewalDue && !person.isSettling) {
    await perform(person, (says) => person.act("edit", () => ({}), says), "");
  }
  await route(screens);
  follow(person, books, screens);
}

/**
 * Counts what comes while the page is open, and says what fired.
 * @param {PersonsEnd} person @param {Books} books @param {Record<string, Screen>} screens
 */
function follow(person, books, screens) {
  const link = /** @type {HTMLElement} */ (document.querySelector("nav a[href='#alerts']"));
  document.addEventListener("alerts-seen", () => { link.textContent = "Alerts"; });
  const count = () => {
    byId("news").hidden = true;
    return attempt(() => books.follow());
  };
  byId("news-count").addEventListener("click", count);
  listen(person, ({ lists }) => {
    if (lists.includes("firings")) {
      link.textContent = "Alerts (new)";
      if (asked === "alerts") attempt(() => screens.alerts.show(true));
    }
    if (!lists.includes("batches") || asked !== FIRST) return;
    if (books.isBusy) byId("news").hidden = false;
    else count();
  });
}

try {
  const why = whyLocked();
  expectUse();
  if (hindrance() !== "") throw new Error(hindrance());
  const { service, about } = await Service.at(location.origin);
  const person = new PersonsEnd(service, browserMemory);
  welcome(person, { signup: String(about.signup) }, () => open(person));
  if (why !== "") tell(why);
} catch (error) {
  tell(hindrance() === "" ? explain(error) : hindrance(), "problem");
}
document.documentElement.dataset.ready = "";
