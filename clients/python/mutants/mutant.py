"""A mutant: the frozen copy of the Python client with one edit. Loads its modules from source, edited or not."""

import ast
import inspect
import sys
from dataclasses import dataclass
from functools import cached_property
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

# The folder of the copy that is mutated; frozen/README.md says why it is one.
FROZEN = Path(__file__).resolve().parent / "frozen"
PACKAGE = "endkey_client"

# The place of what runs while a module loads.
MODULE_LEVEL = "<module>"


class BadMutant(Exception):
    """A mutant that is not one edit of the source."""


@dataclass(frozen=True)
class Mutant:
    """A client with `new` in place of `old`, which stands once in `module` (below endkey_client/), has `fault`."""

    name: str
    fault: str
    module: str
    old: str
    new: str

    def source(self, sources: dict[str, str] | None = None) -> str:
        """The module's text with the edit, from the given sources or the frozen ones. BadMutant if it is none."""
        text = (SOURCES if sources is None else sources).get(self.module)
        if text is None:
            raise BadMutant(f"{self.name}: there is no {self.module}")
        count = text.count(self.old)
        if count != 1:
            raise BadMutant(f"{self.name}: its old text stands {count} times in {self.module}, not once")
        if self.old == self.new:
            raise BadMutant(f"{self.name}: old and new text are the same")
        return text.replace(self.old, self.new)

    def code(self, sources: dict[str, str] | None = None) -> CodeType:
        """The edited module, compiled. BadMutant if it is not one edit, or no Python."""
        try:
            return compile(self.source(sources), str(FROZEN / PACKAGE / self.module), "exec")
        except SyntaxError as error:
            raise BadMutant(f"{self.name}: {error}") from None

    def touched(self) -> set[str]:
        """The functions that the edit lies in, by their place; MODULE_LEVEL where it lies in none."""
        return {FUNCTIONS[self.module].at(line) for line in self.lines()}

    def structs(self) -> set[str | None]:
        """The classes that the edit lies in; None where it lies in none."""
        return {FUNCTIONS[self.module].class_at(line) for line in self.lines()}

    def lines(self) -> range:
        text = SOURCES[self.module]
        start = text.index(self.old)
        first = text.count("\n", 0, start) + 1
        return range(first, first + self.old.rstrip("\n").count("\n") + 1)


class Functions:
    """The outermost functions and methods of a module, by line."""

    def __init__(self, module: str, text: str):
        self.module = module
        self.tree = ast.parse(text)
        self.spans: list[tuple[int, int, str]] = []
        for name, function in outermost(self.tree):
            first = min([function.lineno] + [d.lineno for d in function.decorator_list])
            self.spans.append((first, function.end_lineno or first, name))
        self.classes = [
            (node.lineno, node.end_lineno or node.lineno, node.name)
            for node in self.tree.body if isinstance(node, ast.ClassDef)]

    def at(self, line: int) -> str:
        for first, last, _ in self.spans:
            if first <= line <= last:
                return f"{self.module}:{first}"
        return MODULE_LEVEL

    def class_at(self, line: int) -> str | None:
        return next((name for first, last, name in self.classes if first <= line <= last), None)

    def name(self, place: str) -> str:
        """The qualified name of the function at a place that `at` gave, like `Reader.opaque`."""
        return next(name for first, _, name in self.spans if place == f"{self.module}:{first}")

    @cached_property
    def outline(self) -> str:
        """The module without the bodies of its functions: where two have the same, only bodies differ."""
        for _, function in outermost(self.tree):
            function.body = []
        return ast.dump(self.tree)


def outermost(tree: ast.Module) -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for node in tree.body:
        members: list[ast.stmt] = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found += [(prefix + member.name, member) for member in members if isinstance(member, ast.FunctionDef)]
    return found


def module_name(file: str) -> str:
    """`primitives/kw.py` is `endkey_client.primitives.kw`."""
    parts = [PACKAGE] + file.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_sources(folder: Path) -> dict[str, str]:
    """The text of each module of the package in a folder, by its path below it; none of what only HTTP reaches."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.py"))}
    return {file: path.read_text(encoding="utf-8") for file, path in files.items() if not file.startswith("over_http/")}


SOURCES = read_sources(FROZEN / PACKAGE)
FUNCTIONS = {file: Functions(file, text) for file, text in SOURCES.items()}


class Modules(MetaPathFinder, Loader):
    """Serves the modules of the client from code that was compiled before."""

    @cached_property
    def codes(self) -> dict[str, CodeType]:
        return {file: compile(text, str(FROZEN / PACKAGE / file), "exec") for file, text in SOURCES.items()}

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


def patch(mutant: Mutant) -> bool:
    """Gives the functions of the modules that are loaded the mutant's bodies, which is cheaper than `load`.

    False, and nothing was changed, where the edit is not one of function bodies alone.
    """
    edited, touched = Functions(mutant.module, mutant.source()), mutant.touched()
    if MODULE_LEVEL in touched or edited.outline != FUNCTIONS[mutant.module].outline:
        return False
    names = [FUNCTIONS[mutant.module].name(place) for place in touched]
    known = [name for _, _, name in edited.spans]
    codes = {code.co_qualname: code for code in codes_within(mutant.code())}
    changes = []
    for name in names:
        function = function_named(sys.modules[module_name(mutant.module)], name)
        if function is None or known.count(name) != 1 or function.__code__.co_qualname != name:
            return False
        if function.__code__.co_freevars != codes[name].co_freevars:
            return False
        changes.append((function, codes[name]))
    for function, code in changes:
        function.__code__ = code
    forget_results()
    return True


def codes_within(code: CodeType) -> list[CodeType]:
    found = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found + [inner for each in found for inner in codes_within(each)]


def function_named(module: ModuleType, qualified_name: str) -> FunctionType | None:
    """The function that a module or a class in it holds under a name, without what wraps it."""
    holder: object = module
    *classes, name = qualified_name.split(".")
    for each in classes:
        holder = vars(holder)[each]
    found = vars(holder).get(name)
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, (classmethod, staticmethod)):
        found = found.__func__
    found = inspect.unwrap(found) if callable(found) else found
    return found if isinstance(found, FunctionType) else None


def forget_results() -> None:
    """Empties the caches of the loaded modules: what they hold was computed without the mutant's edit."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == PACKAGE:
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def of_module(module: str, *rows: tuple[str, str, str, str]) -> list[Mutant]:
    """The mutants of one file, as rows of name, fault, old text and new text."""
    return [Mutant(name, fault, module, old, new) for name, fault, old, new in rows]
