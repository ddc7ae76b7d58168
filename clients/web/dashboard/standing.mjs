// What a person compares before trusting what is shown (section 12.7, step 7).

import { toHex } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { personOf } from "../endkey/protocol/vault.mjs";
import { MEMORIES, messageFor } from "./messages.mjs";
import { element } from "./report.mjs";
import { timeText } from "./zone.mjs";

const UTF8 = new TextDecoder();

const FORMAT = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "short", timeZone: "UTC" });

/** @param {any} person */
function nameOf({ person_id, label, role, status }) {
  const parts = [toHex(person_id), ...(label.length > 0 ? [UTF8.decode(label)] : []), role];
  return [...parts, ...(status === "removed" ? ["removed"] : [])].join(", ");
}

/**
 * Draws it, and gives the warnings among it.
 * @param {HTMLDetailsElement} place
 * @param {import("../endkey/protocol/person.mjs").Whole} whole
 * @param {import("./pins.mjs").Memory} memory what this browser had of the account
 */
export async function drawStanding(place, whole, memory) {
  const { state, contents, findings, isExpired, pins } = whole;
  const maker = personOf(contents, contents.made_by);
  const warnings = [
    ...(memory === "kept" ? [] : [MEMORIES[memory]]),
    ...(isExpired ? ["The newest state has expired."] : []),
    ...findings.map((code) => messageFor({ code })),
  ];
  const facts = {
    made: `${timeText(FORMAT, contents.made)} UTC`,
    "made by": maker === undefined ? toHex(contents.made_by) : nameOf(maker),
    generation: String(state.generation), counter: String(state.counter),
    digits: toHex(await sha256(pins.state)).slice(0, 8),
  };
  place.dataset.findings = findings.join(" ");
  place.querySelector("ul")?.replaceChildren(...warnings.map((warning) => element("li", "", warning)));
  place.querySelector("dl")?.replaceChildren(...Object.entries(facts).flatMap(([name, value]) =>
    [element("dt", "", name), element("dd", "", value)]));
  place.querySelector("ol")?.replaceChildren(...contents.persons.map((/** @type {any} */ person) =>
    element("li", "", nameOf(person))));
  place.hidden = false;
  place.open = warnings.length > 0;
  return warnings;
}
