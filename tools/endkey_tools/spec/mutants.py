"""Seeds, mutants and near-misses, and the question put to an implementation whether it agrees on them."""

import json
import random
import subprocess

from . import texts
from .codec import answer
from .document import MissingTool
from .grammar import Fault

SEED = "endkey mutants 1"
# Structs that `endkey inspect --lines` reads: messages, tokens, and the head that a login shows.
EXTRA = ["PasswordHeader", "Token"]


def names(registry):
    return sorted({one["struct"] for one in registry["messageTypes"]} | set(EXTRA))


def seeds(repository, per_struct):
    """(struct, bytes): made from the grammar, then those of vectors that a `wire/` operation accepts."""
    rng = random.Random(SEED)
    codec = repository.codec
    found = [
        (name, codec.encode(name, codec.make(name, rng)))
        for name in names(repository.registry)
        for _ in range(per_struct)
    ]
    for operation, test in repository.vectors.all():
        if operation.startswith("wire/") and test["expect"]["outcome"] == "ok":
            data = bytes.fromhex(test["in"]["message"])
            if len(data) <= 5000:
                found.append((operation.removeprefix("wire/"), data))
    return found


def mutate(codec, name, data, rng):
    """One or two changes, aimed at the fields that the codec sees, or at any byte."""
    if rng.random() < 0.1:
        data = once(codec, name, data, rng)
    return once(codec, name, data, rng)


def once(codec, name, data, rng):
    answer(codec, name, data)
    spans = codec.spans or [(0, 0, "opaque")]
    aimed = [span for span in spans if span[2] not in ("opaque", "element")]
    elements = [span for span in spans if span[2] == "element"]
    copy, choice = bytearray(data), rng.randrange(10)
    position = rng.randrange(len(copy)) if copy else 0
    if choice == 0:
        return data[: rng.randrange(len(data) + 1)]
    if choice == 1:
        return data + rng.randbytes(rng.choice([1, 1, 2, 20]))
    if choice == 2:
        return bytes(copy[:position]) + rng.randbytes(rng.choice([1, 2, 8, 16])) + bytes(copy[position:])
    if choice == 3:
        return bytes(copy[:position] + copy[position + rng.choice([1, 2, 8, 16]) :])
    if choice == 4 and copy:
        copy[position] ^= 1 << rng.randrange(8)
    elif choice == 5 and len(elements) > 1:
        # Two elements change places, or one takes the other's.
        (a, n, _), (b, m, _) = sorted(rng.sample(elements, 2))
        if a + n <= b:
            first = data[a : a + n]
            second = data[b : b + m] if rng.random() < 0.5 else first
            return data[:a] + second + data[a + n : b] + first + data[b + m :]
    elif choice == 6 and spans:
        # Cut at a field's edge, where off-by-one faults live.
        start, size, _ = rng.choice(spans)
        return data[: max(0, start + rng.choice([0, size, size - 1]))]
    elif aimed:
        start, size, _ = rng.choice(aimed)
        old = int.from_bytes(data[start : start + size], "big")
        new = rng.choice(
            [
                0,
                1,
                old - 1,
                old + 1,
                old ^ 1 << rng.randrange(8 * size),
                256**size - 1,
                2**53 - 1,
                2**53,
                rng.randrange(256**size),
            ]
        )
        copy[start : start + size] = (new % 256**size).to_bytes(size, "big")
    return bytes(copy)


def mutants(repository, count):
    rng = random.Random(SEED)
    pool = seeds(repository, 40)
    yield from pool[:count]
    for index in range(count - min(count, len(pool))):
        name, data = pool[index % len(pool)]
        yield name, mutate(repository.codec, name, data, rng)


def near_misses(repository, count):
    """(text form, text): right ones, and texts one step beside right ones."""
    rng = random.Random(SEED)
    codec, alphabet = repository.codec, texts.BASE64URL
    for index in range(count):
        name = list(texts.FORMS)[index % len(texts.FORMS)]
        struct = texts.FORMS[name][1]
        data = codec.encode(struct, codec.make(struct, rng))
        choice = rng.randrange(12)
        if choice == 0:
            data = mutate(codec, struct, data, rng)
        if texts.is_bech32m(name):
            size = codec.grammar.bounds(struct)[0]
            data = data[:size].ljust(size, b"\1")
        text = bytearray(texts.encode(name, data))
        place = rng.randrange(len(text))
        if choice == 1:
            text[place] = rng.choice(alphabet)
        elif choice == 2:
            text[place] = rng.choice(b'+/= \n\r\t.~\0\xc3\xff"<biBI1O')
        elif choice == 3:
            del text[place]
        elif choice == 4:
            text.insert(place, rng.choice(alphabet))
        elif choice == 5:
            text[-1] = rng.choice(alphabet)
        elif choice == 6:
            text = text.upper()
        elif choice == 7:
            text[place : place + 1] = text[place : place + 1].swapcase()
        elif choice == 8:
            text = text[:place]
        elif choice == 9:
            prefixes = [b"ekt1_", b"eks1_", b"ekc1", b"ekb1", b"ekr1", b"EKT1_", b"ekt2_", b"", b" "]
            text[: rng.randrange(6)] = rng.choice(prefixes)
        elif choice == 10:
            text += rng.choice([b"=", b"==", b"\n", b"A", b"AA", b"\0"])
        yield name, bytes(text)


def line(name, data):
    return f"{name} {data.hex()}\n"


def ask(command, cases):
    """What an implementation answers, as Fault or None, one for each case."""
    process = subprocess.run(
        [*command, "inspect", "--lines"],
        input="".join(line(*case) for case in cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    answers = process.stdout.splitlines()
    if process.returncode or len(answers) != len(cases):
        raise MissingTool(
            f"{command[0]} inspect --lines: {len(answers)} answers to {len(cases)} lines, exit "
            f"{process.returncode}: {process.stderr.strip()[:200]}"
        )
    found = []
    for text in answers:
        one = json.loads(text)
        found.append(None if one["ok"] is True else Fault(one["code"], one["offset"]))
    return found


def disagreements(repository, command, cases):
    """Cases on which document and implementation differ."""
    faults = []
    for (name, data), said in zip(cases, ask(command, cases)):
        ours = answer(repository.codec, name, data)
        if ours != said:
            shown = data.hex() if len(data) <= 200 else data[:200].hex() + f"... ({len(data)} bytes)"
            faults.append(f"{name}: the document says {ours or 'right'}, the implementation {said or 'right'}: {shown}")
    return faults
