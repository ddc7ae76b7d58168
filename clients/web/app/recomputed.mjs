// What the service says of alerts, held against what was counted here: a firing that nothing bears out, and one that is
// missing (`spec/http.md`, H-13.1-5). Values in, words for nobody: the screen says what it means.

import { CATEGORIES } from "../dashboard/counted.mjs";

/** @typedef {import("../http/alerts.mjs").Alert} Alert */
/** @typedef {import("../http/alerts.mjs").Firing} Firing */
/**
 * `so`: the records say the same; `other`: they say something else; `missing`: they say so, and the service does not;
 * `erased`: records of then are gone; `late`: records of then are here, which may have come later; `unknown`: this end
 * has nothing to hold it against.
 * @typedef {"so" | "other" | "missing" | "erased" | "late" | "unknown"} Verdict
 * @typedef {{alert: Alert | null, firing: Firing | null, agent: string | null, day: number, verdict: Verdict,
 *   counted: number | null}} Judged
 * What this end knows: what its audit counted, the fields and values of tokens, and when its state ends.
 * @typedef {{result: import("../dashboard/audit.mjs").Result, values: Map<string, {field: string, value: string}>,
 *   validUntil: number, now: number}} Known
 */

const HOUR = 3_600_000;
/** How long after its end a day is judged whose sum may still grow; the service gets some minutes for it. */
const SETTLED = 6 * HOUR + HOUR / 6;
const [NEUTRAL, NO_RULE] = [CATEGORIES.indexOf("neutral"), CATEGORIES.indexOf("no rule")];

/**
 * All that fired, and all that should have.
 * @param {import("../http/alerts.mjs").AlertList} list @param {Firing[]} firings @param {Known} known
 * @returns {Judged[]} the newest day first
 */
export function recompute(list, firings, known) {
  /** @type {Judged[]} */
  const judged = firings.filter(({ alert }) => !list.items.some(({ id }) => id === alert))
    .map((firing) => ({ ...about(firing), alert: null, firing, verdict: "unknown", counted: null }));
  for (const alert of list.items) {
    const its = firings.filter((firing) => firing.alert === alert.id);
    judged.push(...JUDGES[alert.on](alert, its, known, list.days));
  }
  return judged.sort((a, b) => b.day - a.day || (b.firing?.ordinal ?? Infinity) - (a.firing?.ordinal ?? Infinity));
}

/** @type {Record<Alert["on"], (alert: Alert, firings: Firing[], known: Known, days: number[]) => Judged[]>} */
const JUDGES = { time: judgeSums, silence: judgeSilence, expiry: judgeExpiry };

/** @param {Firing} firing */
const about = ({ agent, day }) => ({ agent, day });
/** @param {Alert} alert @param {string} agent */
const isAbout = ({ agents = [] }, agent) => agents.length === 0 || agents.includes(agent);
/** @param {string | null} agent @param {number} day */
const keyOf = (agent, day) => `${agent ?? ""} ${day}`;

/**
 * @param {Alert} alert @param {Firing[]} firings @param {Known} known @param {number[]} days
 * @returns {Judged[]}
 */
function judgeSums(alert, firings, known, days) {
  const { result, now } = known;
  const passes = filterOf(alert, known);
  if (passes === null) {
    return firings.map((firing) => ({ ...about(firing), alert, firing, verdict: "unknown", counted: null }));
  }
  const sums = dailySums(alert, result, days, passes);
  const whose = alert.per === "agent" ? (/** @type {number} */ i) => result.members[i].agent_id : () => null;
  const isErased = (/** @type {string | null} */ agent) =>
    result.erased.some(({ agent_id }) => agent === null || agent_id === agent);
  const tells = (/** @type {number} */ sum) => (alert.is === "more" ? sum >= alert.ms : sum < alert.ms);
  /** @type {Judged[]} */
  const judged = firings.map((firing) => {
    const counted = sums.get(keyOf(firing.agent, firing.day)) ?? 0;
    // What is gone may have made the sum greater.
    const isOpen = isErased(firing.agent) && (alert.is === "less" || !tells(counted));
    return { ...about(firing), alert, firing, verdict: isOpen ? "erased" : tells(counted) ? "so" : "other", counted };
  });
  const fired = new Set(firings.map(({ agent, day }) => keyOf(agent, day)));
  const expect = (/** @type {string | null} */ agent, /** @type {number} */ day) => {
    const counted = sums.get(keyOf(agent, day)) ?? 0;
    if (fired.has(keyOf(agent, day)) || !tells(counted)) return;
    judged.push({ agent, day, alert, firing: null, verdict: "missing", counted });
  };
  const begins = firstStarts(result);
  const present = [...begins].filter(([i]) => result.members[i].status === "granted"
    && isAbout(alert, result.members[i].agent_id));
  for (let n = 0; n + 1 < days.length; n++) {
    const [day, end] = [days[n], days[n + 1]];
    if (end <= alert.from || day > now) continue;
    if (alert.is === "more") {
      const agents = alert.per === "agent" ? result.members.map((_, i) => whose(i)) : [null];
      for (const agent of agents) expect(agent, day);
    } else if (end + SETTLED <= now) {
      const there = present.filter(([, start]) => start < end).map(([i]) => whose(i));
      for (const agent of new Set(there)) if (!isErased(agent)) expect(agent, day);
    }
  }
  return judged;
}

