"""The checks of the specification. Each takes a Repository and returns (how many things it looked at, faults)."""

import itertools
import json
import random
import re
import tempfile
from collections import Counter
from pathlib import Path

import abnf
import jsonschema

from ..generate.wire import ASKED_FOR
from . import mutants, privacy, properties, regions, requirements, texts
from .codec import answer
from .document import render
from .grammar import Enum, Fault, Struct

MUTANTS = 24_000
NEAR_MISSES = 4_000


def rendered(repository):
    """The document renders to HTML and text, without a warning, twice to the same bytes."""
    faults, folders = [], []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            faults += render(repository.markdown, folder, [("--html", "--text")])
            folders.append({path.name: path.read_bytes() for path in Path(folder).iterdir()})
        if faults:
            break
    first, second = folders[0], folders[-1]
    faults += [f"{name} differs from one run to the next" for name in first if first[name] != second.get(name)]
    names = [name for name in ("endkey.xml", "endkey.html", "endkey.txt") if len(first.get(name, b"")) > 1000]
    return len(names), faults


def blocks(repository):
    """Every block of code has a type that is known; those of grammar are extracted."""
    known = {"tls-presentation", "abnf", "pseudocode", "ascii-art", "values"}
    types = repository.document.block_types()
    return sum(kind in ("tls-presentation", "abnf") for kind in types), [
        f"a block of type {kind!r}" for kind in types if kind not in known
    ]


def definitions(repository):
    """The structs can be read; every type is defined, once; every enum's values are unique."""
    return len(repository.grammar.types), []


def sizes(repository):
    """Sizes and bounds that the structs state are those of their fields."""
    faults, count = repository.grammar.size_faults()
    return count, faults


def rules(repository):
    """Clauses of comments that bind are in the forms of section 2.1."""
    return sum(one.count() for one in repository.grammar.all_rules()), []


def greatest(grammar, struct):
    """The greatest size of a struct, as the text writes it."""
    size = grammar.bounds(struct)[1]
    return f"2^24 + {size - 2**24}" if size > 2**24 else f"{size:,}"


def prose(repository):
    """`its first N bytes`, `bytes 0..N`, `the N bytes before it`: sizes that the text derives from structs."""
    grammar, faults = repository.grammar, []

    def before(struct, field):
        names = [one.name for one in grammar.types[struct].fields]
        return sum(grammar.field_bounds(one)[0] for one in grammar.types[struct].fields[: names.index(field)])

    words = " ".join(" ".join(text for _, text in repository.document.paragraphs()).split())
    words += " " + " ".join(
        " ".join(repository.document.blocks("pseudocode") + repository.document.blocks("tls-presentation")).split()
    )
    words += " " + " ".join(line for line in repository.text.splitlines() if line.startswith("|"))
    state = grammar.bounds("AccountState")[0] - grammar.bounds("Signer")[0]
    stated = [
        ("SHA-256(bytes 0..{} of the Grant", before("Grant", "ciphertext")),
        ("SHA-256 of the Grant's first {} bytes", before("Grant", "ciphertext")),
        ("The signature is signer's, over the {} bytes before it", before("Grant", "signature")),
        ("bytes 0..{} of the EnrolmentRequest", before("EnrolmentRequest", "mac")),
        ("The signature is the sender's, over the {} bytes before it", before("EnrolmentRequest", "signature")),
        ("the first {} bytes: header and counter", before("OwnerVault", "sealed")),
        ("the first {} bytes: header and writes", before("LocalState", "sealed")),
        ("the first {} bytes: header, field, agent id", before("SealedBlob", "sealed")),
        ("Let head be the {} bytes of the PasswordHeader", grammar.bounds("PasswordHeader")[0]),
        ("the {} bytes before it)[0..8]", before("SpoolFrame", "check")),
        ("SpoolHeader[{}] ||", grammar.bounds("SpoolHeader")[0]),
        ("The first {} bytes are not the head", grammar.bounds("PasswordHeader")[0]),
        ("| code | {} |", grammar.bounds("EnrolmentCode")[0]),
        ("| account secret, recovery text | {} |", grammar.bounds("SecretText")[0]),
        *((name + " {}", greatest(grammar, name)) for name in ASKED_FOR),
        ("{} bytes.", f"An AccountState of p persons that lists r agents has {state} + 48 p + 16 r"),
    ]
    for sentence, size in stated:
        if sentence.format(size) not in words:
            faults.append(f"not in the text: {sentence.format(size)!r}")
    return len(stated), faults


