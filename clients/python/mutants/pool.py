"""Runs mutants against vectors, each mutant in a process of its own, forked from one that has everything warm."""

import gc
import json
import mmap
import os
import resource
import selectors
import signal
import sys
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable

from .memory import Endless, Memory
from .mutant import FROZEN, FUNCTIONS, MODULE_LEVEL, PACKAGE, SOURCES, Mutant, load, patch
from .suite import Vector, answer_text

# Processor seconds for one vector. Endless loops end here; the dearest vector takes a tenth of it.
TIME_LIMIT = 10
# After so many vectors without end, a mutant's other vectors are not run.
ENDLESS_MAX = 1
MEMORY_LIMIT = 4 * 2**30
# Tables that no function changes.
SHARED = ("unicode_tables.py",)
# Tables that only functions of their module read.
TABLES = ("machines.py",)
# Structs, and the functions, `__init__` of a dataclass among them, through which all that a struct says is used.
STRUCTS = ("wire/messages.py", "wire/contents.py")
STRUCT_USERS = {
    "Struct.read": "cls", "Struct.part": "self", "__create_fn__.<locals>.__init__": "self", "read_until": "struct",
}


@dataclass
class Wrong:
    """A wrong answer: its text, and whether it is the right code at a wrong offset."""

    answer: str
    is_offset: bool = False
    note: str = ""


@dataclass
class Run:
    """One mutant's wrong answers, by vector id."""

    mutant: Mutant
    vectors: list[Vector]
    wrong: dict[str, Wrong] = field(default_factory=dict)
    endless: int = 0


class Coverage:
    """Which functions of the client each vector calls.

    A mutant is run against the vectors that call a function it touches, and all others answer as before: what the
    client answers to a vector depends on that line alone (it keeps a cache of PBKDF2, emptied here, and what handles
    name, which no vector opens), and a function that is not called has no effect. A mutant outside of functions, which
    acts while modules load, is run against all vectors, but for two: a row of a table that only functions of its module
    read, and a field of a struct, which is run against the vectors in which the struct is read or written.
    """

    def __init__(self, vectors: list[Vector], memory: Memory, traces: bool = True):
        """Loads the client without a fault, and asks it all vectors; the memory learns what that takes.

        Without `traces`, only what is called while it loads is known.
        """
        self.vectors = vectors
        self.places: dict[Any, str] = {}
        self.callers: dict[str, list[int]] = {}
        self.failed: list[str] = []
        # What runs while modules load. Its effects stay, so that a mutant of it needs modules of its own.
        self.loading, respond = self.called(lambda: load(None))
        memory.wrap(sys.modules[f"{PACKAGE}.backend"])
        stretched = sys.modules[f"{PACKAGE}.primitives.pbkdf2"].pbkdf2
        for index, vector in enumerate(vectors):
            stretched.cache_clear()
            places, answer = (
                self.called(lambda: respond.respond(vector.line)) if traces else (set(), respond.respond(vector.line)))
            if not vector.accepts(answer):
                self.failed.append(vector.id)
            for place in places:
                self.callers.setdefault(place, []).append(index)

    def called(self, action: Callable[[], Any]) -> tuple[set[str], Any]:
        """The places of the functions that an action calls, and what it gives."""
        codes: set[Any] = set()
        structs: set[str] = set()

        def trace(frame: Any, event: str, argument: Any) -> None:
            codes.add(frame.f_code)
            if frame.f_code.co_qualname in STRUCT_USERS:
                struct = frame.f_locals[STRUCT_USERS[frame.f_code.co_qualname]]
                structs.add(f"struct {(struct if isinstance(struct, type) else type(struct)).__name__}")

        sys.settrace(trace)
        try:
            result = action()
        finally:
            sys.settrace(None)
        return {self.place(code) for code in codes} | structs, result

    def place(self, code: Any) -> str:
        if code not in self.places:
            prefix = str(FROZEN / PACKAGE) + os.sep
            file = code.co_filename.removeprefix(prefix).replace(os.sep, "/")
            self.places[code] = FUNCTIONS[file].at(code.co_firstlineno) if file in SOURCES else MODULE_LEVEL
        return self.places[code]

    def concerned(self, mutant: Mutant) -> list[Vector]:
        touched = mutant.touched()
        if MODULE_LEVEL in touched:
            if mutant.module in TABLES:
                touched = {place for place in self.callers if place.startswith(f"{mutant.module}:")}
            elif mutant.module in STRUCTS and None not in mutant.structs():
                touched = {f"struct {name}" for name in mutant.structs()} | touched - {MODULE_LEVEL}
            else:
                return self.vectors
        return [self.vectors[i] for i in sorted({i for place in touched for i in self.callers.get(place, [])})]


