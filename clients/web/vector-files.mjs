// The files of vectors of a folder; what else lies there names another schema.

import { readdirSync, readFileSync } from "node:fs";

/** @param {string} folder @returns {{op: string, tests: any[]}[]} by name */
export function vectorFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")))
    .filter((file) => file.schema?.startsWith("endkey-vectors-"));
}
