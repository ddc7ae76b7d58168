"""What a fuzzer starts from: inputs made of vectors/, and a dictionary made of spec/registry.json.

Each target names its seeds itself (Sources/EndkeyFuzz*/Targets): a member of an operation's vectors, or one of the
functions of MADE below.
"""

import base64
import hashlib
import json
import shutil
from pathlib import Path

from ..suite import vector_files
from .places import ARTIFACTS, CORPUS, REGISTRY, REGRESSIONS, VECTORS

# Longer vectors show nothing to a fuzzer that short ones do not.
LENGTH_MAX = 16_384


def vector_file(op: str) -> dict:
    return json.loads((VECTORS / (op.replace("/", "-").lower() + ".json")).read_text())


def members(value: object, key: str) -> list[str]:
    """Every text that stands under `key`, at any depth."""
    if isinstance(value, dict):
        own = [value[key]] if isinstance(value.get(key), str) else []
        return own + [text for part in value.values() for text in members(part, key)]
    if isinstance(value, list):
        return [text for part in value for text in members(part, key)]
    return []


def from_vectors(op: str, field: str) -> list[bytes]:
    texts = []
    for test in vector_file(op)["tests"]:
        texts += members(test["in"], field) + members(test["expect"].get("out", {}), field)
    return [bytes.fromhex(text) for text in texts]


def shortest(struct: str) -> bytes:
    """The shortest message of a struct that is taken."""
    tests = [test for test in vector_file(f"wire/{struct}")["tests"] if "out" in test["expect"]]
    return min((bytes.fromhex(test["in"]["message"]) for test in tests), key=len)


def envelope(magic: bytes, always: list[bytes], maybe: list[bytes], end: bytes) -> list[bytes]:
    """With all of the parts that may be absent, with none, and with each alone."""
    def with_those(there: list[bool]) -> bytes:
        parts = [b"\x01" + part if is_there else b"\x00" for part, is_there in zip(maybe, there)]
        return magic + b"".join(always + parts) + end
    alone = [[place == one for place in range(len(maybe))] for one in range(len(maybe))]
    return [with_those(there) for there in ([True] * len(maybe), [False] * len(maybe), *alone)]


def publication_envelopes() -> list[bytes]:
    keys = shortest("PersonKeys") + bytes(96)
    grant, admission = shortest("Grant"), bytes(32) + b"\x01\x00\x07" + bytes(8)
    lists = len(grant).to_bytes(2, "big") + grant + len(admission).to_bytes(2, "big") + admission
    maybe = [shortest("AccountState"), shortest("RuleSet"), keys, shortest("PasswordWrap")]
    return envelope(b"EKpu" + bytes(32), [shortest("OwnerVault")], maybe, lists)


def whole_envelopes() -> list[bytes]:
    maybe = [shortest("PasswordWrap"), shortest("Grant"), shortest("OwnerVault"), shortest("RuleSet")]
    return envelope(b"EKwh", [shortest("PersonKeys"), shortest("AccountState")], maybe, b"")


def blob_structs() -> list[bytes]:
    blobs = from_vectors("wire/SealedBlob", "message")
    return [len(blob).to_bytes(3, "big") + blob for blob in blobs]


def blob_texts() -> list[bytes]:
    return [b"eks1_" + base64.urlsafe_b64encode(blob).rstrip(b"=") for blob in blob_structs()]


def frame_heads() -> list[bytes]:
    segments = from_vectors("spool/recover", "segment")
    return [segment[at : at + 52] for segment in segments for at in [segment.find(b"EKfr")] if at >= 0]


def blob_references() -> list[bytes]:
    """The references that tests of `blob/open` give: a blob's field, length and hash."""
    references = [test["in"]["reference"] for test in vector_file("blob/open")["tests"]]
    return [
        bytes([19]) + reference["length"].to_bytes(8, "big") + bytes.fromhex(reference["digest"])
        for reference in references
        if reference
    ]


