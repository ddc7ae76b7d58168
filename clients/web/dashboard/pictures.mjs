// Screenshots and camera shots that counted batches name: fetched and opened when they come near the screen, and shown
// only if they are the bytes that the batch named.

import { fromHex } from "../endkey/bytes.mjs";
import { openBlob } from "../endkey/protocol/blobs.mjs";
import { agentKey } from "../endkey/protocol/keys.mjs";
import { element } from "./report.mjs";
import { fetchBlob } from "./service.mjs";

/** @typedef {import("./counted.mjs").Picture} Picture */

const TILE = 14;  // rem, least width

/** What the browser may decode, by its first bytes: no format that could hold script. */
const KINDS = [
  { type: "image/png", start: [0x89, 0x50, 0x4e, 0x47] }, { type: "image/jpeg", start: [0xff, 0xd8, 0xff] },
  { type: "image/webp", start: [0x52, 0x49, 0x46, 0x46] },
];

/** @type {Record<string, string>} */
const FAULTS = {
  blob_missing: "The service does not give this picture, though a counted record names it.",
  blob_open_failed: "What the service gives is not the picture that the record names.",
};
/** How many are fetched at a time when all are looked at. */
const AT_ONCE = 4;

/** @param {{field: string}} item */
export const isPicture = ({ field }) => field === "screenshot" || field === "camera_shot";

/**
 * Pictures of which it is known whether the service gives what the record names: the code of the fault, or none.
 * @typedef {Map<string, string | null>} Looked
 */

/** @param {Picture} picture @param {string} agent */
export const nameOf = ({ digest }, agent) => `${agent} ${digest}`;

/**
 * The code of what is wrong with a picture; "unavailable" where the service did not answer, which says nothing of it.
 * @param {any} error
 */
const faultOf = (error) => (Object.hasOwn(FAULTS, error?.code) ? error.code : "unavailable");

/**
 * Looks at all pictures that nobody has looked at yet, some at a time.
 * @param {Picture[]} pictures @param {import("./service.mjs").Blobs | null} blobs
 * @param {import("./opener.mjs").Opener} opener
 * @param {(picture: Picture) => string} agentOf @param {(picture: Picture, fault: string | null) => void} looked
 */
export async function lookAtAll(pictures, blobs, opener, agentOf, looked) {
  const rest = [...pictures];
  const work = async () => {
    for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
      const picture = one;
      await open(picture, agentOf(picture), blobs, opener).then(() => looked(picture, null),
        (error) => looked(picture, faultOf(error)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/**
 * The content of a picture, as its batch names it.
 * @param {Picture} picture @param {string} agent @param {import("./service.mjs").Blobs | null} blobs
 * @param {import("./opener.mjs").Opener} opener
 */
async function open({ field, length, digest }, agent, blobs, opener) {
  const keysOf = (/** @type {number} */ epoch, /** @type {Uint8Array} */ id) =>
    Promise.all(opener.masterKeys.filter((one) => one.epoch === epoch)
      .map(({ key }) => agentKey(key, opener.account, epoch, id)));
  const message = blobs === null ? null : await fetchBlob(blobs, agent, digest);
  const { content } = await openBlob(opener.account, keysOf, message, { field, length, digest: fromHex(digest) });
  return content;
}

/**
 * @param {import("./list.mjs").List} list @param {Picture[]} pictures
 * @param {import("./service.mjs").Blobs | null} blobs
 * @param {import("./opener.mjs").Opener} opener @param {(picture: Picture) => (Node | string)[]} caption
 * @param {(picture: Picture) => string} agentOf @param {(picture: Picture, fault: string | null) => void} looked called
 * when it is known whether the service gives what the record names
 */
export function drawPictures(list, pictures, blobs, opener, caption, agentOf, looked) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const columns = Math.max(1, Math.floor(list.place.clientWidth / (TILE * rem)));
  const tile = (/** @type {Picture} */ picture) => {
    const image = document.createElement("img");
    image.alt = "";
    const says = element("p", "empty");
    const figure = element("figure", "", image, says, element("figcaption", "where", ...caption(picture)));
    open(picture, agentOf(picture), blobs, opener).then((content) => {
      looked(picture, null);
      const kind = KINDS.find(({ start }) => start.every((byte, i) => content[i] === byte));
      if (kind === undefined) {
        says.textContent = `No picture that can be shown: ${content.length} bytes.`;
        return;
      }
      const address = URL.createObjectURL(new Blob([content], { type: kind.type }));
      image.onload = image.onerror = () => URL.revokeObjectURL(address);
      image.src = address;
    }).catch((error) => {
      figure.dataset.code = faultOf(error);
      says.textContent = FAULTS[faultOf(error)] ?? "This picture could not be had from the service.";
      looked(picture, faultOf(error));
    });
    return figure;
  };
  list.show(Math.ceil(pictures.length / columns), (index) => {
    const row = element("li", "tiles", ...pictures.slice(index * columns, (index + 1) * columns).map(tile));
    row.style.setProperty("--columns", String(columns));
    return row;
  });
}
