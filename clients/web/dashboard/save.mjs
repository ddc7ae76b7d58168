// The counted totals as a file: CSV (R-18.2-4) for a person to read, in which nothing is hidden; or JSON, which says
// each value as it is.

import { legibly } from "../endkey/text/legible.mjs";
import { csvField, jsonText } from "../endkey/text/shown.mjs";

/**
 * @typedef {{computer: string, label: string, name: string, day: string, application: string, milliseconds: number}}
 *   Total
 */

/** @type {(keyof Total)[]} */
const COLUMNS = ["computer", "label", "name", "day", "application", "milliseconds"];

/** @type {Record<"csv" | "json", {type: string, write: (totals: Total[]) => string}>} */
export const FORMATS = {
  csv: {
    type: "text/csv",
    write: (totals) => [COLUMNS, ...totals.map((total) => COLUMNS.map((column) => legibly(String(total[column]))))]
      .map((fields) => `${fields.map(csvField).join(",")}\r\n`).join(""),
  },
  json: { type: "application/json", write: (totals) => `${jsonText(totals)}\n` },
};

/** @param {"csv" | "json"} format @param {Total[]} totals */
export function save(format, totals) {
  const { type, write } = FORMATS[format];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([write(totals)], { type }));
  link.download = `totals.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
