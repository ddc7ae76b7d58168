// A person's end over HTTP (`spec/http.md`, section 10; `spec/endkey.md`, section 12): sign in, open, act, send until
// it is settled, grant, read what is to be audited.

import { compare, concat, fromHex, toHex, utf8 } from "../endkey/bytes.mjs";
import { labelledHash } from "../endkey/labels.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { SigningKey } from "../endkey/primitives/ed25519.mjs";
import { pbkdf2 } from "../endkey/primitives/pbkdf2.mjs";
import { createAccount, recoverAccount } from "../endkey/protocol/account.mjs";
import { enter, makeRequest, verifyRequest } from "../endkey/protocol/enrolment.mjs";
import { makeGrant } from "../endkey/protocol/grants.mjs";
import { accountId, admissionKey, agentId, recoveryKey } from "../endkey/protocol/keys.mjs";
import { normalLoginName } from "../endkey/protocol/normal.mjs";
import { Owner } from "../endkey/protocol/owner.mjs";
import {
  checkHead, HEAD, idOf, loginOf, makePersonKeys, openStretchedKeys, stretched, wrapUnder,
} from "../endkey/protocol/password.mjs";
import { pinnedHead, pinsOf } from "../endkey/protocol/person.mjs";
import { acceptState } from "../endkey/protocol/state.mjs";
import { Refusal, refuse } from "../endkey/refusal.mjs";
import { LIMITS } from "../endkey/registry.mjs";
import { encode } from "../endkey/text/base64url.mjs";
import { codeText, recoveryText, secretText } from "../endkey/text/texts.mjs";
import {
  AccountState, EnrolmentRequest, OwnerVault, PasswordHeader, PersonKeys, PersonRequest,
} from "../endkey/wire/messages.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";
import { acknowledge, readAlerts, readEvents, readFirings, writeAlerts } from "./alerts.mjs";
import { Admission, Publication, Whole } from "./envelopes.mjs";
import { newKeys, random } from "./keys.mjs";
import { AGENT_ITEM, AGENT_REQUEST, all, readBlob, readReport, requester } from "./reading.mjs";
import {
  isCount, isCountOrNone, isHash, isId, isOneOf, json, MEDIA, Problem, typed, Unsettled,
} from "./service.mjs";

/** @typedef {import("../endkey/protocol/password.mjs").Credentials} Credentials */
/** @typedef {Awaited<ReturnType<typeof createAccount>>} Made */
/**
 * What who recovers an account says: the new login, and which persons (by their requests) and members stay.
 * It `forgets` what this end remembers of the account under the login, once it is settled.
 * @typedef {{loginName: string, password: string, retentionDays: number, persons: Uint8Array[], members: string[],
 *   forgets?: boolean}} Choice
 */
/** @typedef {{newest?: boolean, withoutStorage?: boolean, clock?: boolean}} Says what the person says of an act */

const DAY = 86_400_000;
const HOUR = DAY / 24;
const EMPTY = new Uint8Array(0);
const ZEROS = new Uint8Array(32);
/** @type {import("./memory.mjs").Recalled} */
const NOTHING = { pins: null, pending: null, whole: null, memory: "fresh" };
/** Problems behind which the same is sent again, in another session. */
const SIGN_IN_AGAIN = ["no-credential", "fresh-required"];
const GRANTS_AT_ONCE = 1000;
/** How often an act is made or merged anew over what others published, and the seconds between. */
const TRIES = 5;
const DELAY = { least: 1, most: 30 };

/** What is pending was lost to what another end published since; it is made again by who still wants it. */
export class Lost extends Error {}

/** A new password that an earlier run sent has settled: who signed in with the old one signs in with it. */
export class PasswordChanged extends Error {}

/** A recovery that was sent before has settled: who sent it signs in with its password. */
export class Recovered extends Error {}

/** A recovery that was sent before is not at the service: who has the recovery text sends it again. */
export class NotRecovered extends Error {}

/** What the service says of a session. */
const SESSION = {
  person: isId, pending: isOneOf(true, false), expires: isCount,
};
/** A token that can be shown in a header. */
const isToken = (/** @type {unknown} */ value) => typeof value === "string" && /^[\x21-\x7e]+$/.test(value);

export class PersonsEnd {
  /**
   * @type {Credentials | null}
   */
  #credentials = null;
  #login = "";
  /** The head that is opened with, and the newest password's key under it. */
  #head = EMPTY;
  /** @type {Owner | null} */
  #owner = null;
  /** What the owner is told of the storage. */
  #about = { durable: true };
  /**
   * What goes with the publication that is pending, beside what the act made.
   * @type {{keys: any, wrap: Uint8Array | null} | null}
   */
  #with = null;
  /** What is pending, as it is sent. */
  #body = EMPTY;
  /** @type {Map<string, Promise<Uint8Array>>} */
  #stretches = new Map();
  #tag = "";
  /**
   * What begins something here and is not settled, by login, also where the browser keeps nothing.
   * @type {Map<string, import("./memory.mjs").Kept>}
   */
  #begun = new Map();
  /**
   * The last whole that was kept.
   * @type {import("./memory.mjs").KeptWhole | null}
   */
  #kept = null;
  /**
   * A code that was made, and whose text nobody has taken yet.
   * @type {{id: Uint8Array, secret: Uint8Array, made: number, kind: string, role: string} | null}
   */
  #unshown = null;
  /**
   * The id of who waits to be let in, from the own keys.
   * @type {string | null}
   */
  waitsAs = null;
  /**
   * What this browser had of the account.
   * @type {import("./memory.mjs").Standing}
   */
  standing = "fresh";
  /**
   * What the service says of the session.
   * @type {Record<string, any>}
   */
  session = {};
  /** Whether Grants to agents, or the wrap of a new key, are still to be made, or the service to hear of retention. */
  isDue = false;
  /** How many changes the service had lost, and was given back. */
  behind = 0;
  /** What the vault says of retention, once the service has heard of it. */
  #told = "";
  /** What a person has set of it here. */
  #set = "";
  /** Members whose requests the service withholds, so that they get no keys. */
  withheld = /** @type {string[]} */ ([]);

