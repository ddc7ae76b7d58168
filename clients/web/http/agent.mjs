// An agent over HTTP (`spec/http.md`, section 10): asks to be let in, takes states and Grants, uploads what it made.
// What was made and not confirmed stays in its outbox.

import { concat, toHex, utf8 } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { SigningKey } from "../endkey/primitives/ed25519.mjs";
import { Agent } from "../endkey/protocol/agent.mjs";
import { signBatch } from "../endkey/protocol/batches.mjs";
import { sealBlob } from "../endkey/protocol/blobs.mjs";
import { makeRequest } from "../endkey/protocol/enrolment.mjs";
import { admissionKey, uploadKey } from "../endkey/protocol/keys.mjs";
import { refuse } from "../endkey/refusal.mjs";
import { encode } from "../endkey/text/base64url.mjs";
import { codeText } from "../endkey/text/texts.mjs";
import { Token } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";
import { newKeys, random } from "./keys.mjs";
import { isCount, isOneOf, MEDIA, Problem } from "./service.mjs";

/** @typedef {{kind: string, start: number, duration: number, items: any[]}} Record */

export class AgentOverHTTP {
  /** Messages that the service has not confirmed, in their order. */
  outbox = /** @type {Uint8Array[]} */ ([]);
  #sequence = 0;
  #previous = new Uint8Array(32);

  /**
   * @param {import("./service.mjs").Service} service @param {Agent} agent
   * @param {{request: Uint8Array, admission: Uint8Array}} asks
   */
  constructor(service, agent, asks) {
    this.service = service;
    this.agent = agent;
    this.asks = asks;
  }

  /**
   * A new agent, which holds to the account of a code.
   * @param {import("./service.mjs").Service} service @param {string} text of the code
   */
  static async pinned(service, text) {
    const keys = await newKeys();
    const agent = await Agent.pinned(utf8(text), keys);
    const { account_id, secret } = codeText.read(utf8(text));
    const { request } = await makeRequest({ account_id, secret }, keys, random(32));
    const upload = await uploadKey(random(32), account_id, agent.id);
    service.credential = `eka1_${encode(concat(account_id, agent.id, upload))}`;
    return new AgentOverHTTP(service, agent, { request, admission: await admissionKey(secret, account_id) });
  }

  get #path() {
    return `/a/${toHex(this.agent.account)}`;
  }

  /** Asks to be let in. Asked again, it changes nothing. */
  async ask() {
    const id = toHex(this.agent.id);
    await this.service.bring("PUT", `${this.#path}/requests/${id}`, {
      body: this.asks.request, type: MEDIA.message, headers: { "Endkey-Admission": toHex(this.asks.admission) },
    }, { id: isOneOf(id) });
  }

  /**
   * Takes the newest state, and a Grant where there are no keys.
   * @param {number} now what the computer's clock shows
   */
  async refresh(now) {
    this.agent.pass(0, now);
    const { accepted } = this.agent;
    /** @type {{[name: string]: string}} */
    const headers = accepted === null ? {} : { "If-None-Match": `"${toHex(await sha256(accepted.bytes))}"` };
    const answer = MEDIA.message;
    const { status, body } = await this.service.request("GET", `${this.#path}/state`, { headers, answer });
    if (status !== 304) await this.agent.state(body);
    if (this.agent.phase !== "waiting") return;
    try {
      await this.agent.grant((await this.service.request("GET", `${this.#path}/grant`, { answer })).body);
    } catch (error) {
      if (!(error instanceof Problem && error.type === "no-grant")) throw error;
    }
  }

  /**
   * An item of a record: a value as a token.
   * @param {string} field @param {string} value
   */
  async token(field, value) {
    const bytes = await this.agent.tokenise(field, utf8(value));
    return { type: "token", token: parse(Token, bytes) };
  }

  /**
   * A blob, and the item that refers to it.
   * @param {string} field @param {Uint8Array} content
   */
  async blob(field, content) {
    const { epoch } = (this.agent.accepted ?? refuse("no_state")).parsed.header;
    const about = { account_id: this.agent.account, epoch, agent_id: this.agent.id, field };
    const message = await sealBlob(this.agent.keys.agent_key, about, random(24), content);
    const digest = await sha256(message);
    return { message, item: { type: "blob", blob: { field, length: message.length, digest } } };
  }

  /** @param {Uint8Array} message a SealedBlob */
  async uploadBlob(message) {
    await this.#put("blobs", message);
  }

  /**
   * Makes the next batch, which goes into the outbox.
   * @param {Record[]} records @param {number} made
   */
  async record(records, made) {
    const { bytes, parsed } = this.agent.accepted ?? refuse("no_state");
    const { header: { epoch }, generation, counter } = parsed;
    const message = await signBatch(await SigningKey.of(this.agent.privateKeys.seed), {
      account_id: this.agent.account, epoch, agent_id: this.agent.id, sequence: this.#sequence + 1,
      previous: this.#previous, made, state_generation: generation, state_counter: counter, state: await sha256(bytes),
      records,
    });
    this.#sequence += 1;
    this.#previous = await sha256(message);
    this.outbox.push(message);
  }

  /** Sends the outbox in its order. Each batch leaves it once the service has confirmed it. */
  async upload() {
    for (; this.outbox.length > 0; this.outbox.shift()) await this.#put("batches", this.outbox[0]);
  }

  /**
   * What was erased counts as confirmed.
   * @param {"batches" | "blobs"} kind @param {Uint8Array} body
   */
  async #put(kind, body) {
    const hash = toHex(await sha256(body));
    try {
      await this.service.bring("PUT", `${this.#path}/${kind}/${hash}`, { body, type: MEDIA.message },
        { hash: isOneOf(hash), ...(kind === "batches" && { ordinal: isCount }) });
    } catch (error) {
      if (!(error instanceof Problem && error.type === "erased")) throw error;
    }
  }
}
