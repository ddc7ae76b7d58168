// Opens text forms where they stand in a page, now and as more appears. A text node stays the node that it is and gets
// another text, so that whoever made it can go on with it; nothing but text is written (R-18-5), and what was written
// is not looked through again. What does not open stays as it is (R-18-4).

import { isolate, isolated, Legible, steers } from "../endkey/text/legible.mjs";
import { isCharacter } from "../endkey/text/base64url.mjs";
import { Contest } from "./contest.mjs";
import { formsOf, mayHold } from "./forms.mjs";

/**
 * @typedef {import("./opener.mjs").Opening} Opening
 * @typedef {import("./forms.mjs").Form} Form
 * Of what stands in the page: how much was opened, what was not and what is no text form by its code, and how many
 * places were left to an observer of the page's own.
 * @typedef {{opened: number, unopened: Map<string, number>, skipped: Map<string, number>, contested: number}} Counts
 * What a node's text was, what was written instead, and what of it counts.
 * @typedef {{source: string, data: string, opened: number, unopened: string[], skipped: string[], ranges: any[],
 *   isWhole: boolean}} Made
 * Texts that no form leaves: in most cases one.
 * `isWhole`: its last form ends where it ends, so that none goes on behind it.
 * @typedef {{texts: Text[], sources: string[], forms: Form[], skipped: string[], isWhole: boolean}} Part
 * `shadow`: also in open shadow roots. `frames`: also in documents of frames of the same origin. `leave`: a selector of
 * more that is left alone. `changed`: called after something was opened, or went.
 * @typedef {{shadow?: boolean, frames?: boolean, leave?: string, changed?: () => void}} Options
 */

/** Their text is not the page's, or is sent, or is kept in titles and histories. */
const LEFT_ALONE = "script, style, textarea, select, option, datalist, output, title, noscript";
/** Milliseconds of work before others have their turn. */
const SLICE = 12;
/** Texts that are looked at in one step. */
const STEP = 64;
/** Text forms whose opening begins in one slice: a part of that is done behind it, before others have their turn. */
const BEGUN = 128;
/**
 * Each picture after a text has changed costs the browser a look at the whole page. So texts are changed together: once
 * the first of them has waited for so many milliseconds, or by so many as there are in the pictures before, that is,
 * by twice as many each time.
 */
const WAIT = 50;
const WAIT_MOST = 800;
export const TOGETHER = { first: 400, most: 6400 };
/** Milliseconds until a picture that does not come is waited for no more. */
const NO_PICTURE = 250;
/** Texts put away, at which those that are gone are looked for first; then at each doubling. */
const AWAY = 1024;
const SEEN = { childList: true, characterData: true, subtree: true, attributeFilter: ["contenteditable"] };
/** In these, what stands around a text changes how it reads; texts themselves tell (`steers`). */
const STEERED = "bdo, [dir=rtl i], [dir=auto i]";
/** In what tells of shadow roots, what it stands for. */
const HEARING = Symbol("endkey hears of shadow roots");
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
const newMade = (source, data) =>
  ({ source, data, opened: 0, unopened: [], skipped: [], ranges: [], isWhole: false });

/** @param {Node | null} node of any document @returns {node is Text} */
const isText = (node) => node?.nodeType === Node.TEXT_NODE;

/**
 * Whether a text form may go on from a text into the next one.
 * @param {Text} before @param {Text} text
 */
function goesOn(before, text) {
  if (madeOf(before)?.isWhole) return false;
  const [end, start] = [sourceOf(before), sourceOf(text)];
  if (end === "" || start === "") return true;
  return isCharacter(end.charCodeAt(end.length - 1)) && isCharacter(start.charCodeAt(0));
}

/**
 * Those that are at work in this page.
 * @type {Set<Revealer>}
 */
const atWork = new Set();

