"""Inputs of vectors, changed at random (the same in every run): each gets an answer of the protocol, never a fault."""

import copy
import json
import random

import vectors

LINES = 4000
LONGEST = 20_000
ODD = [
    None,
    0,
    1,
    -1,
    2**53,
    2**64,
    1.5,
    True,
    False,
    "",
    "00",
    "f",
    "FF",
    "ff" * 32,
    "00" * 32,
    "01" + "00" * 31,
    [],
    {},
    [1],
    "x",
    "\ud800",
    {"a": 1},
    "\u00e9",
]


def places(value, path=()):
    """The paths of all values within."""
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, path + (key,))


def changed(value, source):
    way = source.randrange(6)
    if isinstance(value, str) and value and way < 4:
        place = source.randrange(len(value))
        whole = place // 2 * 2
        if way == 0:
            return value[:place] + source.choice("0123456789abcdef") + value[place + 1 :]
        if way == 1:
            return value[:whole]
        if way == 2:
            return value[:whole] + value[whole + 2 :]
        return value[:whole] + source.choice(["00", "ff", "80"]) * source.choice([1, 16]) + value[whole:]
    return copy.deepcopy(source.choice(ODD))


def change_one(inputs, source):
    path = source.choice(list(places(inputs)))
    holder = inputs
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = changed(holder[path[-1]], source)


def is_answer(answer):
    if answer.get("seq") != 1:
        return False
    if answer["outcome"] == "error":
        return not answer["detail"].startswith("internal")
    return answer["outcome"] in ("ok", "reject")


def test_damaged_inputs(report):
    source = random.Random("damage")
    faults: dict[str, list] = {}
    inputs_of = [(file["op"], json.dumps(test["in"])) for file in vectors.files() for test in file["tests"]]
    inputs_of = [(op, text) for op, text in inputs_of if op != "pbkdf2" and len(text) < LONGEST]
    for _ in range(LINES):
        op, text = source.choice(inputs_of)
        inputs = json.loads(text)
        for _ in range(source.choice([1, 1, 1, 2, 3])):
            if inputs:
                change_one(inputs, source)
        answer = vectors.run(op, inputs)
        faults.setdefault(op, [])
        if not is_answer(answer):
            faults[op].append([answer, inputs])
    for op, found in faults.items():
        report(not found, f"damaged inputs of {op}", vectors.short(found[:1]))
