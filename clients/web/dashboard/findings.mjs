// What an audit found, in words for whoever answers for the account: what it means, and what to do. What was
// acknowledged stays in sight, and is not counted as new.

import { duration, element } from "./report.mjs";

/** @typedef {import("./audit.mjs").Finding} Finding */

/** @type {Record<string, {title: string, means: string, act: string}>} */
const WORDS = {
  sequence_gap: {
    title: "Records are missing",
    means: "The service did not give them. Their time is not counted.",
    act: "Ask the operator of the service for them. A computer that still keeps them sends them again by itself.",
  },
  erased_unseen: {
    title: "Records were erased before anybody counted them",
    means: "The service says that they are gone. Their time is not counted.",
    act: "Ask who had them erased, and open this page more often than the service erases.",
  },
  erased: {
    title: "Records were erased",
    means: "A person of this account had them erased, or they are older than it keeps. Their time is not counted.",
    act: "Nothing is to be done.",
  },
  signature_invalid: {
    title: "Records were changed",
    means: "They do not carry the signature of this computer. They are not counted.",
    act: "Ask the operator of the service for what the computer sent. If there is nothing else, somebody tampered.",
  },
  chain_broken: {
    title: "Records do not follow those before them",
    means: "They belong to another course of this computer than the one that was counted. They are not counted.",
    act: "Ask the operator of the service for the records between. If there are none, enrol the computer anew.",
  },
  sequence_repeat: {
    title: "Records were given twice",
    means: "They are counted once.",
    act: "Nothing is lost. Tell the operator of the service.",
  },
  sequence_fork: {
    title: "Two computers send as one",
    means: "There are two different records under one number: a copied or restored computer, or somebody with its "
      + "keys. The first ones are counted.",
    act: "Remove this computer from the account and enrol it anew; do the same with its copy.",
  },
  revoked: {
    title: "A removed computer goes on sending",
    means: "What came after its removal is not counted.",
    act: "If it is still in use, enrol it anew. Otherwise look who has it.",
  },
  unknown_agent: {
    title: "A computer that is not in the account",
    means: "The service tells of a computer that nobody has let in, or keeps back the proof of who it is. Nothing of "
      + "it is counted.",
    act: "If it is yours, let it in. If it was, ask the operator of the service for its enrolment.",
  },
  wrong_recipient: {
    title: "Records of another computer",
    means: "The service put them under this one. They are not counted here.",
    act: "Tell the operator of the service.",
  },
  wrong_account: {
    title: "Records of another account",
    means: "The service put them into this one. They are not counted.",
    act: "Tell the operator of the service: it mixes accounts.",
  },
  state_withheld: {
    title: "The computer knows something newer",
    means: "It follows a newer state of the account than the service shows to you. Its time is counted.",
    act: "Unlock again in an hour. If this stays, compare the digits below with another person's device.",
  },
  state_fork: {
    title: "The computer follows a state that nobody knows",
    means: "No person's device has noted the state of the account under which it records. Its time is counted.",
    act: "Ask the other persons whether an act of theirs was lost. If not, the service misleads this computer: remove "
      + "it.",
  },
  state_stale: {
    title: "The computer uses old keys",
    means: "It went on for more than a day with keys that had been replaced. Its time is counted; who was removed then "
      + "may be able to read it.",
    act: "See that the computer reaches the service. If it does, the service keeps the new state from it.",
  },
  counter_rollback: {
    title: "The computer went back in time",
    means: "It follows an older state than before: it was restored from a copy, or is misled. It is not counted.",
    act: "Enrol the computer anew.",
  },
  epoch_mismatch: {
    title: "Records under keys that do not fit",
    means: "They name one period of keys and hold another. They are not counted.",
    act: "Update the program on this computer; if that does not help, enrol it anew.",
  },
  token_open_failed: {
    title: "Records that cannot be read",
    means: "No key of the account opens them. They are not counted.",
    act: "Update the program on this computer; if that does not help, enrol it anew.",
  },
  no_epoch_key: {
    title: "Records under unknown keys",
    means: "They are of a period of which the account has no key. They are not counted.",
    act: "Enrol the computer anew.",
  },
  blob_missing: {
    title: "A screenshot is missing",
    means: "A counted record names it, and the service does not give it.",
    act: "If the account keeps pictures for a shorter time, nothing is to be done. Otherwise ask the operator of the "
      + "service for it, and who deleted it.",
  },
  blob_open_failed: {
    title: "A screenshot was swapped or damaged",
    means: "What the service gives is not the picture that the computer recorded. It is not shown.",
    act: "Ask the operator of the service for what the computer sent. If there is nothing else, somebody tampered.",
  },
};
/**
 * What is worth a look, and no fault of what was proven.
 * @type {Record<string, {title: string, means: string, act: string}>}
 */