class Pool:
    def __init__(
        self, vectors: list[Vector], jobs: int, stops_at_first: bool = False, time_limit: float = TIME_LIMIT,
        traces: bool = True,
    ):
        """`stops_at_first`: a mutant's run ends at its first wrong answer. `traces`: as in Coverage."""
        self.jobs = jobs
        self.time_limit = time_limit
        self.stops_at_first = stops_at_first
        self.memory = Memory()
        self.coverage = Coverage(vectors, self.memory, traces)
        self.memory.is_learning = False
        for functions in FUNCTIONS.values():
            functions.outline  # noqa: B018 - computed here, for all children
        gc.collect()
        gc.freeze()

    def loaded(self, mutant: Mutant) -> Any:
        """In a child: the `respond` module of the client with the mutant's edit."""
        is_alone = mutant.module == "backend.py" or not mutant.touched().isdisjoint(self.coverage.loading)
        if not is_alone and patch(mutant):
            return sys.modules[f"{PACKAGE}.respond"]
        respond = load(mutant, keep=SHARED)
        if mutant.module != "backend.py":
            self.memory.wrap(sys.modules[f"{PACKAGE}.backend"])
        return respond

    def run(self, mutants: Iterable[Mutant]) -> list[Run]:
        return self.take([Run(mutant, self.coverage.concerned(mutant)) for mutant in mutants])

    def take(self, runs: list[Run]) -> list[Run]:
        """Each mutant against the vectors of its run."""
        waiting = list(runs)
        selector = selectors.DefaultSelector()
        waiting.reverse()
        while waiting or selector.get_map():
            while waiting and len(selector.get_map()) < self.jobs:
                self.start(selector, waiting.pop(), 0)
            for key, _ in selector.select():
                child: Child = key.data
                data = os.read(child.pipe, 65_536)
                child.received += data
                if not data:
                    selector.unregister(child.pipe)
                    again = child.finish()
                    if again is not None:
                        self.start(selector, child.run, again)
        return runs

    def start(self, selector: selectors.BaseSelector, run: Run, first: int) -> None:
        reading, writing = os.pipe()
        progress = Progress()
        process = os.fork()
        if process == 0:
            os.close(reading)
            try:
                self.work(run, first, writing, progress)
            finally:
                os._exit(1)
        os.close(writing)
        selector.register(reading, selectors.EVENT_READ, Child(run, process, reading, progress))

    def work(self, run: Run, first: int, pipe: int, progress: "Progress") -> None:
        """In the child: a line for each wrong answer, and `done`."""
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, self.time_limit)
        try:
            respond = self.loaded(run.mutant)
        except Exception as error:
            write_line(pipe, {"unloadable": f"{type(error).__name__}: {error}"})
            os._exit(0)
        for index in range(first, len(run.vectors)):
            vector = run.vectors[index]
            progress.set(index)
            signal.setitimer(signal.ITIMER_PROF, self.time_limit)
            try:
                answer = respond.respond(vector.line) or {"outcome": "error"}
                if vector.accepts(answer):
                    continue
                answer = json.loads(json.dumps(answer))
            except Endless:
                answer = {"outcome": "error", "detail": "endless"}
            except Exception as error:
                answer = {"outcome": "error", "detail": f"{type(error).__name__}: {error}"}
            if not vector.accepts(answer):
                is_offset = answer["outcome"] == "reject" == vector.expect["outcome"]
                is_offset = is_offset and answer["code"] == vector.expect["code"]
                write_line(pipe, {
                    "id": vector.id, "answer": answer_text(answer), "is_offset": is_offset,
                    "note": answer.get("detail", "")[:200]})
                if self.stops_at_first:
                    break
        write_line(pipe, {"done": True})
        os._exit(0)


class Progress:
    """The place of the vector that a child is at, for its parent to see when it has died; -1 while it loads."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, 8)
        self.set(-1)

    def set(self, index: int) -> None:
        self.memory[:8] = index.to_bytes(8, "little", signed=True)

    def take(self) -> int:
        index = int.from_bytes(self.memory[:8], "little", signed=True)
        self.memory.close()
        return index


@dataclass
class Child:
    run: Run
    process: int
    pipe: int
    progress: Progress
    received: bytes = b""

    def finish(self) -> int | None:
        """Notes what the child said. The vector from which another child has to go on, if this one died."""
        os.close(self.pipe)
        os.waitpid(self.process, 0)
        last = self.progress.take()
        for line in self.received.splitlines():
            message = json.loads(line)
            if "done" in message:
                return None
            if "unloadable" in message:
                self.fail_all(message["unloadable"])
                return None
            self.run.wrong[message["id"]] = Wrong(message["answer"], message["is_offset"], message["note"])
        if last < 0:
            self.fail_all("ends while it loads")
            return None
        self.run.wrong[self.run.vectors[last].id] = Wrong("error", note="ends or does not end")
        self.run.endless += 1
        if self.run.endless >= ENDLESS_MAX or last + 1 == len(self.run.vectors):
            return None
        return last + 1

    def fail_all(self, note: str) -> None:
        for vector in self.run.vectors:
            self.run.wrong[vector.id] = Wrong("error", note=note)


def write_line(pipe: int, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(pipe, data):]
