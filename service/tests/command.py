"""The command line, as people and computers use it: each a folder, and a service over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

PROGRAM = Path(os.environ.get("ENDKEY", ROOT / ".build/debug/endkey"))
# Longer than any command takes, a stretched password and a few attempts among it.
PATIENCE = 240
PASSWORD = ("--password-file", "password")


@dataclass
class Done:
    status: int
    output: str
    error: str


@dataclass
class Desk:
    """A folder in which commands run, whose ends use one service."""

    folder: Path
    origin: str
    login: str = "ana@example.com"
    # A file of certificates, in the place of the system's.
    trusted: Path | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.secret("password", "correct horse battery staple")

    def secret(self, name: str, text: str) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return kept if self.trusted is None else {**kept, "SSL_CERT_FILE": str(self.trusted)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PROGRAM, *arguments], cwd=self.folder, env=self.environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")

    def run(self, *arguments: str, given: str = "", status: int = 0) -> Done:
        process = self.start(*arguments)
        try:
            output, error = process.communicate(given, timeout=PATIENCE)
        finally:
            process.kill()
        assert process.returncode == status, f"{arguments}: {process.returncode}\n{output[:2000]}{error[:2000]}"
        return Done(process.returncode, output, error)

    def owner(self, *arguments: str, folder: str = "owner", given: str = "", status: int = 0) -> Done:
        """A command of the account's: the first two words, the folder, then the rest."""
        words = 2 if arguments[0] in ("account", "batch", "blob") else 1
        words += arguments[0] == "account" and arguments[1] == "person"
        return self.run(*arguments[:words], folder, *arguments[words:], *PASSWORD, given=given, status=status)

    def create(self) -> None:
        self.run("account", "create", "owner", "--service", self.origin, "--login", self.login,
                 "--recovery-file", "recovery.txt", *PASSWORD)

    def enrol(self, name: str, *code: str) -> str:
        """A computer with keys; its id."""
        self.ask(name, *code)
        self.owner("grant")
        self.run("agent", "accept", name)
        return self.id(name)

    def ask(self, name: str, *code: str) -> None:
        self.secret(f"{name}.code", self.owner("account", "code", *code).output.strip())
        self.run("agent", "request", name, "--service", self.origin, "--code-file", f"{name}.code")

    def id(self, name: str) -> str:
        return self.run("agent", "id", name).output.strip()

    def record(self, name: str, *activities: dict[str, object], status: int = 0) -> Done:
        lines = "".join(json.dumps(one) + "\n" for one in activities)
        return self.run("agent", "record", name, given=lines, status=status)

    def audit(self, status: int = 0) -> dict[str, object]:
        return dict(json.loads(self.owner("batch", "audit", "--json", status=status).output))


def activity(start: int, duration: int, title: str = "Salaries 2026", **others: object) -> dict[str, object]:
    return {"kind": "application", "start": start, "duration": duration, "application_name": "Ledger",
            "window_title": title, **others}


def milliseconds(audit: dict[str, object], field: str = "application_name") -> int:
    """The time of all values of a field."""
    totals = audit["totals"]
    assert isinstance(totals, list)
    return sum(row["milliseconds"] for row in totals if row["field"] == field)
