// A page may have an observer of its own that takes back what is written into its texts. Two that answer each other
// have no end, so who writes here stops after a few rounds.

/** Milliseconds within which a change is an answer to what was written. */
const ANSWER = 100;
/** Answers in a row, by the same text and by any, of which the last loses the place. */
const ROUNDS = { same: 8, any: 100 };

/** Counts how often a place was taken back at once. */
export class Contest {
  /**
   * In which turn of the event loop a text was written.
   * @type {WeakMap<Text, {at: number}>}
   */
  #written = new WeakMap();
  /** @type {WeakMap<Node, {data: string, same: number, any: number}>} */
  #rounds = new WeakMap();
  /**
   * This turn of the event loop, and when it began: observers that answer each other never let it end.
   * @type {{at: number} | undefined}
   */
  #turn;

  /** @param {Text} text */
  wrote(text) {
    if (this.#turn === undefined) {
      this.#turn = { at: performance.now() };
      setTimeout(() => { this.#turn = undefined; });
    }
    this.#written.set(text, this.#turn);
  }

  /**
   * Somebody else changed a place, where a text had been written. Gives whether the place is lost.
   * @param {Node} place the text, or that of which the text was removed
   * @param {Text} text
   * @param {string} data what stands there now
   */
  changed(place, text, data) {
    const written = this.#written.get(text);
    if (written === undefined) return false;
    const { data: last, same, any } = this.#rounds.get(place) ?? { data: "", same: 0, any: 0 };
    const isSame = data === last && performance.now() - written.at < ANSWER;
    const isAtOnce = written === this.#turn;
    const rounds = { data, same: isSame ? same + 1 : 0, any: isAtOnce ? any + 1 : 0 };
    this.#rounds.set(place, rounds);
    return rounds.same >= ROUNDS.same || rounds.any >= ROUNDS.any;
  }
}
