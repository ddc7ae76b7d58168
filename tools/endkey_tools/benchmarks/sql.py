"""The same activity as plaintext and as tokens, in SQLite and in PostgreSQL: time of grouping, and size.

Rows come from a seed; applications and titles by a Zipf distribution. V is HMAC-SHA-256 of the value, cut to 16
bytes, and C is
bytes of the padded length: real tokens have the same lengths and are as random, and a database sees no more of them.
Values per
token are those of schema.sql. SQLite is measured in this thread's processor time, PostgreSQL (one process a query) in
the time it
reports itself; medians of runs in turn. A PostgreSQL that is not installed is said and skipped.
"""

import argparse
import bisect
import hashlib
import hmac
import json
import os
import pwd
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ..repository import ROOT

HERE = ROOT / "Benchmarks"

FIELD = {"application": 2, "title": 3}

QUERIES = {
    "GROUP BY application, SUM, ORDER BY": (
        "SELECT application, COUNT(*), SUM(duration) AS sum FROM activity GROUP BY application ORDER BY sum DESC",
        "SELECT epoch, application, COUNT(*), SUM(duration) AS sum FROM activity GROUP BY epoch, application ORDER "
        "BY sum DESC",
    ),
    "GROUP BY title, the 100 longest": (
        "SELECT title, SUM(duration) AS sum FROM activity GROUP BY title ORDER BY sum DESC LIMIT 100",
        "SELECT token.c, total.sum FROM (SELECT epoch, title, SUM(duration) AS sum FROM activity GROUP BY epoch, title "
        "ORDER BY sum DESC LIMIT 100) AS total JOIN token ON token.v = total.title AND token.field = 3 "
        "AND token.epoch = total.epoch ORDER BY total.sum DESC",
    ),
    "one agent: GROUP BY title": (
        "SELECT title, SUM(duration) AS sum FROM activity WHERE agent = 7 GROUP BY title ORDER BY sum DESC LIMIT 100",
        "SELECT epoch, title, SUM(duration) AS sum FROM activity WHERE agent = 7 GROUP BY epoch, title ORDER BY sum "
        "DESC LIMIT 100",
    ),
}


class Zipf:
    """Index 0 is drawn most often."""

    def __init__(self, count: int, numbers: random.Random):
        self.numbers, total, self.sums = numbers, 0.0, []
        for rank in range(1, count + 1):
            total += 1 / rank
            self.sums.append(total)

    def __call__(self) -> int:
        return bisect.bisect(self.sums, self.numbers.random() * self.sums[-1])


def v(value: str) -> bytes:
    return hmac.digest(b"endkey benchmark", value.encode(), "sha256")[:16]


def c(value: str) -> bytes:
    size = 16
    while size <= len(value.encode()):
        size *= 2
    return hashlib.shake_128(value.encode()).digest(size)


class Activity:
    """`count` rows."""

    def __init__(self, count: int, seed: int):
        self.count, self.seed = count, seed
        numbers = random.Random(seed)
        words = [
            "Quarterly",
            "report",
            "Überblick",
            "invoice",
            "client",
            "project",
            "draft",
            "mail",
            "plan",
            "notes",
            "meeting",
        ]
        self.applications = [f"Application {index}" for index in range(300)]
        self.titles = [
            f"{' '.join(numbers.choices(words, k=numbers.randint(2, 8)))} {index}"
            for index in range(min(200_000, count))
        ]

    def rows(self):
        """(agent, start, duration, index of application, index of title)"""
        numbers = random.Random(self.seed + 1)
        application, title = Zipf(len(self.applications), numbers), Zipf(len(self.titles), numbers)
        for index in range(self.count):
            yield (
                index % 50,
                1_764_000_000_000 + index * 1_000,
                numbers.randrange(1_000, 600_000),
                application(),
                title(),
            )


