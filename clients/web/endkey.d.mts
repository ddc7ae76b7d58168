/** Opens an Endkey account in a page of its owner's, and the text forms that stand there. README.md shows how. */

/** What the service stores of an account (section 12.7), as bytes. */
export interface Messages {
  /** The first 69 bytes of the person's PersonKeys. */
  head: Uint8Array;
  person_keys: Uint8Array;
  account_state: Uint8Array;
  password_wrap: Uint8Array | null;
  grant: Uint8Array | null;
  owner_vault: Uint8Array;
  rule_set: Uint8Array | null;
}

export interface Login {
  loginName: string;
  password: string;
  /** The text that starts with ekb1, of an account that has one. */
  accountSecret?: string;
  /** The 16 bytes of the account's id, if they were noted, to hold the service's against them. */
  accountId?: Uint8Array;
}

/** What the person says beside the password. */
export interface Says {
  /** The password was changed elsewhere. */
  isPasswordChanged?: boolean;
  /** This disk was restored from a copy: what this browser remembers of the account is forgotten first. */
  isRestored?: boolean;
}

/** A text form's content, or the code for which it does not open. */
export type Opening = { value: string } | { code: string };

/** What a person compares with another device before trusting what is shown. */
export interface Standing {
  readonly made: Date;
  readonly generation: number;
  readonly counter: number;
  /** The first 8 hexadecimal digits of the AccountState's SHA-256. */
  readonly digits: string;
  /** What this browser remembered of the account. */
  readonly memory: "kept" | "unmarked" | "fresh" | "lost" | "damaged" | "denied";
  /** Whether a person said here before that what was shown is the newest. */
  readonly isConfirmed: boolean;
  /** Sentences to show to the person. */
  readonly warnings: readonly string[];
}

export interface Account {
  /** Hexadecimal. */
  readonly id: string;
  readonly standing: Standing;
  /** Opens a token-text or a blob-text; an own page writes the value with `textContent`. */
  open(text: string): Promise<Opening>;
  /** The person says that this is the newest record; false if another tab has opened a newer one. */
  confirm(): Promise<boolean>;
  /** Calls `told` when another tab opens a newer record of the account. */
  onNewer(told: () => void): void;
}

/**
 * Opens an account, against what this browser remembers of it.
 * @throws {Refusal} with the code for which it is refused; `messageOf` says it in words
 */
export function unlock(login: Login, messages: Messages, says?: Says): Promise<Account>;

/** Of what stands in the page now. */
export interface Counts {
  opened: number;
  /** Text forms that did not open, by code. */
  unopened: Map<string, number>;
  /** What looks like a text form and is none, by code. */
  skipped: Map<string, number>;
  /** Places that were left as they are, since another program of the page takes back what is written there. */
  contested: number;
}

export interface RevealOptions {
  /** Also look into open shadow roots, those of later too. Closed ones: `watch`. */
  shadow?: boolean;
  /** Also look into documents of frames of the same origin, and into what is loaded there later. */
  frames?: boolean;
  /** A selector of more elements whose text is left as it is. */
  leave?: string;
  /** Called after something was opened, or has left the page. */
  changed?: () => void;
}

export interface Revealing {
  readonly counts: Counts;
  /** Opens what stands in another node, too: a shadow root, or the document of a frame. */
  watch(root: Node): void;
  /** Ends it, and leaves the page as it is. */
  stop(): void;
  /** Ends it, and gives every text back what it held, unless another account's `reveal` opens it. */
  restore(): void;
}

/**
 * Opens the text forms that stand in a part of the page, now and as more appear. Text nodes stay the nodes that they
 * are; what stands in forms and in what can be edited stays closed. `::highlight(endkey-unopened)` styles what did not
 * open.
 */
export function reveal(
  root: Node, account: { open(text: string): Promise<Opening> }, options?: RevealOptions): Revealing;

/** An input that the specification says to refuse. */
export class Refusal extends Error {
  readonly code: string;
  readonly offset?: number;
}

/** What a refusal says to a person. */
export function messageOf(refusal: { code: string }): string;

/** A field of CSV, quoted, that no program takes for a formula. */
export function csvField(text: string): string;

/** JSON that steers no terminal and no editor. */
export function jsonText(value: unknown): string;
