"""Makes manual pages of the command line from its own help: a page a command, for `man endkey-account-code`.

`tools/run man DIR` writes DIR/man1/*.1, of the program that was built or of --endkey.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from endkey_tools.repository import ROOT

Command = dict[str, Any]


def escaped(text: str) -> str:
    """Text as roff has it: nothing is a request, and a hyphen can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def paragraphs(text: str) -> list[str]:
    """Paragraphs of help; one that is indented is an example, and keeps its lines."""
    lines: list[str] = []
    for paragraph in text.strip("\n").split("\n\n"):
        if paragraph.startswith("  "):
            lines += [".PP", ".nf", ".RS 4", escaped(paragraph), ".RE", ".fi"]
        else:
            lines += [".PP", escaped(paragraph)]
    return lines


def term(one: dict[str, Any]) -> str:
    """An argument as it is typed."""
    value = f"\\fI{escaped(one.get('valueName', ''))}\\fR"
    if one["kind"] == "positional":
        return value
    dashes = {"long": "--", "short": "-", "longWithSingleDash": "-"}
    names = ", ".join(f"\\fB{escaped(dashes[name['kind']] + name['name'])}\\fR" for name in one["names"])
    return names if one["kind"] == "flag" else f"{names} {value}"


def described(one: dict[str, Any]) -> str:
    text = one.get("abstract", "")
    values, default = one.get("allValues"), one.get("defaultValue")
    notes = [f"values: {', '.join(values)}"] if values else []
    notes += [f"default: {default}"] if default else []
    return escaped(f"{text} ({'; '.join(notes)})" if notes else text)


def page(path: list[str], command: Command, version: str) -> str:
    """The manual page of one command."""
    name = "-".join(path)
    # No date: a page is the same whenever it is made.
    lines = [f'.TH "{name.upper()}" 1 "" "endkey {version}" "Endkey"', ".SH NAME",
             escaped(name) + " \\- " + escaped(command["abstract"].rstrip("."))]
    shown = [one for one in command.get("arguments", []) if one.get("shouldDisplay", True)]
    positional = [one for one in shown if one["kind"] == "positional"]
    below = [one for one in command.get("subcommands", []) if listed(one)]
    usage = ["\\fB" + escaped(" ".join(path)) + "\\fR"]
    usage += ["[\\fIoptions\\fR]"] if len(positional) < len(shown) else []
    usage += [f"[{term(one)}]" if one["isOptional"] else term(one) for one in positional]
    lines += [".SH SYNOPSIS", " ".join(usage + (["\\fIcommand\\fR"] if below else []))]
    lines += [".SH DESCRIPTION", escaped(command["abstract"]), *paragraphs(command.get("discussion", ""))]
    for title, ones in [("ARGUMENTS", positional), ("OPTIONS", [one for one in shown if one not in positional])]:
        if ones:
            lines.append(f".SH {title}")
        for one in ones:
            lines += [".TP", term(one), described(one)]
    if below:
        lines.append(".SH COMMANDS")
        for one in below:
            lines += [".TP", f"\\fB{escaped('-'.join([*path, one['commandName']]))}\\fR(1)", escaped(one["abstract"])]
    if len(path) > 1:
        lines += [".SH SEE ALSO", f"\\fB{escaped('-'.join(path[:-1]))}\\fR(1)"]
    return "\n".join(lines) + "\n"


def listed(command: Command) -> bool:
    return command["commandName"] != "help" and command.get("shouldDisplay", True)


def commands(command: Command, above: list[str] | None = None) -> Iterator[tuple[list[str], Command]]:
    """Each command with the words that name it."""
    path = [*(above or []), command["commandName"]]
    yield path, command
    for one in command.get("subcommands", []):
        if listed(one):
            yield from commands(one, path)


def pages(endkey: Path) -> dict[str, str]:
    """All pages, by the names of their files."""
    call = [str(endkey), "--experimental-dump-help"]
    help_text = subprocess.run(call, capture_output=True, check=True, encoding="utf-8").stdout
    version = subprocess.run([str(endkey), "--version"], capture_output=True, check=True, encoding="utf-8").stdout
    root = json.loads(help_text)["command"]
    return {f"{'-'.join(path)}.1": page(path, command, version.split()[0]) for path, command in commands(root)}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run man", description=__doc__)
    parser.add_argument("out", type=Path, metavar="DIR")
    parser.add_argument("--endkey", type=Path, default=ROOT / ".build/debug/endkey")
    options = parser.parse_args(arguments)
    try:
        made = pages(options.endkey)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"man: {options.endkey}: {error}", file=sys.stderr)
        return 2
    folder = options.out / "man1"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{folder}: {len(made)} pages")
    return 0
