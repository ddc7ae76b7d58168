// How long a page stays open: until nobody has used it for a while, or it is left. Locking loads it anew, so that
// nothing of what was open is left in its memory, and the page that comes says why it is locked.

/** Minutes without input. */
const IDLE = 10;
const INPUT = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];

/**
 * What is said of a page that its user did not lock.
 * @type {Record<string, string>}
 */
const WHY = {
  idle: `Locked, since nobody used the page for ${IDLE} minutes. Unlock it to go on.`,
  left: "Locked, since the page was left or loaded anew. Unlock it to go on.",
};

/** The reason for which the page was locked, once, if it was. */
export function whyLocked() {
  const why = history.state?.locked;
  history.replaceState(null, "");
  return WHY[why] ?? "";
}

/** @param {"asked" | "idle" | "left"} why */
export function lock(why) {
  history.replaceState({ locked: why }, "");
  document.body.replaceChildren();
  location.reload();
}

/** Milliseconds, also those that the machine slept, and none less when its clock is set back. */
function stopwatch() {
  const [wall, running] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - running);
}

let isOpen = false;

/** From now on the page is open. */
export function beginSession() {
  if (isOpen) return;
  isOpen = true;
  history.replaceState({ locked: "left" }, "");  // what is read if the page is loaded anew without `lock`
  let elapsed = stopwatch();
  const lasts = IDLE * 60_000;
  const check = () => (elapsed() >= lasts ? lock("idle") : undefined);
  const wait = () => setTimeout(() => (check(), wait()), Math.max(1000, lasts - elapsed()));
  wait();
  for (const type of INPUT) {
    addEventListener(type, () => {
      check();
      elapsed = stopwatch();
    }, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", check);
  // A browser may keep the page whole for who comes back to it.
  addEventListener("pagehide", () => document.body.replaceChildren());
  addEventListener("pageshow", ({ persisted }) => (persisted ? lock("left") : undefined));
}

/** What keeps the page from opening anything, and what to do; empty if nothing does. */
export function hindrance() {
  if (globalThis.isSecureContext && crypto.subtle !== undefined) return "";
  return "This page came over a connection that others can change, so the browser gives it no cryptography. Open it "
    + "by an https address, or on this computer by http://localhost.";
}
