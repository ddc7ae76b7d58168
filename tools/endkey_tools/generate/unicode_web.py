"""What section 9.1 needs of Unicode 17.0.0, for the client in JavaScript: as the package unicodedata2 holds it.

It shares nothing with the generators for the other implementations: a mistake in one is seen in another.
"""

from pathlib import PurePosixPath

import unicodedata2 as unicode

TARGET = PurePosixPath("clients/web/endkey/unicode/tables.mjs")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
HANGUL = range(0xAC00, 0xD7A4)  # decomposed by arithmetic


def base36(number: int) -> str:
    return DIGITS[number] if number < 36 else base36(number // 36) + DIGITS[number % 36]


def ranges(value_of) -> list[tuple[int, int, int]]:
    """(first, count, value) of neighbouring code points with one value that is not 0."""
    found: list[tuple[int, int, int]] = []
    for point in range(0x110000):
        value = value_of(chr(point))
        if not value:
            continue
        if found and found[-1][0] + found[-1][1] == point and found[-1][2] == value:
            found[-1] = (found[-1][0], found[-1][1] + 1, value)
        else:
            found.append((point, 1, value))
    return found


def canonical(point: int) -> list[int]:
    text = unicode.decomposition(chr(point))
    return [] if not text or text.startswith("<") or point in HANGUL else [int(part, 16) for part in text.split()]


def packed(rows: list[list[int]]) -> str:
    """Rows of numbers in base 36; the first of a row is the difference from the row before."""
    last, texts = 0, []
    for first, *others in rows:
        texts.append(" ".join(map(base36, [first - last, *others])))
        last = first
    return ",".join(texts)


def literal(text: str) -> str:
    lines = [text[i:i + 114] for i in range(0, len(text), 114)]
    return " +\n".join(f'  "{line}"' for line in lines)


def source() -> str:
    assert unicode.unidata_version == "17.0.0", unicode.unidata_version
    assigned = ranges(lambda character: unicode.category(character) != "Cn")
    classes = ranges(unicode.combining)
    decompositions = [[point, *canonical(point)] for point in range(0x110000) if canonical(point)]
    compositions = [row for row in decompositions
                    if len(row) == 3 and unicode.normalize("NFC", chr(row[0])) == chr(row[0])]
    parts = [
        ("ASSIGNED", "Ranges of assigned code points: first, count.", [[first, count] for first, count, _ in assigned]),
        ("CLASSES", "Ranges of one canonical combining class that is not 0: first, count, class.", map(list, classes)),
        ("DECOMPOSITIONS", "Canonical decompositions, one step: code point, its one or two parts.", decompositions),
        ("COMPOSITES", "Those that NFC composes again.", [row[:1] for row in compositions]),
    ]
    text = (
        "// Unicode 17.0.0. Made by `tools/run generate unicode_web`; not edited. Numbers in base 36, the first "
        "of a row as the\n// difference from the row before.\n")
    for name, about, rows in parts:
        text += f"\n/** {about} */\nexport const {name} =\n{literal(packed(list(rows)))};\n"
    return text


def outputs() -> dict[PurePosixPath, str]:
    return {TARGET: source()}
