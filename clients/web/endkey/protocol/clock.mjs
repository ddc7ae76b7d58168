// The agent's clock (section 13.5). Sums saturate.

import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";

/** @param {number} a @param {number} b */
export const saturated = (a, b) => Math.min(a + b, LIMITS.counter_max);

/**
 * `least`, once a state was accepted that is not the one accepted last.
 * @param {{made: number, age: number}} terms
 * @param {{generation: number, least: number, running: number} | null} last
 * @param {{generation: number, made: number}} state
 */
export const acceptedClock = (terms, last, state) =>
  last !== null && last.generation === state.generation
    ? Math.max(saturated(last.least, last.running), state.made)
    : Math.max(state.made, saturated(terms.made, terms.age));

/**
 * @param {number} wall the computer's clock @param {number} least @param {number} running
 */
export const clock = (wall, least, running) => Math.max(wall, saturated(least, running));

/** @param {number} now @param {number} validUntil */
export function checkValidity(now, validUntil) {
  if (now >= validUntil) refuse("state_expired");
}
