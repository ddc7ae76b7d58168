#!/usr/bin/env python3
"""Makes an account with computers and invented activity, and plays the service: groups by token, writes the report.

Run by hand, it serves the dashboard until interrupted. The report's format is in README.md.
"""

import argparse
import base64
import functools
import http.server
import json
import random
import shutil
import subprocess
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LOGIN = "ana@example.com"
PASSWORD = "correct horse battery staple"
# The last one is what somebody may call a window to make the owner's page run script.
INJECTED = '<img src=x onerror="document.documentElement.dataset.injected=1">'
PEOPLE = ["Ana Kovač", "Björn Ådahl", "Chidi Okafor"]
APPLICATIONS = ["Ledger", "Firefox", "Thunderbird", "Calc", "draw.io", "Terminal", INJECTED]
CHAT = "See you at five? <b>bold</b> \u202egpj.exe"
START = 1_764_000_000_000
Report = dict[str, Any]


class Demo:
    """An account in a scratch folder, with the truth about its activity."""

    def __init__(self, endkey: Path, folder: Path) -> None:
        self.endkey, self.folder, self.service = endkey, folder, folder / "service"
        self.truth: dict[str, dict[str, int]] = {person: defaultdict(int) for person in PEOPLE}
        self.agents: dict[str, str] = {}
        self.chat = b""
        self.pasted = ""
        self._make()

    def _run(self, *arguments: object, text: str | None = None, folder: Path | None = None) -> str:
        command = [self.endkey, *arguments]
        done = subprocess.run([str(part) for part in command], cwd=folder or self.folder, input=text, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise SystemExit(f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stderr}")
        return done.stdout

    def _secret_file(self, name: str, content: str) -> None:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(content, encoding="utf-8")

    def _make(self) -> None:
        owner = ("--password-file", "password")
        self._secret_file("password", PASSWORD + "\n")
        self._run("account", "create", "owner", "--service", "service", "--login", LOGIN, *owner)
        names = [f"pc{i + 1}" for i in range(len(PEOPLE))]
        for name in names:
            self._secret_file(f"{name}.code", self._run("account", "code", "owner", *owner))
            self._run("agent", "request", name, "--service", "service", "--code-file", f"{name}.code")
        self._run("grant", "owner", *owner)
        luck = random.Random(17)
        for epoch in (1, 2):
            if epoch == 2:
                self._run("account", "rotate", "owner", *owner)
            for name, person in zip(names, PEOPLE):
                self._run("agent", "accept", name)
                self._run("agent", "record", name, text=self._activity(person, luck))
        # Somebody pastes another's token into a window title.
        self.pasted = "see " + next(row["token"] for row in self.rows() if row["field"] == "application_name")
        line = {"kind": "document", "start": START + 1, "duration": 1000, "window_title": self.pasted}
        self._run("agent", "record", names[0], text=json.dumps(line) + "\n")
        rule = {"field": "application_name", "category": "productive", "value": APPLICATIONS[0]}
        self._run("account", "rules", "owner", "--set", "-", *owner, text=json.dumps(rule) + "\n")
        self._run("batch", "audit", "owner", *owner)  # a rule is published once its value was seen
        self.agents = {person: self._run("agent", "id", name).strip() for name, person in zip(names, PEOPLE)}
        (self.folder / "chat.txt").write_text(CHAT, encoding="utf-8")
        self._run("blob", "seal", "pc1", "--field", "chat_text", "chat.txt", "--out", "chat.ek")
        self.chat = (self.folder / "chat.ek").read_bytes()

    def after_one_more(self, folder: Path) -> dict:
        """What a copy of the service gives after the owner has published once more there."""
        copy = shutil.copytree(self.folder, folder)
        config = copy / "owner/config.json"  # names its service by the whole path
        config.write_text(config.read_text(encoding="utf-8").replace(str(self.folder), str(copy)), encoding="utf-8")
        self._run("account", "code", "owner", "--password-file", "password", folder=copy)
        return stored(copy / "service")

    def _activity(self, person: str, luck: random.Random) -> str:
        """One batch; every application is used, so that each has tokens of both epochs."""
        lines = []
        for application in APPLICATIONS * 2:
            duration = luck.randrange(60_000, 5_400_000)
            self.truth[person][application] += duration
            lines.append(json.dumps({
                "kind": "application", "start": START, "duration": duration, "employee_name": person,
                "application_name": application, "window_title": f"{application} {luck.randrange(10)}"}))
        return "\n".join(lines) + "\n"

    def rows(self) -> list[dict]:
        """What the service reads in the batches, without a key."""
        files = sorted((self.service / "batches").glob("*/*"))
        return [json.loads(line) for line in self._run("batch", "list", "--json", *files).splitlines()]

    def report(self) -> Report:
        """The report of a service: sums by agent and token."""
        rows = self.rows()
        times: dict[tuple[str, str], int] = defaultdict(int)
        names: dict[str, str] = {}
        for row in rows:
            if row["field"] == "employee_name":
                names[row["agent"]] = row["token"]
            if row["field"] == "application_name":
                times[row["agent"], row["token"]] += row["duration"]
        return {
            "format": "endkey-report-1",
            "account": stored(self.service),
            "agents": [{
                "agent_id": agent,
                "name": names[agent],
                "applications": [
                    {"token": token, "milliseconds": time}
                    for (owner, token), time in sorted(times.items(), key=lambda item: -item[1]) if owner == agent],
                "request": hex_of(self.service / f"requests/{agent}.ek"),
                "batches": [file.read_bytes().hex() for file in sorted((self.service / "batches" / agent).iterdir())],
                "erased": [],
            } for agent in sorted(names)],
            "notes": self.notes(rows),
        }

    def document(self) -> str:
        """A page of the service's own making, in part of what must not stand beside opened values."""
        rows = "".join(
            f"<tr><td>{agent['name']}</td><td>{row['token']}</td><td>{row['milliseconds'] // 60_000} min</td></tr>"
            for agent in self.report()["agents"] for row in agent["applications"][:3])
        return (f"<!doctype html><title>Week</title><h1>This week</h1><table><thead><tr><th>Person"
                f"<th>Application<th>Time</thead>{rows}</table><form action=next><button>Next week</button></form>")

    def notes(self, rows: list[dict]) -> list[str]:
        """Lines with text forms in them, among them some that do not open."""
        titles = [row["token"] for row in rows if row["field"] == "window_title"]
        pasted = next(row["token"] for row in rows if row["start"] == START + 1)
        token = base64url_bytes(titles[0][5:])
        return [
            f'{{"title":"{titles[0]}","next":"{titles[1]}"}}',
            f"Chat: {blob_text(self.chat)}",
            f"Of an epoch to come: {token_text(token[:2] + (9).to_bytes(4, 'big') + token[6:])}",
            f"Damaged: {token_text(token[:6] + bytes([token[6] ^ 1]) + token[7:])}",
            f"Cut off: {titles[0][:40]}",
            f"Pasted: {pasted}",
        ]


def hex_of(path: Path) -> str | None:
    return path.read_bytes().hex() if path.exists() else None


def stored(service: Path) -> dict:
    """What the service gives to the only person of an account."""
    keys, = (service / "account").glob("keys-*.ek")
    person = keys.stem.removeprefix("keys-")
    return {
        "head": keys.read_bytes()[:69].hex(),
        "person_keys": hex_of(keys),
        "account_state": hex_of(service / "account/state.ek"),
        "password_wrap": hex_of(service / "account/password-wrap.ek"),
        "grant": hex_of(service / f"grants/{person}.ek"),
        "owner_vault": hex_of(service / "account/vault.ek"),
        "rule_set": hex_of(service / "account/rules.ek"),
    }


def secret_account(endkey: Path, folder: Path) -> tuple[Report, str]:
    """A report of an account without agents that is opened with an account secret, and that secret."""
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    subprocess.run([endkey, "account", "create", "owner", "--service", "service", "--login", LOGIN,
                    "--password-file", "password", "--new-account-secret-file", "secret"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    report = {"format": "endkey-report-1", "account": stored(folder / "service"), "agents": [], "notes": []}
    return report, (folder / "secret").read_text(encoding="utf-8").strip()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def base64url_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def token_text(token: bytes) -> str:
    return "ekt1_" + base64url(token)


def blob_text(blob: bytes) -> str:
    return "eks1_" + base64url(len(blob).to_bytes(3, "big") + blob)


class Server:
    """Serves the repository's files and, beside the dashboard, reports and documents by name; on 127.0.0.1."""

    def __init__(self) -> None:
        self._offered: dict[str, tuple[str, bytes]] = {}
        offered = self._offered

        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

            def do_GET(self) -> None:
                found = offered.get(urlsplit(self.path).path.rpartition("/")[2])
                if found is None:
                    return super().do_GET()
                kind, body = found
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(ROOT)))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/clients/web/"

    def offer(self, name: str, report: Report, documents: Iterable[str] = ()) -> str:
        """The dashboard's address for a report, with documents that are offered by name."""
        self._offered[name] = "application/json", json.dumps(report).encode()
        return f"{self.address}dashboard.html?service={name}" + "".join(f"&document={one}" for one in documents)

    def offer_document(self, name: str, html: str) -> str:
        """Its address."""
        return self.offer_file(name, "text/html; charset=utf-8", html.encode())

    def offer_file(self, name: str, kind: str, content: bytes) -> str:
        """Its address."""
        self._offered[name] = kind, content
        return self.address + name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endkey", type=Path, default=ROOT / ".build/debug/endkey",
                        help="the command line that makes the account (default: .build/debug/endkey)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        demo, server = Demo(arguments.endkey.resolve(), Path(folder)), Server()
        server.offer_document("week.html", demo.document())
        address = server.offer("report.json", demo.report(), ["week.html"])
        print(f"{address}\nlogin name: {LOGIN}\npassword: {PASSWORD}\nEnter ends it.", flush=True)
        input()


if __name__ == "__main__":
    main()
