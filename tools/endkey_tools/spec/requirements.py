"""Requirement ids: where they are defined, who cites them, and what has none."""

import json
import re
from collections import Counter

ID = re.compile(r"R-((?:\d+|[A-Z])(?:\.\d+)*)-(\d+)")
# Rules for a page are tested by the tests of the page, some rules for every client by checks of the runner.
CITED_IN = (
    ("Tests", ".swift"),
    ("vectors", ".json"),
    ("Sources/EndkeyConformance/Checks", ".swift"),
    ("clients/web/test", ".mjs"),
    ("clients/web/test_dashboard.py", ".py"),
    ("clients/web/test_opened.py", ".py"),
)
# Made of the document, so it names every id.
TEXTS = "vectors/conformance/requirements.json"
MENTIONED_IN = (*CITED_IN, ("Sources", ".swift"), ("spec/formal", ".md", ".pml", ".maude", ".pv", ".py"))


def parts(name):
    """Section and number of a requirement's id."""
    match = ID.fullmatch(name)
    if match is None:
        raise ValueError(f"{name} is no id of a requirement")
    return match[1], match[2]


def defined(document):
    """id -> section in which it is defined, in bold at the start of its paragraph; and ids defined twice."""
    found, twice = {}, []
    for number, section in document.sections().items():
        for node in section.iter("strong"):
            if next(node.iterancestors("section")) is section and ID.fullmatch("".join(node.itertext())):
                name = "".join(node.itertext())
                twice += [name] * (name in found)
                found[name] = number
    return found, twice


def texts(document):
    """What TEXTS holds: the chapters' titles and the text of every requirement, for tools that have not the document.
    """
    sections = document.sections()
    titles = {number: "".join(node.find("name").itertext()) for number, node in sections.items() if "." not in number}
    found, _ = defined(document)
    paragraphs = {}
    for number, text in document.paragraphs():
        match = ID.match(text)
        if match and found.get(match[0]) == number:
            paragraphs[match[0]] = {"section": number, "text": text[len(match[0]) :].strip()}
    made = {"schema": "endkey-requirements-1", "spec": "1.0", "sections": titles, "requirements": paragraphs}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def told(repository):
    """The texts of requirements that the runner shows are those of the document, and none is missing."""
    path = repository.root / TEXTS
    stands = path.read_text() if path.exists() else ""
    found, _ = defined(repository.document)
    made = texts(repository.document)
    known = json.loads(made)["requirements"]
    faults = [f"{name} has no text" for name in found if not known.get(name, {}).get("text")]
    if stands != made:
        faults.append(f"{TEXTS} differs; run tools/run tables")
    return len(known), faults


def ids(repository):
    """Ids are unique and bear the number of their section; ids that the text cites exist. A number that has gone is not
    used again, so there may be gaps.
    """
    found, twice = defined(repository.document)
    faults = [f"{name} is defined twice" for name in twice]
    faults += [
        f"{name} stands in section {number}" for name, number in found.items() if parts(name)[0] != number
    ]
    for number, text in repository.document.paragraphs():
        faults += [
            f"section {number} cites {name}, which is not defined"
            for name in mentioned(text)
            if name not in found and name != "R-x-y"
        ]
    return len(found), faults


def musts(repository):
    """Every paragraph with MUST or MUST NOT has an id."""
    count, faults = 0, []
    for number, text in repository.document.paragraphs():
        if re.search(r"\bMUST\b", text) and "BCP 14" not in text:
            count += 1
            if not ID.match(text):
                faults.append(f"section {number}: a MUST without an id: {text[:100]}")
    return count, faults


def mentioned(text):
    return {match[0] for match in ID.finditer(text)}


def known_elsewhere(repository, places):
    """id -> files that name it."""
    found: dict = {}
    for folder, *suffixes in places:
        for path, text in repository.sources(folder, *suffixes).items():
            if path == TEXTS:
                continue
            for name in mentioned(text):
                found.setdefault(name, []).append(path)
    return found


def cited(repository):
    """Every id is cited by a test or a vector, or excused."""
    found, _ = defined(repository.document)
    known, excuses = known_elsewhere(repository, CITED_IN), repository.excuses["requirements"]
    faults = [
        f"{name} is cited by no test and no vector" for name in found if name not in known and name not in excuses
    ]
    faults += [f"excuse for {name} is not needed" for name in excuses if name in known or name not in found]
    faults += [f"excuse for {name} gives no reason" for name, reason in excuses.items() if len(reason) < 20]
    return len(found), faults


def citations(repository):
    """Every vector cites an id that exists; ids named anywhere exist."""
    found, _ = defined(repository.document)
    faults, vectors = [], repository.vectors.all()
    for _, test in vectors:
        if not test.get("req"):
            faults.append(f"{test['id']} cites no requirement")
        faults += [
            f"{test['id']} cites {name}, which does not exist" for name in test.get("req", []) if name not in found
        ]
    for name, paths in known_elsewhere(repository, MENTIONED_IN).items():
        faults += [f"{path} names {name}, which does not exist" for path in paths if name not in found]
    faults += [
        f"vector id {name} is there {times} times"
        for name, times in Counter(test["id"] for _, test in vectors).items()
        if times > 1
    ]
    return len(vectors), faults


def codes(value):
    """All codes in an expectation: of the vector itself, and of findings, damage, notes and steps within its output."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in ("code", "error") and isinstance(one, str):
                yield one
            yield from codes(one)
    elif isinstance(value, list):
        for one in value:
            yield from codes(one)


def negatives(repository):
    """Every error code has a negative vector, or is excused; vectors use no other code."""
    stated = [one["code"] for one in repository.registry["errors"]]
    layers = {one["code"]: one["layer"] for one in repository.registry["errors"]}
    found, faults, excuses = set(), [], repository.excuses["codes"]
    for _, test in repository.vectors.all():
        here = set(codes(test["expect"]))
        found |= here
        faults += [f"{test['id']}: no code {name}" for name in here if name not in layers]
        if "layer" in test["expect"] and layers.get(test["expect"]["code"]) != test["expect"]["layer"]:
            faults.append(f"{test['id']}: {test['expect']['code']} is of layer {layers.get(test['expect']['code'])}")
    faults += [f"{name} has no negative vector" for name in stated if name not in found and name not in excuses]
    faults += [f"excuse for {name} is not needed" for name in excuses if name in found or name not in stated]
    faults += [f"excuse for {name} gives no reason" for name, reason in excuses.items() if len(reason) < 20]
    return len(stated), faults
