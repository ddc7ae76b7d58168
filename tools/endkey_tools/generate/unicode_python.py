"""What section 9.1 needs of Unicode 17.0.0, for the client in Python: as the package unicodedata2 holds it.

It shares nothing with the generators for the other implementations: a mistake in one is seen in another.
"""

import textwrap
from pathlib import PurePosixPath

import unicodedata2 as ucd

TARGET = PurePosixPath("clients/python/endkey_client/unicode_tables.py")
HANGUL = range(0xAC00, 0xAC00 + 11172)
ALL = range(0x110000)


def assigned_ranges():
    """The first code point of each range and the first behind it, in turn."""
    edges, inside = [], False
    for code_point in ALL:
        if (ucd.category(chr(code_point)) != "Cn") != inside:
            edges.append(code_point)
            inside = not inside
    return edges + [0x110000] if inside else edges


def decompositions():
    for code_point in ALL:
        mapping = ucd.decomposition(chr(code_point))
        if code_point not in HANGUL and mapping and not mapping.startswith("<"):
            yield code_point, [int(part, 16) for part in mapping.split()]


def is_primary_composite(code_point):
    """Whether NFC keeps it: it is not excluded from composition."""
    return ucd.normalize("NFC", chr(code_point)) == chr(code_point)


def words(values):
    return "\n".join(textwrap.wrap(" ".join(values), 112))


def source():
    assert ucd.unidata_version == "17.0.0", ucd.unidata_version
    classes = [f"{c:X}:{ucd.combining(chr(c))}" for c in ALL if ucd.combining(chr(c))]
    mappings = list(decompositions())
    pairs = [f"{c:X}={'+'.join(f'{part:X}' for part in parts)}" for c, parts in mappings]
    excluded = [f"{c:X}" for c, _ in mappings if not is_primary_composite(c)]
    edges = [f"{edge:X}" for edge in assigned_ranges()]
    return f'''"""Data of Unicode 17.0.0. Made by `tools/run generate unicode_python`; not edited by hand."""

from bisect import bisect_right

# Where assigned ranges begin and end, in turn.
EDGES = [int(edge, 16) for edge in """
{words(edges)}
""".split()]

# Canonical combining classes other than 0.
COMBINING_CLASSES = {{int(c, 16): int(ccc) for c, ccc in (word.split(":") for word in """
{words(classes)}
""".split())}}

# Canonical decomposition mappings, Hangul syllables aside.
DECOMPOSITIONS = {{int(c, 16): [int(part, 16) for part in parts.split("+")] for c, parts in (
    word.split("=") for word in """
{words(pairs)}
""".split())}}

# Full composition exclusions among them.
EXCLUDED = {{int(c, 16) for c in """
{words(excluded)}
""".split()}}

COMPOSITIONS = {{tuple(parts): c for c, parts in DECOMPOSITIONS.items() if c not in EXCLUDED}}


def is_assigned(code_point: int) -> bool:
    return bisect_right(EDGES, code_point) % 2 == 1
'''


def outputs() -> dict[PurePosixPath, str]:
    return {TARGET: source()}
