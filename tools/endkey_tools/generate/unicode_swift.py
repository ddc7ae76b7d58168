"""What NFC needs of Unicode 17.0.0, and what its tests expect, in Swift.

The data come from the package `unicodedata2`, pinned, so the output does not depend on Python's own Unicode version.
The same input gives the same bytes. Every table is a string of printable ASCII, because the compiler takes
minutes for a nested array literal. A row is a fixed number of digits in base 64, most significant first;
the digit for n is the n-th character from "0" on, leaving out the backslash. A code point is 4 digits.

The samples come from the normaliser of `unicodedata2`, which shares no code with the one they test.
"""

import hashlib
from pathlib import PurePosixPath

import unicodedata2 as ucd

VERSION = "17.0.0"
TABLES = PurePosixPath("Sources/Endkey/Unicode/UnicodeTables.swift")
SAMPLES = PurePosixPath("Tests/EndkeyTests/NormalizationSamples.swift")
SAMPLE_COUNT = 1500
LINE = 100
DIGITS = [chr(c) for c in range(0x30, 0x71) if chr(c) != "\\"]
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xD7A4)


def number(value, width):
    assert 0 <= value < 64**width
    return "".join(DIGITS[value >> 6 * i & 63] for i in reversed(range(width)))


def ranges(value_of):
    """The maximal ranges (first, last, value) of scalars with one truthy value."""
    result: list = []
    for c in SCALARS:
        value = value_of(c)
        if not value:
            continue
        if result and result[-1][1] == c - 1 and result[-1][2] == value:
            result[-1][1] = c
        else:
            result.append([c, c, value])
    return result


def decompositions():
    """Rows (scalar, first, second) of the canonical mappings, one step; second is 0 for a singleton."""
    rows = []
    for c in SCALARS:
        mapping = ucd.decomposition(chr(c))
        if not mapping or mapping.startswith("<") or c in HANGUL:
            continue
        parts = [int(part, 16) for part in mapping.split()]
        assert 1 <= len(parts) <= 2 and 0 not in parts
        rows.append((c, parts[0], parts[1] if len(parts) == 2 else 0))
    return rows


def compositions(rows):
    """Indices of the rows that compose, in order of (first, second): the composition exclusions are out.

    A scalar is excluded (Full_Composition_Exclusion) exactly if it is not its own NFC.
    """
    indices = [i for i, (c, _, _) in enumerate(rows) if ucd.normalize("NFC", chr(c)) == chr(c)]
    assert all(rows[i][2] != 0 for i in indices)
    assert all(ucd.combining(chr(c)) == 0 for i in indices for c in rows[i][:2])
    pairs = [rows[i][1:] for i in indices]
    assert len(set(pairs)) == len(pairs)
    assert min(second for _, second in pairs) == 0x300 and rows[0][0] == 0xC0  # shortcuts of NFC
    return sorted(indices, key=lambda i: rows[i][1:])


def check_bounds():
    """What NFC.workspaceCount and NFC.maxInputCount rely on."""
    nfd = {c: ucd.normalize("NFD", chr(c)) for c in SCALARS}
    size = {c: len(chr(c).encode()) for c in SCALARS}
    # At most 1.5 scalars of NFD for a byte of UTF-8.
    assert all(2 * len(nfd[c]) <= 3 * size[c] for c in SCALARS)
    # The longest way to write a scalar of NFD; nothing longer stands for several of them.
    longest: dict = {}
    for c in SCALARS:
        if len(nfd[c]) == 1:
            longest[nfd[c]] = max(size[c], longest.get(nfd[c], 0))
    spelled = {c: sum(longest[d] for d in nfd[c]) for c in SCALARS}
    assert all(size[c] <= spelled[c] for c in SCALARS)
    # At most 3.5 bytes of text for a byte of NFC.
    assert all(2 * spelled[c] <= 7 * size[c] for c in SCALARS if ucd.normalize("NFC", chr(c)) == chr(c))


def literal(name, doc, rows):
    text = "".join(rows)
    lines = [text[i : i + LINE] for i in range(0, len(text), LINE)]
    body = "\\\n".join("    " + line for line in lines)
    comment = "".join(f"  /// {line}\n" for line in doc)
    return f'{comment}  static let {name}: String = """\n{body}\n    """\n'


