"""Faults planted for every check, in a small complete repository made of the real document and a few vectors.

A check must find nothing in the repository as it is, and something in each damaged copy.
"""

import contextlib
import json
import random
import re
import shlex
import shutil
from unittest import mock

from endkey_tools.repository import ROOT
from endkey_tools.spec import checks, privacy, regions, requirements
from endkey_tools.spec.codec import Codec
from endkey_tools.spec.properties import TABLE
from endkey_tools.spec.repository import Repository

SCENARIOS = "vectors/conformance/scenarios.json"
# What examines each property of the small repository.
EXAMINED: dict = {
    "models": {"spin one": ["holds"], "maude two": ["opens"], "search": ["a case"], "proverif three": []},
    "requirements": ["R-2.2-1"],
    "vectors": ["wire/Grant"],
    "scenarios": ["off"],
    "tests": ["a property"],
}


def edit(path, old, new, times=1):
    """A plant: the first `old` in a file becomes `new`."""

    def plant(root):
        text = (root / path).read_text()
        if old not in text:
            raise ValueError(f"self-test: {path} has no {old!r}")
        (root / path).write_text(text.replace(old, new, times))
        return contextlib.nullcontext()

    return plant


def document(old, new):
    return edit("spec/endkey.md", old, new)


def stub(script):
    """A plant: the implementation's answers pass through a sed script."""
    return edit("endkey", "cat", f"sed '{script}'")


def patch(owner, name, value):
    return lambda root: mock.patch.object(owner, name, value)


def no_length(codec, struct, one, value, original=Codec.encode_field):
    encoded = original(codec, struct, one, value)
    return encoded[1:] if one.form and one.form[0] == "vector" else encoded


