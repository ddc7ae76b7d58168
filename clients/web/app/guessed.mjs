// Why a password will be guessed, as the command line says it: what guessers try first. It proves of none that it is
// good.

const FIRST_TRIED = ["passwordpassword", "password", "correct horse battery staple", "correcthorsebatterystaple",
  "iloveyou", "letmein", "administrator", "changeme", "welcome", "trustno1"];
const ROWS = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm"];
/** @type {Record<string, string>} the usual figures for letters */
const FIGURES = { 0: "o", 1: "i", "!": "i", 3: "e", 4: "a", "@": "a", 5: "s", $: "s" };
const [SHORT, NEW] = [12, 10];
/** How many characters there may be besides a word. */
const BESIDES = { common: 4, login: 8 };

/** @param {string} text */
const folded = (text) => [...text.toLowerCase()].map((one) => FIGURES[one] ?? one).join("");

/**
 * Whether two characters stand side by side on a row of keys.
 * @param {string} left @param {string} right
 */
const areNeighbours = (left, right) => ROWS.some((row) => row.includes(left + right) || row.includes(right + left));

/**
 * Whether a character is more than the one before, its neighbour, or the next of something that repeats itself.
 * @param {string} text @param {number} at
 */
function isNew(text, at) {
  if (at === 0) return true;
  const [last, one] = [text[at - 1], text[at]];
  if (Math.abs(last.charCodeAt(0) - one.charCodeAt(0)) <= 1 || areNeighbours(folded(last), folded(one))) return false;
  for (let period = 1; period <= 4 && at >= 2 * period - 1; period++) {
    const end = at + 1;
    if (text.slice(end - period, end) === text.slice(end - 2 * period, end - period)) return false;
  }
  return true;
}

/**
 * What makes a password easy to guess; null for nothing that is known.
 * @param {string} password @param {string} login
 */
export function weakness(password, login) {
  const isMost = (/** @type {string} */ word, /** @type {number} */ besides) =>
    password.length - word.length <= besides && folded(password).includes(word);
  if (new TextEncoder().encode(password).length < SHORT) return "since it is short";
  if (FIRST_TRIED.map(folded).some((word) => isMost(word, BESIDES.common))) {
    return "since it is one of the first that are tried";
  }
  const name = folded(login.split("@")[0]);
  if (name.length > 3 && isMost(name, BESIDES.login)) return "since it is little more than the login name";
  const fresh = Array.from(password, (_, at) => at).filter((at) => isNew(password, at));
  return fresh.length < NEW ? "since it repeats itself or runs along the keyboard" : null;
}
