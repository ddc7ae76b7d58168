// Before anything is open: sign in, create an account, join one, and where an enrolment link leads.

import { toHex, utf8 } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { codeText, secretText } from "../endkey/text/texts.mjs";
import { element } from "../dashboard/report.mjs";
import { attempt, tell } from "./acting.mjs";
import { weakness } from "./guessed.mjs";
import { byId, grouped, textToKeep, tick, timeOf } from "./parts.mjs";

const FORMS = ["sign-in", "create", "keep", "recover", "recovered", "join", "enrol", "waiting"];
/** Those that an address leads to. */
const LINKED = ["sign-in", "create", "recover"];
/** Days that a new account keeps records, until the settings say otherwise. */
const RETENTION_DAYS = 365;
const TAIL = 6;

/** @param {string} name of the form, or the section, that is shown */
function show(name) {
  tell("");
  for (const form of FORMS) byId(form).hidden = form !== name;
  byId("welcome").hidden = false;
  const first = byId(name).querySelector("input, button");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLFormElement} form @param {string} name */
const value = (form, name) => String(new FormData(form).get(name) ?? "");

/**
 * What runs when a form is sent, while its button waits.
 * @param {string} id @param {(form: HTMLFormElement) => Promise<void>} body
 */
function onSubmit(id, body) {
  /** @type {HTMLFormElement} */
  const form = byId(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
    button.disabled = true;
    tell("");
    await attempt(() => body(form));
    button.disabled = false;
  });
}

/**
 * Says beside the second field that it differs from the first.
 * @param {HTMLFormElement} form
 */
function holdTogether(form) {
  const [first, again] = ["password", "again"].map((name) =>
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));
  const check = () => again.setCustomValidity(again.value === first.value ? "" : "The two passwords differ.");
  for (const input of [first, again]) input.addEventListener("input", check);
  warnOfGuesses(form);
}

/**
 * Says beside a new password that it can be guessed, and why; whoever wants it takes it all the same.
 * @param {HTMLFormElement} form @param {() => string} [login]
 */
export function warnOfGuesses(form, login = () => value(form, "login")) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
  const warning = element("small", "hint");
  warning.setAttribute("role", "status");
  input.after(warning);
  form.addEventListener("input", () => {
    const why = input.value === "" ? null : weakness(input.value, login());
    warning.textContent = why === null ? "" : `This password can be guessed, ${why}: whoever gets a stored record can `
      + "try billions.";
  });
}

/** What an address has behind `#`, as it was typed, scanned or mailed. */
function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1)).trim();
  } catch {
    return location.hash.slice(1).trim();
  }
}

/**
 * The code of an enrolment link. Whatever is behind `#` and names no screen is taken out of the address bar.
 */
