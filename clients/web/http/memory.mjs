// What a person's end over HTTP remembers between its runs: the pins, and beside them what it sent and nobody answered.

/**
 * A publication as it is sent, what it started from, and what its act is; `isFirst` makes the account.
 * @typedef {{body: Uint8Array, baseState: Uint8Array, baseVault: Uint8Array, root_act: boolean, asks: boolean,
 *   isFirst: boolean}} Kept
 * @typedef {"kept" | "unmarked" | "fresh" | "lost" | "damaged" | "denied"} Standing what there was of the pins
 * @typedef {{pins: any, pending: Kept | null, memory: Standing}} Recalled
 * `keep` replaces both in one step and gives whether they are kept; `alone` runs what no other window may run
 * meanwhile.
 * @typedef {{recall(login: string): Promise<Recalled>, keep(login: string, pins: any, pending: Kept | null):
 *   Promise<boolean>, forget(login: string): Promise<void>, alone<T>(body: () => Promise<T>): Promise<T>}} Memory
 */

/**
 * A memory that lasts as long as the program.
 * @implements {Memory}
 */
export class Volatile {
  /** @type {Map<string, {pins: any, pending: Kept | null}>} */
  #kept = new Map();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /** @param {string} login @returns {Promise<Recalled>} */
  async recall(login) {
    const kept = this.#kept.get(login);
    return kept === undefined ? { pins: null, pending: null, memory: "fresh" } : { ...kept, memory: "kept" };
  }

  /** @param {string} login @param {any} pins @param {Kept | null} pending */
  async keep(login, pins, pending) {
    this.#kept.set(login, { pins, pending });
    return true;
  }

  /** @param {string} login */
  async forget(login) {
    this.#kept.delete(login);
  }

  /** @template T @param {() => Promise<T>} body @returns {Promise<T>} */
  alone(body) {
    const turn = this.#turn.then(body);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
