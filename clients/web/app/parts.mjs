// What screens are made of: buttons, tables, texts to be put away, questions. All text goes in as text nodes.

import { utf8 } from "../endkey/bytes.mjs";
import { element } from "../dashboard/report.mjs";
import { timeText } from "../dashboard/zone.mjs";
import { qrCode } from "./qr.mjs";

/** @template {HTMLElement} T @param {string} id @returns {T} */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {number} number @param {string} what */
export const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

/** @param {number} time */
export const dateOf = (time) => timeText(new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }), time);
/** @param {number} time */
export const timeOf = (time) =>
  timeText(new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }), time);

/**
 * Of what was not long ago.
 * @param {number} time
 */
export const shortTimeOf = (time) => timeText(new Intl.DateTimeFormat(undefined,
  { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }), time);

/**
 * An id in groups, to be compared aloud.
 * @param {string} id
 */
export const grouped = (id) => (id.match(/.{1,4}/g) ?? []).join(" ");

/**
 * @param {string} name @param {() => unknown} act @param {string} [className] @param {string} [about] what it acts on,
 *   for who does not see where it stands
 */
export function button(name, act, className = "", about = "") {
  const made = element("button", className, name);
  made.setAttribute("type", "button");
  if (about !== "") made.setAttribute("aria-label", `${name}: ${about}`);
  made.addEventListener("click", act);
  return /** @type {HTMLButtonElement} */ (made);
}

/**
 * A table, whose cells tell their columns where rows are stacked.
 * @param {HTMLElement} place @param {string[]} names of columns; an empty one has what can be done
 * @param {(Node | string)[][]} rows @param {string} empty what is said instead of no rows
 */
export function drawTable(place, names, rows, empty) {
  if (rows.length === 0) return place.replaceChildren(element("p", "empty", empty));
  // Roles are told, since what is laid out as blocks is a table for nobody who listens.
  const part = (/** @type {string} */ name, /** @type {string} */ role, /** @type {(Node | string)[]} */ content) => {
    const made = element(name, role === "table" ? "table" : "", ...content);
    made.setAttribute("role", role);
    return made;
  };
  const cell = (/** @type {Node | string} */ content, /** @type {number} */ index) => {
    const made = part("td", "cell", [content]);
    if (index > 0 && names[index] !== "") made.dataset.name = names[index];
    return made;
  };
  const head = part("tr", "row", names.map((name) => part("th", "columnheader", [name])));
  place.replaceChildren(part("table", "table", [part("thead", "rowgroup", [head]),
    part("tbody", "rowgroup", rows.map((row) => part("tr", "row", row.map(cell))))]));
}

/**
 * A secret text that a person takes away: selected by a click, copied or saved by a button.
 * @param {string} title @param {string} about @param {string} text @param {string | null} file its name as a file
 */
export function textToKeep(title, about, text, file) {
  const code = element("code", "", text);
  const copy = button("Copy", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
  }, "", title);
  const save = button("Save as a file", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    link.download = file ?? "";
    link.click();
    URL.revokeObjectURL(link.href);
  }, "", title);
  return element("div", "text", element("h3", "", title), element("p", "", about), code,
    element("div", "actions", copy, ...(file === null ? [] : [save])));
}

/**
 * The enrolment link of a code that asks for approval, also as a picture: the page that a link leads to can read the
 * code (H-3-5).
 * @param {string} title @param {string} about @param {string} code
 */
export function linkToKeep(title, about, code) {
  const link = `${location.origin}/enrol#${code}`;
  const made = textToKeep(title, about, link, null);
  made.querySelector("code")?.after(qrPicture(utf8(link), `${title}, as a QR code`));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
/** Light modules around a QR code. */
const QUIET = 4;

/**
 * @param {Uint8Array} text @param {string} name
 */
function qrPicture(text, name) {
  const rows = qrCode(text);
  const picture = document.createElementNS(SVG, "svg");
  const size = rows.length + 2 * QUIET;
  const attributes = { class: "qr", viewBox: `${-QUIET} ${-QUIET} ${size} ${size}`, role: "img", "aria-label": name };
  for (const [key, value] of Object.entries(attributes)) picture.setAttribute(key, value);
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", rows.flatMap((row, y) => row.map((one, x) => (one ? `M${x} ${y}h1v1h-1z` : ""))).join(""));
  picture.append(dark);
  return picture;
}

/**
 * Asks, and gives the fields of what was answered; null where nothing is to be done.
 * @param {string} title @param {(Node | string)[]} content @param {string} yes the name of what is done
 * @param {"main" | "danger"} [kind]
 * @returns {Promise<FormData | null>}
 */
export function ask(title, content, yes, kind = "main") {
  /** @type {HTMLDialogElement} */
  const dialog = byId("dialog");
  const heading = element("h2", "", title);
  heading.id = "dialog-title";
  const form = /** @type {HTMLFormElement} */ (element("form", "", heading,
    ...content.map((one) => (typeof one === "string" ? element("p", "", one) : one))));
  const submit = element("button", kind, yes);
  submit.setAttribute("type", "submit");
  form.append(element("div", "actions", button("Cancel", () => dialog.close()), submit));
  dialog.replaceChildren(form);
  return new Promise((resolve) => {
    /** @type {FormData | null} */
    let given = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      given = new FormData(form);
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.replaceChildren();
      resolve(given);
    }, { once: true });
    dialog.showModal();
  });
}

/**
 * A field of a question.
 * @param {string} name @param {string} label @param {Record<string, string>} [attributes]
 */
export function field(name, label, attributes = {}) {
  const input = element("input", "");
  const all = { name, autocomplete: "off", ...attributes };
  for (const [key, value] of Object.entries(all)) input.setAttribute(key, value);
  return element("label", "", label, input);
}

/**
 * A box to tick.
 * @param {string} name @param {string} value @param {boolean} isTicked @param {...(Node | string)} label
 */
export function tick(name, value, isTicked, ...label) {
  const input = /** @type {HTMLInputElement} */ (element("input", ""));
  Object.assign(input, { type: "checkbox", name, value, checked: isTicked });
  return element("label", "choice-line", input, element("span", "", ...label));
}