def made(repository):
    """Messages made from the structs decode to the values that they were made of, and encode to the same bytes."""
    codec, rng, faults, count = repository.codec, random.Random(mutants.SEED), [], 0
    kinds = sorted(repository.grammar.types["GrantKind"].values.values())
    for name, turn in itertools.product(repository.grammar.all(Struct), range(50)):
        context = {"Grant.kind": kinds[turn % 2]}
        value = codec.make(name, rng, context)
        data = codec.encode(name, value)
        count += 1
        try:
            if codec.decode(name, data, context) != value or codec.encode(name, value, context) != data:
                faults.append(f"{name}: decodes to another value: {data[:100].hex()}")
        except Fault as fault:
            faults.append(f"{name}: {fault}: {data[:100].hex()}")
    return count, faults


def vector_messages(repository):
    """Every message of a vector decodes and encodes as the vector says, with code and offset."""
    codec, faults, count = repository.codec, [], 0
    for operation, test in repository.vectors.all():
        if not operation.startswith("wire/"):
            continue
        count += 1
        name, data, expect = operation.removeprefix("wire/"), bytes.fromhex(test["in"]["message"]), test["expect"]
        try:
            encoded, said = codec.encode(name, codec.decode(name, data)), {"outcome": "ok"}
            if expect["outcome"] == "ok" and encoded.hex() != expect["out"]["message"]:
                faults.append(f"{test['id']}: encodes to other bytes")
        except Fault as fault:
            said = {"outcome": "reject", "code": fault.code, "offset": fault.offset}
        if any(said.get(key) != value for key, value in expect.items() if key in ("outcome", "code", "offset")):
            faults.append(f"{test['id']}: the document says {said}, the vector {expect}")
    return count, faults


# Operations that take damaged messages and say what is wrong with them, instead of rejecting.
JUDGES = {"batch/audit", "spool/recover", "agent/run"}


def vector_contents(repository):
    """Messages and opened contents inside accepted vectors decode and encode to the same bytes."""
    codec, faults, count = repository.codec, [], 0
    types = {one["value"]: one["struct"] for one in repository.registry["messageTypes"]}
    phases = repository.grammar.types["MessageType"].values
    for operation, test in repository.vectors.all():
        found: list = []
        if test["expect"]["outcome"] == "ok":
            for part in ({} if operation in JUDGES else test["in"], test["expect"].get("out") or {}):
                for path, text in regions.flat(part):
                    # Of what is served and what an end keeps, one may be damaged; it counts for nothing then.
                    if test["in"].get("kept") and path.startswith(("kept[", "messages.")):
                        continue
                    if path == "pins" and text != "none":
                        found.append(("OwnerContents", text, {}))
                    # Any other value that starts like a message of the protocol and is accepted is one; contents,
                    # of which some start with a message, are told apart below.
                    elif (
                        re.fullmatch(r"454b01([0-9a-f]{2})+", text)
                        and int(text[6:8], 16) in types
                        and path != "contents"
                        and not operation.startswith(("wire/", "hash", "derive"))
                    ):
                        found.append((types[int(text[6:8], 16)], text, {}))
            if operation == "vault/open" and "contents" in test["expect"]["out"]:
                found.append(("VaultContents", test["expect"]["out"]["contents"], {}))
            if operation == "local-state/open" and "contents" in test["expect"]["out"]:
                agent = int(test["in"]["message"][6:8], 16) == phases["agent_state"]
                found.append(("AgentContents" if agent else "OwnerContents", test["expect"]["out"]["contents"], {}))
        for name, text, context in found:
            if name == "SpoolHeader":
                text = text[:96]  # a segment: frames follow
            count += 1
            data = bytes.fromhex(text)
            if name == "PersonKeys" and len(data) == repository.grammar.bounds("PasswordHeader")[0]:
                name = "PasswordHeader"
            try:
                if codec.encode(name, codec.decode(name, data, context), context) != data:
                    faults.append(f"{test['id']}: {name} encodes to other bytes")
            except Fault as fault:
                faults.append(f"{test['id']}: {name}: {fault}")
    return count, faults