const REMARKS = {
  long_record: {
    title: "A record of more than a day",
    means: "One thing is said to have gone on for more than 24 hours. Its time is counted.",
    act: "Look whether the computer slept meanwhile, and whether its program is up to date.",
  },
  long_day: {
    title: "More hours than a day has",
    means: "Records overlap, so that a day has more than its 24 hours. All of their time is counted.",
    act: "Look whether two programs record there, or whether its clock was set back.",
  },
  future: {
    title: "Records in the future",
    means: "They begin after now, by the clock of the device before you. Their time is counted, in days to come.",
    act: "Set the clock of that computer right, and look at that of the one before you.",
  },
};
const DAMAGED = {
  title: "Damaged records",
  means: "They are not what a computer sends. They are not counted.",
  act: "Ask the operator of the service for what the computer sent.",
};

/** How many are shown of numbers of batches, of computers, and of rows of differences. */
const [NUMBERS, COMPUTERS, ROWS] = [5, 4, 200];

/** @param {string} code */
export const wordsFor = (code) => WORDS[code] ?? REMARKS[code] ?? DAMAGED;

/**
 * What names a finding for good, whatever else is found next time.
 * @param {Finding} finding
 */
const nameOf = ({ agent_id, code, batch, sequence, at, missing }) => [agent_id, code, sequence ?? "", batch ?? "",
  ...(at === undefined ? [] : [at]), ...(missing === undefined ? [] : [missing.first, missing.last])].join(" ");

/** Which findings a person has acknowledged, in this browser. */
export class Acknowledged {
  /** @param {string} account */
  constructor(account) {
    this.place = `endkey acknowledged ${account}`;
    /** Whether this browser keeps it. */
    this.isKept = true;
    /** @type {Set<string>} */
    this.names = new Set();
    this.#recall();
  }

  /** Takes in what is kept, of other tabs too. */
  #recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.place) ?? "[]");
      if (Array.isArray(kept)) kept.filter((name) => typeof name === "string").forEach((name) => this.names.add(name));
    } catch {
      this.isKept = false;
    }
  }

  /** @param {Finding} finding */
  has(finding) {
    return this.names.has(nameOf(finding));
  }

  /** @param {Finding[]} findings */
  add(findings) {
    this.#recall();
    for (const finding of findings) this.names.add(nameOf(finding));
    try {
      localStorage.setItem(this.place, JSON.stringify([...this.names]));
    } catch {
      this.isKept = false;
    }
  }
}

/**
 * The numbers of batches, or else times.
 * @param {Finding[]} findings of one computer and code @param {(at: number) => string} time
 */