/**
 * Which records an alert is about; null where this end can not tell.
 * @param {Alert} alert @param {Known} known @returns {((i: number) => boolean) | null}
 */
function filterOf(alert, { result, values }) {
  const { tokens = [], categories = [] } = alert;
  const { counted, members } = result;
  /** @type {Map<string, Set<string>>} */
  const wanted = new Map();
  for (const token of tokens) {
    const opened = values.get(token);
    if (opened === undefined) return null;
    wanted.set(opened.field, (wanted.get(opened.field) ?? new Set()).add(opened.value));
  }
  const kinds = new Set(categories.map((name) => CATEGORIES.indexOf(name)));
  // To the service, what has no rule is neutral.
  if (kinds.has(NEUTRAL)) kinds.add(NO_RULE);
  return (i) => isAbout(alert, members[counted.agent[i]].agent_id)
    && (categories.length === 0 || kinds.has(counted.category[i]))
    && [...wanted].every(([field, texts]) => texts.has(counted.texts[counted.fields[field][i]]));
}

/**
 * Sums by agent, or none, and day: a record counts in each day by its overlap.
 * @param {Alert} alert @param {import("../dashboard/audit.mjs").Result} result @param {number[]} days
 * @param {(i: number) => boolean} passes
 */
function dailySums(alert, { counted, members }, days, passes) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (let i = 0; i < counted.agent.length; i++) {
    const [start, end] = [counted.start[i], counted.start[i] + counted.duration[i]];
    let n = dayOf(days, start);
    if (end <= days[0] || n >= days.length - 1 || !passes(i)) continue;
    const agent = alert.per === "agent" ? members[counted.agent[i]].agent_id : null;
    for (n = Math.max(0, n); n < days.length - 1 && days[n] < end; n++) {
      const key = keyOf(agent, days[n]);
      const overlap = Math.min(end, days[n + 1]) - Math.max(start, days[n]);
      sums.set(key, (sums.get(key) ?? 0) + Math.max(0, overlap));
    }
  }
  return sums;
}

/**
 * The place of the last bound that is not behind a time; -1 where all are.
 * @param {number[]} days @param {number} time
 */
function dayOf(days, time) {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * When the first record of each agent begins.
 * @param {import("../dashboard/audit.mjs").Result} result
 */
function firstStarts({ counted }) {
  /** @type {Map<number, number>} */
  const starts = new Map();
  for (let i = 0; i < counted.agent.length; i++) {
    const agent = counted.agent[i];
    starts.set(agent, Math.min(starts.get(agent) ?? Infinity, counted.start[i]));
  }
  return starts;
}

/**
 * The service says when something came; signed is when it was made, an hour more or less.
 * @param {Alert} alert @param {Firing[]} firings @param {Known} known @returns {Judged[]}
 */
function judgeSilence(alert, firings, { result, now }) {
  const members = new Map(result.members.map((member) => [member.agent_id, member]));
  /** @type {Judged[]} */
  const judged = firings.map((firing) => {
    const made = members.get(firing.agent ?? "")?.made;
    if (made === undefined) return { ...about(firing), alert, firing, verdict: "unknown", counted: null };
    const isBroken = made.some((at) => at > firing.day + HOUR && at < firing.day + firing.ms - HOUR);
    const verdict = firing.ms < alert.ms ? "other" : isBroken ? "late" : "so";
    return { ...about(firing), alert, firing, verdict, counted: null };
  });
  for (const { agent_id, status, made } of result.members) {
    const last = made.reduce((most, at) => Math.max(most, at), 0);
    const isSilent = status === "granted" && last > 0 && now - last >= alert.ms + HOUR;
    const isTold = firings.some(({ agent, day }) => agent === agent_id && day >= last - HOUR);
    if (!isAbout(alert, agent_id) || !isSilent || isTold) continue;
    judged.push({ agent: agent_id, day: last, alert, firing: null, verdict: "missing", counted: now - last });
  }
  return judged;
}

/**
 * @param {Alert} alert @param {Firing[]} firings @param {Known} known @returns {Judged[]}
 */
function judgeExpiry(alert, firings, { validUntil, now }) {
  /** @type {Judged[]} */
  const judged = firings.map((firing) => {
    const isOwn = firing.day === validUntil;
    const verdict = !isOwn ? "unknown" : firing.day - firing.at <= alert.ms ? "so" : "other";
    return { ...about(firing), alert, firing, verdict, counted: isOwn ? Math.max(0, validUntil - now) : null };
  });
  const isDue = validUntil - now <= alert.ms - HOUR / 6;
  if (isDue && !firings.some(({ day }) => day === validUntil)) {
    const counted = Math.max(0, validUntil - now);
    judged.push({ agent: null, day: validUntil, alert, firing: null, verdict: "missing", counted });
  }
  return judged;
}