# check -> [(what is planted, plant, what the check must say)]
PLANTS = {
    "render": [
        ("an anchor used twice", document("# Spool {#spool}", "# Spool {#tokens}"), "ID"),
        ("a line that is too wide", document("Kvault[e]    =", "Kvault[e]" + " " * 40 + "="), "Too long"),
        ("a reference to nothing", document("({{privacy}})", "({{privaci}})"), "privaci"),
    ],
    "blocks": [
        ("a misspelt type of block", document("~~~ abnf", "~~~ abfn"), "abfn"),
        ("a struct block that is not extracted", document("~~~ tls-presentation", "~~~ pseudocode"), "expected"),
    ],
    "definitions": [
        ("an undefined type", document("  AgentId recipient;", "  AgentNo recipient;"), "AgentNo is not defined"),
        ("a value twice in an enum", document("required(1)", "required(0)"), "twice"),
        ("a struct twice", document("} ScopedKeys;", "} PastKey;"), "twice"),
        ("a case that is no value", document("case scoped:", "case scooped:"), "not the values"),
        ("an order by no field", document("ascending by person_id", "ascending by personid"), "no field personid"),
        ("a value of no enum", document("master if role is manager */", "monster if role is manager */"), "no value"),
        ("a bound by no field", document("at most audited_sequence", "at most audited_seqence"), "no field"),
    ],
    "sizes": [
        ("a wrong size of a struct", document("/* 69 bytes */", "/* 70 bytes */"), "PasswordHeader"),
        ("a field that changes a size", document("  opaque wrapped[40];", "  opaque wrapped[41];"), "PasswordWrap"),
        ("a wrong number of bytes before a field", document("/* 41 bytes before", "/* 42 bytes before"), "SealedBlob"),
        ("a bound below the least element", document("records<15..", "records<14.."), "fewer than 15"),
    ],
    "rules": [
        ("a clause that is almost a rule", document("/* at most 256 elements", "/* at most 256 element"), "no rule"),
        ("a rule that turned into prose", document("/* strictly ascending */", "/* sorted */"), "expected"),
        ("a multiple that is no rule", document("/* zeros to a multiple", "/* nulls to a multiple"), "no rule"),
    ],
    "prose": [
        ("a wrong range in a formula", document("bytes 0..105 of the Grant", "bytes 0..104 of the Grant"), "0..105"),
        ("a wrong greatest size", document("AccountState 68,888", "AccountState 68,880"), "68,888"),
        ("a wrong size of a text", document("| code | 47 |", "| code | 39 |"), "47"),
    ],
    "codec": [("an encoder that drops lengths", patch(Codec, "encode_field", no_length), ":")],
    "codec-vectors": [
        ("a wrong offset in a vector", edit("vectors/wire-Grant.json", '"offset": 24', '"offset": 25'), "cut"),
        (
            "a vector whose output is not its input",
            edit("vectors/wire-Grant.json", '"out": {"message": "454b01', '"out": {"message": "454b02'),
            "other bytes",
        ),
        ("a struct that is not the vectors'", document("  AgentId recipient;", "  Hash recipient;"), "right"),
    ],
    "codec-contents": [
        ("vault contents out of order", edit("vectors/vault-open.json", '"contents": "', '"contents": "ff'), "vault")
    ],
    "agreement": [
        ("an implementation with a wrong offset", stub('s/"truncated","offset":/&1/'), "truncated"),
        ("one that accepts any order", stub('s/.*not_canonical.*/{"ok":true}/'), "not_canonical"),
        ("one with another code", stub("s/unexpected_type/unknown_value/"), "unexpected_type"),
        (
            "one that refuses a right message",
            edit(
                "endkey",
                "| cat",
                '| awk \'NR == 7 { print "{\\"ok\\":false,\\"code\\":\\"truncated\\",\\"offset\\":0}"; next } 1\'',
            ),
            "right",
        ),
        (
            "a struct that is not the implementation's",
            document("  Epoch epoch;\n  opaque v[16];", "  Epoch epoch;\n  opaque v[12];"),
            "Token",
        ),
    ],
    "abnf": [
        ("an undefined rule", document("b64char     =", "b64letter   ="), "undefined"),
        ("a wrong count", document("54*5494b64char", "54*5495b64char"), "54.5494"),
        ("two rules that differ in case alone", document("upper32       =", "LOWER32       ="), "twice"),
        ("a syntax error", document("b64char     = ALPHA", "b64char     = = ALPHA"), "Error"),
    ],
    "abnf-texts": [
        (
            "a letter too many in the alphabet",
            document("lower32       = %x61 / %x63-68", "lower32       = %x61-68"),
            "code-text|secret-text|recovery-text",
        ),
        ("a letter missing", document('DIGIT / "-" / "_"', 'DIGIT / "-"'), "right, but not"),
        ("a prefix that ignores case", document('%s"ekt1_"', '"ekt1_"'), "bad_prefix"),
    ],
    "abnf-vectors": [
        ("a vector with another code", edit("vectors/text-token.json", "bad_prefix", "bad_base64url"), "capital")
    ],
    "text-agreement": [
        ("an implementation that takes upper case", stub('s/.*bad_prefix.*/{"ok":true}/'), "bad_prefix")
    ],
    "tables": [
        (
            "a limit changed in the registry",
            edit("spec/registry.json", '"value": 4095, "meaning": "bytes', '"value": 4094, "meaning": "bytes'),
            "registry:limits",
        ),
        ("a table changed by hand", document("| `truncated` | format |", "| `truncated` | state |"), "registry:errors"),
        ("a region without its end", document("<!-- END registry:enums -->", ""), "registry:enums"),
    ],
    "enums": [
        ("an enum that is not the registry's", document("idle(4)", "idle(14)"), "RecordKind"),
        (
            "a value missing in the registry",
            edit("spec/registry.json", '{"name": "voice", "value": 21,', '{"name": "noise", "value": 21,'),
            "BlobField",
        ),
    ],
    "registry": [
        (
            "a section that does not exist",
            edit("spec/registry.json", '"section": "12.5"', '"section": "12.15"'),
            "12.15",
        ),
        ("a limit that is not the structs'", edit("spec/registry.json", '"value": 72', '"value": 73'), "sealed_min"),
        (
            "a label with another length",
            edit("spec/registry.json", 'epoch[4]", "length": 64', 'epoch[4]", "length": 32'),
            "32 bytes",
        ),
        ("a formula with no such label", document('Derive(MK[e], "vault",', 'Derive(MK[e], "volt",'), "volt"),
        ("a header of another type", document("/* type rule_set */", "/* type record_batch */"), "rule_set"),
    ],
    "machines": [
        (
            "an event without an answer",
            edit(
                "spec/registry.json",
                '"phase": "stopped", "event": "any other"',
                '"phase": "stopped", "event": "code"',
            ),
            "stopped and state are answered 0 times",
        ),
        (
            "an error that changes the phase",
            edit(
                "spec/registry.json",
                '"event": "service_off", "next": "pinned"',
                '"event": "service_off", "next": "unpinned"',
            ),
            "changes the phase",
        ),
        (
            "a code that does not exist",
            edit("spec/registry.json", '"error": "latched"', '"error": "lached"'),
            "cannot be",
        ),
    ],
    "machine-vectors": [
        (
            "a vector with another next phase",
            edit("vectors/agent-machine.json", '"next": "waiting"', '"next": "active"'),
            "the registry",
        ),
        (
            "a vector without its error",
            edit("vectors/owner-machine.json", '"error": "root_required"', '"error": null'),
            "root_required",
        ),
        (
            "a vector of an event that is none",
            edit("vectors/agent-machine.json", '"event": "service_off"', '"event": "service_on"'),
            "service_off have 0",
        ),
        (
            "a pair twice",
            edit("vectors/owner-machine.json", '"event": "stored"', '"event": "discard"'),
            "discard have 2",
        ),
        (
            "another row in the registry",
            edit("spec/registry.json", '"event": "grant", "next": "active"', '"event": "grant", "next": "waiting"'),
            "waiting-grant",
        ),
    ],
    "sources": [
        (
            "a label missing in the implementation",
            edit("Sources/All.swift", '"person-keys"', '"personkeys"'),
            "person-keys",
        )
    ],
    "examples": [
        ("a changed vector", edit("vectors/story.json", '"epoch": 1', '"epoch": 2'), "story-create"),
        ("no story", lambda root: (root / "vectors/story.json").unlink() or contextlib.nullcontext(), "no vector"),
    ],
    "privacy": [
        (
            "a number changed by hand",
            document("| one day, one size for all | ", "| one day, one size for all | 1"),
            "privacy",
        )
    ],
    "ids": [
        ("an id of another section", document("**R-6.1-1**", "**R-6.2-1**"), "stands in section 6.1"),
        ("an id twice", document("**R-14.1-2**", "**R-14.1-1**"), "twice"),
        ("a citation of nothing", document("(R-9.2-1)", "(R-9.2-9)"), "R-9.2-9"),
    ],
    "musts": [
        (
            "a MUST without an id",
            document("An agent follows states.", "An agent MUST follow states."),
            "without an id",
        )
    ],
    "told": [
        (
            "a requirement that was reworded",
            document("A nonce MUST be accepted once under a code.", "A nonce MUST be accepted once."),
            "differs",
        ),
        (
            "texts that are not there",
            lambda root: (root / requirements.TEXTS).unlink() or contextlib.nullcontext(),
            "differs",
        ),
    ],
    "cited": [
        ("an id that no test cites", edit("Tests/All.swift", "R-9.5-1 ", ""), "R-9.5-1"),
        (
            "an excuse that is not needed",
            edit("spec/excuses.json", '"requirements": {}', '"requirements": {"R-2.2-1": "There is a good reason."}'),
            "not needed",
        ),
    ],
    "citations": [
        ("a vector that cites nothing", edit("vectors/wire-Grant.json", '"req": ["R-2.2-1"]', '"req": []'), "cites no"),
        (
            "a vector that cites an unknown id",
            edit("vectors/wire-Grant.json", '"req": ["R-2.2-1"]', '"req": ["R-2.2-99"]'),
            "R-2.2-99",
        ),
        ("source that names an unknown id", edit("Sources/All.swift", "enum", "// R-2.2-98\nenum"), "R-2.2-98"),
        ("a vector's id twice", edit("vectors/text-token.json", "token-right", "grant-right"), "2 times"),
    ],
    "properties": [
        ("a property that is not in the table", edit(TABLE, '"P10"', '"P11"'), "P10 is in one"),
        ("a test that is not there", edit("Tests/CommandTests/All.swift", "a property", "a propertie"), "no test"),
        ("a scenario that is not there", edit(SCENARIOS, '"id": "off"', '"id": "of"'), "no scenario"),
        ("a requirement that is not there", edit(TABLE, '["R-2.2-1"]', '["R-2.2-1", "R-2.2-99"]'), "no requirement"),
        ("a model that is not there", edit(TABLE, "spin one", "spin two"), "no model 'spin two'"),
        ("a claim that is not there", edit("spec/formal/expected.toml", '"holds"', '"falls"'), "no 'holds'"),
        ("a goal that is not there", edit("spec/formal/maude/two.maude", "opens", "shuts"), "no 'opens'"),
        ("a model that says nothing", edit(TABLE, '["a case"]', "[]"), "names no claim"),
        ("records only", edit(TABLE, json.dumps(EXAMINED["models"]), '{"proverif three": []}'), "no model that is run"),
        ("vectors of something else", edit("vectors/wire-Grant.json", "R-2.2-1", "R-2.2-2", 2), "no vector of wire"),
        ("an attack without a scenario", edit(TABLE, '["attack-1-off"]', "[]"), "attack 1 has no scenarios"),
        (
            "a reason that is not needed",
            edit(TABLE, '"without": {', '"without": {"tests": "There is a good reason for this one.", '),
            "not needed",
        ),
        ("no reason", edit(TABLE, "cannot be modelled", "no"), "no reason"),
        ("an attack on an unknown property", edit(TABLE, '"properties": ["P1"]', '"properties": ["P0"]'), "P0"),
        (
            "a test that is not in the table",
            edit("Tests/CommandTests/All.swift", "func", 'func b() {}\n@Test("attack 2: two") func'),
            "does not list",
        ),
    ],
    "negatives": [
        (
            "a code without a negative vector",
            edit("vectors/codes.json", '"code": "bad_magic"', '"code": "latched"'),
            "bad_magic has no",
        ),
        ("a code that does not exist", edit("vectors/codes.json", '"code": "stopped"', '"code": "halted"'), "halted"),
        (
            "an excuse that is not needed",
            edit("spec/excuses.json", '"codes": {', '"codes": {"stopped": "There is a good reason for this one.", '),
            "not needed",
        ),
        (
            "an excuse without a reason",
            edit(
                "spec/excuses.json",
                "A library failed for a reason outside the protocol. No input brings that about, so no vector can.",
                "hard",
            ),
            "no reason",
        ),
        (
            "a code in the wrong layer",
            edit("vectors/codes.json", '"code": "stopped", "layer": "state"', '"code": "stopped", "layer": "auth"'),
            "layer",
        ),
    ],
    "schema": [
        (
            "a vector that is not as the schema says",
            edit("vectors/wire-Grant.json", '"level": "MUST"', '"level": "WILL"'),
            "WILL",
        ),
        ("wrong counts", edit("vectors/wire-Grant.json", '"valid": 1', '"valid": 2'), "counts"),
        (
            "a scenario that is not as its schema says",
            edit(SCENARIOS, '"role": "agent"', '"role": "service"'),
            "service",
        ),
    ],
}