def in_sqlite(activity: Activity, folder: Path, runs: int) -> dict:
    plain, tokens = sqlite3.connect(folder / "plain.db"), sqlite3.connect(folder / "tokens.db")
    plain.execute(
        "CREATE TABLE activity (agent INTEGER NOT NULL, start INTEGER NOT NULL, duration INTEGER NOT NULL, "
        "application TEXT NOT NULL, title TEXT NOT NULL)"
    )
    schema = (HERE / "schema.sql").read_text()
    tokens.executescript(
        schema.replace("PRIMARY KEY (v, field, epoch)\n)", "PRIMARY KEY (v, field, epoch)\n) WITHOUT ROWID")
    )
    plain.executemany(
        "INSERT INTO activity VALUES (?, ?, ?, ?, ?)",
        (
            (agent, start, duration, activity.applications[a], activity.titles[t])
            for agent, start, duration, a, t in activity.rows()
        ),
    )
    va, vt = [v(value) for value in activity.applications], [v(value) for value in activity.titles]
    tokens.executemany(
        "INSERT INTO activity VALUES (?, ?, ?, 1, ?, ?)",
        ((agent, start, duration, va[a], vt[t]) for agent, start, duration, a, t in activity.rows()),
    )
    for name, values in (("application", activity.applications), ("title", activity.titles)):
        tokens.executemany(
            "INSERT INTO token VALUES (?, ?, 1, ?)", ((v(value), FIELD[name], c(value)) for value in values)
        )
    plain.commit()
    tokens.commit()

    def run(database, query):
        start = time.thread_time()
        result = database.execute(query).fetchall()
        return time.thread_time() - start, [row[-1] for row in result]

    results = compare(runs, lambda query: run(plain, query), lambda query: run(tokens, query))
    sizes = [sum(path.stat().st_size for path in folder.glob(f"{name}.db*")) for name in ("plain", "tokens")]
    return {"version": sqlite3.sqlite_version, "queries": results, "bytes": sizes}


def compare(runs: int, plain, tokens) -> dict:
    """The seconds of each query both ways, in turn; the sums must be the same."""
    results = {}
    for name, (on_plain, on_tokens) in QUERIES.items():
        times: tuple[list, list] = ([], [])
        for _ in range(runs):
            seconds, expected = plain(on_plain)
            times[0].append(seconds)
            seconds, found = tokens(on_tokens)
            times[1].append(seconds)
            if expected != found:
                sys.exit(f"failed: {name}: tokens give other sums than plaintext")
        results[name] = [statistics.median(samples) for samples in times]
    return results


class Cluster:
    """A PostgreSQL of one's own, on a socket in a folder. A server will not run as root: then it runs as `postgres`."""

    def __init__(self, folder: Path):
        self.bin, self.data, self.socket = postgres(), folder / "data", folder
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self.command(f"{self.bin}/initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--locale=C", "-U", self.user)
        options = (f"-c listen_addresses='' -k {self.socket} -c shared_buffers=1GB -c work_mem=256MB "
                   "-c max_parallel_workers_per_gather=0")
        self.command(f"{self.bin}/pg_ctl", "-D", self.data, "-w", "-l", folder / "log", "-o", options, "start")

    def command(self, *words, **options) -> str:
        command = [str(word) for word in words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        process = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.socket, **options
        )
        if process.returncode != 0:
            sys.exit(f"failed: {' '.join(command)}\n{process.stdout}")
        return process.stdout

    def sql(self, text: str) -> str:
        return self.command(
            "psql", "-h", self.socket, "-U", self.user, "-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", text
        )

    def stop(self) -> None:
        self.command(f"{self.bin}/pg_ctl", "-D", self.data, "-m", "fast", "stop")