def tables_source():
    mappings = decompositions()
    check_bounds()
    composing = compositions(mappings)
    classes = ranges(lambda c: ucd.combining(chr(c)))
    assigned = ranges(lambda c: ucd.category(chr(c)) != "Cn")
    assert assigned[0] == [0, 0x377, True] and classes[0][0] == 0x300  # shortcuts of NFC, again
    assert (len(mappings), len(composing)) == (2081, 961), (len(mappings), len(composing))

    tables = [
        literal(
            "decompositions",
            [
                f"{len(mappings):,} rows: scalar, first, second (0 for a singleton), 4 digits each; by scalar.",
                "One step of the canonical mapping; Hangul syllables are left to arithmetic.",
            ],
            [number(c, 4) + number(a, 4) + number(b, 4) for c, a, b in mappings],
        ),
        literal(
            "compositions",
            [
                f"{len(composing):,} rows: the index of a row of `decompositions`, 2 digits; by first, then second.",
                "The primary composites: the composition exclusions are left out.",
            ],
            [number(i, 2) for i in composing],
        ),
        literal(
            "combiningClasses",
            [
                f"{len(classes):,} rows: first scalar, last scalar, 4 digits each, class, 2 digits; by scalar.",
                "Scalars in no row have the canonical combining class 0.",
            ],
            [number(a, 4) + number(b, 4) + number(v, 2) for a, b, v in classes],
        ),
        literal(
            "assigned",
            [
                f"{len(assigned):,} rows: first scalar, last scalar, 4 digits each; by scalar.",
                "The scalar values whose general category is not Cn: private use is in, noncharacters are out.",
            ],
            [number(a, 4) + number(b, 4) for a, b, _ in assigned],
        ),
    ]
    return (
        "// Generated by `tools/run generate unicode_swift`. Do not edit.\n\n"
        f"/// The data of Unicode {VERSION} that `NFC` needs, packed; `UnicodeData` reads them.\n"
        "enum UnicodeTables {\n" + "\n".join(tables) + "}\n"
    )


class Dice:
    """Reproducible choices: SHA-256 of a counter."""

    def __init__(self):
        self.count = 0

    def below(self, bound):
        self.count += 1
        return int.from_bytes(hashlib.sha256(str(self.count).encode()).digest()[:8], "big") % bound

    def choice(self, options):
        return options[self.below(len(options))]


def samples():
    """Pairs of a text and its NFC: things that decompose, whole or taken apart, and marks in any order."""
    dice = Dice()
    composites = [chr(c) for c, _, _ in decompositions()]
    syllables = [chr(c) for c in HANGUL]
    jamo = [chr(c) for c in range(0x1100, 0x1200)]
    marks: dict = {}
    for c in SCALARS:
        if ucd.combining(chr(c)):
            marks.setdefault(ucd.combining(chr(c)), []).append(chr(c))
    classes = sorted(marks)
    kinds = [
        lambda: dice.choice(composites),
        lambda: ucd.normalize("NFD", dice.choice(composites)),
        lambda: ucd.normalize("NFD", dice.choice(syllables)),
        lambda: dice.choice(syllables) + dice.choice(jamo),
        lambda: dice.choice(jamo),
        lambda: "".join(dice.choice(marks[dice.choice(classes)]) for _ in range(1 + dice.below(3))),
        lambda: dice.choice(marks[230]) + dice.choice(marks[230]),
        lambda: dice.choice("Aeiou<="),
    ]
    result: list = []
    while len(result) < SAMPLE_COUNT:
        text = "".join(dice.choice(kinds)() for _ in range(2 + dice.below(3)))
        if len(text) <= 7:
            result.append((text, ucd.normalize("NFC", text)))
    return result


def samples_source():
    def line(text):
        return " ".join(f"{ord(c):04X}" for c in text)

    def assigned(*planes):
        return [chr(c) for c in SCALARS if c and c >> 16 in planes and ucd.category(chr(c)) != "Cn"]

    def digest(scalars, before="", after=""):
        state = hashlib.sha256()
        for c in scalars:
            state.update(ucd.normalize("NFC", before + c + after).encode() + b"\n")
        return state.hexdigest()

    scalars = assigned(0, 1, 2, 3, 14)
    among_marks = digest(assigned(0, 1), "\u0061\u0315", "\u0300\u0323")
    rows = "\n".join(f"    {line(text)};{line(normal)}" for text, normal in samples())
    return f'''// Generated by `tools/run generate unicode_swift`. Do not edit.

/// What another normaliser, that of Python's `unicodedata2`, makes of texts under Unicode {VERSION}.
enum NormalizationSamples {{
  /// How many scalar values of the planes 0 to 3 and 14 Unicode assigns, U+0000 not counted.
  static let assignedCount = {len(scalars)}

  /// SHA-256 over the NFC of each of them, in order, each followed by a line feed.
  static let everyScalar = "{digest(scalars)}"

  /// The same of U+0061 U+0315, the scalar value, U+0300 U+0323, for the planes 0 and 1.
  static let everyScalarAmongMarks = "{among_marks}"

  /// {SAMPLE_COUNT:,} lines: a text, a semicolon, its NFC; in code points.
  static let pairs = """
{rows}
    """
}}
'''


def outputs() -> dict[PurePosixPath, str]:
    assert ucd.unidata_version == VERSION, ucd.unidata_version
    return {TABLES: tables_source(), SAMPLES: samples_source()}