/** Whether this page has a text that changes how the text behind it reads. */
let isSteered = false;

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
   * What can be written, and what its texts become.
   * @type {Map<Part, Made[]>}
   */
  #ready = new Map();
  /** Whether it is time to write that. */
  #isDue = false;
  /** Texts that are written before the next picture, and milliseconds that they may wait. */
  #together = TOGETHER.first;
  #wait = WAIT;
  /** Texts that were changed since the last picture. */
  #changes = 0;
  /** Text forms whose opening has begun in this slice. */
  #begun = 0;
  /** @type {Generator<void, void> | undefined} */
  #work;
  #channel = new MessageChannel();
  #isScheduled = false;
  #isStopped = false;
  #isChanged = false;
  /** Whether a value is written otherwise since another one came that looks like it. */
  #isStale = false;
  /**
   * Frames, and the document of each that is looked into.
   * @type {Map<HTMLIFrameElement, Document | null>}
   */
  #frames = new Map();
  #ended = new AbortController();
  #observer = new MutationObserver((mutations) => {
    this.#see(mutations);
    if (!this.#isScheduled) this.#go();
  });

  /** @param {{open(text: string): Promise<Opening>}} opener @param {Options} [options] */
  constructor(opener, options = {}) {
    this.opener = opener;
    this.options = options;
    this.leftAlone = options.leave === undefined ? LEFT_ALONE : `${LEFT_ALONE}, ${options.leave}`;
    this.#channel.port1.onmessage = () => {
      this.#isScheduled = false;
      this.#go();
    };
    atWork.add(this);
    if (options.shadow) hearOfRoots();
  }

  /**
   * Opens what stands in a node, now and later: an element, a document, or a shadow root.
   * @param {Node} root
   */
  watch(root) {
    if (this.#isStopped || this.#roots.has(root)) return;
    this.#takeIn(root);
    this.#go();
  }

  /** @param {Node} root */
  #takeIn(root) {
    this.#roots.add(root);
    this.#observer.observe(root, SEEN);
    this.#queue.add(root);
    this.#later();
  }

  /** Leaves the page as it is. */
  stop() {
    this.#isStopped = true;
    atWork.delete(this);
    hearNoMore();
    this.#ended.abort();
    this.#observer.disconnect();
    this.#channel.port1.close();
    this.#queue.clear();
    this.#ready.clear();
    this.#known.clear();
  }

  /**
   * Stops, and takes back what was written: where it stands, where it was put away, and in copies. What another one
   * opens too stays open.
   */
  restore() {
    this.stop();
    selected.clear();
    const away = [...this.#away].flatMap((one) => one.deref() ?? []);
    for (const text of new Set([...this.#standing.keys(), ...away])) {
      this.#set(text, undefined);
      const others = [...atWork].filter((one) => one.#standing.has(text));
      others.forEach((one) => one.#again(text));
      if (others.length > 0) continue;
      const source = sourceOf(text);
      made.delete(text);
      if (text.data !== source) setData(text, source);
    }
    for (const root of this.#roots) {
      for (const text of this.#textsIn(root)) {
        const source = made.has(text) ? undefined : this.#written.get(text.data);
        if (source !== undefined) setData(text, source);
      }
    }
    this.#away.clear();
    this.#written.clear();
  }

  /**
   * A shadow root has come to an element of the page.
   * @param {ShadowRoot} root
   */
  attached(root) {
    if (!this.options.shadow) return;
    for (let one = /** @type {Node | null} */ (root.host); one !== null; one = one.parentNode ?? hostOf(one) ?? null) {
      if (this.#roots.has(one)) return this.#roots.has(root) ? undefined : this.#takeIn(root);
    }
  }

  /**
   * Another one has changed a text that stands here, or opens it no more.
   * @param {Text} text
   */
  #again(text) {
    this.#queue.add(text);
    this.#later();
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
      if (!(type === "characterData" && isText(target)) || madeOf(target) !== undefined) continue;
      answers.set(target, { taken: target, given: target.data });
      seen.add(target);
    }
    let isFrameGone = false;
    for (const { target, removedNodes } of mutations) {
      isFrameGone ||= this.options.frames === true && removedNodes.length > 0;
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
    if (isFrameGone) this.#forgetFrames();
    for (const node of seen) if (node.isConnected) this.#queue.add(node);
  }

  /** Counts no more what stood in documents that their frames show no more. */
  #forgetFrames() {
    for (const [frame, its] of this.#frames) {
      if (its === null || frame.contentDocument === its) continue;
      if (frame.isConnected) this.#frames.set(frame, null);
      else this.#frames.delete(frame);
      this.#roots.delete(its);
      for (const text of this.#standing.keys()) if (text.ownerDocument === its) this.#set(text, undefined);
    }
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
    selected.clear();
    this.#begun = 0;
    const until = performance.now() + SLICE;
    while (performance.now() < until && this.#begun < BEGUN) {
      if (this.#changes >= this.#together && !document.hidden) return this.#afterPicture();
      if (this.#isTimeToWrite()) {
        this.#writeSome();
        continue;
      }
      this.#work ??= this.#steps();
      if (!this.#work.next().done) continue;
      this.#work = undefined;
      if (this.#asked.size === 0 && this.#ready.size > 0) continue;
      if (this.#isChanged) this.options.changed?.();
      this.#isChanged = false;
      if (this.#asked.size === 0) [this.#together, this.#wait] = [TOGETHER.first, WAIT];
      return;
    }
    this.#later();
  }

  #isTimeToWrite() {
    const { size } = this.#ready;
    if (size === 0) this.#isDue = false;
    else this.#isDue ||= size >= this.#together || (this.#asked.size === 0 && this.#work === undefined);
    return this.#isDue;
  }

  /** Writes some of what is ready. What the page has changed before is seen first; its own changes need not be. */
  #writeSome() {
    this.#see(this.#observer.takeRecords());
    let rest = STEP;
    const before = this.#changes;
    for (const [part, makes] of this.#ready) {
      this.#ready.delete(part);
      this.#write(part, makes);
      if (--rest === 0) break;
    }
    const records = this.#observer.takeRecords();
    if (records.length !== this.#changes - before) this.#see(records);
  }

  /** @param {Part} part */
  #makeReady(part) {
    if (this.#isStopped) return;
    if (this.#ready.size === 0) {
      setTimeout(() => {
        this.#isDue = true;
        if (!this.#isScheduled) this.#go();
      }, this.#wait);
    }
    this.#ready.set(part, this.#makesOf(part));
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
      this.#together = Math.min(2 * this.#together, TOGETHER.most);
      this.#wait = Math.min(2 * this.#wait, WAIT_MOST);
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
        if (isText(node)) yield* this.#look(node);
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
   * The texts below a node, and elements where their shadow roots or frames count. An iterator, unlike a walker, goes
   * on where what it stands on is removed.
   * @param {Node} node @returns {Generator<Text | Element, void>}
   */
  * #nodesIn(node) {
    const { shadow, frames } = this.options;
    const kinds = NodeFilter.SHOW_TEXT | (shadow || frames ? NodeFilter.SHOW_ELEMENT : 0);
    const iterator = (node.ownerDocument ?? document).createNodeIterator(node, kinds);
    for (let next = iterator.nextNode(); next !== null; next = iterator.nextNode()) {
      yield /** @type {Text | Element} */ (next);
      if (shadow && !isText(next)) {
        const root = /** @type {Element} */ (next).shadowRoot;
        if (root !== null) yield* this.#nodesIn(root);
      }
    }
  }

  /** @param {Node} node @returns {Generator<Text, void>} */
  * #textsIn(node) {
    for (const one of this.#nodesIn(node)) if (isText(one)) yield one;
  }

  /** @param {Node} node */
  * #walk(node) {
    /** @type {Set<Text>} */
    const passed = new Set();
    for (const one of this.#nodesIn(node)) {
      if (!isText(one)) {
        if (one.shadowRoot !== null) this.#observe(one.shadowRoot);
        if (this.options.frames && one.localName === "iframe") this.#enter(/** @type {HTMLIFrameElement} */ (one));
      } else if (!passed.has(one)) {
        const run = yield* this.#look(one);
        if (run.length > 1) run.forEach((text) => passed.add(text));
      }
      yield;
    }
  }

  /** @param {ShadowRoot} root */
  #observe(root) {
    if (!this.options.shadow || this.#roots.has(root)) return;
    this.#roots.add(root);
    this.#observer.observe(root, SEEN);
  }

  /**
   * Opens what stands in a frame, and in what is loaded into it later, where that is of the same origin.
   * @param {HTMLIFrameElement} frame
   */
  #enter(frame) {
    if (this.#frames.has(frame)) return;
    this.#frames.set(frame, null);
    const look = () => {
      this.#forgetFrames();
      const its = frame.contentDocument;
      if (its === null || this.#roots.has(its) || this.#isLeftAlone(frame)) return;
      this.#frames.set(frame, its);
      this.#takeIn(its);
    };
    frame.addEventListener("load", look, { signal: this.#ended.signal });
    look();
  }

  /**
   * The texts around a text into which a form may go on, in their order, with itself.
   * @param {Text} text
   */
  * #runOf(text) {
    let first = text;
    let steps = 0;
    for (let one = first.previousSibling; isText(one) && goesOn(one, first); one = first.previousSibling) {
      first = one;
      if (++steps % STEP === 0) yield;
    }
    const run = [first];
    for (let one = first.nextSibling; isText(one) && goesOn(run[run.length - 1], one); one = one.nextSibling) {
      run.push(one);
      if (++steps % STEP === 0) yield;
    }
    return run;
  }

  /**
   * Looks through the texts around a text as one: a text form may begin in one and end in another.
   * @param {Text} text
   */
  * #look(text) {
    const run = yield* this.#runOf(text);
    const sources = [];
    for (const one of run) {
      this.#queue.delete(one);
      sources.push(sourceOf(one));
      if (sources.length % STEP === 0) yield;
    }
    const source = sources.join("");
    if (!isSteered && steers(source)) {
      isSteered = true;
      for (const one of atWork) one.#isStale = true;
    }
    // A copy of what was written is no text of the page.
    const isCopy = !made.has(run[0]) && this.#written.has(source);
    const found = [];
    if (mayHold(source) && !isCopy && !this.#isLeftAlone(run[0])) {
      for (const one of formsOf(source)) {
        found.push(one);
        yield;
      }
    }
    for (const part of partsOf(run, sources, found)) {
      if (part.forms.length > 0) this.#ask(part);
      else if (part.skipped.length > 0 || part.texts.some((one) => this.#isOwn(one))) {
        this.#write(part, this.#makesOf(part));
      } else continue;
      yield;
    }
    return run;
  }

  /**
   * Whether something was made of a text that none but this one has to take back.
   * @param {Text} text
   */
  #isOwn(text) {
    return made.has(text) && [...atWork].every((one) => one === this || !one.#standing.has(text));
  }

  /**
   * Has the forms of a part opened that are not open yet; then it is ready.
   * @param {Part} part
   */
  #ask(part) {
    const unknown = part.forms.filter(({ text }) => !this.#known.has(text));
    this.#begun += unknown.length;
    if (unknown.length === 0) this.#makeReady(part);
    else Promise.all(unknown.map(({ text }) => this.#open(text))).then(() => this.#makeReady(part));
  }

  /** @param {Text | Element} node */
  #isLeftAlone(node) {
    if (node.ownerDocument.designMode === "on") return true;
    /** @type {boolean | undefined} */
    let isEdited;
    // What is said of the host of a shadow root or of a frame is said of what stands in it.
    let place = isText(node) ? node.parentElement ?? hostOf(node) : node;
    for (; place !== undefined; place = hostOf(place)) {
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
    const asked = this.#asked.get(text) ?? this.#openOne(text).finally(() => this.#asked.delete(text));
    this.#asked.set(text, asked);
    return asked;
  }

  /** @param {string} text */
  async #openOne(text) {
    try {
      const opening = await this.opener.open(text);
      this.#known.set(text, opening);
      if ("value" in opening) this.#isStale = legible.add(opening.value) || this.#isStale;
    } catch (error) {
      reportError(error);
    }
  }

  /**
   * What texts become: what a form holds goes into the text where it begins; the others lose what they had of it.
   * @param {Part} part @returns {Made[]}
   */
  #makesOf({ texts, sources, forms, skipped, isWhole }) {
    const makes = sources.map((source) => newMade(source, ""));
    makes[0].skipped.push(...skipped);
    makes[makes.length - 1].isWhole = isWhole;
    const isApart = isSteered || (forms.length > 0 && texts[0].parentElement?.closest(STEERED) != null);
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
      const own = this.#known.get(form.text);
      const opening = own !== undefined && "value" in own ? own : openingByOthers(this, texts[0], form.text) ?? own;
      let isFirst = true;
      upTo(form.end, (make, text) => {
        if (opening === undefined) {
          make.data += text;
        } else if ("code" in opening) {
          if (isFirst) make.unopened.push(opening.code);
          make.ranges.push([make.data.length, make.data.length + text.length]);
          make.data += text;
        } else if (isFirst) {
          if (opening === own) make.opened += 1;
          const value = legible.text(opening.value);
          make.data += isApart ? isolate(value) : isolated(value);
        }
        isFirst = false;
      });
    }
    upTo(sources.reduce((sum, source) => sum + source.length, 0), keep);
    return makes;
  }

  /**
   * What this one knows of a form in a text that stands here.
   * @param {Text} text @param {string} form
   */
  openingOf(text, form) {
    return this.#standing.has(text) ? this.#known.get(form) : undefined;
  }

  /** @param {Part} part @param {Made[]} makes */
  #write({ texts, sources, forms }, makes) {
    const isSame = texts.every((text, i) => text.isConnected && sourceOf(text) === sources[i]
      && (i === 0 || text.previousSibling === texts[i - 1]));
    // What has changed meanwhile is seen again; what has left the page need not be.
    if (!isSame || texts.some((text) => this.#isLost(text))) return;
    const isLeft = forms.length > 0 && this.#isLeftAlone(texts[0]);
    texts.forEach((text, i) => {
      if (!isLeft) this.#put(text, makes[i]);
      else if (this.#isOwn(text)) this.#put(text, newMade(sources[i], sources[i]));
    });
  }

  /** @param {Text} text @param {Made} make */
  #put(text, make) {
    const isOwn = make.opened === 0 && make.unopened.length === 0 && make.skipped.length === 0
      && make.ranges.length === 0 && make.source === make.data;
    if (isOwn && !made.has(text)) return;
    const next = text.nextSibling;
    if (made.get(text)?.isWhole && !make.isWhole && isText(next)) this.#queue.add(next);
    this.#set(text, isOwn ? undefined : make);
    if (isOwn) made.delete(text);
    else made.set(text, make);
    if (make.opened > 0) this.#written.set(make.data, make.source);
    if (text.data === make.data) return;
    this.#contest.wrote(text);
    this.#changes += 1;
    setData(text, make.data);
    for (const one of atWork) if (one !== this && one.#standing.has(text)) one.#again(text);
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
    if (make.ranges.length === 0) return;
    const view = /** @type {Window & typeof globalThis} */ (text.ownerDocument.defaultView ?? globalThis);
    make.ranges = make.ranges.map(([startOffset, endOffset]) =>
      new view.StaticRange({ startContainer: text, startOffset, endContainer: text, endOffset }));
    make.ranges.forEach((range) => highlight(view)?.add(range));
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
    if (sign > 0) return;
    ranges.forEach((range) => highlight(range.startContainer.ownerDocument.defaultView)?.delete(range));
  }
}

/**
 * What another one, that has opened a text too, knows of a form in it: two accounts may share a page.
 * @param {Revealer} own @param {Text} text @param {string} form @returns {{value: string} | undefined}
 */
function openingByOthers(own, text, form) {
  for (const one of atWork) {
    const opening = one === own ? undefined : one.openingOf(text, form);
    if (opening !== undefined && "value" in opening) return opening;
  }
  return undefined;
}

/**
 * Texts in parts that no form leaves, with what was found in each.
 * @param {Text[]} run @param {string[]} sources @param {(Form | {start: number, code: string})[]} found
 * @returns {Generator<Part, void>}
 */
function* partsOf(run, sources, found) {
  let [start, at, next] = [0, 0, 0];
  /** @returns {Part} */
  const newPart = () => ({ texts: [], sources: [], forms: [], skipped: [], isWhole: false });
  let part = newPart();
  let end = 0;
  for (const [i, text] of run.entries()) {
    part.texts.push(text);
    part.sources.push(sources[i]);
    at += sources[i].length;
    for (; next < found.length && found[next].start < at; next++) {
      const one = found[next];
      if ("code" in one) {
        part.skipped.push(one.code);
      } else {
        part.forms.push({ start: one.start - start, end: one.end - start, text: one.text });
        ({ end } = one);
      }
    }
    if (end > at) continue;
    part.isWhole = part.forms.length > 0 && end === at;
    yield part;
    part = newPart();
    start = at;
  }
}

/**
 * Where the selection of a document begins and ends. A browser lays out the whole page to tell, so it is asked once in
 * each slice: nobody else has a turn within one.
 * @type {Map<Document, Set<Node | null>>}
 */
const selected = new Map();

/** @param {Text} text @returns {Selection | null} the selection that begins or ends in a text, if one does */
function selectionIn(text) {
  const page = text.ownerDocument;
  const selection = page.getSelection();
  let ends = selected.get(page);
  if (ends === undefined) {
    ends = new Set([selection?.anchorNode ?? null, selection?.focusNode ?? null]);
    selected.set(page, ends);
  }
  return ends.has(text) ? selection : null;
}

/**
 * Gives a text other data, and leaves selected what a person has selected.
 * @param {Text} text @param {string} data
 */
function setData(text, data) {
  const selection = selectionIn(text);
  if (selection === null) {
    text.data = data;
    return;
  }
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  const { startContainer, startOffset } = selection.getRangeAt(0);
  const isForward = startContainer === anchorNode && startOffset === anchorOffset;
  const old = text.data;
  const least = Math.min(old.length, data.length);
  let [same, end] = [0, 0];
  while (same < least && old[same] === data[same]) same += 1;
  while (end < least - same && old[old.length - 1 - end] === data[data.length - 1 - end]) end += 1;
  // Within what has changed, a selection takes all of it.
  const moved = (/** @type {Node | null} */ node, /** @type {number} */ offset, /** @type {boolean} */ isStart) => {
    if (node !== text || offset <= same) return offset;
    if (offset >= old.length - end) return offset + data.length - old.length;
    return isStart ? same : data.length - end;
  };
  text.data = data;
  const [anchor, focus] = [moved(anchorNode, anchorOffset, isForward), moved(focusNode, focusOffset, !isForward)];
  if (anchorNode !== null && focusNode !== null) selection.setBaseAndExtent(anchorNode, anchor, focusNode, focus);
}

/** Hears of shadow roots that come to elements of this page later. */
function hearOfRoots() {
  const { attachShadow } = Element.prototype;
  if (HEARING in attachShadow) return;
  /** @this {Element} @param {ShadowRootInit} init */
  function hearing(init) {
    const root = attachShadow.call(this, init);
    if (root.mode === "open") for (const one of atWork) one.attached(root);
    return root;
  }
  Element.prototype.attachShadow = Object.assign(hearing, { [HEARING]: attachShadow });
}

/** Hears of them no more, once nobody asks; what others have put around it since stays. */
function hearNoMore() {
  const hearing = /** @type {any} */ (Element.prototype.attachShadow);
  if (HEARING in hearing && ![...atWork].some((one) => one.options.shadow)) {
    Element.prototype.attachShadow = hearing[HEARING];
  }
}

/**
 * The element in which what a node stands in is shown: the host of its shadow root, or its frame.
 * @param {Node} node @returns {Element | undefined}
 */
function hostOf(node) {
  const root = /** @type {any} */ (node.getRootNode());
  if (root.nodeType === Node.DOCUMENT_NODE) return root.defaultView?.frameElement ?? undefined;
  return root.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? root.host : undefined;
}

/**
 * Where ranges are marked that did not open; a browser may be too old for it.
 * @param {any} view the window of their document
 */
function highlight(view) {
  const highlights = view?.CSS.highlights;
  if (highlights === undefined) return undefined;
  if (!highlights.has(UNOPENED)) highlights.set(UNOPENED, new view.Highlight());
  return highlights.get(UNOPENED);
}
