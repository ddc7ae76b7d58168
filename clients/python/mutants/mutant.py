"""A mutant: the Python client with one edit. Loads the client's modules from source, edited or not."""

import ast
import sys
from dataclasses import dataclass
from functools import cached_property
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

CLIENT = Path(__file__).resolve().parent.parent
PACKAGE = "endkey_client"

# The place of what runs while a module loads.
MODULE_LEVEL = "<module>"


class BadMutant(Exception):
    """A mutant that is not one edit of the source."""


@dataclass(frozen=True)
class Mutant:
    """`old` stands exactly once in the file `module` (below endkey_client/); a client with `new` in its place has `fault`."""

    name: str
    fault: str
    module: str
    old: str
    new: str

    def source(self) -> str:
        text = SOURCES[self.module]
        count = text.count(self.old)
        if count != 1:
            raise BadMutant(f"{self.name}: its old text stands {count} times in {self.module}, not once")
        if self.old == self.new:
            raise BadMutant(f"{self.name}: old and new text are the same")
        return text.replace(self.old, self.new)

    def code(self) -> CodeType:
        try:
            return compile(self.source(), str(CLIENT / PACKAGE / self.module), "exec")
        except SyntaxError as error:
            raise BadMutant(f"{self.name}: {error}") from None

    def touched(self) -> set[str]:
        """The functions that the edit lies in, by their place; MODULE_LEVEL where it lies in none."""
        text = SOURCES[self.module]
        start = text.index(self.old)
        first = text.count("\n", 0, start) + 1
        last = first + self.old.rstrip("\n").count("\n")
        return {FUNCTIONS[self.module].at(line) for line in range(first, last + 1)}


class Functions:
    """The outermost functions and methods of a module, by line."""

    def __init__(self, module: str, text: str):
        self.module = module
        self.spans = []
        for node in ast.parse(text).body:
            for function in [node] if isinstance(node, ast.FunctionDef) else getattr(node, "body", []):
                if isinstance(function, ast.FunctionDef):
                    first = min([function.lineno] + [d.lineno for d in function.decorator_list])
                    self.spans.append((first, function.end_lineno))

    def at(self, line: int) -> str:
        for first, last in self.spans:
            if first <= line <= last:
                return f"{self.module}:{first}"
        return MODULE_LEVEL


def module_name(file: str) -> str:
    """`primitives/kw.py` is `endkey_client.primitives.kw`."""
    parts = [PACKAGE] + file.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_sources() -> dict[str, str]:
    folder = CLIENT / PACKAGE
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.py"))}


SOURCES = read_sources()
FUNCTIONS = {file: Functions(file, text) for file, text in SOURCES.items()}


class Modules(MetaPathFinder, Loader):
    """Serves the modules of the client from code that was compiled before."""

    @cached_property
    def codes(self) -> dict[str, CodeType]:
        return {file: compile(text, str(CLIENT / PACKAGE / file), "exec") for file, text in SOURCES.items()}

    @cached_property
    def files(self) -> dict[str, str]:
        return {module_name(file): file for file in SOURCES}

    def __init__(self) -> None:
        self.mutated: dict[str, CodeType] = {}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self.files:
            return None
        return spec_from_loader(name, self, is_package=self.files[name].endswith("__init__.py"))

    def exec_module(self, module: ModuleType) -> None:
        file = self.files[module.__name__]
        exec(self.mutated.get(file) or self.codes[file], module.__dict__)


MODULES = Modules()


def load(mutant: Mutant | None, keep: tuple[str, ...] = ()) -> ModuleType:
    """A fresh set of the client's modules, with the mutant's edit; its `respond` module. `keep` are not loaded anew."""
    if MODULES not in sys.meta_path:
        sys.meta_path.insert(0, MODULES)
    MODULES.mutated = {} if mutant is None else {mutant.module: mutant.code()}
    kept = {module_name(file) for file in keep if mutant is None or mutant.module != file}
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE and name not in kept]:
        del sys.modules[name]
    __import__(f"{PACKAGE}.respond")
    return sys.modules[f"{PACKAGE}.respond"]


def of_module(module: str, *rows: tuple[str, str, str, str]) -> list[Mutant]:
    """The mutants of one file, as rows of name, fault, old text and new text."""
    return [Mutant(name, fault, module, old, new) for name, fault, old, new in rows]
