// QR codes (ISO/IEC 18004) of up to 213 bytes: byte mode, error correction level M, versions 1 to 10.

/** For each version: error correction bytes of a block, then how many blocks have how many data bytes. */
const BLOCKS = [
  [10, [[1, 16]]], [16, [[1, 28]]], [26, [[1, 44]]], [18, [[2, 32]]], [24, [[2, 43]]], [16, [[4, 27]]],
  [18, [[4, 31]]], [22, [[2, 38], [2, 39]]], [22, [[3, 36], [2, 37]]], [26, [[4, 43], [1, 44]]],
];
const BYTE_MODE = 4;
const PADDING = [0xec, 0x11];
/** Generators of the codes that protect format and version, and the pattern over the format. */
const [FORMAT, VERSION, FORMAT_MASK] = [0x537, 0x1f25, 0x5412];
/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Powers of 2 in the field of 256 elements, twice over, and their logarithms. */
const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++, x = (x << 1) ^ (x >= 128 ? 0x11d : 0)) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
}
const times = (/** @type {number} */ a, /** @type {number} */ b) => (a === 0 || b === 0 ? 0 : EXP[LOG[a] + LOG[b]]);

/**
 * The error correction bytes of a block.
 * @param {number[]} data @param {number} count
 */
function corrections(data, count) {
  let generator = [1];
  for (let i = 0; i < count; i++) {
    generator = [...generator, 0].map((one, j) => one ^ times(generator[j - 1] ?? 0, EXP[i]));
  }
  const rest = [...data, ...new Array(count).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    generator.forEach((one, j) => { rest[i + j] ^= times(one, factor); });
  }
  return rest.slice(data.length);
}

/** @param {any[][]} blocks @returns {any[]} one of each in turn */
const interleaved = (blocks) => Array.from({ length: Math.max(...blocks.map(({ length }) => length)) },
  (_, i) => blocks.flatMap((one) => one[i] ?? [])).flat();

/**
 * The bits of a text, with what corrects them; and the version that holds them.
 * @param {Uint8Array} text
 */
function encoded(text) {
  for (const [index, [count, blocks]] of /** @type {[number, [number, number[][]]][]} */ ([...BLOCKS.entries()])) {
    const sizes = blocks.flatMap(([times, size]) => new Array(times).fill(size));
    const capacity = sizes.reduce((sum, size) => sum + size, 0);
    const lengthBits = index + 1 < 10 ? 8 : 16;
    if (4 + lengthBits + 8 * text.length > 8 * capacity) continue;
    const bits = [...binary(BYTE_MODE, 4), ...binary(text.length, lengthBits)];
    for (const one of text) bits.push(...binary(one, 8));
    bits.push(...new Array(Math.min(4, 8 * capacity - bits.length)).fill(0));
    while (bits.length % 8 > 0) bits.push(0);
    const data = Array.from({ length: bits.length / 8 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8).join(""), 2));
    for (let i = 0; data.length < capacity; i++) data.push(PADDING[i % 2]);
    const parts = sizes.map((size) => data.splice(0, size));
    const all = [...interleaved(parts), ...interleaved(parts.map((part) => corrections(part, count)))];
    return { version: index + 1, bits: all.flatMap((one) => binary(one, 8)) };
  }
  throw new RangeError(`${text.length} bytes do not fit`);
}

/** @param {number} value @param {number} length @returns {number[]} the most significant first */
const binary = (value, length) => Array.from({ length }, (_, i) => (value >> (length - 1 - i)) & 1);

/**
 * A value with the bits that protect it behind it.
 * @param {number} value @param {number} generator @param {number} extra
 */
function guarded(value, generator, extra) {
  let rest = value << extra;
  for (let i = Math.floor(Math.log2(rest || 1)); i >= extra; i--) {
    if ((rest >> i) & 1) rest ^= generator << (i - extra);
  }
  return (value << extra) | rest;
}

/**
 * What every code of a version has, and where the format stands; null where data goes.
 * @param {number} version @param {number} mask
 */
function frame(version, mask) {
  const size = 17 + 4 * version;
  /** @type {(number | null)[][]} */
  const cells = Array.from({ length: size }, () => new Array(size).fill(null));
  const square = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ reach,
    /** @type {number[]} */ light) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (cells[y + dy]?.[x + dx] === undefined) continue;
        cells[y + dy][x + dx] = light.includes(Math.max(Math.abs(dx), Math.abs(dy))) ? 0 : 1;
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [2, 4]);
  const last = size - 7;
  const centres = version === 1 ? [] : version < 7 ? [6, last] : [6, (6 + last) / 2, last];
  for (const y of centres) {
    for (const x of centres) if (cells[y][x] === null) square(x, y, 2, [1]);
  }
  for (let i = 8; i < size - 8; i++) {
    cells[6][i] ??= (i + 1) % 2;
    cells[i][6] ??= (i + 1) % 2;
  }
  const format = binary(guarded(mask, FORMAT, 10) ^ FORMAT_MASK, 15);
  const near = [0, 1, 2, 3, 4, 5, 7, 8];
  format.forEach((bit, i) => {
    if (i < 8) cells[8][near[i]] = bit;
    else cells[near[14 - i]][8] = bit;
    if (i < 7) cells[size - 1 - i][8] = bit;
    else cells[8][size - 15 + i] = bit;
  });
  cells[size - 8][8] = 1;
  if (version >= 7) {
    binary(guarded(version, VERSION, 12), 18).reverse().forEach((bit, i) => {
      const [a, b] = [Math.floor(i / 3), size - 11 + (i % 3)];
      cells[a][b] = cells[b][a] = bit;
    });
  }
  return cells;
}

/**
 * The places of data: columns in pairs from the right, up and down in turn.
 * @param {(number | null)[][]} cells
 */
function* places(cells) {
  const size = cells.length;
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) right = 5;
    for (let i = 0; i < size; i++) {
      const y = isUp ? size - 1 - i : i;
      for (const x of [right, right - 1]) if (cells[y][x] === null) yield [x, y];
    }
  }
}

/**
 * How hard a pattern is to read.
 * @param {number[][]} cells
 */
function penalty(cells) {
  const size = cells.length;
  let sum = 0;
  for (const lines of [cells, cells.map((_, x) => cells.map((row) => row[x]))]) {
    for (const line of lines) {
      const text = line.join("");
      for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
      for (const pattern of [/(?=10111010000)/g, /(?=00001011101)/g]) sum += 40 * [...text.matchAll(pattern)].length;
    }
  }
  let dark = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      dark += cells[y][x];
      if (x + 1 === size || y + 1 === size) continue;
      const square = cells[y][x] + cells[y][x + 1] + cells[y + 1][x] + cells[y + 1][x + 1];
      if (square % 4 === 0) sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs((100 * dark) / (size * size) - 50) / 5);
}

/**
 * The modules of a QR code, row by row; 1 is dark.
 * @param {Uint8Array} text
 * @returns {number[][]}
 */
export function qrCode(text) {
  const { version, bits } = encoded(text);
  const made = MASKS.map((isMasked, mask) => {
    const cells = frame(version, mask);
    let i = 0;
    for (const [x, y] of [...places(cells)]) cells[y][x] = (bits[i++] ?? 0) ^ Number(isMasked(x, y));
    return /** @type {number[][]} */ (cells);
  });
  const penalties = made.map(penalty);
  return made[penalties.indexOf(Math.min(...penalties))];
}
