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
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Seconds that a command may take.
LIMIT = 300
LOGIN = "ana@example.com"
PASSWORD = "correct horse battery staple"
# The last one is what somebody may call a window to make the owner's page run script.
INJECTED = '<img src=x onerror="document.documentElement.dataset.injected=1">'
PEOPLE = ["Ana Kovač", "Björn Ådahl", "Chidi Okafor"]
# What the persons of the account call the computers: of the people, one that only sorts mail, one that went silent
# after its first day, and one that never sent anything.
COMPUTERS = ["Ana's desk", "Workshop", "Notebook 7", "Mail room", "Reception", "Meeting room"]
NAMELESS, STOPPED, UNUSED = 3, 4, 5
APPLICATIONS = ["Ledger", "Firefox", "Thunderbird", "Calc", "draw.io", "Terminal", INJECTED]
RULES = [("application_name", "productive", "Ledger"), ("application_name", "productive", "Calc"),
         ("application_name", "neutral", "Thunderbird"), ("application_name", "productive", "draw.io"),
         ("url", "unproductive", "https://games.example/solitaire"), ("application_name", "productive", "Terminal"),
         ("url", "productive", "https://intranet.example/orders")]
SITES = ["https://games.example/solitaire", "https://intranet.example/orders", "https://news.example/"]
CHAT = "See you at five? <b>bold</b> \u202egpj.exe"
DAYS = 5
DAY = 86_400_000
MINUTE = 60_000
# A Monday, at eight in the morning, UTC.
START = 1_763_971_200_000
# When the pasted title was on a screen; such a record has no time worth telling.
PASTED = START + 2 * DAY + 1
Report = dict[str, Any]


class Demo:
    """An account in a scratch folder, with the truth about its activity."""

    def __init__(self, endkey: Path, folder: Path) -> None:
        self.endkey, self.folder, self.service = endkey, folder, folder / "service"
        self.truth: dict[str, dict[str, int]] = {person: defaultdict(int) for person in PEOPLE}
        self.nameless: dict[str, int] = defaultdict(int)
        self.days: dict[int, int] = defaultdict(int)
        self.ids: list[str] = []
        self.agents: dict[str, str] = {}
        self.chat = b""
        self.pasted = ""
        self._make()

    def _run(self, *arguments: object, text: str | None = None, folder: Path | None = None) -> str:
        command = [self.endkey, *arguments]
        done = subprocess.run([str(part) for part in command], cwd=folder or self.folder, input=text, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
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
        self._run("account", "create", "owner", "--service", "service", "--login", LOGIN, "--recovery-file", "-",
                  *owner)
        names = [f"pc{i + 1}" for i in range(len(COMPUTERS))]
        for name, computer in zip(names, COMPUTERS):
            self._secret_file(f"{name}.code", self._run("account", "code", "owner", "--label", computer, *owner))
            self._run("agent", "request", name, "--service", "service", "--code-file", f"{name}.code")
        self._run("grant", "owner", *owner)
        luck = random.Random(17)
        for day in range(DAYS):
            if day == 3:
                self._run("account", "rotate", "owner", *owner)
            if day in (0, 3):
                for name in names:
                    self._run("agent", "accept", name)
            for place, person in enumerate(PEOPLE):
                self._run("agent", "record", names[place], text=self._activity(person, day, luck))
            if day == 0:
                for place in (NAMELESS, STOPPED):
                    self._run("agent", "record", names[place], text=self._nameless(COMPUTERS[place]))
        # Somebody pastes another's token into a window title.
        self.pasted = "see " + next(row["token"] for row in self.rows() if row["field"] == "application_name")
        line = {"kind": "document", "start": PASTED, "duration": 1000, "window_title": self.pasted}
        self._run("agent", "record", names[NAMELESS], text=json.dumps(line) + "\n")
        rules = "".join(json.dumps({"field": field, "category": category, "value": value}) + "\n"
                        for field, category, value in RULES)
        self._run("account", "rules", "owner", "--set", "-", *owner, text=rules)
        self._run("batch", "audit", "owner", *owner)  # a rule is published once its value was seen
        self.ids = [self._run("agent", "id", name).strip() for name in names]
        self.agents = dict(zip(PEOPLE, self.ids))
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

    def _activity(self, person: str, day: int, luck: random.Random) -> str:
        """A day of a person's as one batch, every application in it, and a screenshot a day."""
        place = PEOPLE.index(person)
        (self.folder / "shot.png").write_bytes(screenshot(17 * day + place))
        lines = [{"kind": "screenshot", "start": START + day * DAY, "duration": 0, "employee_name": person,
                  "screenshot": "shot.png"}]
        start = START + day * DAY + luck.randrange(30) * MINUTE
        for application in luck.sample(APPLICATIONS * 2, 2 * len(APPLICATIONS)):
            duration = luck.randrange(5 + 5 * place, 60 - 10 * place) * MINUTE
            self.truth[person][application] += duration
            self.days[START + day * DAY - 8 * 60 * MINUTE] += duration
            line = {"kind": "application", "start": start, "duration": duration, "employee_name": person,
                    "application_name": application, "window_title": f"{application} {luck.randrange(10)}"}
            if application == "Firefox":
                line |= {"kind": "website", "url": luck.choice(SITES)}
            if application == "Calc":
                line["document_name"] = f"Budget {2020 + luck.randrange(6)}.ods"
            lines.append(line)
            start += duration
        return "".join(json.dumps(line) + "\n" for line in lines)

    def _nameless(self, computer: str) -> str:
        """An hour at a computer that nobody in particular sits at."""
        self.nameless[computer] += 60 * MINUTE
        self.days[START - 8 * 60 * MINUTE] += 60 * MINUTE
        return json.dumps({"kind": "application", "start": START, "duration": 60 * MINUTE,
                           "application_name": "Thunderbird", "window_title": "Thunderbird 0"}) + "\n"

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
            "blobs": "blobs",
            "agents": [{
                "agent_id": agent,
                "name": names.get(agent, ""),
                "applications": [
                    {"token": token, "milliseconds": time}
                    for (owner, token), time in sorted(times.items(), key=lambda item: -item[1]) if owner == agent],
                "request": hex_of(self.service / f"requests/{agent}.ek"),
                "batches": [file.read_bytes().hex() for file in sorted((self.service / "batches" / agent).iterdir())],
                "erased": [],
            } for agent in sorted({row["agent"] for row in rows})],
            "notes": self.notes(rows),
        }

    def faulty_report(self) -> Report:
        """The same of a service that loses a batch, changes one, and adds an hour."""
        report = self.report()
        one, other, third = (next(agent for agent in report["agents"] if agent["agent_id"] == agent_id)
                             for agent_id in self.ids[:3])
        one["batches"].remove(batch_of(one, 2))
        changed = batch_of(other, 4)
        other["batches"][other["batches"].index(changed)] = changed[:-2] + ("00" if changed[-2:] != "00" else "01")
        third["applications"][0]["milliseconds"] += 60 * MINUTE
        return report

    def document(self) -> str:
        """A page of the service's own making, in part of what must not stand beside opened values."""
        rows = "".join(
            f"<tr><td>{agent['name']}</td><td>{row['token']}</td><td>{row['milliseconds'] // 60_000} min</td></tr>"
            for agent in self.report()["agents"] for row in agent["applications"][:3])
        return (f"<!doctype html><title>Week</title><h1>This week</h1><table><thead><tr><th>Person"
                f"<th>Application<th>Time</thead>{rows}</table><form action=next><button>Next week</button></form>")

    def notes(self, rows: list[dict]) -> list[str]:
        """Lines with text forms in them, among them some that do not open."""
        people = set(self.agents.values())
        titles = [row["token"] for row in rows if row["field"] == "window_title" and row["agent"] in people]
        pasted = next(row["token"] for row in rows if row["start"] == PASTED)
        token = base64url_bytes(titles[0][5:])
        return [
            f'{{"title":"{titles[0]}","next":"{titles[1]}"}}',
            f"Chat: {blob_text(self.chat)}",
            f"Of an epoch to come: {token_text(token[:2] + (9).to_bytes(4, 'big') + token[6:])}",
            f"Damaged: {token_text(token[:6] + bytes([token[6] ^ 1]) + token[7:])}",
            f"Cut off: {titles[0][:40]}",
            f"Pasted: {pasted}",
        ]