def agreement(repository):
    """On seeds and mutants the implementation accepts and rejects as the structs do, with the same code and offset."""
    cases = list(mutants.mutants(repository, MUTANTS))
    faults = mutants.disagreements(repository, repository.endkey, cases)
    seen = Counter(fault.code if (fault := answer(repository.codec, *case)) else "ok" for case in cases)
    codes = {
        "ok",
        "truncated",
        "trailing_bytes",
        "bad_magic",
        "unknown_version",
        "unexpected_type",
        "unknown_value",
        "value_out_of_range",
        "length_out_of_range",
        "not_canonical",
    }
    least = MUTANTS // 240
    faults += [f"fewer than {least} mutants with outcome {code}" for code in sorted(codes) if seen[code] < least]
    return len(cases), faults


def text_agreement(repository):
    """The same on text forms and near-misses of them."""
    cases = list(mutants.near_misses(repository, NEAR_MISSES))
    cases += vector_texts(repository)
    return NEAR_MISSES, mutants.disagreements(repository, repository.endkey, cases)


OPERATIONS = {
    "text/token": "TokenText",
    "text/blob": "BlobText",
    "text/code": "CodeText",
    "text/account-secret": "SecretText",
    "text/recovery": "RecoveryText",
}


def vector_texts(repository):
    return [
        (OPERATIONS[operation], bytes.fromhex(test["in"]["text"]))
        for operation, test in repository.vectors.all()
        if operation in OPERATIONS
    ]


class Abnf:
    """The document's ABNF. `matches` stands for: the whole text is one of the rule."""

    def __init__(self, text):
        class Rules(abnf.Rule):
            pass

        self.rules = Rules
        names = re.findall(r"^([A-Za-z][\w-]*)\s*=", text, re.M)
        doubled = [name for name, count in Counter(map(str.lower, names)).items() if count > 1]
        if doubled:
            raise ValueError(f"rules defined twice, as ABNF knows no case: {', '.join(doubled)}")
        self.names = names
        lines = [line for line in text.splitlines() if line.strip()]
        if lines:
            Rules.load_grammar("\r\n".join(lines) + "\r\n")

    def undefined(self):
        core = {"alpha", "digit"}
        return [
            name
            for name in self.names
            for used in references(self.rules, name)
            if used.lower() not in core | set(map(str.lower, self.names))
        ]

    def matches(self, rule, text):
        try:
            self.rules(rule).parse_all(text.decode("latin-1"))
            return True
        except abnf.ParseError:
            return False


def references(rules, name):
    pending, found = [rules(name).definition], []
    while pending:
        one = pending.pop()
        if isinstance(one, abnf.Rule):
            found.append(one.name)
        for part in vars(one).values() if hasattr(one, "__dict__") else []:
            if isinstance(part, (list, tuple)):
                pending += [each for each in part if hasattr(each, "__dict__")]
            elif hasattr(part, "__dict__") and not isinstance(one, abnf.Rule):
                pending.append(part)
    return found


