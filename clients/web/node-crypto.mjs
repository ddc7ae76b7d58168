// Node.js 18 has Web Crypto, but not yet as a global. The programs here import this first.

import { webcrypto } from "node:crypto";

globalThis.crypto ??= /** @type {Crypto} */ (webcrypto);