def batch_of(agent: dict, sequence: int) -> str:
    """A batch of an agent in a report, by its number."""
    return next(batch for batch in agent["batches"] if int(batch[80:96], 16) == sequence)


def screenshot(seed: int) -> bytes:
    """A picture of invented windows, as PNG."""
    luck = random.Random(seed)
    width, height = 320, 200
    ground = luck.choice([b"\x2e\x5d\x7a", b"\x3f\x6b\x52", b"\x59\x4c\x6e"])
    pixels = [bytearray(ground * width) for _ in range(height)]
    for _ in range(3):
        left, top = luck.randrange(150), luck.randrange(90)
        for y in range(top, top + 100):
            colour = b"\xd5\xda\xde" if y < top + 12 else b"\xfb\xfb\xf9"
            pixels[y][3 * left:3 * (left + 160)] = colour * 160
        for line in range(9):
            length, y = luck.randrange(30, 140), top + 22 + 8 * line
            for row in range(y, min(y + 3, height)):
                pixels[row][3 * (left + 10):3 * (left + 10 + length)] = b"\x9a\xa3\xab" * length

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


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
                    "--password-file", "password", "--new-account-secret-file", "secret",
                    "--recovery-file", "-"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=LIMIT)
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
                path = urlsplit(self.path).path
                found = offered.get(path.partition("/clients/web/")[2]) or offered.get(path.rpartition("/")[2])
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

    def offer_blobs(self, demo: Demo) -> None:
        """All blobs of an account, as its report names them."""
        for file in (demo.service / "blobs").glob("*/*"):
            self.offer_file(f"blobs/{file.parent.name}/{file.stem}", "application/octet-stream", file.read_bytes())

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
        server.offer_blobs(demo)
        address = server.offer("report.json", demo.report(), ["week.html"])
        faulty = server.offer("faulty.json", demo.faulty_report())
        print(f"{address}\nof a service with faults: {faulty}\nlogin name: {LOGIN}\npassword: {PASSWORD}\n"
              "Enter ends it.", flush=True)
        input()


if __name__ == "__main__":
    main()