def postgres() -> str | None:
    """The folder of PostgreSQL's programs, the newest."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return str(found[-1].parent) if found else (str(Path(where).parent) if (where := shutil.which("initdb")) else None)


def in_postgres(activity: Activity, folder: Path, runs: int) -> dict:
    cluster = Cluster(folder)
    try:
        va, vt = [v(value).hex() for value in activity.applications], [v(value).hex() for value in activity.titles]
        cluster.sql(
            "CREATE SCHEMA plain; CREATE TABLE plain.activity (agent int NOT NULL, start bigint NOT NULL, "
            "duration int NOT NULL, application text NOT NULL, title text NOT NULL)"
        )
        schema = (HERE / "schema.sql").read_text()
        schema = (
            re.sub(r"--.*", "", schema)
            .replace("c BLOB", "c bytea")
            .replace("BLOB", "uuid")
            .replace("start INTEGER", "start bigint")
        )
        cluster.sql("CREATE SCHEMA tokens; SET search_path = tokens; " + schema)
        copy(
            cluster,
            "plain.activity",
            (
                (agent, start, duration, activity.applications[a], activity.titles[t])
                for agent, start, duration, a, t in activity.rows()
            ),
        )
        copy(
            cluster,
            "tokens.activity",
            ((agent, start, duration, 1, va[a], vt[t]) for agent, start, duration, a, t in activity.rows()),
        )
        copy(
            cluster,
            "tokens.token",
            (
                (v(value).hex(), FIELD[name], 1, "\\\\x" + c(value).hex())
                for name, values in (("application", activity.applications), ("title", activity.titles))
                for value in values
            ),
        )
        cluster.sql("VACUUM ANALYZE plain.activity, tokens.activity, tokens.token")

        def run(schema, query):
            text = cluster.sql(f"SET search_path = {schema}; EXPLAIN (ANALYZE, TIMING OFF) {query}")
            seconds = float(re.findall(r"Execution Time: ([\d.]+) ms", text)[0]) / 1e3
            if query not in known:
                rows = cluster.sql(f"SET search_path = {schema}; {query}").splitlines()
                known[query] = [row.split("|")[-1] for row in rows]
            return seconds, known[query]

        known: dict[str, list[str]] = {}
        results = compare(runs, lambda query: run("plain", query), lambda query: run("tokens", query))
        sizes = [
            int(cluster.sql(f"SELECT {' + '.join(f'''pg_total_relation_size('{table}')''' for table in tables)}"))
            for tables in (["plain.activity"], ["tokens.activity", "tokens.token"])
        ]
        return {"version": cluster.sql("SHOW server_version").split()[0], "queries": results, "bytes": sizes}
    finally:
        cluster.stop()


def copy(cluster: Cluster, table: str, rows) -> None:
    """Loads rows, tab-separated, through psql."""
    path = cluster.socket / "rows"
    with path.open("w") as file:
        for row in rows:
            file.write("\t".join(map(str, row)) + "\n")
    if os.geteuid() == 0:
        shutil.chown(path, "postgres")
    cluster.sql(f"COPY {table} FROM '{path}'")
    path.unlink()


def table(results: dict) -> str:
    lines = ["| | plaintext | tokens | ratio |", "|---|---|---|---|"]
    for name, result in results.items():
        if "missing" in result:
            lines.append(f"| **{name}** | {result['missing']} | | |")
            continue
        lines.append(f"| **{name} {result['version']}** | | | |")
        for query, (plain, tokens) in result["queries"].items():
            lines.append(f"| {query} | {plain:.2f} s | {tokens:.2f} s | {tokens / plain:.2f} |")
        plain, tokens = result["bytes"]
        lines.append(f"| size | {plain / 1e6:.0f} MB | {tokens / 1e6:.0f} MB | {tokens / plain:.2f} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run benchmarks-sql", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5, help="of each query")
    parser.add_argument("--quick", action="store_true", help="few rows, to see that the sums agree")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="save the table in RESULTS.md")
    given = parser.parse_args(arguments)
    if given.quick:
        given.rows, given.runs = 5_000, 1
    activity = Activity(given.rows, given.seed)
    results = {}
    with tempfile.TemporaryDirectory() as scratch:
        results["SQLite"] = in_sqlite(activity, Path(scratch), given.runs)
    if postgres():
        with tempfile.TemporaryDirectory() as scratch:
            results["PostgreSQL"] = in_postgres(activity, Path(scratch), given.runs)
    else:
        results["PostgreSQL"] = {"missing": "not installed"}
    if given.quick:
        # `compare` stops at the first difference.
        print(f"{sum(len(result.get('queries', ())) for result in results.values())} passed, 0 failed")
        return 0
    print(json.dumps(results) if given.json else table(results))
    if given.write:
        path = HERE / "RESULTS.md"
        text = path.read_text() if path.exists() else "# Results\n"
        block = f"<!-- sql -->\n{given.rows:,} rows, {len(activity.titles):,} titles.\n\n{table(results)}\n<!-- end -->"
        pattern = re.compile("<!-- sql -->\n.*?<!-- end -->", re.S)
        path.write_text(pattern.sub(lambda _: block, text) if pattern.search(text) else f"{text}\n{block}\n")
    return 0
