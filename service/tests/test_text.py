"""`spec/http.md` against the tests and the program: every requirement is cited by a test, every problem is there."""

import re
from pathlib import Path

from interface import DESCRIPTION

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "spec/http.md").read_text(encoding="utf-8")
# Requirements that no test of a service can show, and why.
EXCUSED = {
    "H-5-1": "the time of a comparison is not measured: the program calls CRYPTO_memcmp",
    "H-11-3": "a person's end's; the page does not speak HTTP yet",
}


def test_every_requirement_is_cited() -> None:
    stated = set(re.findall(r"\*\*(H-[\d.]+-\d+)\*\*", TEXT))
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    cited = set(re.findall(r"H-[\d.]+-\d+", tests.replace(repr(EXCUSED), ""))) - set(EXCUSED)
    assert stated - cited - set(EXCUSED) == set()
    assert set(EXCUSED) <= stated
    assert cited <= stated


def test_problems_are_those_of_the_text() -> None:
    table = {(int(status), name) for status, name in re.findall(r"^\| (\d+) \| `([a-z-]+)` \|", TEXT, re.MULTILINE)}
    source = (ROOT / "service/Sources/ServiceModel/Problem.swift").read_text(encoding="utf-8")
    names = set(re.findall(r'^    case `?(\w+)`?(?: = "([a-z-]+)")?$', source, re.MULTILINE))
    assert {name for _, name in table} == {text or name for name, text in names}


def test_resources_are_those_of_the_description() -> None:
    """The tables of section 7 and the description have the same resources."""
    section = TEXT.split("# Resources {#resources}")[1].split("# Publication {#publication}")[0]
    listed = set()
    for methods, path in re.findall(r"^\| ((?:`[A-Z]+`, )*)`([A-Z]+ [^`]+)` \|", section, re.MULTILINE):
        names = [*re.findall(r"[A-Z]+", methods), path.split()[0]]
        listed |= {f"{name} /v1/{path.split()[1]}" for name in names}
    described = {f"{method.upper()} {path}" for path, item in DESCRIPTION["paths"].items() for method in item
                 if method != "parameters" and path.startswith("/v1/")}
    assert listed == described
