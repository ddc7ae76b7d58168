"""The fuzzers' inputs, read a second time: by the decoder that tools/endkey_tools/spec/codec.py derives from the
specification's text.

  tools/run differential --endkey PATH     every input of fuzz/corpus, fuzz/regressions and of runs on this machine

On each, both must accept, or refuse with the same code at the same offset. The decoder in Python is too slow to be
asked by the fuzzer itself, so this asks it about what the fuzzer found worth keeping.
"""

import argparse
import sys
from pathlib import Path

from ..spec import mutants
from ..spec import repository as specification
from .places import ARTIFACTS, CORPUS, REGRESSIONS, ROOT

STRUCTS = {
    "password-wrap": "PasswordWrap",
    "password-header": "PasswordHeader",
    "owner-vault": "OwnerVault",
    "enrolment-request": "EnrolmentRequest",
    "grant": "Grant",
    "person-keys": "PersonKeys",
    "person-request": "PersonRequest",
    "account-state": "AccountState",
    "sealed-blob": "SealedBlob",
    "record-batch": "RecordBatch",
    "rule-set": "RuleSet",
    "token": "Token",
    "local-state": "LocalState",
    "spool-header": "SpoolHeader",
    "capture": "Capture",
    "blob-reference": "BlobReference",
    "owner-contents": "OwnerContents",
    "token-text": "TokenText",
    "blob-text": "BlobText",
    "code-text": "CodeText",
    "account-secret-text": "SecretText",
    "recovery-text": "RecoveryText",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run differential", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--endkey", type=Path, required=True, metavar="PATH", help="the program, already built")
    given = parser.parse_args(arguments)
    spec = specification.Repository(ROOT)
    passed = failed = 0
    for target, struct in STRUCTS.items():
        folders = [CORPUS / target, REGRESSIONS / target, ARTIFACTS / "work" / target, ARTIFACTS / "seeds" / target]
        inputs = {path.read_bytes() for folder in folders if folder.is_dir() for path in folder.iterdir()}
        if not inputs:
            sys.exit(f"failed: {target} has no input: fuzz/run {target}")
        cases = [(struct, data) for data in sorted(inputs)]
        faults = mutants.disagreements(spec, [given.endkey.resolve()], cases)
        for fault in faults:
            print(f"{target}: {fault}")
        passed, failed = passed + len(cases) - len(faults), failed + len(faults)
        print(f"{target:<22} {len(cases):>5} inputs, {len(faults)} disagreements", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
