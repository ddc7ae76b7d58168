"""What a release is made of: the same bytes whenever and wherever it is made, and statements that hold together."""

import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import cast

import pytest

from endkey_tools.release import statements
from endkey_tools.release.archives import Entries, below, tar_gz, wheel
from endkey_tools.release.programs import Built
from endkey_tools.release.source import Source, constant, listing_hash
from endkey_tools.repository import ROOT

WHEN = 1_700_000_000
ENTRIES: Entries = {"top/bin/endkey": b"program", "top/LICENSE": b"text"}


def test_an_archive_depends_on_names_contents_and_date_alone(tmp_path: Path) -> None:
    made = []
    for name, entries in (("a.tar.gz", ENTRIES), ("b.tar.gz", dict(reversed(ENTRIES.items())))):
        tar_gz(tmp_path / name, {**entries, "top/lib/link": "target"}, WHEN)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    with tarfile.open(tmp_path / "a.tar.gz") as archive:
        modes = {one.name: (one.mode, one.mtime, one.uid, one.linkname) for one in archive}
    assert modes == {"top/LICENSE": (0o644, WHEN, 0, ""), "top/bin/endkey": (0o755, WHEN, 0, ""),
                     "top/lib/link": (0o777, WHEN, 0, "target")}


def test_a_wheel_has_a_record_of_all_that_is_in_it(tmp_path: Path) -> None:
    entries: Entries = {"x-1.data/scripts/x": b"program", "x.py": b""}
    made = [wheel(folder, "x", "1", "any", entries, "Name: x\n", WHEN).read_bytes()
            for folder in (tmp_path, tmp_path)]
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "x-1-py3-none-any.whl") as archive:
        record = archive.read("x-1.dist-info/RECORD").decode().splitlines()
        assert [line.split(",")[0] for line in record] == archive.namelist()
        assert archive.getinfo("x-1.data/scripts/x").external_attr >> 16 == 0o100755


def test_what_is_cached_and_what_has_another_ending_stays_out(tmp_path: Path) -> None:
    for name in ("a.py", "b.txt", "__pycache__/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert below(tmp_path, "p/", only=(".py",)) == {"p/a.py": b"a.py"}


def test_the_hash_of_the_vectors_is_what_the_shell_says(tmp_path: Path) -> None:
    for name in ("b.json", "a-b.json", "a.json"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    told = subprocess.run("LC_ALL=C; sha256sum *.json | sha256sum", shell=True, cwd=tmp_path, capture_output=True,
                          encoding="utf-8", check=True).stdout
    assert told.split()[0] == listing_hash(tmp_path)


def test_the_program_can_be_stamped() -> None:
    text = (ROOT / "Sources/EndkeyCommand/System/Release.swift").read_text(encoding="utf-8")
    assert constant(text, "version")
    for name in ("commit", "vectors"):
        assert text.count(f"static let {name}: String? = nil") == 1


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    """A source of which only its names are known, on a machine whose packages are."""
    monkeypatch.setattr(statements, "output", lambda *command: f"version of {command[-1]}")
    made = object.__new__(Source)
    made.commit, made.time, made.version, made.pins = "c0ffee", WHEN, "1.0.0", None
    return made


def test_each_relationship_is_of_what_the_list_has(source: Source) -> None:
    document = statements.spdx(source, {"a.deb": "00", "b.whl": "01"})
    ids = ["SPDXRef-DOCUMENT", *(one["SPDXID"] for one in document["packages"] + document["files"])]
    assert len(ids) == len(set(ids))
    for one in document["relationships"]:
        assert {one["spdxElementId"], one["relatedSpdxElement"]} <= set(ids)
    assert document["creationInfo"]["created"] == "2023-11-14T22:13:20Z"


def test_the_statement_names_each_file_and_the_commit(source: Source) -> None:
    built = cast(Built, type("Of", (), {"is_portable": True}))
    statement = statements.provenance(source, built, {"a.deb": "00"})
    assert statement["subject"] == [{"name": "a.deb", "digest": {"sha256": "00"}}]
    definition = statement["predicate"]["buildDefinition"]
    assert definition["externalParameters"]["commit"] == definition["resolvedDependencies"][0]["digest"]["gitCommit"]
