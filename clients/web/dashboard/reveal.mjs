// Replaces text forms in the page's own text, now and as more appears. What they hold is inserted as text nodes, never
// as markup (R-18-5), and is not looked through again. What does not open stays as it is and is marked (R-18-4).

import { shown } from "../endkey/text/shown.mjs";
import { formsIn, pieces } from "./forms.mjs";

/** @typedef {import("./opener.mjs").Opening} Opening */

const LEFT_ALONE = new Set(["SCRIPT", "STYLE", "TEXTAREA"]);
/**
 * What this module has made.
 * @type {WeakSet<Node>}
 */
const made = new WeakSet();

/**
 * An element that holds an opened value.
 * @param {string} value @returns {HTMLElement}
 */
export function openedElement(value) {
  const element = document.createElement("span");
  element.className = "opened";
  element.append(shown(value));
  made.add(element);
  return element;
}

/**
 * An element that holds a text form that did not open.
 * @param {string} text @param {string} code
 */
function unopenedElement(text, code) {
  const element = document.createElement("span");
  element.className = "unopened";
  element.dataset.code = code;
  element.title = `Not opened: ${code}`;
  element.append(text);
  made.add(element);
  return element;
}

/** Opens what stands in a part of the page, now and later. */
export class Revealer {
  /**
   * Candidates that are no text form, by code (R-18-1).
   * @type {Map<string, number>}
   */
  skipped = new Map();
  #observer = new MutationObserver((mutations) => this.#see(mutations));

  /**
   * @param {Node} root @param {{open(text: string): Promise<Opening>}} opener
   * @param {() => void} changed called after a text was looked through
   */
  constructor(root, opener, changed) {
    this.root = root;
    this.opener = opener;
    this.changed = changed;
  }

  start() {
    this.#observer.observe(this.root, { childList: true, characterData: true, subtree: true });
    this.#reveal([this.root]);
  }

  /** @param {MutationRecord[]} mutations */
  #see(mutations) {
    /** @type {Node[]} */
    const nodes = [];
    for (const { type, target, addedNodes } of mutations) {
      if (type === "characterData") {
        made.delete(target);
        nodes.push(target);
      } else {
        nodes.push(...addedNodes);
      }
    }
    this.#reveal(nodes);
  }

  /** @param {Node[]} nodes */
  #reveal(nodes) {
    const texts = new Set(nodes.flatMap(textsIn));
    // Parsers cut long texts into neighbouring nodes, perhaps within a text form. Joined, they are seen again.
    for (const parent of new Set([...texts].map((text) => text.parentNode))) joinTexts(parent);
    for (const text of texts) if (text.isConnected) this.#replace(text);
  }

  /** @param {Text} text */
  async #replace(text) {
    const { data } = text;
    const { forms, skipped } = formsIn(data);
    const openings = await Promise.all(forms.map((form) => this.opener.open(form.text)));
    // A text that has changed meanwhile is seen again; one that has left the page need not be.
    if (!text.isConnected || text.data !== data) return;
    for (const code of skipped) this.skipped.set(code, (this.skipped.get(code) ?? 0) + 1);
    if (forms.length > 0) {
      text.replaceWith(...pieces(data, forms, seenText, (form, index) => {
        const opening = openings[index];
        return "value" in opening ? openedElement(opening.value) : unopenedElement(form.text, opening.code);
      }));
    }
    this.changed();
  }
}

/**
 * A text that was looked through.
 * @param {string} data @returns {Node}
 */
function seenText(data) {
  const text = document.createTextNode(data);
  made.add(text);
  return text;
}

/**
 * The text nodes of a node that are to be looked through.
 * @param {Node} node @returns {Text[]}
 */
function textsIn(node) {
  if (node instanceof Text) return isLeftAlone(node) ? [] : [node];
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!isLeftAlone(walker.currentNode)) texts.push(/** @type {Text} */ (walker.currentNode));
  return texts;
}

/** @param {Node} text */
function isLeftAlone(text) {
  const parent = text.parentNode;
  return parent === null || made.has(text) || made.has(parent) || LEFT_ALONE.has(parent.nodeName);
}

/** @param {Node | null} parent */
function joinTexts(parent) {
  const children = [...(parent?.childNodes ?? [])];
  if (children.some((child) => child instanceof Text && child.nextSibling instanceof Text)) parent?.normalize();
}
