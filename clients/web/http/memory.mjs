// What a person's end over HTTP remembers between its runs: the pins, and beside them what it sent and nobody answered,
// and the last whole that opened.

/**
 * A publication as it is sent, what it started from, and what its act is. What `begins` something here, an account, a
 * recovery or a request to join, is no act: until it is settled, the pins stay those that were there, if any.
 * @typedef {{body: Uint8Array, baseState: Uint8Array, baseVault: Uint8Array, root_act: boolean, asks: boolean,
 *   begins: "account" | "recovery" | "request" | null, credential?: string, admission?: string}} Kept
 * @typedef {"kept" | "unmarked" | "fresh" | "lost" | "damaged" | "denied"} Standing what there was of the pins
 * @typedef {import("../endkey/protocol/person.mjs").Kept} KeptWhole
 * `whole` is what an owner's end keeps of what it opened (section 12.7).
 * @typedef {{pins: any, pending: Kept | null, whole: KeptWhole | null, memory: Standing}} Recalled
 * `keep` replaces them in one step, the whole only where one is given, and gives whether they are kept; `begin`
 * replaces what is pending alone. `known` gives what is remembered of all logins. `alone` runs what no other window may
 * run meanwhile.
 * @typedef {{recall(login: string): Promise<Recalled>, known(): Promise<(Recalled & {login: string})[]>,
 *   keep(login: string, pins: any, pending: Kept | null, whole?: KeptWhole): Promise<boolean>,
 *   begin(login: string, pending: Kept | null): Promise<boolean>, alone<T>(body: () => Promise<T>): Promise<T>}} Memory
 */

/**
 * A memory that lasts as long as the program.
 * @implements {Memory}
 */
export class Volatile {
  /** @type {Map<string, {pins: any, pending: Kept | null, whole: KeptWhole | null}>} */
  #kept = new Map();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /** @param {string} login @returns {Promise<Recalled>} */
  async recall(login) {
    const kept = this.#kept.get(login) ?? { pins: null, pending: null, whole: null };
    return { ...kept, memory: kept.pins === null ? "fresh" : "kept" };
  }

  async known() {
    return Promise.all([...this.#kept.keys()].map(async (login) => ({ login, ...await this.recall(login) })));
  }

  /** @param {string} login @param {any} pins @param {Kept | null} pending @param {KeptWhole} [whole] */
  async keep(login, pins, pending, whole) {
    this.#kept.set(login, { pins, pending, whole: whole ?? this.#kept.get(login)?.whole ?? null });
    return true;
  }

  /** @param {string} login @param {Kept | null} pending */
  async begin(login, pending) {
    const { pins, whole } = await this.recall(login);
    this.#kept.set(login, { pins, pending, whole });
    return true;
  }

  /** @template T @param {() => Promise<T>} body @returns {Promise<T>} */
  alone(body) {
    const turn = this.#turn.then(body);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
