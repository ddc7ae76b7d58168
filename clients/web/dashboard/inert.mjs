// A document of the service's is made anew before opened values stand in it (section 18.2): elements of a list, without
// attributes, and text, in a frame where nothing runs, loads or submits.

import { isolated } from "../endkey/text/legible.mjs";
import { formsIn, pieces } from "./forms.mjs";
import { legible } from "./reveal.mjs";

const ALLOWED = new Set([
  "table", "thead", "tbody", "tr", "th", "td", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "div",
  "span", "b", "i", "br", "pre"]);
const HTML = "http://www.w3.org/1999/xhtml";
/** Text forms that are opened together. */
const TOGETHER = 128;
const POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'";
const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
  body { display: flow-root; margin: 0; height: max-content; }
  h1, h2, h3, h4, h5, h6 { margin: .75rem 0 .25rem; font-size: 1rem; }
  h1 { font-size: 1.25rem; }
  table { border-collapse: collapse; }
  th, td { min-width: 5rem; padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
  th { overflow-wrap: break-word; }
  pre { white-space: pre-wrap; }`;

/**
 * How many texts were opened, and how many not, by code.
 * @typedef {{opened: number, unopened: Map<string, number>}} Counts
 */

/** @param {Node} node @returns {node is Element} */
const isAllowed = (node) =>
  node instanceof Element && node.namespaceURI === HTML && ALLOWED.has(node.localName);

/** @param {Element} element */
const attributesOf = (element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`);

/**
 * Takes over what may stay; gives the text of what is dropped.
 * @param {Node} given of the service's document @param {Element} made
 * @returns {string[]}
 */
function takeOver(given, made) {
  return [...given.childNodes].flatMap((node) => {
    if (node instanceof Text) {
      made.append(node.data);
      return [];
    }
    if (!isAllowed(node)) return dropped(node);
    const copy = made.ownerDocument.createElement(node.localName);
    made.append(copy);
    return [...attributesOf(node), ...takeOver(node, copy)];
  });
}

/** @param {Node} node */
const dropped = (node) =>
  [node instanceof Element ? node.outerHTML : new XMLSerializer().serializeToString(node)];

/**
 * The same of a whole document, of which only what stands in the body may stay.
 * @param {Document} given @param {Element} made
 */
function takeOverBody({ childNodes, documentElement: root, body }, made) {
  const outside = [...childNodes, ...root.childNodes].filter((node) => node !== root && node !== body);
  const isBody = body instanceof HTMLBodyElement;
  const within = isBody ? [...attributesOf(body), ...takeOver(body, made)] : dropped(body);  // or a frameset
  return [...outside.flatMap(dropped), ...attributesOf(root), ...within];
}

/**
 * An empty document in a frame of its own.
 * @param {HTMLElement} place @returns {Promise<Document>}
 */
async function newDocument(place) {
  const frame = document.createElement("iframe");
  // Without `allow-scripts`, `allow-forms`, popups and navigation. Its origin stays the page's, which builds it.
  frame.setAttribute("sandbox", "allow-same-origin");
  const isLoaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
  place.append(frame);
  await isLoaded;
  const made = /** @type {Document} */ (frame.contentDocument);
  const policy = made.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = POLICY;
  made.head.append(policy);
  const sheet = new /** @type {Window & typeof globalThis} */ (made.defaultView).CSSStyleSheet();
  sheet.replaceSync(STYLE);
  made.adoptedStyleSheets = [sheet];
  new ResizeObserver(() => {
    frame.style.height = `${made.body.offsetHeight}px`;
  }).observe(made.body);
  return made;
}

/**
 * Opens text forms, some at a time: a page of many leaves others their turns.
 * @param {import("./forms.mjs").Form[]} forms
 * @param {{open(text: string): Promise<import("./opener.mjs").Opening>}} opener
 */
async function openAll(forms, opener) {
  const openings = [];
  for (let at = 0; at < forms.length; at += TOGETHER) {
    const next = forms.slice(at, at + TOGETHER);
    openings.push(...await Promise.all(next.map(({ text }) => opener.open(text))));
  }
  return openings;
}

/**
 * Shows what may be shown of a document, with its text forms opened.
 * @param {HTMLElement} place @param {Document} given
 * @param {{open(text: string): Promise<import("./opener.mjs").Opening>}} opener
 * @returns {Promise<Counts>}
 */
export async function drawDocument(place, given, opener) {
  const { body } = await newDocument(place);
  /** @type {Counts} */
  const counts = { opened: 0, unopened: new Map() };
  const count = (/** @type {string} */ code) => counts.unopened.set(code, (counts.unopened.get(code) ?? 0) + 1);
  for (const text of takeOverBody(given, body)) formsIn(text).forms.forEach(() => count("unsafe_context"));
  body.normalize();
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    const { forms, skipped } = formsIn(text.data);
    const openings = await openAll(forms, opener);
    skipped.forEach(count);
    text.data = pieces(text.data, forms, (between) => between, (form, index) => {
      const opening = openings[index];
      if ("value" in opening) {
        counts.opened += 1;
        legible.add(opening.value);
        return isolated(legible.text(opening.value));
      }
      count(opening.code);
      return form.text;
    }).join("");
  }
  return counts;
}
