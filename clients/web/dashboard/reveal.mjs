// Opens text forms where they stand in a page, now and as more appears. A text node stays the node that it is and gets
// another text, so that whoever made it can go on with it; nothing but text is written (R-18-5), and what was written
// is not looked through again. What does not open stays as it is (R-18-4).

import { isolated, Legible } from "../endkey/text/legible.mjs";
import { Contest } from "./contest.mjs";
import { formsOf, mayHold } from "./forms.mjs";

/**
 * @typedef {import("./opener.mjs").Opening} Opening
 * @typedef {import("./forms.mjs").Form} Form
 * Of what stands in the page: how much was opened, what was not and what is no text form by its code, and how many
 * places were left to an observer of the page's own.
 * @typedef {{opened: number, unopened: Map<string, number>, skipped: Map<string, number>, contested: number}} Counts
 * What a node's text was, what was written instead, and what of it counts.
 * @typedef {{source: string, data: string, opened: number, unopened: string[], skipped: string[], ranges: any[]}} Made
 * `shadow`: also in open shadow roots. `leave`: a selector of more that is left alone. `changed`: called after
 * something was opened, or went.
 * @typedef {{shadow?: boolean, leave?: string, changed?: () => void}} Options
 */

/** Their text is not the page's, or is sent, or is kept in titles and histories. */
const LEFT_ALONE = "script, style, textarea, select, option, datalist, output, title, noscript";
/** Milliseconds of work before others have their turn. */
const SLICE = 12;
/**
 * Each picture after a text has changed costs the browser a look at the whole page. So texts are changed together: once
 * there are as many as one picture may take, or the first of them has waited for so many milliseconds.
 */
export const TOGETHER = 800;
const WAIT = 50;
/** Milliseconds until a picture that does not come is waited for no more. */
const NO_PICTURE = 250;
/** Texts put away, at which those that are gone are looked for first; then at each doubling. */
const AWAY = 1024;
const SEEN = { childList: true, characterData: true, subtree: true, attributeFilter: ["contenteditable"] };
/** Under this name a style sheet finds what did not open: `::highlight(endkey-unopened)`. */
const UNOPENED = "endkey-unopened";

/** How the values of this page are written. */
export const legible = new Legible();

/** @type {WeakMap<Text, Made>} */
const made = new WeakMap();
/**
 * Elements that hold an opened value.
 * @type {WeakSet<Node>}
 */
const values = new WeakSet();

/**
 * What was made of a text, unless somebody has changed it since.
 * @param {Text} text
 */
function madeOf(text) {
  const known = made.get(text);
  return known?.data === text.data ? known : undefined;
}

/**
 * A node's own text. What its page has put before or behind what was written is its own; what was written is not.
 * @param {Text} text
 */
function sourceOf(text) {
  const { data } = text;
  const known = made.get(text);
  if (known === undefined || known.data === data) return known?.source ?? data;
  if (known.opened === 0) return data;
  if (data.startsWith(known.data)) return known.source + data.slice(known.data.length);
  return data.endsWith(known.data) ? data.slice(0, -known.data.length) + known.source : data;
}

/** @param {string} source @param {string} data @returns {Made} */
const newMade = (source, data) => ({ source, data, opened: 0, unopened: [], skipped: [], ranges: [] });

/**
 * An element that holds an opened value.
 * @param {string} value @returns {HTMLElement}
 */
export function openedElement(value) {
  const element = document.createElement("span");
  element.className = "opened";
  element.append(legible.text(value));
  values.add(element);
  return element;
}