def grammar_rules(repository):
    """The ABNF can be read, names no undefined rule, and its counts are those of the structs."""
    grammar, faults = Abnf(repository.document.abnf()), []
    faults += [f"an undefined rule in {name}" for name in grammar.undefined()]
    words = repository.document.abnf()
    low, high = repository.grammar.bounds("Token")
    blob = repository.grammar.bounds("BlobText")
    for size, rule in (((low, high), "token-text"), (blob, "blob-text")):
        bounds = "{}*{}b64char".format(*((n * 8 + 5) // 6 for n in size))
        if not re.search(rf"^{rule}\s*=.*\s{re.escape(bounds)}\s*$", words, re.M):
            faults.append(f"{rule} has not {bounds}")
    for name, (_, struct, rule) in texts.FORMS.items():
        if texts.is_bech32m(name):
            count = texts.numbers_of(repository.grammar.bounds(struct)[0]) + texts.CHECKSUM
            if not re.search(rf"^{rule}\s*=.* {count}lower32 / .* {count}upper32", words, re.M):
                faults.append(f"{rule} has not {count} characters")
    return len(grammar.names), faults


# What ABNF cannot see: which bytes the characters hold.
BEYOND_ABNF = {
    "truncated",
    "trailing_bytes",
    "unknown_version",
    "unknown_value",
    "value_out_of_range",
    "length_out_of_range",
    "bad_magic",
    "unexpected_type",
    "not_canonical",
}


def abnf_faults(repository, cases):
    """Texts that ABNF refuses and the rest of the document accepts, or the reverse where ABNF decides."""
    grammar, faults = Abnf(repository.document.abnf()), []
    for name, text in cases:
        rule, said = texts.FORMS[name][2], answer(repository.codec, name, text)
        matches = grammar.matches(rule, text)
        if said is None and not matches:
            faults.append(f"{name}: right, but not {rule}: {text[:80]!r}")
        if matches and said is not None and decided_by_abnf(repository, name, text, said):
            faults.append(f"{name}: {said}, but it is {rule}: {text[:80]!r}")
    return faults


def decided_by_abnf(repository, name, text, fault):
    """Prefix and alphabet; and for Bech32m the length. Checksums, spare bits and contents are beyond it."""
    if fault.code in BEYOND_ABNF:
        return False
    if fault.code == "bad_prefix":
        return True
    if fault.code == "bad_bech32m":
        size = texts.PREFIX + texts.numbers_of(repository.grammar.bounds(texts.FORMS[name][1])[0])
        return fault.offset not in (size - 1, size) or len(text) != size + texts.CHECKSUM
    return len(text) % 4 != 2 and fault.offset < len(text) - 1


def abnf_texts(repository):
    """ABNF and the decoder of text forms agree on near-misses."""
    cases = [case for case in mutants.near_misses(repository, NEAR_MISSES) if len(case[1]) <= 900]
    return len(cases), abnf_faults(repository, cases)


def vector_abnf(repository):
    """ABNF, the decoder of text forms and every text vector agree."""
    faults, count = [], 0
    for operation, test in repository.vectors.all():
        if operation not in OPERATIONS:
            continue
        count += 1
        case, expect = (OPERATIONS[operation], bytes.fromhex(test["in"]["text"])), test["expect"]
        if len(case[1]) <= 6000:
            faults += [f"{test['id']}: {fault}" for fault in abnf_faults(repository, [case])]
        fault = answer(repository.codec, *case)
        said = {"outcome": "ok"} if fault is None else {"outcome": "reject", "code": fault.code, "offset": fault.offset}
        if any(said.get(key) != value for key, value in expect.items() if key in ("outcome", "code", "offset")):
            faults.append(f"{test['id']}: the document says {said}, the vector {expect}")
    return count, faults


def tables(repository):
    """The tables of the document are those of the registry."""
    return compare(repository, "registry:")


def examples(repository):
    """The examples of the document are those of the vectors."""
    return compare(repository, "vector")


def numbers_on_privacy(repository):
    """The numbers of section 22 are those of privacy.py."""
    return compare(repository, "privacy")


def compare(repository, kind):
    faults, count = [], 0
    marks = regions.MARK.findall(repository.text)
    whole = {name for name, _ in regions.REGION.findall(repository.text)}
    faults += [f"{name}: a region with no beginning or no end" for name in set(marks) - whole if name.startswith(kind)]
    for name, stands in regions.REGION.findall(repository.text):
        if not name.startswith(kind):
            continue
        count += 1
        try:
            if regions.content(name, repository.registry, repository.vectors, privacy.table) != stands:
                faults.append(f"{name} differs; run tools/run tables")
        except regions.Unfilled as reason:
            faults.append(f"{name}: {reason}")
    if kind == "registry:":
        faults += [f"no region {name}" for name in regions.REGISTRY if name not in whole]
    return count, faults


def enums(repository):
    """The enums among the structs are the registry's."""
    stated = {
        name: {one["name"]: one["value"] for one in values} for name, values in repository.registry["enums"].items()
    }
    stated["MessageType"] = {one["name"]: one["value"] for one in repository.registry["messageTypes"]}
    found = {name: one.values for name, one in repository.grammar.all(Enum).items()}
    names = sorted(stated.keys() | found.keys())
    return len(names), [
        f"{name}: registry {stated.get(name)}, structs {found.get(name)}"
        for name in names
        if stated.get(name) != found.get(name)
    ]


def registry_facts(repository):
    """Sections, structs, message types, limits and labels of the registry are those of the document."""
    registry, grammar, faults, count = repository.registry, repository.grammar, [], 0
    numbers = repository.document.sections()
    for one in registry["messageTypes"]:
        count += 1
        if one["section"] not in numbers:
            faults.append(f"{one['name']}: no section {one['section']}")
        kind = grammar.types.get(one["struct"])
        head = kind.fields[0] if isinstance(kind, Struct) else None
        while head and head.kind != "Header" and isinstance(grammar.types.get(head.kind), Struct):
            head = grammar.types[head.kind].fields[0]
        if not head or head.kind != "Header" or one["name"] not in (head.rules.types or []):
            faults.append(f"{one['name']}: the header of {one['struct']} is not of that type")
    for key, name in (
        ("errors", "code"),
        ("labels", "label"),
        ("limits", "name"),
        ("messageTypes", "name"),
        ("messageTypes", "value"),
    ):
        count += len(registry[key])
        faults += [
            f"{key}: {value} is there twice"
            for value, times in Counter(one[name] for one in registry[key]).items()
            if times > 1
        ]
    limits = {one["name"]: one["value"] for one in registry["limits"]}
    bounds = {
        "counter_max": grammar.types["Counter"].rules.range[1],
        "token_padded_max": vector(grammar, "Token", "c")[1],
        "blob_text_max": vector(grammar, "BlobText", "blob")[1],
        "records_max": vector(grammar, "RecordBatch", "records")[1],
        "items_max": vector(grammar, "Record", "items")[1],
        "rules_max": vector(grammar, "RuleSet", "rules")[1],
        "vault_padding": field(grammar, "VaultContents", "padding").rules.padding,
        "persons_max": field(grammar, "VaultContents", "persons").rules.most,
        "label_max": vector(grammar, "Member", "label")[1],
        "retention_min": field(grammar, "VaultContents", "retention_days").rules.range[0],
        "retention_max": field(grammar, "VaultContents", "retention_days").rules.range[1],
        **{
            name: vector(grammar, "VaultContents", list_name)[1]
            // grammar.element_size(field(grammar, "VaultContents", list_name))
            for name, list_name in (
                ("past_keys_max", "past_keys"),
                ("state_notes_max", "states"),
                ("recent_max", "recent"),
                ("erasures_max", "erasures"),
            )
        },
        "revoked_max": vector(grammar, "AccountState", "revoked")[1],
        "sealed_min": vector(grammar, "OwnerVault", "sealed")[0],
        "sealed_max": vector(grammar, "OwnerVault", "sealed")[1],
        "token_value_max": vector(grammar, "RuleDefinition", "value")[1],
        "codes_max": field(grammar, "VaultContents", "codes").rules.most,
        "members_max": field(grammar, "VaultContents", "members").rules.most,
    }
    for name, value in bounds.items():
        count += 1
        if limits.get(name) != value:
            faults.append(f"limit {name}: registry {limits.get(name)}, structs {value}")
    labels = {one["label"]: one for one in registry["labels"]}
    used = set()
    for use, inside in re.findall(
        r'\b(H|Derive)\(((?:[^()"]|"[^"]*"|\([^()]*\))*)\)',
        " ".join(" ".join(repository.document.blocks("pseudocode")).split()),
    ):
        quoted = re.search(r'"([^"]*)"', inside)
        if not quoted or quoted[1] == "endkey/1 ":
            continue
        count += 1
        one = labels.get(quoted[1])
        used.add(quoted[1])
        if not one or one["use"] != {"H": "hash", "Derive": "hkdf"}[use]:
            faults.append(f"{use}({inside}): no such label")
        elif use == "Derive" and not inside.rstrip().endswith(f" {one['length']}"):
            faults.append(f"{use}({inside}): the registry has {one['length']} bytes")
    faults += [
        f"label {name} is in no formula"
        for name, one in labels.items()
        if one["use"] in ("hash", "hkdf") and name not in used
    ]
    return count, faults


def field(grammar, struct, name):
    return next(one for one in grammar.types[struct].fields if one.name == name)


def vector(grammar, struct, name):
    return field(grammar, struct, name).form[1:]


def machines(repository):
    """Both machines answer every event in every phase once, with known phases and codes; every phase is reached."""
    registry, faults, count = repository.registry, [], 0
    codes = {one["code"] for one in registry["errors"]}
    for who, start in (("agent", "unpinned"), ("owner", "absent")):
        rows, events = registry[f"{who}Machine"], [one["event"] for one in registry[f"{who}Events"]]
        phases = list(dict.fromkeys(one["phase"] for one in rows))
        if who == "agent" and phases != [one["name"] for one in registry["enums"]["AgentPhase"]]:
            faults.append("the agent's phases are not those of AgentPhase")
        for one in rows:
            if (
                one["event"] not in [*events, "any other"]
                or one["next"] not in phases
                or ("output" in one) == ("error" in one)
                or one.get("error", next(iter(codes))) not in codes
            ):
                faults.append(f"{who}: a row that cannot be: {one}")
            if "error" in one and one["next"] != one["phase"]:
                faults.append(f"{who}: an error changes the phase: {one}")
        for phase, event in itertools.product(phases, events):
            count += 1
            listed = [one for one in rows if one["phase"] == phase and one["event"] == event]
            other = [one for one in rows if one["phase"] == phase and one["event"] == "any other"]
            if len(listed) > 1 or len(other) > 1 or not listed + other:
                faults.append(
                    f"{who}: {phase} and {event} are answered {len(listed)} times, any other {len(other)} times"
                )
        reached, grown = {start}, True
        while grown:
            more = {one["next"] for one in rows if one["phase"] in reached}
            grown = not more <= reached
            reached |= more
        faults += [f"{who}: no way to {phase}" for phase in phases if phase not in reached]
    return count, faults


def machine_vectors(repository):
    """The vectors of both machines are the registry's rows: each pair of phase and event once, with its next phase
    and error.
    """
    registry, faults, count = repository.registry, [], 0
    for who in ("agent", "owner"):
        rows = {(one["phase"], one["event"]): (one["next"], one.get("error")) for one in registry[f"{who}Machine"]}
        pairs = list(
            itertools.product(
                dict.fromkeys(phase for phase, _ in rows), [one["event"] for one in registry[f"{who}Events"]]
            )
        )
        wanted = {pair: rows[pair] if pair in rows else rows.get((pair[0], "any other")) for pair in pairs}
        tests = [test for operation, test in repository.vectors.all() if operation == f"{who}/machine"]
        seen = Counter((test["in"]["phase"], test["in"]["event"]) for test in tests)
        for test in tests:
            count += 1
            pair, out = (test["in"]["phase"], test["in"]["event"]), test["expect"].get("out", {})
            if (out.get("next"), out.get("error")) != wanted.get(pair):
                faults.append(
                    f"{test['id']}: says {out.get('next')} and {out.get('error')}, the registry {wanted.get(pair)}"
                )
        faults += [
            f"{who}: {phase} and {event} have {seen[phase, event]} vectors"
            for phase, event in pairs
            if seen[phase, event] != 1
        ]
    return count, faults


def sources(repository):
    """Every label and error code of the registry stands in the implementation, in quotes or as a case."""
    text = "\n".join(repository.sources("Sources", ".swift").values())
    wanted = [one["label"] for one in repository.registry["labels"]] + [
        one["code"] for one in repository.registry["errors"]
    ]
    return len(wanted), [
        f"not in Sources: {name}"
        for name in wanted
        if f'"{name}"' not in text and not re.search(rf"\bcase\b.*\b{re.escape(name)}\b", text)
    ]


def schema(repository):
    """Every vector file, and the scenarios, are as their schema in vectors/schema says; files hold as many vectors as
    their counts.
    """
    faults = []

    def hold(one, name, schema_name):
        path = repository.root / "vectors/schema" / schema_name
        if not path.exists():
            return faults.append(f"no {path.relative_to(repository.root)}")
        validator = jsonschema.Draft202012Validator(json.loads(path.read_text()))
        faults.extend(f"{name}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(one))

    for name, one in repository.vectors.files.items():
        hold(one, name, "vectors.schema.json")
        found = Counter("valid" if test["expect"]["outcome"] == "ok" else "invalid" for test in one["tests"])
        if {key: found[key] for key in ("valid", "invalid")} != one["counts"]:
            faults.append(f"{name}: counts are {one['counts']}, found {dict(found)}")
    scenarios = repository.root / "vectors/conformance/scenarios.json"
    if scenarios.exists():
        hold(json.loads(scenarios.read_text()), "scenarios", "scenarios.schema.json")
    return len(repository.vectors.files) + scenarios.exists(), faults


ALL = {
    "render": rendered,
    "blocks": blocks,
    "definitions": definitions,
    "sizes": sizes,
    "rules": rules,
    "prose": prose,
    "codec": made,
    "codec-vectors": vector_messages,
    "codec-contents": vector_contents,
    "agreement": agreement,
    "abnf": grammar_rules,
    "abnf-texts": abnf_texts,
    "abnf-vectors": vector_abnf,
    "text-agreement": text_agreement,
    "tables": tables,
    "enums": enums,
    "registry": registry_facts,
    "machines": machines,
    "machine-vectors": machine_vectors,
    "sources": sources,
    "examples": examples,
    "privacy": numbers_on_privacy,
    "ids": requirements.ids,
    "musts": requirements.musts,
    "told": requirements.told,
    "cited": requirements.cited,
    "citations": requirements.citations,
    "negatives": requirements.negatives,
    "properties": properties.properties,
    "schema": schema,
}
# These ask the implementation.
NEED_ENDKEY = {"agreement", "text-agreement"}
