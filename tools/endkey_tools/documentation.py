"""Makes the documentation of Endkey from what was built, warnings being errors, and reads all public declarations.

Every public declaration of every library has a comment, whose first paragraph ends as a sentence does, and does not
begin as a fragment that is a riddle by itself ("Of the token."). Of EndkeyPrimitives, `import Endkey` brings no name
but those of VISIBLE. `--out DIR` keeps the documentation, for a web server.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from endkey_tools.repository import ROOT

MODULES = ROOT / ".build/debug/Modules"
CATALOGUE = ROOT / "Sources/Endkey/Endkey.docc"
MODULE = "Endkey"
OTHERS = ("EndkeyBulk", "EndkeyPrimitives", "EndkeyStore", "EndkeyWire")
RIDDLE = re.compile(r"(Of|From|By|That|For|In|To|After|The same|As) ")
# A full stop, or one and the sections, requirements and RFCs that say more.
WHOLE = re.compile(r"[.:](?:\s(?:§|R-|H-|RFC |section )[\w.-]+,?)*$")
# What Exports.swift lets through, and why, stands there.
VISIBLE = {"PrimitiveError", "RandomSource", "SecretBytes", "SystemRandom"}
# Made by the compiler: == of Equatable, cases' raw values and the like have their comments elsewhere.
INHERITED = "::SYNTHESIZED::"


class Failed(Exception):
    """A program of the toolchain failed."""


def call(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise Failed(f"{command[0]} ends with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def toolchain(program: str) -> Path:
    """A program that lies beside the Swift compiler, wherever the link on PATH points."""
    compiler = shutil.which("swiftc")
    if compiler is None:
        raise Failed("no swiftc on PATH")
    return Path(compiler).resolve().parent / program


def target() -> str:
    return str(json.loads(call(toolchain("swiftc"), "-print-target-info"))["target"]["triple"])


def modules() -> list[str | Path]:
    """The options with which a program of the toolchain finds what was built."""
    maps = [f"-fmodule-map-file={ROOT}/Sources/{name}/module.modulemap" for name in ("COpenSSL", "CSodium")]
    return ["-I", MODULES, "-target", target(), *(part for one in maps for part in ("-Xcc", one))]


def extract(module: str, folder: Path) -> None:
    """Writes the symbol graph of a module's public declarations."""
    folder.mkdir()
    call(
        toolchain("swift-symbolgraph-extract"), "-module-name", module, *modules(),
        "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", folder)


def visible(names: set[str], scratch: Path) -> set[str]:
    """Those of the names that a program with `import Endkey` alone can say: the compiler finds them."""
    program = scratch / "visible.swift"
    program.write_text("import Endkey\n" + "".join(f"func f(_: any {name}.Type) {{}}\n" for name in sorted(names)),
                       encoding="utf-8")
    done = subprocess.run(
        [toolchain("swiftc"), "-typecheck", "-swift-version", "6", *modules(), program], cwd=ROOT, capture_output=True,
        encoding="utf-8", check=False)
    return names - set(re.findall(r"cannot find type '(\w+)' in scope", done.stderr))


def leaks(graphs: Path, scratch: Path) -> list[str]:
    """The top-level names of EndkeyPrimitives that come with `import Endkey` and should not, or should and do not."""
    symbols = json.loads((graphs / "EndkeyPrimitives.symbols.json").read_text(encoding="utf-8"))["symbols"]
    names = {one["pathComponents"][0] for one in symbols
             if len(one["pathComponents"]) == 1 and one["kind"]["identifier"] != "swift.func"}
    found = visible(names, scratch)
    print(f"of {len(names)} names of EndkeyPrimitives, `import Endkey` brings {', '.join(sorted(found))}")
    return [f"{name}: `import Endkey` brings it, or not, against VISIBLE" for name in sorted(found ^ VISIBLE)]


def comment(symbol: dict[str, Any]) -> str:
    return "\n".join(line["text"] for line in symbol.get("docComment", {}).get("lines", [])).strip()


def faults(graph: dict[str, Any]) -> tuple[int, list[str]]:
    """How many comments were read, and the declarations whose comment is missing or a riddle."""
    inherited = {edge["source"] for edge in graph["relationships"] if edge.get("sourceOrigin")}
    count, found = 0, []
    for symbol in graph["symbols"]:
        identifier = symbol["identifier"]["precise"]
        if INHERITED in identifier or identifier in inherited or "location" not in symbol:
            continue
        count += 1
        name, text = ".".join(symbol["pathComponents"]), comment(symbol)
        place = f"{Path(symbol['location']['uri']).name}:{symbol['location']['position']['line'] + 1}"
        if not text:
            found.append(f"{place}: {name} has no comment")
        elif RIDDLE.match(text):
            found.append(f"{place}: {name} begins as a fragment: {text.splitlines()[0]}")
        elif not WHOLE.search(first := text.split("\n\n")[0]):
            found.append(f"{place}: {name} does not end as a sentence: {first}")
    return count, sorted(found)


def convert(graphs: Path, out: Path) -> None:
    call(
        toolchain("docc"), "convert", CATALOGUE, "--additional-symbol-graph-dir", graphs, "--output-path", out,
        "--fallback-display-name", MODULE, "--fallback-bundle-identifier", MODULE, "--warnings-as-errors")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run documentation", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="where the documentation is to be")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        try:
            for module in (MODULE, *OTHERS):
                extract(module, scratch / module)
            count, found = 1, leaks(scratch / "EndkeyPrimitives", scratch)
            for file in sorted(scratch.glob("*/*.symbols.json")):
                more, faulty = faults(json.loads(file.read_text(encoding="utf-8")))
                count += more
                found += faulty
        except Failed as error:
            print(error, file=sys.stderr)
            return 1
        try:
            convert(scratch / MODULE, options.out or scratch / "documentation")
        except Failed as error:
            found.append(str(error))
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{count + 1 - len(found)} passed, {len(found)} failed")
    return 1 if found else 0