/** Opens what stands in parts of a page, now and later. */
export class Revealer {
  /** @type {Counts} */
  counts = { opened: 0, unopened: new Map(), skipped: new Map(), contested: 0 };
  /** @type {Set<Node>} */
  #roots = new Set();
  /** @type {Map<string, Opening>} */
  #known = new Map();
  /** @type {Map<string, Promise<void>>} */
  #asked = new Map();
  /**
   * What stands in the page.
   * @type {Map<Text, Made>}
   */
  #standing = new Map();
  /**
   * Texts that were taken out of the page with what was written in them.
   * @type {Set<WeakRef<Text>>}
   */
  #away = new Set();
  /**
   * What was written into a text, and what had been there.
   * @type {Map<string, string>}
   */
  #written = new Map();
  #contest = new Contest();
  /**
   * Places that were left to others.
   * @type {Set<Node>}
   */
  #lost = new Set();
  /**
   * What is to be looked through, with all that is below it.
   * @type {Set<Node>}
   */
  #queue = new Set();
  /**
   * What can be written.
   * @type {Set<() => void>}
   */
  #ready = new Set();
  /** Whether what can be written has waited for long enough. */
  #isDue = false;
  /** Texts that were changed since the last picture. */
  #changes = 0;
  /** @type {Generator<void, void> | undefined} */
  #work;
  #channel = new MessageChannel();
  #isScheduled = false;
  #isStopped = false;
  #isChanged = false;
  /** Whether a value is written otherwise since another one came that looks like it. */
  #isStale = false;
  #observer = new MutationObserver((mutations) => this.#see(mutations));

