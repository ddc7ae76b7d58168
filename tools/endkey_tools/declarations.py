"""Finds in the compiler's index what product modules declare and no product uses.

What such a module declares other than for its users, a product uses: a library, the command, or what answers the client
protocol. What is declared `package`, another module needs that is no test. EXCEPTIONS has the rest, with their reasons,
and nothing else.
"""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path

from .documentation import VISIBLE
from .index import TYPES, Declaration, Index
from .repository import ROOT

LIBRARIES = ("CEndkey", "Endkey", "EndkeyBulk", "EndkeyPrimitives", "EndkeyStore", "EndkeyWire")
# The operations are what `endkey respond` answers, as any client does that is judged.
PRODUCTS = tuple(f"Sources/{name}/" for name in (*LIBRARIES, "EndkeyCommand", "EndkeyVectors/Operations"))
TESTS = ("Sources/TestPrimitives/", "Sources/TestSupport/", "Tests/")
ACCESS = re.compile(r"\b(public|package|fileprivate|private)\b(?!\()")

EXCEPTIONS = {
    "AESGCM.seal(_:key:nonce:associatedData:)": "Wycheproof's tests, of the cipher whose messages are chunks here",
    "AESGCM.open(_:tag:key:nonce:associatedData:)": "the same",
    "RSAPrivateKey.copy()": "fuzzers start from one key thousands of times, and to make it of its primes takes 1 ms",
}


class Declarations:
    """The declarations of a build by their USR, and the access of those of the product modules."""

    def __init__(self, declarations: Mapping[str, Declaration], access: Mapping[str, str]) -> None:
        self.all = declarations
        self.access = access

    @classmethod
    def built(cls, root: Path = ROOT) -> "Declarations":
        found, access = Index(root / ".build/debug/index/store", root).declarations, {}
        for usr, one in found.items():
            line = one.path.read_text(encoding="utf-8").splitlines()[one.line - 1]
            one.path, one.files = one.path.relative_to(root), {path.relative_to(root) for path in one.files}
            # What fulfils a protocol is called by its requirement's name.
            if str(one.path).startswith(tuple(f"Sources/{name}/" for name in LIBRARIES)) and not one.fulfils:
                access[usr] = access_of(line)
        return cls(found, access)

    def faults(self, exceptions: Mapping[str, str]) -> list[str]:
        """What is wrong, and exceptions that are none."""
        wrong, used = [], set()
        for usr in self.access:
            one, fault = self.all[usr], self.fault(usr)
            if fault is None:
                continue
            if one.name in exceptions:
                used.add(one.name)
            else:
                wrong.append(f"{one.path}:{one.line}: {one.name}: {fault}")
        return sorted(wrong) + [f"EXCEPTIONS: {name} is none" for name in sorted(exceptions.keys() - used)]

    def fault(self, usr: str) -> str | None:
        """What is wrong with a declaration of a product module; None when nothing is."""
        one, access = self.all[usr], self.access[usr]
        if access == "public" and is_for_users(one):
            return None
        if not any(str(path).startswith(PRODUCTS) for path in one.files):
            return "no product uses it"
        if access == "package" and not self.is_needed(usr):
            return "package, and no other module needs it"
        return None

    def is_needed(self, usr: str) -> bool:
        """Whether another module that is no test uses a declaration; or, of a type, one that is needed and names it."""
        one = self.all[usr]
        own = module(one.path) + "/"
        if any(not str(path).startswith((own, *TESTS)) for path in one.files):
            return True
        return one.kind in TYPES and any(
            self.access.get(user) == "package" and self.all[user].kind not in TYPES and self.is_needed(user)
            for user in one.users)


def access_of(line: str) -> str:
    """The access that the line of a declaration gives it."""
    found = ACCESS.search(line.partition("//")[0])
    return found[1] if found else "internal"


def module(path: Path) -> str:
    """Such as `Sources/Endkey`."""
    return "/".join(path.parts[:2])


def is_for_users(declaration: Declaration) -> bool:
    """Whether the import of a product brings a public declaration."""
    return module(declaration.path) != "Sources/EndkeyPrimitives" or declaration.name.split(".")[0] in VISIBLE


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(
        prog="tools/run declarations", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    built = Declarations.built()
    faults = built.faults(EXCEPTIONS)
    for fault in faults:
        print(fault)
    print(f"{sum(access == 'package' for access in built.access.values())} declarations are package")
    print(f"{len(built.access) - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0
