"""The compiler's index of a debug build: what the Swift of a folder declares, and which files use it.

`swift build` writes the index beside the modules, and libIndexStore of the toolchain reads it.
"""

import ctypes
import shutil
import sys
from collections.abc import Iterator
from ctypes import c_bool, c_char_p, c_int, c_size_t, c_uint, c_uint64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .processes import Failed

# Of indexstore.h: roles of an occurrence, roles of its relations, and kinds of symbols.
DEFINITION, REFERENCE, IMPLICIT = 1 << 1, 1 << 2, 1 << 8
CHILD_OF, OVERRIDE_OF, CALLED_BY, ACCESSOR_OF, CONTAINED_BY = 1 << 9, 1 << 11, 1 << 13, 1 << 15, 1 << 16
RECORD = 2
NO_DECLARATION = {1, 9, 15, 23, 25}  # a module, an extension, a case, a deinitializer, a parameter
TYPES = {5, 6, 7, 8, 11}
GENERIC_PARAMETER = 1013


@dataclass
class Declaration:
    """A declaration, and who uses it other than from within itself: the files, and the declarations by their USR."""

    path: Path
    line: int
    name: str
    kind: int
    # The requirements of protocols that it fulfils.
    fulfils: set[str] = field(default_factory=set)
    files: set[Path] = field(default_factory=set)
    users: set[str] = field(default_factory=set)


@dataclass
class _Occurrence:
    usr: str
    name: str
    kind: int
    subkind: int
    roles: int
    line: int
    # The roles, USR and name of the symbols that it stands in relation to.
    relations: list[tuple[int, str, str]]

    @property
    def is_declaration(self) -> bool:
        if not self.roles & DEFINITION or self.roles & IMPLICIT or self.subkind == GENERIC_PARAMETER:
            return False
        return self.kind not in NO_DECLARATION and not self.related(ACCESSOR_OF) and self.name != ""

    def related(self, role: int) -> set[str]:
        """The USRs of those with one of these roles."""
        return {usr for roles, usr, _ in self.relations if roles & role}


class _String(ctypes.Structure):
    _fields_ = (("data", c_void_p), ("count", c_size_t))

    def __str__(self) -> str:
        return ctypes.string_at(self.data, self.count).decode() if self.count else ""


_EACH = ctypes.CFUNCTYPE(c_bool, c_void_p, c_void_p)
_EACH_NAME = ctypes.CFUNCTYPE(c_bool, c_void_p, _String)
# What each function that is called gives and takes.
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "store_create": (c_void_p, c_char_p, c_void_p),
    "store_units_apply_f": (c_bool, c_void_p, c_uint, c_void_p, _EACH_NAME),
    "unit_reader_create": (c_void_p, c_void_p, c_char_p, c_void_p),
    "unit_reader_get_main_file": (_String, c_void_p),
    "unit_reader_dependencies_apply_f": (c_bool, c_void_p, c_void_p, _EACH),
    "unit_dependency_get_kind": (c_int, c_void_p),
    "unit_dependency_get_name": (_String, c_void_p),
    "unit_dependency_get_filepath": (_String, c_void_p),
    "record_reader_create": (c_void_p, c_void_p, c_char_p, c_void_p),
    "record_reader_occurrences_apply_f": (c_bool, c_void_p, c_void_p, _EACH),
    "occurrence_get_symbol": (c_void_p, c_void_p),
    "occurrence_get_roles": (c_uint64, c_void_p),
    "occurrence_get_line_col": (None, c_void_p, c_void_p, c_void_p),
    "occurrence_relations_apply_f": (c_bool, c_void_p, c_void_p, _EACH),
    "symbol_relation_get_roles": (c_uint64, c_void_p),
    "symbol_relation_get_symbol": (c_void_p, c_void_p),
    "symbol_get_name": (_String, c_void_p),
    "symbol_get_usr": (_String, c_void_p),
    "symbol_get_kind": (c_int, c_void_p),
    "symbol_get_subkind": (c_int, c_void_p),
}


