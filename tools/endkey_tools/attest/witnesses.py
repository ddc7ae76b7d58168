"""Asks implementations other than the reference about every vector, and keeps who agreed in vectors/attest/record.json.

  tools/run attest --check  asks again; fails if anybody agrees no longer, or the record does not say what was found
  tools/run attest --write  writes the record; `endkey vectors generate --out vectors --force` then stamps it into the
                            files

The reference computes with OpenSSL, and with libsodium where Ed25519 is concerned. Two clients answer the vectors; both
were written from the specification, and share no code with the reference or each other. Libraries compute for them:

  clients/python      parses, orders checks, composes AES-SIV, OAEP, sealing and strict Ed25519 itself
  clients/web         the same in JavaScript
  pycryptodome        computes for clients/python. Shares no code with OpenSSL or libsodium.
  tink                computes AES-SIV once more, with BoringSSL, a fork of OpenSSL whose AES is partly OpenSSL's
  PyNaCl              computes Ed25519 signatures once more. It is libsodium, as in the reference: another build and
                      interface, no more
  webcrypto-node      computes for clients/web. It is OpenSSL: a second interface to the reference's library; Ed25519
                      alone is foreign code
  webcrypto-chromium  computes for clients/web in a browser page, with BoringSSL

A client agrees on an operation when it answers all of its vectors rightly. A library agrees on it when its client does,
and it has computed for one vector or more, and never differed where it computed beside another. What it computed is
watched, not declared: nobody but the clients agrees on what needs no cryptography. `unchecked` are vectors that no
client answers rightly with the help of libraries foreign to the reference (pycryptodome and tink), each with the reason
in UNCHECKED below.

Ends with `N passed, 0 failed`. --without chromium leaves that witness out, where there is no browser.
"""

import argparse
import functools
import http.server
import json
import subprocess
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ..repository import PYTHON, ROOT
from ..suite import vector_files

HERE = ROOT / "vectors/attest"
RECORD = HERE / "record.json"

IMPLEMENTATIONS = [
    "clients/python",
    "clients/web",
    "pycryptodome",
    "tink",
    "PyNaCl",
    "webcrypto-node",
    "webcrypto-chromium",
]
FOREIGN = {"pycryptodome", "tink"}  # No code of theirs is the reference's.

# Vector id: why no implementation foreign to the reference can check it.
UNCHECKED: dict[str, str] = {}


class Failure(Exception):
    """Something is missing, or a witness did not answer."""


# Witnesses: vector files in; versions, and what was found for each operation, out.


