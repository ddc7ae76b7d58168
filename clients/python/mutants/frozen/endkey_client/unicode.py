"""Normalization Form C with the data of Unicode 17.0.0 (section 9.1; UAX #15). The tables are in unicode_tables.py."""

from . import unicode_tables

HANGUL_S, HANGUL_L, HANGUL_V, HANGUL_T = 0xAC00, 0x1100, 0x1161, 0x11A7
L_COUNT, V_COUNT, T_COUNT = 19, 21, 28
N_COUNT = V_COUNT * T_COUNT
S_COUNT = L_COUNT * N_COUNT


def is_assigned(code_point: int) -> bool:
    """Whether the general category is not Cn."""
    return unicode_tables.is_assigned(code_point)


def combining_class(code_point: int) -> int:
    return unicode_tables.COMBINING_CLASSES.get(code_point, 0)


def decompose_hangul(code_point: int) -> list[int]:
    index = code_point - HANGUL_S
    parts = [HANGUL_L + index // N_COUNT, HANGUL_V + index % N_COUNT // T_COUNT]
    if index % T_COUNT:
        parts.append(HANGUL_T + index % T_COUNT)
    return parts


def decompose(code_point: int) -> list[int]:
    """The full canonical decomposition."""
    if HANGUL_S <= code_point < HANGUL_S + S_COUNT:
        return decompose_hangul(code_point)
    mapping = unicode_tables.DECOMPOSITIONS.get(code_point)
    if mapping is None:
        return [code_point]
    return [part for mapped in mapping for part in decompose(mapped)]


def reorder(code_points: list[int]) -> list[int]:
    """Canonical ordering: runs of non-starters, sorted by class, equal classes in their order."""
    ordered: list[int] = []
    run: list[int] = []
    for code_point in code_points:
        if combining_class(code_point) == 0:
            ordered += sorted(run, key=combining_class)
            ordered.append(code_point)
            run = []
        else:
            run.append(code_point)
    return ordered + sorted(run, key=combining_class)


def compose_pair(first: int, second: int) -> int | None:
    """The primary composite of two, or None."""
    if HANGUL_L <= first < HANGUL_L + L_COUNT and HANGUL_V <= second < HANGUL_V + V_COUNT:
        return HANGUL_S + ((first - HANGUL_L) * V_COUNT + second - HANGUL_V) * T_COUNT
    is_lv = HANGUL_S <= first < HANGUL_S + S_COUNT and (first - HANGUL_S) % T_COUNT == 0
    if is_lv and HANGUL_T < second < HANGUL_T + T_COUNT:
        return first + second - HANGUL_T
    return unicode_tables.COMPOSITIONS.get((first, second))


def compose(code_points: list[int]) -> list[int]:
    output: list[int] = []
    starter = None
    last_class = 0
    for code_point in code_points:
        this_class = combining_class(code_point)
        adjacent = starter is not None and len(output) == starter + 1
        blocked = not adjacent and last_class >= this_class
        if starter is not None and not blocked:
            composite = compose_pair(output[starter], code_point)
            if composite is not None:
                output[starter] = composite
                continue
        if this_class == 0:
            starter = len(output)
        last_class = this_class
        output.append(code_point)
    return output


def nfc(text: str) -> str:
    decomposed = [part for character in text for part in decompose(ord(character))]
    return "".join(map(chr, compose(reorder(decomposed))))
