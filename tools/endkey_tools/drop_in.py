"""Makes endkey.mjs, the drop-in for a page: one file of clients/web/drop-in.mjs and all that it imports.

Each module becomes a function that runs once and gives what the module exports, in the order in which they need each
other. Comments are left out, nothing else is changed. The file needs nothing, and its types lie beside it.
"""

import argparse
import re
import shutil
from pathlib import Path

from endkey_tools.repository import ROOT

WEB = ROOT / "clients/web"
ENTRY = WEB / "drop-in.mjs"
TYPES = WEB / "endkey.d.mts"
OUT = ROOT / ".build/web/endkey.mjs"
HEAD = f"""\
// Endkey's drop-in for a page of an account's owner. Made by `tools/run drop-in` of the modules named below, in
// {WEB.relative_to(ROOT)}, whose README.md shows how it is used.

"""
IMPORT = re.compile(r'^import (?:(?:\{(?P<names>[^}]*)\}|\* as (?P<whole>\w+)) from )?"(?P<path>[^"]+)";\n', re.M)
DECLARED = re.compile(r"^export (?:async )?(?:const|class|function\*?) (\w+)", re.M)
LISTED = re.compile(r"^export \{([^}]*)\};\n", re.M)
COMMENT_LINE = re.compile(r"^[ ]*//.*\n", re.M)
COMMENT_BLOCK = re.compile(r"^[ ]*/\*\*.*?\*/[ ]*\n", re.M | re.S)


def names_of(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def variable(path: Path) -> str:
    """What a module is called in the file."""
    return "_" + re.sub(r"\W", "_", path.relative_to(WEB).with_suffix("").as_posix())


class Bundle:
    def __init__(self) -> None:
        self.parts: dict[Path, str] = {}
        self._open: list[Path] = []

    def add(self, path: Path) -> list[str]:
        """Takes a module in, after those that it imports; gives what it exports."""
        if path in self._open:
            raise SystemExit(f"failed: modules import each other: {' '.join(map(str, [*self._open, path]))}")
        text = path.read_text(encoding="utf-8")
        exported = DECLARED.findall(text) + [name for listed in LISTED.findall(text) for name in names_of(listed)]
        if path in self.parts:
            return exported
        self._open.append(path)
        imports = [self._import(path, *found.group("names", "whole", "path")) for found in IMPORT.finditer(text)]
        body = LISTED.sub("", IMPORT.sub("", text))
        body = re.sub(r"^export (?=async |const |class |function)", "", body, flags=re.M)
        body = COMMENT_BLOCK.sub("", COMMENT_LINE.sub("", body)).strip()
        if left := re.search(r"^(?:import\b(?!\()|export\b|await\b).*", body, re.M):
            raise SystemExit(f"failed: {path} has what cannot be put into one file: {left[0]}")
        self._open.pop()
        self.parts[path] = (
            f"// {path.relative_to(WEB)}\n" + f"const {variable(path)} = (() => {{\n" + "".join(imports) + body
            + f"\nreturn {{ {', '.join(exported)} }};\n}})();\n")
        return exported

    def _import(self, importer: Path, names: str | None, whole: str | None, path: str) -> str:
        module = (importer.parent / path).resolve()
        exported = self.add(module)
        if whole is not None:
            return f"const {whole} = {variable(module)};\n"
        wanted = names_of(names or "")
        for name in wanted:
            if name.split(" as ")[0] not in exported:
                raise SystemExit(f"failed: {importer} imports {name}, which {module} does not export")
        renamed = ", ".join(name.replace(" as ", ": ") for name in wanted)
        return f"const {{ {renamed} }} = {variable(module)};\n" if wanted else ""


def bundled(entry: Path = ENTRY) -> str:
    bundle = Bundle()
    exported = bundle.add(entry.resolve())
    modules = "\n".join(bundle.parts.values())
    return f"{HEAD}{modules}\nexport const {{ {', '.join(exported)} }} = {variable(entry)};\n"


def write(out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(bundled(), encoding="utf-8")
    if not out.with_suffix(".d.mts").is_file() or not out.with_suffix(".d.mts").samefile(TYPES):
        shutil.copyfile(TYPES, out.with_suffix(".d.mts"))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run drop-in", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help=f"the file to write (default: {OUT.relative_to(ROOT)})")
    out = parser.parse_args(arguments).out
    write(out)
    print(f"wrote {out}, {out.stat().st_size} bytes, and its types")
    return 0
