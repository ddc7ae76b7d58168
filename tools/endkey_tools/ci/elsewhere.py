"""The quick steps where nothing is as at home: nothing may depend on day, place, user or terminal.

A copy of this checkout stands in a folder whose path has a space and letters beyond ASCII. There the steps run 400 days
from now, in the time zone Pacific/Chatham (12:45 or 13:45 from UTC), under a Turkish locale (in which I is no capital
of
i), by a user without a name and without rights, under umask 077, with another HOME and TMPDIR, and without a terminal.
The path of TMPDIR has a space and is ASCII: Swift's compiler crashes when it is not.
"""

import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..counting import counted
from ..processes import Failed, run
from ..repository import ENDKEY, PYTHON, ROOT

# What runs there. The rest of the steps differs from these by computing longer, not by asking more of the machine.
STEPS = ["format", "spec", "tour", "clients", "generated", "snippets"]
DAYS = 400
ZONE = "Pacific/Chatham"
LOCALE = "tr_TR.UTF-8"
# Belongs to nobody: beyond what Debian gives to people and to services.
USER = 61_234
FOLDER = "Prüfstand, ılık İş"


@dataclass(frozen=True)
class Elsewhere:
    """A copy of this checkout, and how to run something in it as nobody in particular."""

    root: Path
    environment: Mapping[str, str]
    user: int | None
    """Whom commands run as; nobody else than who runs this, when that is not root."""

    def run(self, *command: object) -> str:
        """Runs a command there, without a terminal, and returns its output. Throws Failed."""
        # A new session has no controlling terminal. -m: the clock of programs with threads.
        script = f'umask 077; exec faketime -m -f +{DAYS}d "$@"'
        shell = ["setsid", "--wait", "sh", "-c", script, "sh", *command]
        if self.user is not None:
            shell = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--", *shell]
        return run(*shell, env=self.environment, cwd=self.root)


def copy_checkout(target: Path) -> None:
    """Copies what git knows and what it does not ignore; without git, everything but build folders."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True)
    if listed.returncode != 0:
        shutil.copytree(ROOT, target, symlinks=True, ignore=shutil.ignore_patterns(".build*", ".git", "artifacts"))
        return
    for name in sorted(set(os.fsdecode(listed.stdout).split("\0")) - {""}):
        source = ROOT / name
        if source.is_symlink() or source.exists():  # deleted, and not committed yet
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)


def is_reachable(path: Path, user: int) -> bool:
    command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--", "test", "-x", str(path)]
    return subprocess.run(command).returncode == 0


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Makes the copy, says what could not be had, and removes it at the end."""
    user: int | None = USER
    if shutil.which("faketime") is None:
        raise Failed("no faketime: .ci/setup installs it")
    if os.geteuid() != 0:
        user = None
        print("not as another user: only root can run something as one")
    elif not all(is_reachable(path.resolve(), USER) for path in (PYTHON, ENDKEY, Path(sys.executable))):
        user = None
        print(f"not as another user: {ROOT}, or the Python of its environment, is not readable for others")
    with tempfile.TemporaryDirectory(prefix="endkey-") as scratch:
        Path(scratch).chmod(0o755)
        place = Path(scratch) / FOLDER
        root, home, temporary = place / "check out", place / "ev", place.parent / "temporary files"
        for folder in (root, home, temporary):
            folder.mkdir(parents=True)
        copy_checkout(root)
        (root / ENDKEY.parent.relative_to(ROOT)).mkdir(parents=True)
        shutil.copy2(ENDKEY, root / ENDKEY.relative_to(ROOT))
        (root / ".build/venv").symlink_to(ROOT / ".build/venv")
        if user is not None:
            for path in Path(scratch).rglob("*"):
                os.chown(path, user, user, follow_symlinks=False)
        yield Elsewhere(root, surroundings(home, temporary), user)


def surroundings(home: Path, temporary: Path) -> dict[str, str]:
    """All variables that are set there."""
    return {
        "PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(temporary), "TZ": ZONE,
        "LC_ALL": LOCALE, "LOCPATH": str(ROOT / ".build/locales"),
    }


# Says what is so there, and fails unless each is.
PROBE = f"""
import datetime, locale, os, sys, tempfile, time
there = datetime.date.today() - datetime.date.fromisoformat(sys.argv[1])
facts = {{
    "clock": there.days in ({DAYS - 1}, {DAYS}, {DAYS + 1}), "zone": time.strftime("%z") in ("+1245", "+1345"),
    "locale": locale.setlocale(locale.LC_ALL, "") == "{LOCALE}",
    "folder": " " in os.getcwd() and not os.getcwd().isascii(),
    "temporary folder": " " in tempfile.gettempdir(), "umask": os.umask(0) == 0o077,
    "terminal": not os.isatty(0) and os.getsid(0) != int(sys.argv[2]),
    "user": sys.argv[3] == "None" or os.geteuid() == int(sys.argv[3]),
}}
for fact, holds in facts.items():
    print("ok  " if holds else "FAIL", fact)
print(sum(facts.values()), "passed,", sum(not holds for holds in facts.values()), "failed")
sys.exit(not all(facts.values()))
"""


def check() -> int:
    """That it is elsewhere there, and that the steps pass."""
    today = datetime.date.today().isoformat()
    with elsewhere() as there:
        total = counted(there.run("python3", "-c", PROBE, today, os.getsid(0), there.user))
        for name in STEPS:
            print(f"-- {name}, elsewhere", flush=True)
            # The last line: it sums up those before.
            total += counted(there.run("tools/run", "test", "--step", name).splitlines()[-1])
    return total
