"""Runs steps that do not depend on each other at the same time."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..repository import ROOT

LOGS = ROOT / ".build/ci"
# Seconds between two lines that say what is running.
PATIENCE = 60
# Seconds after which a step is ended: several times what the longest takes on a machine that does much else, and
# little enough for the others and the report to come before whoever runs all this loses patience.
LIMIT = 1800
# Seconds for what a step wrote to arrive once it has ended, and for what outlives it to be told.
GRACE = 10
# So many last lines of a failed step are shown again at the end.
TAIL = 25


@dataclass(frozen=True)
class Step:
    """A check, or a build that checks need."""

    run: Callable[[], int]
    """Does it; gives how many tests ran. Throws Failed."""
    needs: tuple[str, ...] = ()
    """Steps that must have passed."""
    holds: str | None = None
    """What only one step may hold at a time, such as a build folder that SwiftPM locks."""
    cost: int = 1
    """About how many seconds of processor time it takes. The dearest starts first: the end is then not one long "
    "step."""


@dataclass
class Running:
    """A step's process."""

    name: str
    process: subprocess.Popen[str]
    start: float
    is_shown: bool
    """Whether its output is shown as it comes."""
    lines: list[str] = field(default_factory=list)

    def end(self, how: signal.Signals) -> None:
        """Sends a signal to the step and to all that it started, if they are there."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)


@dataclass(frozen=True)
class Result:
    """How a step ended."""

    name: str
    count: int | None
    """Tests passed; nothing when the step failed."""
    seconds: float
    cpu: float
    tail: list[str]
    """The last lines that it wrote."""


class Schedule:
    """Which steps are to run, which run, and which have ended."""

    def __init__(self, steps: Mapping[str, Step], names: list[str], jobs: int, *, with_needs: bool):
        self.steps = steps
        self.wanted = self.closed(names) if with_needs else list(dict.fromkeys(names))
        self.waiting = sorted(self.wanted, key=self.path_cost, reverse=True)
        self.jobs = max(1, jobs)
        self.running: list[Running] = []
        self.results: dict[str, Result] = {}
        self.skipped: dict[str, str] = {}
        self.change = threading.Condition()

    def closed(self, names: list[str]) -> list[str]:
        """The names and all that they need, in the order of the steps."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self.steps[name].needs
        return [name for name in self.steps if name in found]

    def path_cost(self, name: str) -> int:
        """The cost of a step and of the dearest chain of steps that wait for it."""
        after = [self.path_cost(other) for other in self.wanted if name in self.steps[other].needs]
        return self.steps[name].cost + max(after, default=0)

    def ready(self) -> str | None:
        """The dearest step that may start now."""
        held = {self.steps[one.name].holds for one in self.running} - {None}
        for name in self.waiting:
            needs = [need for need in self.steps[name].needs if need in self.wanted]
            if self.steps[name].holds not in held and all(need in self.results for need in needs):
                return name
        return None

    def drop_hopeless(self) -> None:
        """Gives up steps that need one that failed."""
        for name in self.waiting[:]:
            for need in self.steps[name].needs:
                if need in self.skipped or (need in self.results and self.results[need].count is None):
                    self.waiting.remove(name)
                    self.skipped[name] = need
                    break

    def start(self, name: str) -> None:
        self.waiting.remove(name)
        command = [str(ROOT / "tools/run"), "test", "--step", name]
        is_shown = len(self.wanted) == 1 or self.jobs == 1
        print(f"== {name}" if is_shown else f"-- {name} starts", flush=True)
        process = subprocess.Popen(
            command, cwd=ROOT, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        one = Running(name, process, time.monotonic(), is_shown)
        self.running.append(one)
        threading.Thread(target=self.follow, args=(one,), daemon=True).start()

    def follow(self, one: Running) -> None:
        """In a thread of its own: waits for a step, which is ended when it takes too long."""
        reader = threading.Thread(target=self.read, args=(one,), daemon=True)
        reader.start()
        limit = threading.Timer(LIMIT, one.end, args=(signal.SIGKILL,))
        limit.start()
        _, status, usage = os.wait4(one.process.pid, 0)
        limit.cancel()
        one.process.returncode = os.waitstatus_to_exitcode(status)
        # What a step leaves behind holds its output open, perhaps for ever.
        reader.join(GRACE)
        one.end(signal.SIGKILL)
        if time.monotonic() - one.start >= LIMIT:
            one.lines.append(f"ended after {LIMIT} s, which no step may take\n")
        last = re.fullmatch(r"(\d+) passed, 0 failed", one.lines[-1].strip()) if one.lines else None
        count = int(last[1]) if last and one.process.returncode == 0 else None
        result = Result(one.name, count, time.monotonic() - one.start, usage.ru_utime + usage.ru_stime,
                        list(map(str.rstrip, one.lines[-TAIL:])))
        with self.change:
            self.running.remove(one)
            self.results[one.name] = result
            self.show(one, result)
            self.change.notify()

    def read(self, one: Running) -> None:
        """In a thread of its own: collects a step's output."""
        with (LOGS / f"{one.name}.log").open("w", encoding="utf-8") as log:
            assert one.process.stdout is not None
            for line in one.process.stdout:
                log.write(line)
                log.flush()
                one.lines.append(line)
                if one.is_shown:
                    print(line, end="", flush=True)

    def show(self, one: Running, result: Result) -> None:
        """A step's output, whole, unless it was shown as it came."""
        if not one.is_shown:
            print(f"== {one.name}", *map(str.rstrip, one.lines), sep="\n")
        verdict = "FAILED" if result.count is None else f"{result.count} passed"
        print(f"== {one.name}: {verdict} in {result.seconds:.0f} s, {result.cpu:.0f} s of processor time", flush=True)

    def run(self) -> int:
        """All of it; the exit status."""
        LOGS.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        try:
            with self.change:
                while self.waiting or self.running:
                    self.drop_hopeless()
                    while len(self.running) < self.jobs and (name := self.ready()) is not None:
                        self.start(name)
                    if self.running and not self.change.wait(PATIENCE):
                        self.report_progress()
        finally:
            for one in self.running:  # only after an interruption
                one.end(signal.SIGTERM)
        return self.finish(time.monotonic() - began)

    def report_progress(self) -> None:
        going = ", ".join(f"{one.name} for {time.monotonic() - one.start:.0f} s" for one in self.running)
        print(f"-- {len(self.results)} of {len(self.wanted)} steps done; running: {going}", flush=True)

    def finish(self, seconds: float) -> int:
        """The times, the dearest step last; what failed; and the count."""
        for result in sorted(self.results.values(), key=lambda result: result.seconds):
            print(f"{result.name:<12} {result.seconds:>6.0f} s {result.cpu:>6.0f} s of processor time")
        total = sum(result.cpu for result in self.results.values())
        print(f"{'all':<12} {seconds:>6.0f} s {total:>6.0f} s of processor time")
        failed = [result for result in self.results.values() if result.count is None]
        for result in failed:
            log = shown(LOGS / f"{result.name}.log")
            print(f"\n== FAILED: {result.name}; all of its output is in {log}, its last lines are")
            print(*result.tail, sep="\n")
        for name, need in self.skipped.items():
            print(f"== not run: {name}, which needs {need}")
        passed = sum(result.count or 0 for result in self.results.values())
        print(f"{passed} passed, {len(failed) + len(self.skipped)} failed")
        return 1 if failed or self.skipped else 0


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