class Index:
    """The declarations by their USR, of the files below `folder` that were compiled into `store`."""

    def __init__(self, store: Path, folder: Path) -> None:
        self._library = _library()
        self._store = self._call("store_create", str(store).encode(), None)
        if not self._store:
            raise Failed(f"no index in {store}: swift build makes it")
        self.declarations: dict[str, Declaration] = {}
        references: list[tuple[str, Path, set[str]]] = []  # a USR, the file, and what the reference stands in
        for record, path in self._records(folder):
            for one in self._occurrences(record):
                if one.is_declaration:
                    name = ".".join([*(name for roles, _, name in one.relations if roles & CHILD_OF), one.name])
                    self.declarations[one.usr] = Declaration(path, one.line, name, one.kind, one.related(OVERRIDE_OF))
                if one.roles & REFERENCE:
                    references.append((one.usr, path, one.related(CONTAINED_BY | CALLED_BY)))
        for usr, path, places in references:
            if usr in self.declarations and usr not in places:
                self.declarations[usr].files.add(path)
                self.declarations[usr].users |= places

    def _records(self, folder: Path) -> Iterator[tuple[bytes, Path]]:
        """The name of each compiled file's record, and the file."""
        names: list[bytes] = []
        self._each("store_units_apply_f", self._store, 1, to=names, of=lambda name: str(name).encode())
        for name in names:
            unit = self._call("unit_reader_create", self._store, name, None)
            path = Path(str(self._call("unit_reader_get_main_file", unit)))
            if folder not in path.parents or not path.exists():
                continue
            dependencies: list[tuple[int, str, bytes]] = []
            self._each("unit_reader_dependencies_apply_f", unit, to=dependencies, of=lambda one: (
                self._call("unit_dependency_get_kind", one), str(self._call("unit_dependency_get_filepath", one)),
                str(self._call("unit_dependency_get_name", one)).encode()))
            for kind, of, record in dependencies:
                if kind == RECORD and of == str(path):
                    yield record, path

    def _occurrences(self, record: bytes) -> list["_Occurrence"]:
        reader = self._call("record_reader_create", self._store, record, None)
        found: list[_Occurrence] = []
        self._each("record_reader_occurrences_apply_f", reader, to=found, of=self._occurrence)
        return found

    def _occurrence(self, occurrence: int) -> "_Occurrence":
        line = c_uint()
        self._call("occurrence_get_line_col", occurrence, ctypes.byref(line), ctypes.byref(c_uint()))
        relations: list[tuple[int, str, str]] = []
        self._each("occurrence_relations_apply_f", occurrence, to=relations, of=self._relation)
        symbol = self._call("occurrence_get_symbol", occurrence)
        return _Occurrence(
            str(self._call("symbol_get_usr", symbol)), str(self._call("symbol_get_name", symbol)),
            self._call("symbol_get_kind", symbol), self._call("symbol_get_subkind", symbol),
            self._call("occurrence_get_roles", occurrence), line.value, relations)

    def _relation(self, relation: int) -> tuple[int, str, str]:
        symbol = self._call("symbol_relation_get_symbol", relation)
        return (
            self._call("symbol_relation_get_roles", relation), str(self._call("symbol_get_usr", symbol)),
            str(self._call("symbol_get_name", symbol)))

    def _each(self, name: str, *arguments: object, to: list[Any], of: Any) -> None:
        """Appends to a list what `of` makes of each thing that a function goes through."""
        kind = _FUNCTIONS[name][-1]

        def add(_: object, thing: Any) -> bool:
            to.append(of(thing))
            return True

        self._call(name, *arguments, None, kind(add))

    def _call(self, name: str, *arguments: object) -> Any:
        return getattr(self._library, f"indexstore_{name}")(*arguments)


def _library() -> ctypes.CDLL:
    compiler = shutil.which("swiftc")
    if compiler is None:
        raise Failed("no swiftc on PATH")
    path = Path(compiler).resolve().parent.parent / f"lib/libIndexStore.{'dylib' if sys.platform == 'darwin' else 'so'}"
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise Failed(str(error)) from None
    for name, (result, *arguments) in _FUNCTIONS.items():
        function = getattr(library, f"indexstore_{name}")
        function.restype, function.argtypes = result, arguments
    return library
