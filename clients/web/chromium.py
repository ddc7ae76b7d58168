"""Debian's Chromium, which ends when it is told to: a script in a page that never answers has no limit of its own, nor
has a browser that does not close.
"""

import os
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# A name of this machine that browsers do not take for a safe one.
INSECURE_HOST = "endkey.example"
# Seconds that a test may take, and closing.
LIFE = 600
END = 60


def below(process: int) -> list[int]:
    """The processes that one has started, those before that they have started."""
    children = defaultdict(list)
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            children[int(parent)].append(int(file.parent.name))
    found = [process]
    for one in found:
        found += children[one]
    return found[1:]


def kill(processes: list[int]) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


# Playwright's own process of each browser that runs, which has started that.
drivers: set[int] = set()


@contextmanager
def limited(seconds: float = LIFE) -> Iterator[None]:
    """Kills every browser of this process if the body takes longer, so that it fails; Playwright too, if that does not
    help.
    """
    def browsers() -> None:
        kill([one for driver in drivers for one in below(driver)])

    def all_of_it() -> None:
        browsers()
        kill(list(drivers))

    timers = [threading.Timer(seconds, browsers), threading.Timer(seconds + END, all_of_it)]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


@contextmanager
def chromium(patience: float = LIFE * 1000) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        sys.exit(f"failed: no {CHROMIUM}; `apt-get install chromium` (.ci/setup does it)")
    before = set(below(os.getpid()))
    playwright = sync_playwright().start()
    started = set(below(os.getpid())) - before
    drivers.update(started)
    try:
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), timeout=patience, args=[
            "--no-sandbox", f"--host-resolver-rules=MAP {INSECURE_HOST} 127.0.0.1"])
    finally:
        end(playwright, started)


def end(playwright: Playwright, started: set[int]) -> None:
    """Ends Playwright, and with it its browser; what is left of them is killed."""
    processes = [one for driver in started for one in (driver, *below(driver))]
    with limited(END), suppress(Error):
        playwright.stop()
    kill(processes)
    drivers.difference_update(started)