  /**
   * @param {import("./service.mjs").Service} service @param {import("./memory.mjs").Memory} memory
   * @param {{now?: () => number, wait?: (milliseconds: number) => Promise<void>}} [ways]
   */
  constructor(service, memory, ways = {}) {
    this.service = service;
    this.memory = memory;
    this.now = ways.now ?? Date.now;
    this.wait = ways.wait ?? ((milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); }));
  }

  /** What is open. */
  get whole() {
    return (this.#owner ?? refuse("no_master_key")).whole;
  }

  get isConfirmed() {
    return this.#owner?.pins?.confirmed === true && !this.isAside;
  }

  /** Whether what is open is the last that opened here, since what the service has does not open. */
  get isAside() {
    return this.#owner?.isAside === true;
  }

  /** How many MasterKeys were kept here that the account lacks: the next act gives them back. */
  get missingKeys() {
    return this.#owner?.missingKeys ?? 0;
  }

  /** Whether something was sent of which it is not known what became of it. */
  get isSettling() {
    return this.#owner?.phase === "settling";
  }

  get findings() {
    return this.#owner?.findings ?? [];
  }

  get #path() {
    return `/a/${toHex(parse(PasswordHeader, this.#head).header.account_id)}`;
  }

  /**
   * Stretches each password once.
   * @type {import("../endkey/protocol/password.mjs").Stretch}
   */
  #stretch = async (password, salt, iterations) => {
    const name = toHex(await sha256(concat(salt, utf8(String(iterations)), password)));
    const known = this.#stretches.get(name) ?? pbkdf2(password, salt, iterations);
    this.#stretches.set(name, known);
    return known;
  };

  // Making an account

  /**
   * Makes an account that nobody has yet: `publish` brings it to the service, once its texts are put away.
   * @param {string} loginName @param {string} password @param {{withSecret: boolean, retentionDays: number}} choices
   */
  async prepare(loginName, password, { withSecret, retentionDays }) {
    await this.#isNew(nameOf({ login_name: utf8(loginName) }));
    const keys = await newKeys();
    const secret = withSecret ? random(16) : null;
    const credentials = { login_name: utf8(loginName), password: utf8(password), account_secret: secret };
    const made = await createAccount(keys, credentials, this.#choices(retentionDays), this.#stretch);
    return {
      credentials, recoveryText: new TextDecoder().decode(made.recovery_text),
      secretText: secret === null ? null : secretText.write({ account_id: made.account_id, secret }),
      publish: () => this.#publishFirst(credentials, made),
    };
  }

  /**
   * What is random, or chosen for whoever makes an account.
   * @param {number} retention_days
   */
  #choices(retention_days) {
    return {
      master_key: random(32), iterations: LIMITS.iterations_min, retention_days, now: this.now(),
      salt: random(32), keys_salt: random(24), vault_salt: random(24),
    };
  }

  /** @param {Credentials} credentials @param {Made} made */
  async #publishFirst(credentials, made) {
    const body = serialize(Publication, { ...firstOf(made), expect: ZEROS });
    const login = nameOf(credentials);
    await this.memory.alone(async () => {
      const { pending } = await this.#recall(login);
      const isAgain = pending?.begins === "account" && compare(pending.body, body) === 0;
      if (!isAgain) await this.#isNew(login);
      await this.#begin(login, isAgain ? pending : begun("account", body));
    });
    await this.signIn(credentials);
  }

  // What begins here

  /**
   * What is remembered of a login. Where the browser keeps nothing, this page knows what it began.
   * @param {string} login
   */
  async #recall(login) {
    const recalled = await this.memory.recall(login);
    return { ...recalled, pending: recalled.pending ?? this.#begun.get(login) ?? null };
  }

  /**
   * Refuses a login of which something is remembered: what is there decides (section 10.4, `locked`).
   * @param {string} login
   */
  async #isNew(login) {
    const { memory, pending } = await this.#recall(login);
    if (pending !== null || !["fresh", "denied"].includes(memory)) refuse("already_pinned");
  }

  /**
   * Keeps what begins something here, then sends it (R-12.8-2), and holds to it once it is settled. What the service
   * refuses was never made: then what was remembered before still is.
   * @param {string} login @param {import("./memory.mjs").Kept} kept @param {string | null} [credential]
   */
  async #begin(login, kept, credential = kept.credential ?? null) {
    this.#begun.set(login, kept);
    await this.memory.begin(login, kept);
    try {
      await this.#bring(kept, credential);
    } catch (error) {
      const isRefused = error instanceof Problem && error.status < 429 && !SIGN_IN_AGAIN.includes(error.type);
      if (isRefused) await this.#endOf(login);
      throw error;
    }
    if (kept.begins !== "request") await this.memory.keep(login, await pinsOfBegun(kept), null);
    await this.#endOf(login);
  }

  /** @param {string} login */
  async #endOf(login) {
    this.#begun.delete(login);
    await this.memory.begin(login, null);
  }

  /**
   * @param {import("./memory.mjs").Kept} kept @param {string | null} credential
   */
  async #bring({ body, begins, admission = "" }, credential) {
    if (begins === "request") {
      const { request } = parse(PersonRequest, body);
      const id = await requester(body);
      await this.service.bring("PUT", `/a/${toHex(request.header.account_id)}/requests/${id}`,
        { body, type: MEDIA.message, credential, headers: { "Endkey-Admission": admission } },
        { id: isOneOf(id) });
      return;
    }
    const path = begins === "account" ? "/accounts" : `/a/${toHex(accountOf(body))}/publications`;
    await this.service.bring("POST", path, { body, type: MEDIA.publication, credential }, await namesOf(body));
  }

  // A lost password

  /**
   * Reads, by a recovery text, what a recovery starts from (section 12.6). Whoever asked confirms it, and `publish`
   * makes the account theirs again: under a new password, without what was recorded before.
   * @param {string} text
   */
  async prepareRecovery(text) {
    const { seed } = recoveryText.read(utf8(text));
    const account = await accountId((await SigningKey.of(seed)).verifyKey);
    const path = `/a/${toHex(account)}`;
    const recovery = toHex(await recoveryKey(seed, account));
    const { token } = typed("a session", json(await this.service.post("/sessions",
      { account: toHex(account), recovery }, MEDIA.json, null)), { token: isToken });
    await this.#recoverAgain(account, token);
    this.service.credential = token;
    const { body } = await this.service.request("GET", `${path}/whole`, { answer: MEDIA.whole });
    const { keys, state, vault } = parse(Whole, body);
    if (vault === null) throw new Unsettled("the service gives no vault");
    const { signers } = (await acceptState(account, null, null, state)).state;
    const known = await this.#knownOf(account);
    for (const { pins } of known) await holdAgainst(pins, state, vault);
    const persons = [];
    for await (const message of this.service.messages(`${path}/requests`, MEDIA.requests, "&status=granted")) {
      const id = await requester(message);
      const isSigner = signers.some((/** @type {any} */ { person_id }) => toHex(person_id) === id);
      if (id !== null && isSigner) persons.push({ id, message: message.subarray(0, AGENT_REQUEST) });
    }
    const members = [];
    for await (const { id, status } of this.service.items(`${path}/agents`, "", AGENT_ITEM)) {
      if (status === "granted") members.push(String(id));
    }
    const generation = Math.max(0, ...known.map(({ pins }) => pins.generation));
    const shown = { head: keys.subarray(0, HEAD), state, vault, generation };
    const publish = (/** @type {Choice} */ choice) => this.#publishRecovery(text, account, token, shown, choice);
    return {
      account: toHex(account), state: parse(AccountState, state), stateBytes: state, persons, members, publish,
      known: known.map(({ login }) => login),
    };
  }

  /**
   * What this end remembers of an account, under whatever login.
   * @param {Uint8Array} account
   */
  async #knownOf(account) {
    return (await this.memory.known()).filter(({ pins }) =>
      pins !== null && compare(pins.head.header.account_id, account) === 0);
  }

  /**
   * Sends a recovery again whose answer was lost. One that came too late goes; what was remembered stays.
   * @param {Uint8Array} account @param {string} token
   */
  #recoverAgain(account, token) {
    return this.memory.alone(async () => {
      const kept = [...(await this.memory.known()).map(({ login, pending }) => ({ login, pending })),
        ...[...this.#begun].map(([login, pending]) => ({ login, pending }))];
      for (const { login, pending } of kept) {
        if (pending?.begins !== "recovery" || compare(accountOf(pending.body), account) !== 0) continue;
        try {
          await this.#begin(login, pending, token);
        } catch (error) {
          if (error instanceof Problem && error.type === "other-publication") continue;
          throw error;
        }
        throw new Recovered("sign in with the password of the recovery");
      }
    });
  }

  /**
   * @param {string} text @param {Uint8Array} account @param {string} token
   * @param {{head: Uint8Array, state: Uint8Array, vault: Uint8Array, generation: number}} shown @param {Choice} choice
   */
  async #publishRecovery(text, account, token, shown, choice) {
    const { loginName, password, retentionDays, persons, members, forgets = false } = choice;
    const credentials = { login_name: utf8(loginName), password: utf8(password), account_secret: null };
    const login = nameOf(credentials);
    await this.memory.alone(async () => {
      const { pins, pending } = await this.#recall(login);
      const isOwn = pins === null || compare(pins.head.header.account_id, account) === 0;
      const isAgain = pending?.begins === "recovery" && compare(accountOf(pending.body), account) === 0;
      if (isAgain) return this.#begin(login, pending, token);
      if (!forgets || !isOwn || pending?.begins) await this.#isNew(login);
      const made = await recoverAccount(utf8(text), await newKeys(), credentials, {
        ...shown, confirmed: true, persons,
        members: members.map((id) => ({ agent_id: fromHex(id), kind: "scoped" })),
      }, this.#choices(retentionDays), this.#stretch);
      const body = serialize(Publication, { ...firstOf(made), expect: await sha256(shown.vault) });
      return this.#begin(login, begun("recovery", body), token);
    });
    await this.signIn(credentials);
  }

  // Joining

  /**
   * Asks to be a manager. Who asked may sign in at once, and waits until the owner lets the person in.
   * @param {string} code @param {string} loginName @param {string} password
   */
  async join(code, loginName, password) {
    const { account_id, secret, terms } = codeText.read(utf8(code));
    if (terms.role !== "manager") refuse("wrong_recipient");
    const credentials = { login_name: utf8(loginName), password: utf8(password), account_secret: null };
    const login = nameOf(credentials);
    const id = await this.memory.alone(async () => {
      const { pending } = await this.#recall(login);
      const sent = pending?.begins === "request" ? pending : null;
      if (sent === null) await this.#isNew(login);
      else if (await this.#askAgain(login, sent)) return requester(sent.body);
      const keys = await newKeys();
      const made = await makePersonKeys({
        account_id, counter: 1, iterations: LIMITS.iterations_min, salt: random(32), seal_salt: random(24),
      }, keys, credentials, this.#stretch);
      const { request } = await makeRequest({ account_id, secret }, keys, random(32));
      const { login_id, login_verifier } = made;
      const body = serialize(PersonRequest, {
        request: parse(EnrolmentRequest, request), keys: parse(PersonKeys, made.keys), login_id, login_verifier,
      });
      await this.#begin(login, {
        ...begun("request", body), credential: `ekp1_${encode(concat(account_id, random(32)))}`,
        admission: toHex(await admissionKey(secret, account_id)),
      });
      return toHex(made.person_id);
    });
    return { id, credentials };
  }

  /**
   * Sends a request again whose answer was lost; false if the service refuses it, so that another may be made.
   * @param {string} login @param {import("./memory.mjs").Kept} sent
   */
  async #askAgain(login, sent) {
    try {
      await this.#begin(login, sent);
      return true;
    } catch (error) {
      if (error instanceof Problem && !this.#begun.has(login)) return false;
      throw error;
    }
  }

  // Signing in

  /**
   * Checks the head before the password is stretched (R-9.4-3), logs in, and opens what the service has.
   * @param {Credentials} credentials
   * @param {{noted?: Uint8Array, isChanged?: boolean, isRestored?: boolean}} [says]
   */
  signIn(credentials, says = {}) {
    return this.memory.alone(async () => {
      const login = nameOf(credentials);
      const first = says.isRestored ? null : (await this.#recall(login)).pending;
      if (first?.begins === "account" || first?.begins === "request") await this.#begin(login, first);
      const { pins: pinned, pending, whole, memory } = says.isRestored ? NOTHING : await this.#recall(login);
      const login_id = await labelledHash("login-id", normalLoginName(credentials.login_name));
      const head = headOf(await this.service.post("/heads", { login_id: toHex(login_id) }, MEDIA.message, null));
      const isOwn = isOwnHead(pending, head);
      const isRecovery = pending?.begins === "recovery";
      if (isRecovery && !isOwn) throw new NotRecovered("the recovery is not at the service");
      const pins = isRecovery ? await pinsOfBegun(pending) : pinned;
      const isChanged = says.isChanged || isOwn;
      const { header } = checkHead(head, pins === null ? null : pinnedHead(pins), isChanged);
      if (says.noted !== undefined && compare(header.account_id, says.noted) !== 0) refuse("pin_mismatch");
      const key = await stretched(parse(PasswordHeader, head), credentials, this.#stretch);
      const { login_key } = await loginOf(key, head, credentials.login_name);
      const { token, ...session } = typed("a session", json(await this.service.post("/sessions",
        { login_id: toHex(login_id), login_key: toHex(login_key) }, MEDIA.json, null)), { ...SESSION, token: isToken });
      this.service.credential = token;
      Object.assign(this, { session, standing: memory, waitsAs: null });
      [this.#credentials, this.#login, this.#head] = [credentials, login, head];
      // What is remembered is open, whatever the service says of who waits.
      if (!session.pending || pins !== null) {
        await this.#open(pins, isRecovery ? null : pending, isRecovery ? null : whole, isChanged);
        this.#begun.delete(login);
        return;
      }
      const { body } = await this.service.request("GET", `${this.#path}/whole`, { answer: MEDIA.whole });
      this.waitsAs = toHex(await idOf(await openStretchedKeys(head, parse(Whole, body).keys, key)));
    });
  }

  /** Opens the account to who waited, if they were let in; asks in the session that there is. */
  lookAgain() {
    return this.memory.alone(async () => {
      this.session = typed("a session",
        json(await this.service.request("GET", "/session", { answer: MEDIA.json })), SESSION);
      if (this.session.pending) return;
      const { pins, pending, whole } = await this.#recall(this.#login);
      await this.#open(pins, pending, whole, false);
      this.waitsAs = null;
    });
  }

  /**
   * @param {any} pins @param {import("./memory.mjs").Kept | null} kept
   * @param {import("./memory.mjs").KeptWhole | null} whole that this end opened last @param {boolean} isChanged
   */
  async #open(pins, kept, whole, isChanged) {
    const sent = kept === null ? null : parse(Publication, kept.body);
    const credentials = this.#credentials ?? refuse("no_master_key");
    const about = { ...credentials, durable: this.standing !== "denied", keepsWhole: true };
    this.#about = about;
    const owner = new Owner(about, this.#stretch, (...both) => this.#keep(...both));
    this.#with = sent && { keys: sent.keys, wrap: sent.wrap };
    this.#kept = whole;
    owner.resume(pins, sent === null || kept === null ? null : {
      ...sent, ruleSet: sent.rules, grants: sent.masters, baseState: kept.baseState, baseVault: kept.baseVault,
      root_act: kept.root_act, asks: kept.asks,
    }, whole);
    await owner.open(await this.#putBackLost(pins, whole), saysOf({}, isChanged), this.now());
    this.#owner = owner;
    if (!this.isSettling) return this.#afterwards();
    this.#unshown ??= this.#codeOf(owner.pending);
    await this.#send(null);
    if (sent?.keys && !isOwnHead(kept, this.#head)) throw new PasswordChanged("sign in with the new password");
    return undefined;
  }

  /**
   * The code that an earlier run was making when it ended, whose text nobody has seen.
   * @param {import("../endkey/protocol/owner.mjs").Pending | null} pending
   */
  #codeOf(pending) {
    const code = pending?.contents.codes.find((/** @type {any} */ one) =>
      !pending.baseContents.codes.some((/** @type {any} */ { id }) => compare(id, one.id) === 0));
    return code === undefined ? null
      : { id: code.id, secret: code.secret, made: this.now(), kind: code.kind, role: code.role };
  }

  /**
   * What the service has, once it was given back what it lost of what opened here last (H-10-9).
   * @param {any} pins @param {import("./memory.mjs").KeptWhole | null} last
   */
  async #putBackLost(pins, last) {
    const held = await this.#messages();
    const isRestored = last?.store && held.store && last.store !== held.store;
    if (last === null || !isRestored || compare(last.owner_vault, held.owner_vault) === 0) return held;
    const credentials = this.#credentials ?? refuse("no_master_key");
    const opened = new Owner({ ...credentials, durable: false }, this.#stretch, async () => {});
    opened.resume(pins, null);
    await opened.open(last, saysOf({}), this.now());
    const { account, contents, masterKey, person, state } = opened.whole;
    const expect = await sha256(held.owner_vault);
    const at = contents.recent.findIndex((/** @type {Uint8Array} */ hash) => compare(hash, expect) === 0);
    if (at < 0) return held;
    const isNewState = compare(last.account_state, held.account_state) !== 0;
    const about = { account_id: account, epoch: state.header.epoch, kind: /** @type {const} */ ("master") };
    const key = await SigningKey.of(person.seed);
    const staying = contents.persons.filter((/** @type {any} */ { status }) => isNewState && status === "granted");
    const masters = await Promise.all(staying.map((/** @type {any} */ { person_id, modulus, verify_key }) =>
      makeGrant(key, { ...about, recipient: person_id, modulus, verify_key }, masterKey)));
    const body = serialize(Publication, {
      expect, vault: last.owner_vault, state: isNewState ? last.account_state : null, rules: last.rule_set, keys: null,
      wrap: null, masters, admissions: await admissionsOf(contents, account),
    });
    try {
      const about = { body, type: MEDIA.publication };
      await this.service.bring("POST", `${this.#path}/publications`, about, await namesOf(body));
    } catch (error) {
      // What it has is judged as ever.
      if (error instanceof Problem && !SIGN_IN_AGAIN.includes(error.type)) return held;
      throw error;
    }
    this.behind = contents.recent.length - at;
    return this.#messages();
  }

  /** What the service has of the account. */
  async #messages() {
    const { body, headers } = await this.service.request("GET", `${this.#path}/whole`, { answer: MEDIA.whole });
    const whole = parse(Whole, body);
    if (whole.vault === null) throw new Unsettled("the service gives no vault");
    this.#tag = headers.get("ETag") ?? "";
    return {
      head: this.#head, person_keys: whole.keys, account_state: whole.state, password_wrap: whole.wrap,
      grant: whole.grant, owner_vault: whole.vault, rule_set: whole.rules, store: this.service.store,
    };
  }

  /** @type {import("../endkey/protocol/owner.mjs").Keep} */
  async #keep(pins, pending, whole) {
    const isNewHead = pending === null && this.#with?.keys;
    const head = isNewHead ? parse(PasswordHeader, this.#with?.keys.keys.subarray(0, HEAD)) : pins.head;
    if (pending !== null) this.#body = await this.#written(pending);
    const kept = pending && {
      body: this.#body, baseState: pending.baseState, baseVault: pending.baseVault, root_act: pending.root_act,
      asks: pending.asks, begins: null,
    };
    const isNew = whole !== null && whole !== this.#kept;
    const isKept = await this.memory.keep(this.#login, { ...pins, head }, kept, isNew ? whole : undefined);
    this.#kept = whole;
    if (isKept || this.standing === "denied") return;
    // It keeps no more, as if it had refused from the start: what is open stays open, and who acts is asked.
    this.standing = "denied";
    this.#about.durable = false;
    if (pending !== null) refuse("approval_required");
  }

  /**
   * What is pending, as it is sent.
   * @param {import("../endkey/protocol/owner.mjs").Pending} pending
   */
  async #written({ expect, vault, state, ruleSet, grants, contents, masterKey }) {
    const { header: { account_id } } = parse(PasswordHeader, this.#head);
    const isNewKey = this.#owner?.whole.isOwner && grants.length > 0 && state !== null;
    const wrap = this.#with?.wrap ?? (isNewKey
      ? await wrapUnder(this.whole.key, this.#head, parse(AccountState, state).header.epoch, masterKey) : null);
    return serialize(Publication, {
      expect, vault, state, rules: ruleSet, keys: this.#with?.keys ?? null, wrap, masters: grants,
      admissions: await admissionsOf(contents, account_id),
    });
  }

  // Acting

  /**
   * Makes an act, and sends it until it is settled. What nobody answers stays pending.
   * @param {string} name @param {(whole: import("../endkey/protocol/owner.mjs").Whole) =>
   *   Promise<import("../endkey/protocol/owner.mjs").Change> | import("../endkey/protocol/owner.mjs").Change} change
   * @param {Says} [says]
   */
  act(name, change, says = {}) {
    return this.memory.alone(async () => {
      await this.#refresh();
      const owner = this.#owner ?? refuse("no_master_key");
      const make = async () => owner.act(name, saysOf(says), this.now(), await change(owner.whole));
      this.#with = null;
      await make();
      await this.#send(make, name === "remove");
    });
  }

  /** Opens anew what was published since, here in another window or elsewhere. */
  async #refresh() {
    const { pins, pending, whole: kept } = await this.memory.recall(this.#login);
    const { whole } = this;
    const isOther = pins !== null && compare(pins.vault_hash, whole.pins.vault_hash) !== 0;
    if (this.isSettling || (!isOther && pending === null && await this.#isUnchanged())) return;
    const isDenied = this.standing === "denied";
    await this.#open(isDenied ? whole.pins : pins, pending, isDenied ? this.#kept : kept, false);
  }

  async #isUnchanged() {
    if (this.#tag === "") return false;
    const headers = { "If-None-Match": this.#tag };
    const { status } = await this.service.request("GET", `${this.#path}/whole`, { headers, answer: MEDIA.whole });
    return status === 304;
  }

  /** Reads what the service has now. */
  refresh() {
    return this.memory.alone(() => this.#refresh());
  }

  /**
   * @param {(() => Promise<void>) | null} make makes the act again, over what another end published
   * @param {boolean} [isUrgent]
   */
  async #send(make, isUrgent = false) {
    const owner = this.#owner ?? refuse("no_master_key");
    for (let tries = 1; ; tries++) {
      if (owner.pending === null) refuse("unsettled");
      try {
        await this.service.bring("POST", `${this.#path}/publications`,
          { body: this.#body, type: MEDIA.publication }, await namesOf(this.#body));
        await owner.stored();
        break;
      } catch (error) {
        const isOther = error instanceof Problem && error.type === "other-publication";
        if (!isOther || tries === TRIES) throw error;
      }
      if (!isUrgent && tries > 1) await this.wait(1000 * (DELAY.least + Math.random() * (DELAY.most - DELAY.least)));
      const outcome = await owner.other(await this.#messages(), saysOf({}), this.now());
      if (outcome === "settled") break;
      if (outcome === "dead") {
        this.#with = null;
        if (make === null) throw new Lost("another end published something else meanwhile");
        await make();
      }
    }
    this.#with = null;
    await this.#afterwards();
  }

  /** Sends again what is pending. */
  sendAgain() {
    return this.memory.alone(() => this.#send(null));
  }

  /** The person gives up what is pending. */
  discard() {
    return this.memory.alone(async () => {
      this.#with = null;
      await this.#owner?.discard();
    });
  }

  /** The person has compared what is shown, and says that it is the newest. */
  confirm() {
    return this.memory.alone(async () => {
      await this.#owner?.confirm();
      await this.#afterwards();
    });
  }

  /** Whether the newest state is old enough to be renewed (R-12.8-6). */
  get isRenewalDue() {
    const { states } = this.whole.contents;
    return this.now() - states[states.length - 1].made > 20 * HOUR;
  }

  /**
   * What is due once nothing is pending: an own wrap, Grants to agents, what the service has to hear of retention. What
   * fails of it is due at the next.
   */
  async #afterwards() {
    try {
      const { isOwner, isWrapped, key, state, masterKey, keysHash } = this.whole;
      if (isOwner && !isWrapped && !this.isAside) {
        const wrap = await wrapUnder(key, this.#head, state.header.epoch, masterKey);
        const headers = { "If-Match": `"${toHex(keysHash)}"` };
        const about = { body: wrap, type: MEDIA.message, headers, done: [204] };
        await this.service.request("PUT", `${this.#path}/wrap`, about);
      }
      if (this.isConfirmed) await this.#grantMissing();
      if (this.isConfirmed && isOwner) await this.#tellRetention();
      this.isDue = false;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unsettled)) throw error;
      this.isDue = true;
    }
  }

  async #grantMissing() {
    const { account, state, masterKey, person, contents } = this.whole;
    const key = await SigningKey.of(person.seed);
    const members = new Map(contents.members.filter((/** @type {any} */ { status }) => status === "granted")
      .map((/** @type {any} */ member) => [toHex(member.agent_id), member]));
    const grants = [];
    this.withheld = [];
    for await (const { id } of this.service.items(`${this.#path}/agents`, "&lacking_grant=1", AGENT_ITEM)) {
      const member = members.get(id);
      if (member === undefined) continue;
      try {
        const { body } = await this.service.request("GET", `${this.#path}/requests/${id}`, { answer: MEDIA.message });
        const { modulus, verify_key } = parse(EnrolmentRequest, body);
        const about = { account_id: account, epoch: state.header.epoch, kind: member.kind, modulus, verify_key };
        grants.push(await makeGrant(key, { ...about, recipient: member.agent_id }, masterKey));
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof Problem)) throw error;
        this.withheld.push(id);
      }
    }
    for (let first = 0; first < grants.length; first += GRANTS_AT_ONCE) {
      const body = concat(...grants.slice(first, first + GRANTS_AT_ONCE));
      await this.service.bring("POST", `${this.#path}/grants`, { body, type: MEDIA.grants }, { stored: isCount });
    }
  }

  // Computers and persons

  /**
   * Publishes a code, and gives its text.
   * @param {{role: "agent" | "manager", uses: number, days: number, approval: "automatic" | "manual", label: string}}
   *   wanted @param {Says} [says]
   */
  async makeCode({ role, uses, days, approval, label }, says) {
    const isManager = role === "manager";
    const kind = isManager ? "master" : "scoped";
    const secret = random(16);
    const made = this.now();
    const code = {
      id: random(8), secret, label: utf8(label), role, kind, approval: isManager ? "manual" : approval,
      uses_left: isManager ? 1 : uses, expires: made + days * DAY, nonces: [],
    };
    this.#unshown = { id: code.id, secret, made, kind, role };
    await this.act("edit", () => ({
      edit: (contents) => ({
        ...contents,
        codes: [...contents.codes, code].sort((a, b) => compare(a.id, b.id)),
      }),
    }), says);
    return (this.takeCode() ?? refuse("unsettled")).text;
  }

  /** The text of the code that was made last, once it is settled, if it was not taken yet. */
  takeCode() {
    if (this.#unshown === null || this.isSettling) return null;
    const { id, secret, ...terms } = this.#unshown;
    this.#unshown = null;
    const { account, state, contents } = this.whole;
    const code = contents.codes.find((/** @type {any} */ one) => compare(one.id, id) === 0);
    if (code === undefined) return null;
    const text = codeText.write({ account_id: account, secret, terms: { generation: state.generation, ...terms } });
    return { text, role: terms.role, approval: String(code.approval) };
  }

  /**
   * Who asks to be let in, by what code, and why not where it cannot be.
   */
  async requests() {
    const { account, contents, isOwner } = this.whole;
    const found = [];
    for await (const message of this.service.messages(`${this.#path}/requests`, MEDIA.requests, "&status=pending")) {
      const request = message.subarray(0, AGENT_REQUEST);
      try {
        const { modulus, verify_key } = parse(EnrolmentRequest, request);
        const id = await agentId(modulus, verify_key);
        const about = { root: isOwner, now: this.now(), approved: true };
        const verdict = await verifyRequest(account, request, contents, about).catch((error) => {
          if (error instanceof Refusal) return { refused: error.code };
          throw error;
        });
        const code = "code_id" in verdict
          ? contents.codes.find((/** @type {any} */ one) => compare(one.id, verdict.code_id) === 0) : undefined;
        found.push({
          id: toHex(id), message, code, refused: "refused" in verdict ? verdict.refused : null,
          role: message.length > AGENT_REQUEST ? "manager" : "agent",
        });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return found;
  }

  /**
   * Lets computers in, many at once.
   * @param {Uint8Array[]} messages EnrolmentRequests @param {string} label for those whose code has none
   * @param {Says} [says]
   */
  admit(messages, label, says) {
    return this.act("edit", async ({ account, contents, isOwner }) => {
      let entered = contents;
      for (const message of messages) {
        const about = { root: isOwner, now: this.now(), approved: true };
        entered = enter(entered, await verifyRequest(account, message, entered, about), utf8(label));
      }
      const { codes, members } = entered;
      return { edit: (before) => ({ ...before, codes, members }) };
    }, says);
  }

  /**
   * Lets a manager in, whose code goes with it.
   * @param {Uint8Array} message a PersonRequest @param {string} label @param {Says} [says]
   */
  admitPerson(message, label, says) {
    return this.act("add_person", async ({ account, contents, isOwner }) => {
      const request = message.subarray(0, AGENT_REQUEST);
      const about = { root: isOwner, now: this.now(), approved: true };
      const { code_id, nonce } = await verifyRequest(account, request, contents, about);
      const { modulus, verify_key } = parse(EnrolmentRequest, request);
      const used = (/** @type {any} */ code) => (compare(code.id, code_id) === 0
        ? { ...code, uses_left: code.uses_left - 1, nonces: [...code.nonces, nonce] } : code);
      return {
        person: { modulus, verify_key, label: utf8(label) },
        edit: (before) => ({ ...before, codes: before.codes.map(used) }),
      };
    }, says);
  }

  /** @param {string} id of who asked, and is sent away */
  async refuseRequest(id) {
    await this.service.request("DELETE", `${this.#path}/requests/${id}`);
  }

  /**
   * Gives a computer or a person another label.
   * @param {"members" | "persons"} list @param {string} id @param {string} label @param {Says} [says]
   */
  label(list, id, label, says) {
    const isIt = (/** @type {any} */ one) => toHex(one.agent_id ?? one.person_id) === id;
    return this.act("edit", () => ({
      edit: (contents) => ({
        ...contents,
        [list]: contents[list].map((/** @type {any} */ one) => (isIt(one) ? { ...one, label: utf8(label) } : one)),
      }),
    }), says);
  }

  /**
   * Other numbers of days for which batches or blobs are kept.
   * @param {{retention_days?: number, blob_days?: number}} changed @param {Says} [says]
   */
  async retain(changed, says) {
    const { retention_days, blob_days } = /** @type {any} */ ({ ...this.whole.contents, ...changed });
    this.#set = JSON.stringify({ days: retention_days, blob_days });
    this.#told = "";
    await this.act("edit", () => ({ edit: (contents) => ({ ...contents, ...changed }) }), says);
    // In a session that is not fresh the service does not listen.
    if (this.isDue) await this.signIn(this.#credentials ?? refuse("no_master_key"));
  }

  /**
   * Tells the service what the vault says of retention, which it cannot read (H-10-8). Whoever may sign can write that:
   * fewer days than the service has are told only where a person has set them here.
   */
  async #tellRetention() {
    const { retention_days, blob_days } = this.whole.contents;
    const path = `${this.#path}/retention`;
    const vaults = JSON.stringify({ days: retention_days, blob_days });
    if (vaults === this.#told) return;
    const has = typed("the retention", json(await this.service.request("GET", path, { answer: MEDIA.json })),
      { days: isCountOrNone, blob_days: isCountOrNone });
    const said = vaults === this.#set ? vaults : JSON.stringify({
      days: Math.max(retention_days, has.days ?? 0), blob_days: Math.max(blob_days, has.blob_days ?? 0),
    });
    if (said !== JSON.stringify({ days: has.days, blob_days: has.blob_days })) {
      await this.service.request("PUT", path, { body: utf8(said), type: MEDIA.json, done: [204] });
    }
    this.#told = vaults;
  }

  // The password

  /**
   * Another password, with the same keys (R-12.9-6) and the same account secret. The one that holds is asked for, and
   * makes a fresh session, without which the service takes no PersonKeys.
   * @param {string} current @param {string} password @param {Says} [says]
   */
  async changePassword(current, password, says) {
    const before = this.#credentials ?? refuse("no_master_key");
    const credentials = { ...before, password: utf8(password) };
    await this.signIn({ ...before, password: utf8(current) });
    await this.memory.alone(async () => {
      await this.#refresh();
      const owner = this.#owner ?? refuse("no_master_key");
      const make = async () => {
        const { person, account, isOwner, state, masterKey } = owner.whole;
        const { counter } = parse(PasswordHeader, this.#head);
        const about = { account_id: account, counter: counter + 1, iterations: LIMITS.iterations_min };
        const made = await makePersonKeys({ ...about, salt: random(32), seal_salt: random(24) }, person, credentials,
          this.#stretch);
        const { login_id, login_verifier, keys, stretched: key } = made;
        const recovery_verifier = isOwner ? await sha256(await recoveryKey(person.seed, account)) : ZEROS;
        this.#with = {
          keys: { keys, login_id, login_verifier, recovery_verifier },
          wrap: isOwner ? await wrapUnder(key, keys.subarray(0, HEAD), state.header.epoch, masterKey) : null,
        };
        const hash = await sha256(keys);
        await owner.act("edit", saysOf(says ?? {}), this.now(), {
          edit: (contents) => ({
            ...contents,
            persons: contents.persons.map((/** @type {any} */ one) =>
              (compare(one.person_id, person.id) === 0 ? { ...one, keys: hash } : one)),
          }),
        });
      };
      await make();
      await this.#send(make);
    });
    await this.signIn(credentials);
  }

  // What the account says

  /** What an audit counts, and what the service says of it. */
  report() {
    return readReport(this.service, this.#path);
  }

  /** What the service tells of each computer: hints. */
  agents() {
    return all(this.service.items(`${this.#path}/agents`, "", AGENT_ITEM));
  }

  /** What the service is to tell, with the tag of the list. */
  alerts() {
    return readAlerts(this.service, this.#path);
  }

  /**
   * Replaces the list that has a tag.
   * @param {import("./alerts.mjs").AlertList} list @param {string} tag
   */
  setAlerts(list, tag) {
    return writeAlerts(this.service, this.#path, list, tag);
  }

  /** What fired, as the service says. */
  firings() {
    return readFirings(this.service, this.#path);
  }

  /** @param {number[]} firings ordinals of those that were seen */
  acknowledge(firings) {
    return acknowledge(this.service, this.#path, firings);
  }

  /**
   * What is new, as the service says, behind an event.
   * @param {number | null} after
   */
  events(after) {
    return readEvents(this.service, this.#path, after);
  }

  /**
   * A blob by its digest; null where the service has it not.
   * @param {string} digest
   */
  blob(digest) {
    return readBlob(this.service, this.#path, digest);
  }

  /**
   * Ends the session. What is pending stays.
   * @param {boolean} [isLeaving] whether the page goes: then the request outlives it
   */
  async signOut(isLeaving = false) {
    await this.service.request("DELETE", "/session", { outlives: isLeaving });
  }
}

/**
 * What an account begins with, or begins anew with, as it is sent.
 * @param {Made} made
 */
const firstOf = ({ person_keys, login_id, login_verifier, recovery_verifier, ...made }) => ({
  vault: made.owner_vault, state: made.account_state, rules: null, wrap: made.password_wrap, masters: made.grants,
  keys: { keys: person_keys, login_id, login_verifier, recovery_verifier }, admissions: [],
});

/**
 * What is kept of what begins something here.
 * @param {"account" | "recovery" | "request"} begins @param {Uint8Array} body @returns {import("./memory.mjs").Kept}
 */
const begun = (begins, body) =>
  ({ body, baseState: EMPTY, baseVault: EMPTY, root_act: true, asks: true, begins });

/**
 * What lets requests in under the codes of a vault.
 * @param {any} contents @param {Uint8Array} account_id
 */
async function admissionsOf({ codes }, account_id) {
  const live = codes.filter((/** @type {any} */ { uses_left }) => uses_left > 0);
  const admissions = await Promise.all(live.map(async (/** @type {any} */ { secret, role, uses_left, expires }) =>
    serialize(Admission, {
      credential: await sha256(await admissionKey(secret, account_id)), role, uses: uses_left, expires,
    })));
  return admissions.sort(compare);
}

/**
 * The account of a publication.
 * @param {Uint8Array} body
 */
const accountOf = (body) => parse(OwnerVault, parse(Publication, body).vault).header.account_id;

/**
 * What the answer to a publication has to name.
 * @param {Uint8Array} body
 */
async function namesOf(body) {
  const { vault, state } = parse(Publication, body);
  return {
    vault: isOneOf(toHex(await sha256(vault))), state: state === null ? isHash : isOneOf(toHex(await sha256(state))),
  };
}

/**
 * The pins of who began an account, or began it anew.
 * @param {import("./memory.mjs").Kept} kept
 */
async function pinsOfBegun({ body }) {
  const { keys, state, vault } = parse(Publication, body);
  return pinsOf({
    head: parse(PasswordHeader, keys.keys.subarray(0, HEAD)), state, generation: parse(AccountState, state).generation,
    confirmed: true, vault_counter: parse(OwnerVault, vault).counter, vault_hash: await sha256(vault),
  });
}

/**
 * Holds what a recovery is shown against pins of the account, as far as that can be done without its keys.
 * @param {any} pins @param {Uint8Array} state @param {Uint8Array} vault
 */
async function holdAgainst(pins, state, vault) {
  const { header: { account_id } } = pins.head;
  const isPinned = pins.state.length > 0;
  await acceptState(account_id, isPinned ? pins.state : null, isPinned ? null : pins.generation, state);
  if (!isPinned || parse(AccountState, state).generation > parse(AccountState, pins.state).generation) return;
  const { counter } = parse(OwnerVault, vault);
  if (counter < pins.vault_counter) refuse("counter_rollback");
  const isOther = compare(await sha256(vault), pins.vault_hash) !== 0;
  if (counter === pins.vault_counter && isOther) refuse("counter_fork");
}

/** @param {{login_name: Uint8Array}} credentials */
const nameOf = ({ login_name }) => new TextDecoder().decode(normalLoginName(login_name));

/** @param {Says} says @param {boolean} [password_changed] */
const saysOf = ({ newest = false, withoutStorage = false, clock = false }, password_changed = false) =>
  ({ password_changed, newest, without_storage: withoutStorage, clock });

/**
 * The head that an answer is. One that does not parse is the service's fault, not that of the account.
 * @param {import("./service.mjs").Answer} answer
 */
function headOf({ body }) {
  try {
    parse(PasswordHeader, body);
  } catch (error) {
    if (error instanceof Refusal) throw new Unsettled("the head of the login is damaged");
    throw error;
  }
  return body;
}

/**
 * Whether a head is of the keys that this end sent last.
 * @param {import("./memory.mjs").Kept | null} kept @param {Uint8Array} head
 */
function isOwnHead(kept, head) {
  const keys = kept === null || kept.begins === "request" ? null : parse(Publication, kept.body).keys;
  return keys !== null && compare(keys.keys.subarray(0, HEAD), head) === 0;
}
