"""Plays a recipe of CONTRIBUTING.md on a copy of the checkout: adds a field kind, and counts the files edited by hand.

Fails when they are more than three, when the copy's checks fail, or when the clients in Python and JavaScript do not
make and open the same token of the new field. --build also builds the copy, makes its vectors and asks its command.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from .processes import Failed, run
from .repository import ENDKEY, PYTHON, ROOT

FILES_MAX = 3
NAME, NUMBER, MEANING = "geolocation", 6, "where the person is"
HEADING = "## To add a field kind"
LEFT_OUT = shutil.ignore_patterns(".build*", ".git", "artifacts", "node_modules")
# The question that each client gets; what it seals, it must open.
TOKEN_KEY, ACCOUNT, EPOCH = bytes(range(64)).hex(), bytes(range(16)).hex(), 3
VALUE = b"52.37,4.90".hex()


def registry(text: str) -> str:
    """The registry with the new value behind the last one of TokenField."""
    found = re.search(r'"TokenField": \[\n(?:.*\n)*?.*\}(?=\n    \])', text)
    if found is None:
        raise Failed("spec/registry.json has no TokenField as expected")
    row = f',\n      {{"name": "{NAME}", "value": {NUMBER}, "meaning": "{MEANING}"}}'
    return text[: found.end()] + row + text[found.end():]


def catalogue(text: str) -> str:
    """The faulty client that knows a token field more knows the one behind the new value."""
    last = r"document_name = 5\n    more = "
    edited = text.replace(rf"{last}{NUMBER}\n", rf"{last}{NUMBER + 1}\n")
    if edited == text:
        raise Failed("the catalogue has no client that knows a token field more")
    return edited


# What a person edits: the file, and what becomes of its text.
EDITS: Mapping[str, Callable[[str], str]] = {
    "spec/registry.json": registry, "clients/python/mutants/catalogue/messages.py": catalogue}


def commands(page: str, heading: str = HEADING) -> list[str]:
    """The commands of a recipe: the block marked `sh recipe` of the section, a line each."""
    section = re.search(rf"^{re.escape(heading)}.*?\n(.*?)(?=^## |\Z)", page, re.S | re.M)
    blocks = re.findall(r"^ *```sh recipe\n(.*?)^ *```", section[1] if section else "", re.S | re.M)
    lines = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    if not lines:
        raise Failed(f"CONTRIBUTING.md has no block `sh recipe` below {heading!r}")
    return lines


def git(folder: Path, *arguments: str) -> str:
    """Runs git there, with nothing of the user's configuration."""
    environment = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "recipe", "GIT_AUTHOR_EMAIL": "recipe@localhost",
        "GIT_COMMITTER_NAME": "recipe", "GIT_COMMITTER_EMAIL": "recipe@localhost"}
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        environment.pop(name, None)
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True).stdout


def commit(folder: Path) -> list[str]:
    """Commits everything; gives the files that differ from the commit before."""
    git(folder, "add", "--all", ".")
    changed = git(folder, "diff", "--cached", "--name-only", "-z").split("\0")[:-1]
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "step")
    return changed


def copy(folder: Path) -> None:
    """A copy of the checkout as it is, a repository of its own, with what .ci/setup installed."""
    shutil.copytree(ROOT, folder, symlinks=True, ignore=LEFT_OUT)
    (folder / ".build").mkdir()
    (folder / ".build/venv").symlink_to(PYTHON.parent.parent)
    git(folder, "init", "--quiet")
    commit(folder)


def ask(client: list[str], requests: list[dict], folder: Path, environment: Mapping[str, str]) -> list[dict]:
    """The outputs of a client of the line protocol; throws Failed at an answer that is none."""
    lines = [{"v": 1, "seq": 0, "cmd": "hello", "suite": "1.0.0", "spec": "1.0"}]
    lines += [{"seq": number, "cmd": "run", **request} for number, request in enumerate(requests, 1)]
    lines.append({"seq": len(lines), "cmd": "bye"})
    done = subprocess.run(
        client, cwd=folder, env={**os.environ, **environment}, encoding="utf-8", capture_output=True, check=False,
        input="".join(json.dumps(line) + "\n" for line in lines), timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines()][1:]
    if len(answers) < len(requests) or any(answer["outcome"] != "ok" for answer in answers[: len(requests)]):
        raise Failed(f"{' '.join(client)}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return [answer["out"] for answer in answers[: len(requests)]]


def token_of(client: dict, folder: Path) -> str:
    """Has a client of clients.json seal a value of the new field, and open it; gives the token."""
    environment = client.get("environment", {})
    given = {"token_key": TOKEN_KEY, "account_id": ACCOUNT, "epoch": EPOCH, "field": NAME, "value": VALUE}
    token = ask(client["command"], [{"op": "token/seal", "in": given}], folder, environment)[0]["token"]
    keys = [{"epoch": EPOCH, "token_key": TOKEN_KEY}]
    question = {"op": "token/open", "in": {"account_id": ACCOUNT, "keys": keys, "token": token}}
    opened = ask(client["command"], [question], folder, environment)[0]
    if opened != {"field": NAME, "epoch": EPOCH, "value": VALUE}:
        raise Failed(f"{client['title']} opens the token as {opened}")
    return str(token)


def edit(folder: Path) -> list[str]:
    """Makes the edits of EDITS; gives the files that git then finds changed. Throws Failed when they are too many."""
    for path, change in EDITS.items():
        file = folder / path
        file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    by_hand = commit(folder)
    if len(by_hand) != len(EDITS):
        raise Failed(f"an edit changed nothing: {by_hand}")
    if len(by_hand) > FILES_MAX:
        raise Failed(f"a field kind takes {len(by_hand)} edited files, more than {FILES_MAX}")
    return by_hand


def play(folder: Path, build: bool) -> int:
    """The recipe in `folder`; gives the number of checks that passed."""
    by_hand = edit(folder)
    for line in commands((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        run("sh", "-euc", line, cwd=folder)
    written = commit(folder)
    run(folder / "tools/run", "generate", "--check", cwd=folder)
    run(folder / "tools/run", "tables", "--check", cwd=folder)
    run(folder / "tools/run", "operations", cwd=folder)
    if build:
        run("swift", "build", "--product", "endkey", cwd=folder)
        made = folder / ENDKEY.relative_to(ROOT)
        run(made, "vectors", "generate", "--out", ".build/fresh", cwd=folder)
        run(made, "vectors", "verify", ".build/fresh", cwd=folder)
    clients = json.loads((folder / "clients/clients.json").read_text(encoding="utf-8"))
    tokens = {client["title"]: token_of(client, folder) for client in clients if build or client["name"] != "swift"}
    if len(set(tokens.values())) != 1:
        raise Failed(f"the clients make different tokens: {tokens}")
    print(f"edited by hand, {len(by_hand)}: {', '.join(by_hand)}")
    print(f"written by the commands, {len(written)}: {', '.join(written)}")
    print(f"clients that know the field, {len(tokens)}: {', '.join(tokens)}")
    return 4 + len(tokens) + 2 * build


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run recipe", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", action="store_true", help="also build the copy: some minutes")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            copy(folder := Path(scratch) / "copy")
            passed = play(folder, options.build)
        except Failed as reason:
            print(reason, file=sys.stderr)
            print("0 passed, 1 failed")
            return 1
    print(f"{passed} passed, 0 failed")
    return 0
