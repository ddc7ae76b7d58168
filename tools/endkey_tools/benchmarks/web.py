"""What the page does with much, in Debian's Chromium: times by the clock and of the processor, the longest task, and
the ratio of processor time to the bare calls of Web Crypto or to a plain page in the same run.

--quick proves that all of it runs and gives what is right, with little, and judges no time. --write saves the table in
Benchmarks/RESULTS.md.
"""

import argparse
import functools
import http.server
import json
import re
import statistics
import threading
from typing import Any

from ..repository import ROOT
from .run import table

RESULTS = ROOT / "Benchmarks/RESULTS.md"
PATIENCE = 600_000
# Seconds that all of it may take.
LIFE = 1800
# A browser that is started for a paint paints at first what it has never painted.
PAINTS = 5
# What a trace calls a task of a thread.
TASKS = {"ThreadControllerImpl::RunTask", "ThreadPool_RunTask"}

Row = dict[str, Any]


class Server:
    """The repository's files, on 127.0.0.1."""

    def __init__(self) -> None:
        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(ROOT)))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/"


def row(group: str, what: str, value: float, unit: str, at_most: float | None = None) -> Row:
    target = {} if at_most is None else {"at_most": at_most}
    return {"kind": "row", "group": group, "what": what, "value": value, "unit": unit, **target}


class Meter:
    """What a page's process has of the processor between a beginning and an end, as the browser's trace tells it."""

    def __init__(self, browser: Any, page: Any) -> None:
        self._browser, self._page = browser, page
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")
        self._before = 0.0
        page.expose_function("begin", self.begin)
        page.expose_function("end", self.end)

    def begin(self) -> None:
        self._browser.start_tracing(page=self._page, categories=["toplevel"])
        self._before = self._time()

    def end(self) -> dict[str, float]:
        spent = self._time() - self._before
        tasks = threads(json.loads(self._browser.stop_tracing())["traceEvents"])
        return {"spent": spent, "busiest": max(map(sum, tasks.values()), default=0.0),
                "longest": max(tasks.get("CrRendererMain", [0.0]))}

    def _time(self) -> float:
        """Milliseconds that the process has had so far."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "ProcessTime") * 1000


def threads(events: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Of the process of a trace that had most of the processor: milliseconds of the tasks of each thread, by its name.

    Threads that a process has several of, as workers, are told apart by their number.
    """
    names = {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event["name"] == "thread_name"}
    tasks: dict[int, dict[str, list[float]]] = {}
    for event in events:
        if event.get("ph") != "X" or event["name"] not in TASKS:
            continue
        place = event["pid"], event["tid"]
        name = names.get(place, "")
        its = tasks.setdefault(event["pid"], {})
        its.setdefault(name if name == "CrRendererMain" else f"{name} {event['tid']}", []).append(
            event.get("tdur", 0) / 1000)
    renderers = [its for its in tasks.values() if "CrRendererMain" in its]
    return max(renderers, key=lambda its: sum(map(sum, its.values())), default={})


def spent(group: str, found: dict[str, Any], at_most: float | None = None) -> list[Row]:
    """What something takes of the processor; by its busiest thread, whether the clock would say enough of an idle one.
    """
    return [row(group, "of the processor's time, all threads", found["spent"], "ms"),
            row(group, "of it, the busiest thread", found["busiest"] / 1000, "s", at_most)]


def measured(browser: Any, address: str, call: str) -> dict[str, Any]:
    """What a function of rows.mjs gives in a page of its own; fails where that is not right."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    Meter(browser, page)
    page.goto(f"{address}Benchmarks/web/page.html")
    found = page.evaluate(f"async () => (await import('./rows.mjs')).{call}")
    page.close()
    if not found["isRight"]:
        raise SystemExit(f"failed: {call} gives what is not right: {found}")
    return found


def ratio(found: dict[str, Any]) -> float:
    """The processor time by that of a peer, which is at least the millisecond that the browser's clock can tell."""
    return float(found["spent"]) / max(found["peer"], 1)


def first_paint(browser: Any, address: str) -> float:
    """Milliseconds until something is to be seen, in a browser that remembers nothing."""
    times = []
    for _ in range(PAINTS):
        page = browser.new_page()
        page.goto(address)
        times.append(page.evaluate("""() => new Promise((done) => new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") done(startTime);
        }).observe({ type: "paint", buffered: true }))"""))
        page.close()
    return statistics.median(times)


def findings(browser: Any, address: str, quick: bool) -> list[Row]:
    part = 100 if quick else 1
    rows = []
    count = 20_000 // part
    found = measured(browser, address, f"reveal({count})")
    group = f"{count:,} distinct tokens in lines of the page"
    rows += [row(group, "opened", found["time"] / 1000, "s", 2), *spent(group, found, 2),
             row(group, "longest task, of the processor's time", found["longest"], "ms", 50),
             row(group, "÷ the calls of Web Crypto alone", ratio(found), "×")]
    found = measured(browser, address, f"revealPlain({count})")
    group = f"{count:,} distinct tokens in paragraphs of a stranger's page"
    rows += [row(group, "opened", found["time"] / 1000, "s"), *spent(group, found),
             row(group, "longest task, of the processor's time", found["longest"], "ms"),
             row(group, "÷ such a page that writes as many texts itself", found["spent"] / max(found["plain"], 1), "×")]
    count = 200_000 // part
    found = measured(browser, address, f"list({count})")
    group = f"A report of {count:,} rows"
    rows += [row(group, "shown", found["time"], "ms"), *spent(group, found),
             row(group, "longest task, scrolled from end to end", found["longest"], "ms", 50),
             row(group, "rows opened on the way, of 100 places", found["opened"], ""),
             row(group, "÷ the same rows in a plain list", ratio(found), "×")]
    count = 100_000 // part
    found = measured(browser, address, f"audit({count}, {count // 5})")
    group = f"Audit of {count:,} records in a worker"
    rows += [row(group, "counted", found["time"] / 1000, "s", 5), *spent(group, found, 5),
             row(group, "longest task of the page meanwhile", found["longest"], "ms", 50),
             row(group, "÷ the calls of Web Crypto alone", ratio(found), "×")]
    count = 10_000 // part
    found = measured(browser, address, f"vault({count})")
    group = f"Vault of {count:,} computers"
    rows += [row(group, "opened, beside PBKDF2", found["time"], "ms", 200),
             row(group, "of the processor's time, all threads", found["spent"], "ms"),
             row(group, "÷ SHA-256 and AES-GCM of its bytes", ratio(found), "×")]
    paint = first_paint(browser, f"{address}clients/web/dashboard.html?service=none.json")
    bare = first_paint(browser, f"{address}Benchmarks/web/bare.html")
    rows += [row("First paint", "the page", paint, "ms", 300),
             row("First paint", "÷ a page of one line", paint / bare, "×")]
    return rows


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run benchmarks-web", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="run everything with little, judge no time")
    parser.add_argument("--write", action="store_true", help="save the table in Benchmarks/RESULTS.md")
    given = parser.parse_args(arguments)
    from ..browsers import chromium, limited

    with chromium() as browser, limited(LIFE):
        rows = findings(browser, Server().address, given.quick)
    if given.quick:
        print(f"{len(rows)} passed, 0 failed")
        return 0
    print(table(rows))
    if given.write:
        block = f"<!-- web -->\n{table(rows)}\n<!-- end -->"
        text = RESULTS.read_text(encoding="utf-8")
        RESULTS.write_text(re.sub("<!-- web -->\n.*?<!-- end -->", lambda _: block, text, flags=re.S), encoding="utf-8")
    return 0