def build(root):
    """A complete repository: the real specification, and the least of everything else that every check is content
    with.
    """
    (root / "spec").mkdir(parents=True)
    for name in ("endkey.md", "registry.json"):
        shutil.copy(ROOT / "spec" / name, root / "spec" / name)
    for folder in ("vectors/schema", "vectors/conformance", "Tests", "Sources"):
        (root / folder).mkdir(parents=True)
    repository = Repository(root)
    registry, codec = repository.registry, repository.codec
    codes = [one["code"] for one in registry["errors"]]
    ids = requirements.defined(repository.document)[0]
    (root / "Tests/All.swift").write_text("\n".join(f"// {name} " for name in ids))
    names = codes + [one["label"] for one in registry["labels"]]
    (root / "Sources/All.swift").write_text(
        "enum All { static let names = [\n" + ",\n".join(f'"{name}"' for name in names) + "]}"
    )
    (root / "spec/excuses.json").write_text((ROOT / "spec/excuses.json").read_text(encoding="utf-8"))
    excuses = {
        "codes": {name: reason for name, reason in repository.excuses["codes"].items() if name == "internal_error"},
        "requirements": {},
    }
    (root / "spec/excuses.json").write_text(json.dumps(excuses))

    def write(name, op, *tests):
        valid = sum(test[2]["outcome"] == "ok" for test in tests)
        text = json.dumps(
            {
                "op": op,
                "counts": {"valid": valid, "invalid": len(tests) - valid},
                "tests": [
                    {
                        "id": test[0],
                        "level": "MUST",
                        "req": ["R-2.2-1"],
                        "comment": "A step.",
                        "in": test[1],
                        "expect": test[2],
                    }
                    for test in tests
                ],
            }
        )
        (root / f"vectors/{name}.json").write_text(text)

    rng = random.Random(1)
    grant = codec.encode("Grant", codec.make("Grant", rng)).hex()
    write(
        "wire-Grant",
        "wire/Grant",
        ("grant-right", {"message": grant}, {"outcome": "ok", "out": {"message": grant}}),
        ("grant-cut", {"message": grant[:48]}, {"outcome": "reject", "code": "truncated", "offset": 24}),
    )
    token = codec.encode("Token", codec.make("Token", rng))
    text = checks.texts.encode("TokenText", token)
    write(
        "text-token",
        "text/token",
        ("token-right", {"text": text.hex()}, {"outcome": "ok", "out": {"bytes": token.hex()}}),
        ("token-capital", {"text": text.upper().hex()}, {"outcome": "reject", "code": "bad_prefix", "offset": 0}),
    )
    contents = codec.encode("VaultContents", codec.make("VaultContents", rng))
    write(
        "vault-open",
        "vault/open",
        ("vault-right", {"epoch": 9}, {"outcome": "ok", "out": {"contents": contents.hex()}}),
    )
    write(
        "codes",
        "codes",
        *(
            (f"code-{one['code']}", {}, {"outcome": "reject", "code": one["code"], "layer": one["layer"]})
            for one in registry["errors"]
            if one["code"] != "internal_error"
        ),
    )
    write(
        "story",
        "story",
        ("story-create", {"epoch": 1, "grant": grant}, {"outcome": "ok", "out": {"token": text.hex()}}),
    )
    for who in ("agent", "owner"):
        rows, events = registry[f"{who}Machine"], [one["event"] for one in registry[f"{who}Events"]]
        tests = []
        for phase in dict.fromkeys(one["phase"] for one in rows):
            other: dict = next((one for one in rows if (one["phase"], one["event"]) == (phase, "any other")), {})
            for event in events:
                row = next((one for one in rows if (one["phase"], one["event"]) == (phase, event)), other)
                tests.append(
                    (
                        f"{who}-{phase}-{event}".replace("_", "-"),
                        {"phase": phase, "event": event},
                        {"outcome": "ok", "out": {"next": row["next"], "error": row.get("error")}},
                    )
                )
        write(f"{who}-machine", f"{who}/machine", *tests)
    schema = {"properties": {"tests": {"items": {"properties": {"level": {"enum": ["MUST", "SHOULD"]}}}}}}
    (root / "vectors/schema/vectors.schema.json").write_text(json.dumps(schema))

    shutil.copy(ROOT / "vectors/schema/scenarios.schema.json", root / "vectors/schema")
    step = {
        "says": "off",
        "in": {"event": "service_off", "message": None},
        "expect": {"phase": "pinned", "code": "latched"},
    }
    scenario = {
        "id": "off",
        "role": "agent",
        "attack": "Off.",
        "req": ["R-2.2-1"],
        "open": {},
        "opened": {"phase": "pinned"},
        "steps": [step],
    }
    (root / "Tests/CommandTests").mkdir()
    (root / "Tests/CommandTests/All.swift").write_text(
        '@Test("a property") func p() {}\n@Test(\n"attack 1: one") func a() {}\n'
    )
    formal = root / "spec/formal"
    for folder in ("maude", "proverif"):
        (formal / folder).mkdir(parents=True)
    (formal / "expected.toml").write_text(
        '[claims]\none = ["holds"]\n[spin.one]\n"" = []\n[maude.two]\nsafe = []\n[search]\n"a case" = "found"\n'
    )
    (formal / "maude/two.maude").write_text("  ops opens reachOpen : Config -> Bool .\n")
    (formal / "proverif/results.json").write_text('{"three": {}}')
    one = {
        **EXAMINED,
        "name": "one",
        "attack": "It goes off.",
        "outcome": "It fails.",
        "properties": ["P1"],
        "models": {},
        "scenarios": ["attack-1-off"],
        "tests": ["attack 1: one"],
        "without": {"models": "Such a thing cannot be modelled."},
    }
    stated = re.findall(r"\*\*(P\d+)\*\*", repository.text)
    (root / TABLE).write_text(json.dumps({"properties": dict.fromkeys(stated, EXAMINED), "attacks": [one]}))
    attack = {"attack": "Off.", "rule": "R-2.2-1", "scenarios": ["off"], "vectors": [], "untestable": None}
    (root / SCENARIOS).write_text(
        json.dumps(
            {
                "schema": "endkey-scenarios-1",
                "suite": "1.0.0",
                "spec": "1.0",
                "attacks": [attack],
                "scenarios": [scenario, {**scenario, "id": "attack-1-off"}],
            }
        )
    )

    repository = Repository(root)
    text = re.sub(r"(BEGIN|END) vectors:\S+", r"\1 vectors:story-create", repository.text)
    made, faults = regions.fill(text, registry, repository.vectors, privacy.table)
    if faults:
        raise ValueError(f"self-test: {faults}")
    repository.markdown.write_text(made)
    (root / requirements.TEXTS).write_text(requirements.texts(Repository(root).document))
    # An implementation that answers as the document says: the codec, behind a filter that plants may change.
    (root / "structs.txt").write_text(repository.document.structs())
    command = shlex.join(map(str, (ROOT / "tools/run", "codec", root / "structs.txt")))
    (root / "endkey").write_text(f"#!/bin/sh\n{command} | cat\n")
    (root / "endkey").chmod(0o755)


def open_repository(root):
    repository = Repository(root)
    repository.endkey = [str(root / "endkey")]
    return repository
