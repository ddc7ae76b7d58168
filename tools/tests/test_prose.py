"""What the Markdown files name exists: each path, link, tool and step of CI.

A path is what stands in code and begins with a file or folder at the root of the repository.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from endkey_tools.__main__ import COMMANDS
from endkey_tools.ci.steps import STEPS
from endkey_tools.repository import ROOT

FENCE = re.compile(r"^( *)```[^\n]*\n(.*?)^\1```", re.S | re.M)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
TOOL = re.compile(r"tools/run ([a-z][a-z-]*)")
STEP = re.compile(r"\.ci/test --only ([a-z][a-z-]*)")
PATH = re.compile(r"(?<![\w./$<-])(?:\.ci|[A-Za-z][\w.-]*)(?:/[\w.+-]+)+")
PLACEHOLDER = re.compile(r"/[A-Z]{2,}(/|\.|$)")
# Made by a tool, and not committed.
MADE = ("fuzz/artifacts",)
# In the README's tour `service` is a folder that plays a service, and what an end keeps there.
PLAYED = re.compile(r"service/(account|requests|person-requests|grants|batches|blobs)\b")
LEFT_OUT = {".build", "node_modules", "artifacts"}
TOPS = {path.name for path in ROOT.iterdir()}


def pages() -> list[Path]:
    """The Markdown files of the repository, without what is built or installed."""
    found = ROOT.rglob("*.md")
    return sorted(page for page in found if not LEFT_OUT.intersection(page.relative_to(ROOT).parts))


def faults(folder: Path, text: str) -> Iterator[str]:
    """What a page in `folder` names, and is not there."""
    outside = FENCE.sub("", text)
    code = "\n".join([match[2] for match in FENCE.finditer(text)] + INLINE.findall(outside))
    for name in sorted(set(TOOL.findall(code)) - set(COMMANDS)):
        yield f"tools/run {name}: no such tool"
    for name in sorted(set(STEP.findall(code)) - set(STEPS)):
        yield f".ci/test --only {name}: no such step"
    for path in sorted({path.rstrip(".") for path in PATH.findall(code)}):
        if path.split("/")[0] not in TOPS or path.startswith(MADE) or PLACEHOLDER.search(path) \
                or PLAYED.match(path):
            continue
        if not (ROOT / path).exists() and not (folder / path).exists():
            yield f"{path}: no such file"
    for pair in LINK.findall(INLINE.sub("", outside)):
        target = "".join(pair).split("#")[0]
        if target and "://" not in target and not (folder / target).exists():
            yield f"{target}: a link to nothing"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_exists(page: Path) -> None:
    assert list(faults(page.parent, page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(("text", "fault"), [
    ("`tools/run speck`", "tools/run speck: no such tool"),
    ("```sh\ntools/run speck --all\n```\n", "tools/run speck: no such tool"),
    ("`.ci/test --only units`", ".ci/test --only units: no such step"),
    ("in `spec/tools/check`.", "spec/tools/check: no such file"),
    ("```sh\nfuzz/coverage --missing\n```\n", "fuzz/coverage: no such file"),
    ("[here](spec/nothing.md#part)", "spec/nothing.md: a link to nothing"),
    ('<img src="clients/web/pictures/none.png">', "clients/web/pictures/none.png: a link to nothing"),
])
def test_a_name_of_nothing_is_found(text: str, fault: str) -> None:
    assert list(faults(ROOT, text)) == [fault]


@pytest.mark.parametrize("text", [
    "`tools/run spec`, `.ci/test --only unit`, `fuzz/run TARGET --repeat FILE`",
    "`fuzz/regressions/TARGET/what-was-wrong`", "`token/open`, `service/batches/*/*`",
    "`f](**given)`", "[a](https://example.com/x) [b](spec/endkey.md#privacy)",
])
def test_what_is_no_fault(text: str) -> None:
    assert list(faults(ROOT, text)) == []


def test_every_module_is_in_the_table_of_contributing() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"Sources/(\w+)`", page[page.index("| folder"):page.index("## To add")]))
    assert named == {folder.name for folder in (ROOT / "Sources").iterdir() if folder.is_dir()}
