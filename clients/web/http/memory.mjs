// What a person's end over HTTP remembers between its runs: the pins, and beside them what it sent and nobody answered.

/**
 * A publication as it is sent, what it started from, and what its act is. What `begins` something here, an account, a
 * recovery or a request to join, is no act: until it is settled, the pins stay those that were there, if any.
 * @typedef {{body: Uint8Array, baseState: Uint8Array, baseVault: Uint8Array, root_act: boolean, asks: boolean,
 *   begins: "account" | "recovery" | "request" | null, credential?: string, admission?: string}} Kept
 * @typedef {"kept" | "unmarked" | "fresh" | "lost" | "damaged" | "denied"} Standing what there was of the pins
 * @typedef {{pins: any, pending: Kept | null, memory: Standing}} Recalled
 * `keep` replaces both in one step and gives whether they are kept; `begin` replaces what is pending alone. `known`
 * gives what is remembered of all logins. `alone` runs what no other window may run meanwhile.
 * @typedef {{recall(login: string): Promise<Recalled>, known(): Promise<(Recalled & {login: string})[]>,
 *   keep(login: string, pins: any, pending: Kept | null): Promise<boolean>,
 *   begin(login: string, pending: Kept | null): Promise<boolean>, alone<T>(body: () => Promise<T>): Promise<T>}} Memory
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
    const { pins, pending } = this.#kept.get(login) ?? { pins: null, pending: null };
    return { pins, pending, memory: pins === null ? "fresh" : "kept" };
  }

  async known() {
    return Promise.all([...this.#kept.keys()].map(async (login) => ({ login, ...await this.recall(login) })));
  }

  /** @param {string} login @param {any} pins @param {Kept | null} pending */
  async keep(login, pins, pending) {
    this.#kept.set(login, { pins, pending });
    return true;
  }

  /** @param {string} login @param {Kept | null} pending */
  async begin(login, pending) {
    this.#kept.set(login, { pins: this.#kept.get(login)?.pins ?? null, pending });
    return true;
  }

  /** @template T @param {() => Promise<T>} body @returns {Promise<T>} */
  alone(body) {
    const turn = this.#turn.then(body);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
