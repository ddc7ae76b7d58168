// A list of any length, of which only what is near the screen exists. Rows are of one height, the CSS `--row` in rem.

const NEAR = 8;  // rows above and below what is seen

/**
 * Lists that are to be laid out. All are measured before the first is written to: a look at the page after each would
 * cost a layout of all of it.
 * @type {Set<List>}
 */
const due = new Set();

function layOutAll() {
  if (due.size === 0) return;
  const lists = [...due];
  due.clear();
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const measures = lists.map((list) => list.measure(root));
  lists.forEach((list, i) => list.layOut(measures[i]));
}


export class List {
  /** @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  #length = 0;
  /** @type {(index: number) => HTMLElement} */
  #draw = () => document.createElement("li");
  #inner = document.createElement("ol");
  /** Whether what is shown is new, and has not been scrolled. */
  #isNew = false;

  /** @param {HTMLElement} place that scrolls */
  constructor(place) {
    this.place = place;
    place.classList.add("list");
    place.replaceChildren(this.#inner);
    place.addEventListener("scroll", () => this.#later(), { passive: true });
    new ResizeObserver(() => this.#later()).observe(place);
  }

  /** @param {number} length @param {(index: number) => HTMLElement} draw called when a row comes near */
  show(length, draw) {
    this.#length = length;
    this.#draw = draw;
    this.#drawn.clear();
    this.#inner.replaceChildren();
    this.#inner.style.setProperty("--rows", String(length));
    this.#isNew = true;
    due.add(this);
    queueMicrotask(layOutAll);
  }

  #later() {
    if (due.size === 0) requestAnimationFrame(layOutAll);
    due.add(this);
  }

  /** @param {number} root the size of a rem */
  measure(root) {
    const { scrollTop, clientHeight } = this.place;
    const row = root * parseFloat(getComputedStyle(this.place).getPropertyValue("--row"));
    return { scrollTop: this.#isNew ? 0 : scrollTop, clientHeight, row, isBack: this.#isNew && scrollTop > 0 };
  }

  /** @param {ReturnType<List["measure"]>} measures */
  layOut({ scrollTop, clientHeight, row, isBack }) {
    if (isBack) this.place.scrollTop = 0;
    this.#isNew = false;
    const first = Math.max(0, Math.floor(scrollTop / row) - NEAR);
    const end = Math.min(this.#length, Math.ceil((scrollTop + clientHeight) / row) + NEAR);
    for (const [index, element] of this.#drawn) {
      if (index >= first && index < end) continue;
      element.remove();
      this.#drawn.delete(index);
    }
    const scrolls = this.#length * row > clientHeight + 1;
    if (scrolls) this.place.tabIndex = 0;
    else this.place.removeAttribute("tabindex");
    /** @type {HTMLElement | null} */
    let before = null;
    for (let index = end - 1; index >= first; index--) {
      let element = this.#drawn.get(index);
      if (element === undefined) {
        element = this.#draw(index);
        element.style.setProperty("--index", String(index));
        element.ariaSetSize = String(this.#length);
        element.ariaPosInSet = String(index + 1);
        this.#drawn.set(index, element);
        this.#inner.insertBefore(element, before);
      }
      before = element;
    }
  }
}