def witness(command, files, library, garbled):
    asked = json.dumps({"files": files, "library": library, "garbled": garbled})
    done = subprocess.run(command, input=asked, text=True, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise Failure(f"{Path(command[-1]).name} ended with {done.returncode}")
    return json.loads(done.stdout)


def python(files, library=None, garbled=False):
    found = witness([str(PYTHON), str(Path(__file__).with_name("python_witness.py"))], files, library, garbled)
    versions = {
        "clients/python": found["version"],
        "pycryptodome": version("pycryptodome"),
        "tink": f"{version('tink')} (BoringSSL)",
        "PyNaCl": f"{version('PyNaCl')} (libsodium, as the reference)",
    }
    return versions, found["results"]


def node(files, library="webcrypto-node", garbled=False):
    found = witness(["node", str(HERE / "node_witness.mjs")], files, library, garbled)
    versions = {
        "clients/web": found["version"],
        "webcrypto-node": f"Node.js {found['engine']} (OpenSSL {found['openssl']}, as the reference but for Ed25519)",
    }
    return versions, found["results"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def log_message(self, *_):
        pass


def chromium(files, library="webcrypto-chromium", garbled=False):
    try:
        from playwright.sync_api import Error

        from ..browsers import chromium as launched
        from ..browsers import limited
    except ImportError as error:
        raise Failure("no playwright: .ci/setup installs it") from error
    handler = functools.partial(Quiet, directory=str(ROOT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with launched() as browser, limited():
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{server.server_port}/vectors/attest/record.json")
                found = page.evaluate(
                    """async ([files, library, garbled]) =>
                      (await import("/vectors/attest/web_witness.mjs")).attest(files, library, garbled)""",
                    [files, library, garbled],
                )
                engine = browser.version
        except Error as error:
            raise Failure(f"Chromium: {error}; --without chromium leaves it out") from error
        finally:
            server.shutdown()
    versions = {"clients/web": found["version"], "webcrypto-chromium": f"Chromium {engine} (BoringSSL)"}
    return versions, found["results"]


# witness: its function, its client, the libraries that compute for it
WITNESSES = {
    "python": (python, "clients/python", ["pycryptodome", "tink", "PyNaCl"]),
    "node": (node, "clients/web", ["webcrypto-node"]),
    "chromium": (chromium, "clients/web", ["webcrypto-chromium"]),
}


# The record


def is_checked(vector_id, result, libraries):
    """Whether a client is right about it, without libraries or with a foreign one that agrees."""
    if vector_id in result["wrong"]:
        return False
    computing = [library for library in libraries if vector_id in result["computed"].get(library, [])]
    if not computing:
        return True
    return any(library in FOREIGN and vector_id not in result["disagreed"].get(library, []) for library in computing)


def agreeing(result, client, libraries, unchecked):
    """Who of a witness agrees on an operation."""
    if set(result["wrong"]) - unchecked:
        return set()
    computing = {library for library in libraries if result["computed"].get(library)}
    return {client} | {library for library in computing if not set(result["disagreed"].get(library, [])) - unchecked}


def make_record(files, without=()):
    """The record of what is found now, and lines that say who was wrong."""
    versions: dict[str, str] = {}
    found: dict[str, dict] = {}
    for name, (ask, _, _) in WITNESSES.items():
        if name in without:
            continue
        own, found[name] = ask(files)
        versions |= own
    notes, agreed, unchecked = [], {}, set()
    for file in files:
        op = file["op"]
        for test in file["tests"]:
            if not any(is_checked(test["id"], results[op], WITNESSES[name][2]) for name, results in found.items()):
                unchecked.add(test["id"])
        names, wrong_clients = set(), set()
        for name, results in found.items():
            _, client, libraries = WITNESSES[name]
            result = results[op]
            own = agreeing(result, client, libraries, unchecked)
            names |= own
            wrong_clients |= {client} - own
            notes += [f"{op}: {client} ({name}) answers {id} with {answer}" for id, answer in result["wrong"].items()]
            notes += [f"{op}: {library} differs in {id}" for library, ids in result["disagreed"].items() for id in ids]
        # A client that runs in two engines has to be right in both.
        agreed[op] = [one for one in IMPLEMENTATIONS if one in names - wrong_clients]
    used = {name for names in agreed.values() for name in names}
    return {
        "implementations": [{"impl": name, "version": versions[name]} for name in IMPLEMENTATIONS if name in used],
        "agreed": agreed,
        "unchecked": {id: UNCHECKED.get(id, "") for id in sorted(unchecked)},
    }, notes


def differences(recorded, found, without=()):
    """What the record says that is not so, and the other way round; versions aside."""
    absent = {library for name in without for library in WITNESSES[name][2]}
    lines = []
    for op in sorted(recorded["agreed"].keys() | found["agreed"].keys()):
        if op not in found["agreed"]:
            lines.append(f"{op}: is in the record, but there is no such file")
            continue
        before = set(recorded["agreed"].get(op, [])) - absent
        now = set(found["agreed"][op])
        lines += [f"{op}: {name} agrees no longer" for name in sorted(before - now)]
        lines += [f"{op}: {name} agrees, and the record does not say so" for name in sorted(now - before)]
        if not now:
            lines.append(f"{op}: nobody agrees")
    for id in sorted(recorded["unchecked"].keys() | found["unchecked"].keys()):
        if recorded["unchecked"].get(id) != found["unchecked"].get(id):
            lines.append(
                f"{id}: unchecked is {found['unchecked'].get(id)!r}, in the record {recorded['unchecked'].get(id)!r}"
            )
        elif not recorded["unchecked"][id]:
            lines.append(f"{id}: unchecked without a reason")
    return lines


def text_of(record):
    """JSON, an operation a line."""

    def lines(members):
        return ",\n".join("    " + member for member in members)

    def entries(table):
        return lines(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items())

    unchecked = f"{{\n{entries(record['unchecked'])}\n  }}" if record["unchecked"] else "{}"
    return (
        f'{{\n  "implementations": [\n{lines(map(json.dumps, record["implementations"]))}\n  ],\n'
        f'  "agreed": {{\n{entries(record["agreed"])}\n  }},\n  "unchecked": {unchecked}\n}}\n'
    )


def read_record():
    if not RECORD.exists():
        raise Failure(f"no {RECORD.relative_to(ROOT)}: make it with --write")
    return json.loads(RECORD.read_text())


def summary(record):
    for one in record["implementations"]:
        count = sum(one["impl"] in names for names in record["agreed"].values())
        print(f"{one['impl']:<19} agrees on {count} of {len(record['agreed'])} operations; {one['version']}")
    print(f"{len(record['unchecked'])} vectors unchecked")


def write(arguments):
    record, notes = make_record(vector_files())
    summary(record)
    reasonless = [id for id, reason in record["unchecked"].items() if not reason]
    idle = sorted(UNCHECKED.keys() - record["unchecked"].keys())
    wrong = [f"{id}: nobody foreign to the reference checks it; UNCHECKED has no reason" for id in reasonless]
    wrong += [f"{id}: stands in UNCHECKED, but is checked" for id in idle]
    for line in notes + wrong:
        print(line)
    if wrong:
        return 0, len(wrong)
    RECORD.write_text(text_of(record))
    return sum(map(len, record["agreed"].values())), 0


def check(arguments):
    recorded = read_record()
    found, notes = make_record(vector_files(), arguments.without)
    summary(found)
    before = {one["impl"]: one["version"] for one in recorded["implementations"]}
    for one in found["implementations"]:
        if before.get(one["impl"], one["version"]) != one["version"]:
            print(f"another version than recorded, which is fine: {one['impl']} was {before[one['impl']]}")
    lines = differences(recorded, found, arguments.without)
    for line in notes + lines:
        print(line)
    return sum(map(len, found["agreed"].values())), len(lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run attest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument(
        "--check", dest="act", action="store_const", const=check, help="hold the record against what is found now"
    )
    mode.add_argument("--write", dest="act", action="store_const", const=write, help="write the record")
    parser.add_argument("--without", action="append", default=[], choices=["chromium"], help="leave this witness out")
    given = parser.parse_args(arguments)
    if given.act is write and given.without:
        parser.error("a record is written of all witnesses")
    try:
        passed, failed = given.act(given)
    except (Failure, PackageNotFoundError, FileNotFoundError) as reason:
        print(f"{reason}; .ci/setup installs what this needs", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