def account_keys() -> list[bytes]:
    outs = [test["expect"]["out"] for test in vector_file("person-keys/open")["tests"] if "out" in test["expect"]]
    return [bytes.fromhex(out["p"] + out["q"] + out["seed"]) for out in outs]


def vault_contents() -> list[bytes]:
    """Vaults without the zeros behind them, which the target adds."""
    contents = from_vectors("vault/make", "contents") + from_vectors("vault/open", "contents")
    return [content.rstrip(b"\0") for content in contents]


def grant_contents() -> list[bytes]:
    return [bytes(range(64)), bytes(range(128))]


def requests() -> list[bytes]:
    """A request of each operation, the shortest accepted and the shortest refused, and the other commands."""
    lines = [
        {"v": 1, "seq": 0, "cmd": "hello", "suite": "1.0.0", "spec": "1.0"},
        {"seq": 1, "cmd": "bye"},
        {"seq": 2, "cmd": "run", "op": "no/such", "in": {}},
    ]
    for file in vector_files():
        for outcome in ("ok", "reject"):
            tests = [test["in"] for test in file["tests"] if test["expect"]["outcome"] == outcome]
            if tests:
                shortest = min(tests, key=lambda test: len(json.dumps(test)))
                lines.append({"seq": 7, "cmd": "run", "op": file["op"], "in": shortest})
    return [json.dumps(line, separators=(",", ":")).encode() for line in lines]


def answers() -> list[bytes]:
    """A hello, the shortest right answer and the shortest rejection of each operation, and the other outcomes."""
    lines: list[dict] = [
        {"v": 1, "seq": 0, "client": {"name": "c", "version": "1"}, "ops": ["hkdf"]},
        {"seq": 1, "outcome": "unsupported", "reason": "r"},
        {"seq": 2, "outcome": "error", "detail": "d"},
        {"seq": 3, "outcome": "reject", "code": "truncated", "native": "E", "offset": 4, "trace": {}, "out": {}},
    ]
    for file in vector_files():
        for outcome in ("ok", "reject"):
            tests = [test for test in file["tests"] if test["expect"]["outcome"] == outcome]
            if tests:
                test = min(tests, key=lambda test: len(json.dumps(test["expect"])))
                told = {
                    key: value for key, value in test["expect"].items() if key in ("outcome", "out", "code", "offset")
                }
                lines.append({"seq": 7, **told, **({"trace": test["trace"]} if "trace" in test else {})})
    texts = [json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines]
    return texts + [b"".join(texts[1:4])]


def files() -> list[bytes]:
    """Each vector file, cut to its shortest accepted test, a refused one that names it as twin, and one with a trace.
    """
    cut = []
    for file in vector_files():
        size = lambda test: len(json.dumps(test))
        accepted = sorted((test for test in file["tests"] if test["expect"]["outcome"] == "ok"), key=size)[:1]
        rejected = [test for test in file["tests"] if accepted and test.get("twin") == accepted[0]["id"]]
        traced = [
            test
            for test in file["tests"]
            if "trace" in test
            and test not in accepted + rejected
            and test.get("twin") in (None, *(kept["id"] for kept in accepted))
        ]
        file["tests"] = accepted + sorted(rejected, key=size)[:1] + sorted(traced, key=size)[:1]
        used = {flag for test in file["tests"] for flag in test["flags"]}
        file["flags"] = {name: flag for name, flag in file["flags"].items() if name in used}
        valid = sum(test["expect"]["outcome"] == "ok" for test in file["tests"])
        file["counts"] = {"valid": valid, "invalid": len(file["tests"]) - valid}
        cut.append(json.dumps(file, separators=(",", ":")).encode())
    return cut