function linkedCode() {
  const text = fragment();
  if (text === "" || /^[a-z-]+$/.test(text)) return null;
  history.replaceState(null, "", location.pathname);
  try {
    return { text, ...codeText.read(utf8(text)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell("This link is not whole: a character of its code is wrong or missing. Ask for it again.", "problem");
    return null;
  }
}

/**
 * Shows what comes first, and calls `opened` once the account is open.
 * @param {import("../http/person.mjs").PersonsEnd} person @param {{signup: string}} about
 * @param {() => Promise<void>} opened
 */
export function welcome(person, about, opened) {
  const isOpen = about.signup === "open";
  for (const line of document.querySelectorAll("[data-for=open]")) {
    /** @type {HTMLElement} */ (line).hidden = !isOpen;
  }
  for (const id of ["create", "recovered", "join"]) holdTogether(byId(id));

  /** @param {import("../endkey/protocol/password.mjs").Credentials} credentials @param {object} [says] */
  const signIn = async (credentials, says) => {
    await person.signIn(credentials, says);
    if (person.waitsAs === null) return opened();
    byId("own-id").textContent = grouped(person.waitsAs);
    show("waiting");
    byId("again").onclick = () => attempt(async () => {
      await person.lookAgain();
      if (person.waitsAs === null) return opened();
      return tell("The owner has not let you in yet.");
    });
    return undefined;
  };

  onSubmit("sign-in", async (form) => {
    const text = value(form, "secret").trim();
    const secret = text === "" ? null : secretText.read(utf8(text));
    // Neither name nor password is trimmed: white space counts.
    const ticked = (/** @type {string} */ name) => value(form, name) !== "";
    await signIn({
      login_name: utf8(value(form, "login")), password: utf8(value(form, "password")),
      account_secret: secret?.secret ?? null,
    }, { noted: secret?.account_id, isChanged: ticked("changed"), isRestored: ticked("restored") });
  });

  /** @type {Awaited<ReturnType<typeof person.prepare>> | null} */
  let prepared = null;
  onSubmit("create", async (form) => {
    prepared = await person.prepare(value(form, "login"), value(form, "password"),
      { withSecret: value(form, "with-secret") !== "", retentionDays: RETENTION_DAYS });
    const { recoveryText, secretText: secret } = prepared;
    byId("texts").replaceChildren(
      ...(secret === null ? [] : [textToKeep("Account secret", "You type it with the password, on each new device.",
        secret, "endkey-account-secret.txt")]),
      textToKeep("Recovery text", "Gets the account back when the password is lost: the right to act, not what was "
        + "recorded before, which only a manager can then open. Whoever finds it takes the account over, and nothing "
        + "but a new account helps: keep it on paper, away from this computer.", recoveryText, "endkey-recovery.txt"));
    show("keep");
  });
  onSubmit("keep", async (form) => {
    if (prepared === null) return;
    const isRight = value(form, "tail").trim().toLowerCase() === prepared.recoveryText.slice(-TAIL);
    if (!isRight) return tell("These are not the last six characters of the recovery text.", "problem");
    await prepared.publish();
    prepared = null;
    byId("texts").replaceChildren();
    await opened();
  });

  /** @type {Awaited<ReturnType<typeof person.prepareRecovery>> | null} */
  let recovery = null;
  onSubmit("recover", async (form) => {
    recovery = await person.prepareRecovery(value(form, "text").trim());
    form.reset();
    const { account, state, stateBytes, persons, members, known } = recovery;
    const digits = toHex(await sha256(stateBytes)).slice(0, 8);
    const facts = { Account: grouped(account), Made: timeOf(state.made), Generation: state.generation, Digits: digits };
    byId("recovered-facts").replaceChildren(...Object.entries(facts).flatMap(([name, fact]) =>
      [element("dt", "", name), element("dd", "", String(fact))]));
    const list = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string[]} */ ids) =>
      byId(`recovered-${name}`).replaceChildren(...(ids.length === 0 ? [] : [element("h3", "", title),
        element("ul", "", ...ids.map((id) =>
          element("li", "", tick(name, id, false, element("span", "id", grouped(id))))))]));
    list("persons", "Managers, as the service says: who stays?", persons.map(({ id }) => String(id)));
    list("members", "Computers, as the service says: which stay?", members);
    /** @type {HTMLElement} */ (byId("recovered-known")).hidden = known.length === 0;
    byId("recovered-known").textContent = `This browser remembers the account as ${known.join(", ")}. What the service `
      + "shows is not older than that.";
    show("recovered");
  });
  onSubmit("recovered", async (form) => {
    if (recovery === null) return;
    const fields = new FormData(form);
    const staying = fields.getAll("persons");
    await recovery.publish({
      loginName: value(form, "login"), password: value(form, "password"), retentionDays: RETENTION_DAYS,
      persons: recovery.persons.filter(({ id }) => staying.includes(String(id))).map(({ message }) => message),
      members: fields.getAll("members").map(String), forgets: fields.has("forgets"),
    });
    recovery = null;
    await opened();
  });

  /** @type {ReturnType<typeof linkedCode>} */
  let code = null;
  onSubmit("join", async (form) => {
    if (code === null) return;
    const { credentials } = await person.join(code.text, value(form, "login"), value(form, "password"));
    await signIn(credentials);
  });
  const first = () => {
    const named = LINKED.find((name) => location.hash === `#${name}`) ?? LINKED[0];
    return named === "create" && !isOpen ? LINKED[0] : named;
  };
  const lead = () => {
    tell("");
    const linked = linkedCode();
    if (byId("welcome").hidden && byId("bar").hidden === false) return undefined;
    code = linked;
    if (code?.terms.role === "manager") return show("join");
    if (code !== null) {
      byId("enrol-code").replaceChildren(
        textToKeep("Code", "It lets a computer ask to join. Keep it to yourself.", code.text, null),
        element("dl", "facts-list", element("dt", "", "Service"), element("dd", "", location.origin)));
      return show("enrol");
    }
    const problem = byId("problem").textContent ?? "";
    show(first());
    if (problem !== "") tell(problem, "problem");
    return undefined;
  };
  addEventListener("hashchange", lead);
  return lead();
}