function numbers(findings, time) {
  const ranges = findings.flatMap(({ missing }) => missing ?? []).sort((a, b) => a.first - b.first);
  if (ranges.length > 0) {
    const all = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const shown = ranges.slice(0, NUMBERS).map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
    const more = ranges.length > NUMBERS ? " and more" : "";
    return ` · ${all === 1 ? "batch" : `${all} batches:`} ${shown.join(", ")}${more}`;
  }
  const known = [...new Set(findings.flatMap(({ sequence, at }) => at ?? sequence ?? []))].sort((a, b) => a - b);
  const isTimes = findings[0].at !== undefined;
  const shown = known.slice(0, NUMBERS).map((one) => (isTimes ? time(one) : String(one))).join(", ");
  const rest = known.length - NUMBERS;
  return known.length === 0 ? "" : ` · ${shown}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/**
 * @template T @param {T[]} all @param {(one: T) => string} key
 * @returns {T[][]}
 */
function groups(all, key) {
  /** @type {Map<string, T[]>} */
  const found = new Map();
  for (const one of all) {
    const group = found.get(key(one));
    if (group === undefined) found.set(key(one), [one]);
    else group.push(one);
  }
  return [...found.values()];
}

/**
 * Draws what was found, a row for each kind; gives how many kinds of faults nobody has acknowledged yet.
 * @param {HTMLElement} place @param {Finding[]} findings @param {(agent: string) => Node} label of a computer
 * @param {(at: number) => string} time @param {Acknowledged} acknowledged
 * @param {() => void} changed called when a person has acknowledged
 */
export function drawFindings(place, findings, label, time, acknowledged, changed) {
  const row = (/** @type {Finding[]} */ group) => {
    const { title, means, act } = wordsFor(group[0].code);
    const computers = groups(group, ({ agent_id }) => agent_id);
    const shown = computers.slice(0, COMPUTERS).map((its) =>
      element("li", "where", label(its[0].agent_id), numbers(its, time)));
    if (computers.length > COMPUTERS) shown.push(element("li", "where", `and ${computers.length - COMPUTERS} more`));
    const made = element("li", "finding",
      element("div", "", element("h3", "", title), element("ul", "", ...shown)),
      element("div", "", element("p", "", means), element("p", "", element("b", "", "What to do: "), act)));
    made.dataset.code = group[0].code;
    made.classList.toggle("is-remark", group[0].code in REMARKS);
    if (group[0].code !== "erased" && !acknowledged.has(group[0])) {
      const button = element("button", "", "I know of it");
      button.setAttribute("type", "button");
      button.addEventListener("click", () => {
        acknowledged.add(group);
        changed();
      });
      made.append(button);
    }
    return made;
  };
  const isKnown = (/** @type {Finding} */ one) => one.code === "erased" || acknowledged.has(one);
  const [known, fresh] = [true, false].map((is) =>
    groups(findings.filter((one) => isKnown(one) === is), ({ code }) => code));
  const parts = [];
  if (fresh.length > 0) parts.push(element("ul", "", ...fresh.map(row)));
  if (known.length > 0) {
    const says = `${known.length} that you know of${acknowledged.isKept ? "" : ", until this page is locked"}`;
    parts.push(element("details", "", element("summary", "", says), element("ul", "", ...known.map(row))));
  }
  place.replaceChildren(...parts);
  return fresh.filter(([{ code }]) => !(code in REMARKS)).length;
}

/**
 * The differences between what the service says and what was counted: for each computer, then for each application.
 * @param {HTMLElement} place @param {import("./audit.mjs").Difference[]} differences
 * @param {(agent: string) => Node} label of a computer @param {(token: string) => Node} value of a token
 */
export function drawDifferences(place, differences, label, value) {
  if (differences.length === 0) return place.replaceChildren();
  const times = (/** @type {import("./audit.mjs").Difference[]} */ some) => {
    const [reported, counted] = [some.map((one) => one.reported), some.map((one) => one.counted)]
      .map((all) => all.reduce((sum, one) => sum + one, 0));
    const isName = some.every((one) => one.reported === one.counted);
    const isTwice = some.some((one) => one.isTwice);
    return [element("td", "time", isTwice ? `told more than once, ${duration(reported)} in all`
      : isName ? "another name" : duration(reported)),
      element("td", "time", isName && !isTwice ? "" : duration(counted))];
  };
  const table = (/** @type {string} */ what, /** @type {HTMLElement[]} */ rows) => element("div", "scrolls",
    element("table", "differences",
      element("thead", "", element("tr", "", ...["Computer", what, "The service says", "Counted"]
        .filter((name) => name !== "").map((name) => element("th", "", name)))), element("tbody", "", ...rows)));
  const computers = groups(differences, ({ agent_id }) => agent_id);
  const shown = differences.slice(0, ROWS);
  place.replaceChildren(
    table("", computers.slice(0, ROWS).map((some) =>
      element("tr", "", element("td", "", label(some[0].agent_id)), ...times(some)))),
    element("details", "", element("summary", "", "By application"),
      table("Application", shown.map((one) => element("tr", "", element("td", "", label(one.agent_id)),
        element("td", "", value(one.token)), ...times([one])))),
      ...(differences.length > ROWS ? [element("p", "", `and ${differences.length - ROWS} more`)] : [])));
}