  /** @param {{open(text: string): Promise<Opening>}} opener @param {Options} [options] */
  constructor(opener, options = {}) {
    this.opener = opener;
    this.options = options;
    this.leftAlone = options.leave === undefined ? LEFT_ALONE : `${LEFT_ALONE}, ${options.leave}`;
    this.#channel.port1.onmessage = () => {
      this.#isScheduled = false;
      this.#go();
    };
  }

  /**
   * Opens what stands in a node, now and later: an element, a document, or a shadow root.
   * @param {Node} root
   */
  watch(root) {
    if (this.#isStopped || this.#roots.has(root)) return;
    this.#roots.add(root);
    this.#observer.observe(root, SEEN);
    this.#queue.add(root);
    this.#go();
  }

  /** Leaves the page as it is. */
  stop() {
    this.#isStopped = true;
    this.#observer.disconnect();
    this.#channel.port1.close();
    this.#queue.clear();
    this.#ready.clear();
    this.#known.clear();
  }

  /** Stops, and takes back what was written: where it stands, where it was put away, and in copies. */
  restore() {
    this.stop();
    const away = [...this.#away].flatMap((one) => one.deref() ?? []);
    for (const text of new Set([...this.#standing.keys(), ...away])) {
      const source = sourceOf(text);
      this.#set(text, undefined);
      made.delete(text);
      if (text.data !== source) text.data = source;
    }
    for (const root of this.#roots) {
      for (const text of this.#textsIn(root)) {
        const source = made.has(text) ? undefined : this.#written.get(text.data);
        if (source !== undefined) text.data = source;
      }
    }
    this.#away.clear();
    this.#written.clear();
  }

  /** @param {MutationRecord[]} mutations */
  #see(mutations) {
    /**
     * Where something was taken away that had been written, and the texts that were given instead.
     * @type {Map<Node, {taken: Text, given: string}>}
     */
    const answers = new Map();
    /** @type {Set<Node>} */
    const seen = new Set();
    for (const { type, target } of mutations) {
      if (type === "attributes") seen.add(target);
      if (!(type === "characterData" && target instanceof Text) || madeOf(target) !== undefined) continue;
      answers.set(target, { taken: target, given: target.data });
      seen.add(target);
    }
    for (const { target, removedNodes } of mutations) {
      for (const text of [...removedNodes].flatMap((node) => [...this.#textsIn(node)])) {
        if (this.#standing.has(text) && !text.isConnected) {
          this.#set(text, undefined);
          this.#putAway(text);
        }
        if (madeOf(text) !== undefined) answers.set(target, { taken: text, given: "" });
      }
    }
    for (const { target, addedNodes, previousSibling, nextSibling } of mutations) {
      for (const node of [previousSibling, ...addedNodes, nextSibling]) if (node !== null) seen.add(node);
      const answer = answers.get(target);
      if (answer === undefined || addedNodes.length === 0) continue;
      const given = [...addedNodes].flatMap((node) => [...this.#textsIn(node)]).filter((text) => !madeOf(text));
      answer.given += given.map(({ data }) => data).join("");
    }
    for (const [place, { taken, given }] of answers) {
      if (!mayHold(given) || !this.#contest.changed(place, taken, given) || this.#lost.has(place)) continue;
      this.#lost.add(place);
      this.counts.contested += 1;
      this.#isChanged = true;
    }
    // Of texts beside each other, the first one is enough.
    for (const node of seen) {
      const before = node instanceof Text ? node.previousSibling : null;
      if (node.isConnected && !(before instanceof Text && seen.has(before))) this.#queue.add(node);
    }
    if (!this.#isScheduled) this.#go();
  }

  /** @param {Text} text */
  #putAway(text) {
    // The page may take out any number, and forget them.
    if (this.#away.size >= AWAY && Math.log2(this.#away.size) % 1 === 0) {
      for (const one of this.#away) if (one.deref() === undefined) this.#away.delete(one);
    }
    this.#away.add(new WeakRef(text));
  }

  /** Works for one slice; what is left is done in the next one. */
  #go() {
    if (this.#isStopped) return;
    const until = performance.now() + SLICE;
    while (performance.now() < until) {
      if (this.#changes >= TOGETHER && !document.hidden) return this.#afterPicture();
      if (this.#writesOne()) continue;
      this.#work ??= this.#steps();
      if (!this.#work.next().done) continue;
      this.#work = undefined;
      if (this.#asked.size === 0 && this.#ready.size > 0) continue;
      if (this.#isChanged) this.options.changed?.();
      this.#isChanged = false;
      return;
    }
    this.#later();
  }

  /** Writes one of those that are ready, if it is time for it; gives whether it did. */
  #writesOne() {
    const [write] = this.#ready;
    if (write === undefined) {
      this.#isDue = false;
      return false;
    }
    const isAll = this.#asked.size === 0 && this.#work === undefined;
    if (!isAll && !this.#isDue && this.#ready.size < TOGETHER) return false;
    this.#ready.delete(write);
    write();
    return true;
  }

  /** @param {() => void} write */
  #makeReady(write) {
    if (this.#ready.size === 0) {
      setTimeout(() => {
        this.#isDue = true;
        if (!this.#isScheduled) this.#go();
      }, WAIT);
    }
    this.#ready.add(write);
    this.#later();
  }

  /** Goes on when what has changed was drawn. */
  #afterPicture() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const go = () => {
      clearTimeout(timer);
      cancelAnimationFrame(picture);
      this.#changes = 0;
      this.#channel.port2.postMessage(null);
    };
    const timer = setTimeout(go, NO_PICTURE);
    const picture = requestAnimationFrame(go);
  }

  #later() {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    this.#channel.port2.postMessage(null);
  }

  /** All that is to be done, in small steps. */
  * #steps() {
    for (;;) {
      const [node] = this.#queue;
      if (node !== undefined) {
        this.#queue.delete(node);
        if (node instanceof Text) yield* this.#look(runOf(node));
        else yield* this.#walk(node);
      } else if (this.#isStale) {
        this.#isStale = false;
        for (const root of this.#roots) this.#queue.add(root);
      } else {
        return;
      }
    }
  }

  /**
   * The texts below a node. An iterator, unlike a walker, goes on where what it stands on is removed.
   * @param {Node} node @returns {Generator<Text, void>}
   */
  * #textsIn(node) {
    const kinds = NodeFilter.SHOW_TEXT | (this.options.shadow ? NodeFilter.SHOW_ELEMENT : 0);
    const iterator = document.createNodeIterator(node, kinds);
    for (let next = iterator.nextNode(); next !== null; next = iterator.nextNode()) {
      if (next instanceof Text) yield next;
      else if (next instanceof Element && next.shadowRoot !== null) yield* this.#textsIn(next.shadowRoot);
    }
  }

  /** @param {Node} node */
  * #walk(node) {
    for (const text of this.#textsIn(node)) {
      const root = text.getRootNode();
      if (this.options.shadow && root instanceof ShadowRoot && !this.#roots.has(root)) {
        this.#roots.add(root);
        this.#observer.observe(root, SEEN);
      }
      if (!(text.previousSibling instanceof Text)) yield* this.#look(runOf(text));
      yield;
    }
  }

  /**
   * Looks through texts that stand beside each other, as one: a text form may begin in one and end in another.
   * @param {Text[]} run
   */
  * #look(run) {
    const sources = run.map(sourceOf);
    const source = sources.join("");
    if (!mayHold(source) || this.#isLeftAlone(run[0])) {
      this.#write(run, sources, [], []);
      return;
    }
    /** @type {Form[]} */
    const forms = [];
    /** @type {string[]} */
    const skipped = [];
    for (const found of formsOf(source)) {
      if ("text" in found) forms.push(found);
      else skipped.push(found.code);
      yield;
    }
    const unknown = [];
    for (const { text } of forms) {
      if (this.#known.has(text)) continue;
      unknown.push(this.#open(text));
      yield;
    }
    if (unknown.length === 0) {
      this.#write(run, sources, forms, skipped);
      return;
    }
    Promise.all(unknown).then(() => this.#makeReady(() => this.#write(run, sources, forms, skipped)));
  }

  /** @param {Text} text */
  #isLeftAlone(text) {
    if (text.ownerDocument.designMode === "on") return true;
    /** @type {boolean | undefined} */
    let isEdited;
    // What is said of the host of a shadow root is said of what stands in it.
    for (let place = text.parentElement ?? hostOf(text); place !== undefined; place = hostOf(place)) {
      if (values.has(place) || place.closest(this.leftAlone) !== null) return true;
      const editable = place.closest("[contenteditable]");
      if (editable !== null) isEdited ??= editable.getAttribute("contenteditable") !== "false";
    }
    return isEdited ?? false;
  }

  /** @param {Node} node */
  #isLost(node) {
    if (this.#lost.size === 0) return false;
    for (let one = /** @type {Node | null} */ (node); one !== null; one = one.parentNode) {
      if (this.#lost.has(one)) return true;
    }
    return false;
  }

  /** @param {string} text @returns {Promise<void>} */
  #open(text) {
    const asked = this.#asked.get(text) ?? this.#ask(text).finally(() => this.#asked.delete(text));
    this.#asked.set(text, asked);
    return asked;
  }

  /** @param {string} text */
  async #ask(text) {
    try {
      const opening = await this.opener.open(text);
      this.#known.set(text, opening);
      if ("value" in opening) this.#isStale = legible.add(opening.value) || this.#isStale;
    } catch (error) {
      reportError(error);
    }
  }

  /**
   * Writes what forms hold into the text where each begins; the others lose what they had of it.
   * @param {Text[]} run @param {string[]} sources @param {Form[]} forms @param {string[]} skipped
   */
  #write(run, sources, forms, skipped) {
    const isSame = run.every((text, i) => text.isConnected && sourceOf(text) === sources[i]
      && (i === 0 || text.previousSibling === run[i - 1]));
    // What has changed meanwhile is seen again; what has left the page need not be.
    if (!isSame || run.some((text) => this.#isLost(text))) return;
    if (forms.length > 0 && this.#isLeftAlone(run[0])) {
      this.#write(run, sources, [], []);
      return;
    }
    const makes = sources.map((source) => newMade(source, ""));
    makes[0].skipped.push(...skipped);
    let [node, at, start] = [0, 0, 0];
    /** @param {number} end @param {(make: Made, text: string) => void} put */
    const upTo = (end, put) => {
      while (at < end) {
        if (at === start + sources[node].length) start += sources[node++].length;
        const stop = Math.min(end, start + sources[node].length);
        put(makes[node], sources[node].slice(at - start, stop - start));
        at = stop;
      }
    };
    const keep = (/** @type {Made} */ make, /** @type {string} */ text) => { make.data += text; };
    for (const form of forms) {
      upTo(form.start, keep);
      const opening = this.#known.get(form.text);
      let isFirst = true;
      upTo(form.end, (make, text) => {
        if (opening === undefined) {
          make.data += text;
        } else if ("code" in opening) {
          if (isFirst) make.unopened.push(opening.code);
          make.ranges.push([make.data.length, make.data.length + text.length]);
          make.data += text;
        } else if (isFirst) {
          make.opened += 1;
          make.data += isolated(legible.text(opening.value));
        }
        isFirst = false;
      });
    }
    upTo(sources.reduce((sum, source) => sum + source.length, 0), keep);
    run.forEach((text, i) => this.#put(text, makes[i]));
  }

  /** @param {Text} text @param {Made} make */
  #put(text, make) {
    const isOwn = make.opened === 0 && make.unopened.length === 0 && make.skipped.length === 0
      && make.ranges.length === 0 && make.source === make.data;
    if (isOwn && !made.has(text)) return;
    this.#set(text, isOwn ? undefined : make);
    if (isOwn) made.delete(text);
    else made.set(text, make);
    if (make.opened > 0) this.#written.set(make.data, make.source);
    if (text.data === make.data) return;
    this.#contest.wrote(text);
    this.#changes += 1;
    text.data = make.data;
  }

  /**
   * Counts what stands in a text, no longer what stood there.
   * @param {Text} text @param {Made | undefined} make
   */
  #set(text, make) {
    const last = this.#standing.get(text);
    if (last !== undefined) this.#count(last, -1);
    this.#standing.delete(text);
    if (make === undefined) return;
    this.#standing.set(text, make);
    this.#count(make, 1);
    make.ranges = make.ranges.map(([startOffset, endOffset]) =>
      new StaticRange({ startContainer: text, startOffset, endContainer: text, endOffset }));
    make.ranges.forEach((range) => highlight()?.add(range));
  }

  /** @param {Made} make @param {1 | -1} sign */
  #count({ opened, unopened, skipped, ranges }, sign) {
    this.#isChanged = true;
    this.counts.opened += sign * opened;
    const add = (/** @type {Map<string, number>} */ counts) => (/** @type {string} */ code) => {
      const count = (counts.get(code) ?? 0) + sign;
      if (count === 0) counts.delete(code);
      else counts.set(code, count);
    };
    unopened.forEach(add(this.counts.unopened));
    skipped.forEach(add(this.counts.skipped));
    if (sign < 0) ranges.forEach((range) => highlight()?.delete(range));
  }
}

/**
 * The host of the shadow root in which a node stands.
 * @param {Node} node @returns {Element | undefined}
 */
function hostOf(node) {
  const root = node.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}

/**
 * The texts that stand beside a text without anything between, in their order, with itself.
 * @param {Text} text @returns {Text[]}
 */
function runOf(text) {
  let first = text;
  while (first.previousSibling instanceof Text) first = first.previousSibling;
  const run = [first];
  for (let next = first.nextSibling; next instanceof Text; next = next.nextSibling) run.push(next);
  return run;
}

/** Where ranges are marked that did not open; a browser may be too old for it. */
function highlight() {
  const { highlights } = /** @type {any} */ (globalThis.CSS);
  if (highlights === undefined) return undefined;
  if (!highlights.has(UNOPENED)) highlights.set(UNOPENED, new /** @type {any} */ (globalThis).Highlight());
  return highlights.get(UNOPENED);
}
