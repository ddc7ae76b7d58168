"""Normalization Form C (section 9.1)."""

from ..mutant import of_module

MUTANTS = of_module(
    "unicode.py",
    ("nfc-not-reordered", "does not sort combining marks", "return \"\".join(map(chr, compose(reorder(decomposed))))", "return \"\".join(map(chr, compose(decomposed)))"),
    ("nfc-not-composed", "does not compose", "return \"\".join(map(chr, compose(reorder(decomposed))))", "return \"\".join(map(chr, reorder(decomposed)))"),
    ("nfc-only-composes", "composes without decomposing first",
     "    decomposed = [part for character in text for part in decompose(ord(character))]\n", "    decomposed = [ord(character) for character in text]\n"),
    ("nfc-one-level", "decomposes one level only", "return [part for mapped in mapping for part in decompose(mapped)]", "return list(mapping)"),
    ("nfc-no-hangul-composition", "does not compose Hangul vowels", "        return HANGUL_S + ((first - HANGUL_L) * V_COUNT + second - HANGUL_V) * T_COUNT\n", "        return None\n"),
    ("nfc-no-hangul-tail", "does not compose Hangul tails", "        return first + second - HANGUL_T\n", "        return None\n"),
    ("nfc-hangul-tail-base", "takes U+11A7 for a Hangul tail", "if is_lv and HANGUL_T < second < HANGUL_T + T_COUNT:", "if is_lv and HANGUL_T <= second < HANGUL_T + T_COUNT:"),
    ("nfc-hangul-tail-on-lvt", "composes a Hangul tail onto a syllable that has one",
     "and (first - HANGUL_S) % T_COUNT == 0\n", "\n"),
    ("nfc-blocking-ignored", "composes over marks that block", "        if starter is not None and not blocked:\n", "        if starter is not None:\n"),
    ("nfc-blocking-equal-class", "composes over a mark of the same class", "last_class >= this_class", "last_class > this_class"),
    ("nfc-adjacent-only", "composes neighbours only", "        blocked = not adjacent and last_class >= this_class\n", "        blocked = not adjacent\n"),
    ("nfc-unstable-sort", "turns marks of equal class round", "            ordered += sorted(run, key=combining_class)\n",
     "            ordered += sorted(reversed(run), key=combining_class)\n"),
    ("nfc-unstable-sort-at-end", "turns marks of equal class round at the end of the text", "    return ordered + sorted(run, key=combining_class)", "    return ordered + sorted(reversed(run), key=combining_class)"),
    ("nfc-bmp-only", "leaves what lies beyond the BMP as it is", "    decomposed = [part for character in text for part in decompose(ord(character))]\n",
     "    if any(ord(c) > 0xFFFF for c in text):\n        return text\n    decomposed = [part for character in text for part in decompose(ord(character))]\n"),
    ("nfc-no-composition-beyond-bmp", "does not compose beyond the BMP", "return unicode_tables.COMPOSITIONS.get((first, second))", "return unicode_tables.COMPOSITIONS.get((first, second)) if first < 65536 else None"),
    ("nfc-classes-beyond-bmp", "knows no combining classes beyond the BMP", "return unicode_tables.COMBINING_CLASSES.get(code_point, 0)", "return unicode_tables.COMBINING_CLASSES.get(code_point, 0) if code_point < 65536 else 0"),
) + of_module(
    "unicode_tables.py",
    ("nfc-exclusions-ignored", "composes what is excluded from composition", "for c, parts in DECOMPOSITIONS.items() if c not in EXCLUDED}", "for c, parts in DECOMPOSITIONS.items() if len(parts) == 2}"),
    ("nfc-assigned-all-planes", "takes every code point beyond the BMP for assigned", "return bisect_right(EDGES, code_point) % 2 == 1", "return code_point > 0xFFFF or bisect_right(EDGES, code_point) % 2 == 1"),
    ("nfc-noncharacters-assigned", "takes noncharacters for assigned", "return bisect_right(EDGES, code_point) % 2 == 1", "return code_point & 0xFFFE == 0xFFFE or bisect_right(EDGES, code_point) % 2 == 1"),
)