def wycheproof() -> list[bytes]:
    """Our vectors in the layout of Project Wycheproof's."""
    files = []

    def add(algorithm: str, group: dict, tests: list[dict]) -> None:
        for number, test in enumerate(tests):
            test.update({"tcId": number + 1, "comment": "", "flags": [], "result": "valid"})
        file = {"algorithm": algorithm, "numberOfTests": len(tests), "testGroups": [{**group, "tests": tests}]}
        files.append(json.dumps(file, separators=(",", ":")).encode())

    def ok(op: str) -> list[tuple[dict, dict]]:
        tests = [test for test in vector_file(op)["tests"] if test["expect"]["outcome"] == "ok"]
        tests = sorted(tests, key=lambda test: len(json.dumps(test)))[:2]
        return [(test["in"], test["expect"]["out"]) for test in tests]

    add(
        "AES-WRAP",
        {"type": "KeywrapTest", "keySize": 256},
        [{"key": given["kek"], "msg": given["key"], "ct": out["wrapped"]} for given, out in ok("kw/wrap")],
    )
    siv = ok("siv/seal")
    add(
        "AES-SIV-CMAC",
        {"type": "DaeadTest", "keySize": 512},
        [
            {"key": given["key"], "aad": given["ad"], "msg": given["plaintext"], "ct": out["v"] + out["c"]}
            for given, out in siv
        ],
    )
    add(
        "AEAD-AES-SIV-CMAC",
        {"type": "AeadTest", "keySize": 512, "ivSize": 128, "tagSize": 128},
        [
            {
                "key": given["key"],
                "aad": given["ad"],
                "iv": "00" * 16,
                "msg": given["plaintext"],
                "ct": out["c"],
                "tag": out["v"],
                "result": "invalid",
            }
            for given, out in siv
        ],
    )
    add(
        "HMACSHA256",
        {"type": "MacTest", "keySize": 256, "tagSize": 256},
        [{"key": given["key"], "msg": given["data"], "tag": out["mac"]} for given, out in ok("hmac")],
    )
    add(
        "AES-GCM",
        {"type": "AeadTest", "keySize": 256, "ivSize": 96, "tagSize": 128},
        [
            {
                "key": "00" * 32,
                "iv": "00" * 12,
                "aad": "",
                "msg": "",
                "ct": "",
                "tag": "530f8afbc74536b9a963b4f1c4cb738b",
            }
        ],
    )
    add(
        "HKDF-SHA-256",
        {"type": "HkdfTest", "keySize": 256},
        [
            {
                "ikm": "0b" * 22,
                "salt": "000102030405060708090a0b0c",
                "info": "f0f1f2f3f4f5f6f7f8f9",
                "size": 42,
                "okm": "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            }
        ],
    )
    signed = [(given, out) for given, out in ok("ed25519/sign")]
    add(
        "EDDSA",
        {"type": "EddsaVerify", "publicKey": {"curve": "edwards25519", "pk": signed[0][1]["verify_key"]}},
        [{"msg": signed[0][0]["message"], "sig": signed[0][1]["signature"]}],
    )
    given, out = ok("oaep/decrypt")[0]
    add(
        "RSAES-OAEP",
        {
            "type": "RsaesOaepDecrypt",
            "keySize": 2048,
            "sha": "SHA-1",
            "mgf": "MGF1",
            "mgfSha": "SHA-1",
            "privateKey": {"publicExponent": "010001", "prime1": given["p"], "prime2": given["q"]},
        },
        [{"msg": out["message"], "ct": given["ciphertext"], "label": ""}],
    )
    numbers = [0, 0, 0x10001, 0, int(given["p"], 16), int(given["q"], 16), 0, 0, 0]
    key = der(0x30, b"".join(map(der_integer, numbers)))
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    add(
        "RSAES-OAEP",
        {
            "type": "RsaesOaepDecrypt",
            "keySize": 2048,
            "sha": "SHA-1",
            "mgf": "MGF1",
            "mgfSha": "SHA-1",
            "privateKeyPkcs8": der(0x30, der_integer(0) + algorithm + der(0x04, key)).hex(),
        },
        [{"msg": out["message"], "ct": given["ciphertext"], "label": ""}],
    )
    return files


def der(tag: int, content: bytes) -> bytes:
    count = len(content)
    width = (count.bit_length() + 7) // 8
    return (
        bytes([tag])
        + (bytes([count]) if count < 128 else bytes([0x80 | width]) + count.to_bytes(width, "big"))
        + content
    )


def der_integer(number: int) -> bytes:
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def noise(name: str, longest: int) -> list[bytes]:
    """Bytes for a target that takes any as a list of choices: the same in each run."""
    inputs = []
    for number in range(24):
        block = b"".join(hashlib.sha256(f"{name} {number} {part}".encode()).digest() for part in range(8))
        # The first byte is below 0xf0: no slow steps.
        inputs.append(bytes([block[0] % 0xF0]) + block[1 : 8 + number * min(longest, 256) // 24])
    return inputs


MADE = {
    make.__name__: make
    for make in (
        account_keys,
        vault_contents,
        blob_references,
        blob_structs,
        blob_texts,
        frame_heads,
        grant_contents,
        requests,
        answers,
        publication_envelopes,
        whole_envelopes,
        files,
        wycheproof,
    )
}


def starts(target: dict) -> list[Path]:
    """Where the inputs are that a run starts from: fresh seeds, and what is committed, which is better than noise."""
    committed = [path / target["name"] for path in (CORPUS, REGRESSIONS)]
    found = [folder for folder in committed if folder.is_dir()]
    return found if found and target["seeds"] == ["none"] else [fresh(target)] + found


def fresh(target: dict) -> Path:
    """A folder with the seeds of a target and nothing else."""
    folder = ARTIFACTS / "seeds" / target["name"]
    shutil.rmtree(folder, ignore_errors=True)
    write(target, folder)
    return folder


def write(target: dict, folder: Path) -> int:
    """Writes the seeds of a target, as listed by the binary, to `folder`; gives their number."""
    inputs: list[bytes] = []
    for seed in target["seeds"]:
        if isinstance(seed, list):
            inputs += from_vectors(*seed)
        elif seed == "none":
            inputs += noise(target["name"], target["maxLength"])
        else:
            inputs += MADE[seed]()
    inputs = sorted({data for data in inputs if len(data) <= min(LENGTH_MAX, 4 * target["maxLength"])})
    if not inputs:
        raise SystemExit(f"failed: the vectors give no seed for {target['name']}: {target['seeds']}")
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
    return len(inputs)


def dictionary() -> str:
    """libFuzzer's dictionary: magic, types, enumerated values, labels, limits at each width, and JSON's words."""
    registry = json.loads(REGISTRY.read_text())
    words: set[bytes] = {b"EK\x01", b"EKfr", b"ekt1_", b"eks1_", b"ekc1", b"ekb1", b"ekr1", b"EKC1", b"EKB1", b"EKR1"}
    words |= {b"EK\x01" + bytes([kind["value"]]) for kind in registry["messageTypes"]}
    for key in ("messageTypes", "enums", "labels", "errors", "agentEvents", "ownerEvents", "agentMachine"):
        words |= {text.encode() for text in strings(registry[key]) if 2 < len(text) < 40}
    for limit in numbers(registry["limits"]):
        for value in (limit - 1, limit, limit + 1):
            for width in (1, 2, 3, 4, 8):
                if 0 <= value < 1 << 8 * width:
                    words.add(value.to_bytes(width, "big"))
    for key in (
        "schema",
        "suite",
        "spec",
        "op",
        "about",
        "counts",
        "valid",
        "invalid",
        "flags",
        "tests",
        "id",
        "since",
        "level",
        "req",
        "comment",
        "in",
        "expect",
        "outcome",
        "reject",
        "code",
        "layer",
        "offset",
        "twin",
        "trace",
        "seq",
        "cmd",
        "run",
        "hello",
        "bye",
        "algorithm",
        "testGroups",
        "tcId",
        "result",
    ):
        words.add(f'"{key}":'.encode())
    return "".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in word)}"\n' for word in sorted(words) if word)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in strings(part)]


def numbers(value: object) -> list[int]:
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [number for part in parts for number in numbers(part)]
