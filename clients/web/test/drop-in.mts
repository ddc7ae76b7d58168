// Uses the drop-in as a page in TypeScript does: its types are checked, it is not run.

import { csvField, jsonText, messageOf, Refusal, reveal, unlock } from "../endkey.mjs";
import type { Messages, Opening } from "../endkey.mjs";

export async function use(messages: Messages): Promise<string> {
  try {
    const account = await unlock({ loginName: "ana", password: "x" }, messages, { isPasswordChanged: true });
    const revealing = reveal(document.body, account, { shadow: true, leave: ".mine", changed: () => {} });
    revealing.watch(document.createElement("div"));
    revealing.restore();
    const opening: Opening = await account.open("ekt1_");
    // @ts-expect-error: a value is there only where none of the codes is
    opening.value;
    // @ts-expect-error: what stands is for reading
    account.standing.counter = 1;
    return "value" in opening ? csvField(opening.value) : jsonText([account.standing.digits, revealing.counts.opened]);
  } catch (error) {
    return error instanceof Refusal ? `${messageOf(error)} ${error.offset?.toFixed()}` : "";
  }
}

// @ts-expect-error: a password is needed
unlock({ loginName: "ana" }, {});
