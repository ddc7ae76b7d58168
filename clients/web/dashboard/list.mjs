// A list of any length, of which only what is near the screen exists. Rows are of one height, the CSS `--row` in rem.

const NEAR = 8;  // rows above and below what is seen

export class List {
  /** @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  #length = 0;
  /** @type {(index: number) => HTMLElement} */
  #draw = () => document.createElement("li");
  #inner = document.createElement("ol");
  #isDue = false;

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
    this.place.scrollTop = 0;
    this.#layOut();
  }

  #later() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#layOut();
    });
  }

  #layOut() {
    const { scrollTop, clientHeight } = this.place;
    const [rem, root] = [parseFloat(getComputedStyle(this.place).getPropertyValue("--row")), document.documentElement];
    const row = rem * parseFloat(getComputedStyle(root).fontSize);
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
