"""Fills the generated regions of spec/endkey.md from registry.json, vectors and privacy.py; then writes the texts of
its
requirements to vectors/conformance/requirements.json.

--check changes nothing, names the regions and files that differ, and exits 1 if there are any.
"""

import argparse
import sys

from ..repository import ROOT
from . import privacy, regions, requirements
from .document import Document
from .repository import Repository


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run tables", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only compare")
    given = parser.parse_args(arguments)
    repository = Repository(ROOT)
    made, faults = regions.fill(repository.text, repository.registry, repository.vectors, privacy.table)
    old, new = regions.REGION.findall(repository.text), regions.REGION.findall(made)
    changed = [name for (name, before), (_, after) in zip(old, new) if before != after]
    for fault in faults:
        print(f"not filled: {fault}", file=sys.stderr)
    for name in changed:
        print(f"{'differs' if given.check else 'filled'}: {name}")
    if changed and not given.check:
        repository.markdown.write_text(made)
    path, texts = ROOT / requirements.TEXTS, requirements.texts(Document.of_text(made))
    if not path.exists() or path.read_text() != texts:
        changed.append(requirements.TEXTS)
        print(f"{'differs' if given.check else 'written'}: {requirements.TEXTS}")
        if not given.check:
            path.write_text(texts)
    return 1 if faults or (given.check and changed) else 0
