// How long a page stays open, or keeps what was typed: until nobody has used it for a while, or it is left. Locking
// loads it anew, so that nothing of that is left in its memory, and the page that comes says why it is locked.

/** Minutes without input. */
const IDLE = 10;
/** What a person does; what a page scrolls by itself is no use of it. */
const INPUT = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/**
 * What is said of a page that its user did not lock.
 * @type {Record<string, string>}
 */
const WHY = {
  idle: `Locked, since nobody used the page for ${IDLE} minutes. Unlock it to go on.`,
  typed: `What was typed here is gone, since nobody used the page for ${IDLE} minutes.`,
  left: "Locked, since the page was left or loaded anew. Unlock it to go on.",
};

/** The reason for which the page was locked, once, if it was. */
export function whyLocked() {
  const why = history.state?.locked;
  history.replaceState(null, "");
  return WHY[why] ?? "";
}

/** @param {"asked" | "idle" | "typed" | "left"} why */
export function lock(why) {
  history.replaceState({ locked: why }, "");
  empty();
  location.reload();
}

/** Takes everything out of the page; what was typed, before a browser keeps it for the page that comes. */
function empty() {
  for (const form of document.forms) form.reset();
  document.body.replaceChildren();
}

/** Whether something was typed that is still there. */
const isTyped = () => [...document.querySelectorAll("input:not([type=checkbox])")].some((one) =>
  one instanceof HTMLInputElement && one.value !== one.defaultValue);

/** Milliseconds, also those that the machine slept, and none less when its clock is set back. */
function stopwatch() {
  const [wall, running] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - running);
}

let isOpen = false;

/** From now on what is typed or open stays for as long as the page is used. */
export function expectUse() {
  let elapsed = stopwatch();
  const lasts = IDLE * 60_000;
  const check = () => {
    if (elapsed() < lasts) return;
    elapsed = stopwatch();
    if (isOpen) lock("idle");
    else if (isTyped()) lock("typed");
  };
  const wait = () => setTimeout(() => (check(), wait()), Math.max(1000, lasts - elapsed()));
  wait();
  for (const type of INPUT) {
    addEventListener(type, ({ isTrusted }) => {
      if (!isTrusted) return;
      check();
      elapsed = stopwatch();
    }, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", check);
  // A browser may keep the page whole for who comes back to it.
  let isLeft = false;
  addEventListener("pagehide", () => {
    if (!isOpen && !isTyped()) return;
    isLeft = true;
    empty();
  });
  addEventListener("pageshow", () => (isLeft ? lock("left") : undefined));
}

/** From now on the page is open. */
export function beginSession() {
  isOpen = true;
  history.replaceState({ locked: "left" }, "");  // what is read if the page is loaded anew without `lock`
}

/** What keeps the page from opening anything, and what to do; empty if nothing does. */
export function hindrance() {
  if (globalThis.isSecureContext && crypto.subtle !== undefined) return "";
  return "This page came over a connection that others can change, so the browser gives it no cryptography. Open it "
    + "by an https address, or on this computer by http://localhost.";
}
