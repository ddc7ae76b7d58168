"""What judges a client in others' CI: its shell part as it stands, with a release whose program is a stub."""

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from endkey_tools.release.archives import tar_gz
from endkey_tools.repository import ROOT

FOLDER = ROOT / "integrations"
# Says what it was asked, writes a report as `endkey conform` does, starts the client, and ends as that does.
STUB = b"""#!/bin/sh
echo "$@"
mkdir -p "$3" && echo '<testsuite/>' >"$3/junit.xml"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "endkey.tar.gz"
    tar_gz(path, {"endkey-1/bin/endkey": STUB}, 0)
    return path


def judged(release: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Runs the action's own step with these inputs."""
    (step,) = (one for one in loaded(ROOT / "action.yml")["runs"]["steps"] if "run" in one)
    inputs = {name: about.get("default", "") for name, about in loaded(ROOT / "action.yml")["inputs"].items()}
    inputs |= {"archive": str(release), "sha256": hashlib.sha256(release.read_bytes()).hexdigest(), "client": "true"}
    inputs |= given
    environment = {name: inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
                   for name, value in step["env"].items()}
    return subprocess.run(
        [step["shell"], "-c", step["run"]], cwd=release.parent, capture_output=True, encoding="utf-8", check=False,
        env={"PATH": os.environ["PATH"], "GITHUB_ACTION_PATH": str(ROOT),
             "GITHUB_STEP_SUMMARY": str(release.parent / "summary.md"), **environment})


def test_the_client_is_judged_and_the_report_is_left(archive: Path) -> None:
    done = judged(archive, client="echo 'two words'", options="--profile agent --seed 1")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ("conform --report endkey-report --profile agent --seed 1 -- sh -c exec echo 'two words'\n"
                           "two words\n")
    assert (archive.parent / "endkey-report/junit.xml").is_file()
    assert "two words" in (archive.parent / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("status", [1, 2, 3])
def test_it_ends_as_the_runner_does(archive: Path, status: int) -> None:
    assert judged(archive, client=f"sh -c 'exit {status}'").returncode == status


@pytest.mark.parametrize(("given", "told"), [
    ({"sha256": "0" * 64}, "has the hash"),
    ({"sha256": ""}, "ENDKEY_SHA256"),
    ({"client": ""}, "ENDKEY_CLIENT"),
    ({"archive": "none.tar.gz", "sha256": "1"}, "cannot be read"),
    ({"archive": "http://localhost/endkey.tar.gz", "sha256": "1"}, "begins with https"),
])
def test_what_is_wrong_is_said_and_nothing_runs(archive: Path, given: dict[str, str], told: str) -> None:
    done = judged(archive, **given)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_every_service_sets_what_the_script_reads() -> None:
    text = (FOLDER / "judge.sh").read_text(encoding="utf-8")
    wanted = {line.split()[1] for line in text.splitlines() if line.startswith("# ENDKEY_")}
    (step,) = (one for one in loaded(ROOT / "action.yml")["runs"]["steps"] if "run" in one)
    assert len(wanted) == 5
    assert set(step["env"]) == wanted
    assert set(loaded(FOLDER / "gitlab.yml")["endkey"]["variables"]) == wanted
    assert set(loaded(FOLDER / "azure.yml")["variables"]) == wanted
    assert loaded(FOLDER / "gitlab.yml")["endkey"]["script"] == ["integrations/judge.sh"]
    assert loaded(FOLDER / "azure.yml")["steps"][0]["script"] == "integrations/judge.sh"


def test_a_report_that_was_made_is_kept_when_the_client_fails() -> None:
    assert loaded(ROOT / "action.yml")["runs"]["steps"][1]["if"] == "always()"
    assert loaded(FOLDER / "gitlab.yml")["endkey"]["artifacts"]["when"] == "always"
    assert [one["condition"] for one in loaded(FOLDER / "azure.yml")["steps"][1:]] == ["always()"] * 2
