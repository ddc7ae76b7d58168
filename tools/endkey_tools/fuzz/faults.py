"""Ends `endkey` in the middle of its writes, and takes the disk away from it: nothing complete is lost.

  tools/run faults --endkey PATH           every call of the quick commands, a few of the others
  tools/run faults --endkey PATH --only "agent send"
  tools/run faults --endkey PATH --all     every call of every command: takes hours

A command's calls that change the file system (open to create, write, fsync, rename, link, unlink, mkdir) are counted by
a library that is preloaded (fuzz/shims/faults.c). Then, for each of them, the command runs again on a fresh copy, and

  kill     ends before the call
  torn     ends with half of the bytes of a `write` written
  nospace  gets ENOSPC from there on
  rofs     gets EROFS from there on
  broken   gets EIO at that call alone

`vectors generate` makes everything before it writes, which takes long: it runs once and is stopped at each of its
calls,
and in the middle of each write. What stands there then is what a kill would leave.

After that: every file that stood there before stands there, whole; every new one is whole; a temporary one is named so;
a command that met an error says so (exit status, one line); and the same command run once more succeeds.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..spec.mutants import ask
from .places import FUZZ, REGISTRY

KINDS = ("kill", "torn", "nospace", "rofs", "broken")

# So many captures, each with a start of its own, every tenth with a blob.
COUNT = 40


def activity(first: int, keyed: bool = False) -> str:
    """Lines for an agent. `keyed`: each with a name of its own, by which it is kept once."""
    starts = range(first, first + COUNT)
    lines = [
        {"kind": "application", "start": 1764000000000 + start, "duration": 1000, "application_name": f"app {start}"}
        | ({"screenshot": "shot"} if start % 10 == 0 else {})
        | ({"key": f"line {start}"} if keyed else {})
        for start in starts
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


PASSWORD = ["--password-file", "password"]
# The recovery text goes to standard output: a file would be there already at the second attempt.
PAPER = ["--recovery-file", "-"]


class Failure(Exception):
    pass


def require(holds: bool, what: str) -> None:
    if not holds:
        raise Failure(what)


class Bench:
    """The program under test, the preloaded library, and a folder to work in."""

    def __init__(self, endkey: Path, scratch: Path):
        self.endkey = endkey
        self.scratch = scratch
        self.shim = scratch / "faults.so"
        self.count_file = scratch / "count"
        # Messages that were found whole: most are the same in each run.
        self.whole: set[bytes] = set()
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o", self.shim, FUZZ / "shims/faults.c", "-ldl"], check=True
        )

    def run(
        self,
        folder: Path,
        *arguments: str,
        text: str = "",
        fault: tuple[str, int] | None = None,
        counts: bool = False,
        stop_after: int | None = None,
    ) -> subprocess.CompletedProcess:
        """`stop_after`: what has not ended by itself after so many seconds is told to (SIGTERM)."""
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
        if fault or counts:
            environment.update(LD_PRELOAD=str(self.shim), FAULT_BELOW=str(folder), FAULT_COUNT=str(self.count_file))
        if fault:
            environment.update(FAULT_KIND=fault[0], FAULT_AT=str(fault[1]))
        # coreutils' timeout, which takes care of one that does not obey.
        limit = ["timeout", "--preserve-status", "--kill-after=300", str(stop_after)] if stop_after else []
        return subprocess.run(
            [*limit, self.endkey, *arguments],
            cwd=folder,
            env=environment,
            input=text,
            text=True,
            capture_output=True,
            timeout=600,
        )

    def watch(self, folder: Path, *arguments: str) -> list[tuple[str, dict[str, bytes]]]:
        """What stands in the folder at each call of a command, named by the fault that it would be; last, at its end.
        """
        (stopped, stop), (go, going) = os.pipe(), os.pipe()
        environment = {
            **os.environ,
            "SWIFT_BACKTRACE": "enable=no",
            "LD_PRELOAD": str(self.shim),
            "FAULT_BELOW": str(folder),
            "FAULT_KIND": "watch",
            "FAULT_STOP": str(stop),
            "FAULT_GO": str(go),
        }
        process = subprocess.Popen(
            [self.endkey, *arguments],
            cwd=folder,
            env=environment,
            pass_fds=(stop, go),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        os.close(stop)
        os.close(go)
        states, calls = [], 0
        while what := os.read(stopped, 1):
            calls += what == b"k"
            states.append((f"{'kill' if what == b'k' else 'torn'} at call {calls}", digests(folder)))
            os.write(going, b".")
        _, error = process.communicate(timeout=600)
        require(process.returncode == 0, f"{' '.join(arguments)}: {error.decode()}")
        return [*states, ("end", digests(folder))]

    def must(self, folder: Path, *arguments: str, text: str = "") -> str:
        result = self.run(folder, *arguments, text=text)
        require(result.returncode == 0, f"{' '.join(arguments)}: {result.stderr.strip()}")
        return result.stdout

    def copy(self, world: Path) -> Path:
        """A fresh copy under the same path, which the configuration of the ends names."""
        place = self.scratch / "world"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(world, place)
        return place


def files(folder: Path) -> dict[str, bytes]:
    """Each file by its path, without what is named as temporary."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.endswith(".tmp") for part in path.relative_to(folder).parts)
    }


def digests(folder: Path) -> dict[str, bytes]:
    return {path: hashlib.sha256(content).digest() for path, content in files(folder).items()}


# What else must be true, after a run with a fault and one without: the folder, its files before, what the first run
# printed.
Check = Callable[[Bench, Path, dict[str, bytes], str], None]


class Case:
    """A command, where it starts from, and what must be true after it."""

    def __init__(
        self,
        name: str,
        world: str,
        command: list[str],
        text: str = "",
        few: int = 0,
        resume: list[str] | None = None,
        changes: tuple[str, ...] = (),
        status: int = 0,
        waits: bool = False,
        check: Check | None = None,
    ):
        self.name = name
        self.world = world
        self.command = command
        self.text = text
        # So many of its calls are tried, unless --all: it stretches a password, or writes many files. 0: each.
        self.few = few
        # What finishes it where the same command once more is refused, as a second code to an enrolled agent is.
        self.resume = resume
        # Beginnings of the paths that it may replace or take away.
        self.changes = changes
        # How it ends without a fault.
        self.status = status
        # It waits while the disk takes nothing: for what it was given, and cannot get again.
        self.waits = waits
        self.check = check


# What must be true


# A struct's name by the type in its header.
STRUCTS = {row["value"]: row["struct"] for row in json.loads(REGISTRY.read_text(encoding="utf-8"))["messageTypes"]}


def struct_of(content: bytes) -> str | None:
    """What a file's bytes are, if they are one message: a segment of a spool goes on behind its header."""
    name = STRUCTS.get(content[3]) if len(content) > 3 and content.startswith(b"EK\x01") else None
    return None if name == "SpoolHeader" else name


def whole_messages(bench: Bench, place: Path) -> None:
    """Each message is read by `endkey inspect`, to its last byte."""
    fresh = {
        path: content
        for path, content in files(place).items()
        if path.endswith(".ek") and content not in bench.whole
    }
    # One process for all that is one message: there are several behind each fault.
    structs = {path: name for path, content in fresh.items() if (name := struct_of(content)) is not None}
    cases = [(name, fresh[path]) for path, name in structs.items()]
    for path, fault in zip(structs, ask([bench.endkey], cases) if cases else [], strict=True):
        require(fault is None, f"{path} is not whole: {fault}")
    for path in fresh.keys() - structs.keys():
        result = bench.run(place, "inspect", path)
        require(result.returncode == 0, f"{path} is not whole: {result.stderr.strip()}")
    bench.whole.update(fresh.values())


def batches(place: Path) -> list[Path]:
    """The batches at the service, in their order."""
    return sorted((place / "service/batches").glob("*/*.ek"), key=lambda path: path.read_bytes()[40:48])


def chained(bench: Bench, place: Path) -> dict[int, int]:
    """The batches are numbered without a gap, each names the one before, and the service has the blobs that they name.
    Gives how often a record of each start is in them."""
    previous = bytes(32)
    for number, path in enumerate(batches(place), 1):
        batch = path.read_bytes()
        require(int.from_bytes(batch[40:48], "big") == number, f"batch {number} is missing")
        require(batch[48:80] == previous, f"batch {number} does not follow the one before")
        previous = hashlib.sha256(batch).digest()
    listed = bench.must(place, "batch", "list", "--json", *map(str, batches(place))) if batches(place) else ""
    found: dict[int, int] = {}
    for row in map(json.loads, listed.splitlines()):
        if row["field"] == "screenshot":
            require((place / f"service/blobs/{row['agent']}/{row['v']}.ek").exists(), f"blob {row['v']} is missing")
        else:
            start = row["start"] - 1764000000000
            found[start] = found.get(start, 0) + 1
    return found


def sent(bench: Bench, place: Path, before: dict[str, bytes], printed: str) -> None:
    """What had been captured was sent, each of it once; the damaged segment stands aside, byte for byte."""
    found = chained(bench, place)
    # Of the damaged segment one frame is lost.
    wanted = {start: 1 for start in range(3 * COUNT) if start != COUNT + DAMAGED}
    require(found == wanted, f"{sum(found.values())} records for {len(wanted)} captures")
    aside = place / "agent/spool/2.damaged"
    require(aside.read_bytes() == before["agent/spool/2.ek"], "the damaged segment is another")
    result = bench.run(place, "spool", "recover", "agent", str(aside))
    require(len(result.stdout.splitlines()) == COUNT - 1, "a frame that is whole is not recovered")


def captured(bench: Bench, place: Path, before: dict[str, bytes], printed: str) -> None:
    """What the first run said that it had captured is sent, and what the second did; the rest is not sent twice."""
    bench.must(place, "agent", "send", "agent")
    found = chained(bench, place)
    # The first run may have been stopped before it could say what it did.
    counts = {2} if printed else {1, 2}
    require(all(found.get(start) in counts for start in range(COUNT, 2 * COUNT)), "a capture is lost, or sent twice")
    require(all(found.get(start) == 1 for start in range(COUNT)), "an old record is lost")


def recorded(bench: Bench, place: Path, before: dict[str, bytes], printed: str) -> None:
    """What was captured and sent at once, under a name, is sent once, though the command ran twice."""
    found = chained(bench, place)
    require(all(found.get(start) == 1 for start in range(2 * COUNT)), "a capture is lost, or sent twice")


def requested(bench: Bench, place: Path, before: dict[str, bytes], printed: str) -> None:
    require(len(list((place / "service/requests").glob("*.ek"))) == 1, "no request, or two, stand at the service")


def sealed(bench: Bench, place: Path, before: dict[str, bytes], printed: str) -> None:
    bench.must(place, "blob", "open", "agent", "sealed.ek", "--out", "opened")
    require((place / "opened").read_bytes() == before["shot"], "the blob opens as something else")


def account_opens(bench: Bench, place: Path, before: dict[str, bytes], printed: str) -> None:
    if not (place / "owner").exists():
        # The service had the whole account before the owner's folder got its name: it opens as on a fresh device, and
        # whoever tries to make it once more is told so.
        command = "endkey account open owner --service service --login l"
        create = ["account", "create", "owner", "--service", "service", "--login", "l", *PAPER, *PASSWORD]
        told = bench.run(place, *create).stderr
        require(f"`{command}`" in told, f"nobody is told of account open: {told}")
        bench.must(place, "account", "open", "owner", "--service", "service", "--login", "l", *PASSWORD)
    bench.must(place, "account", "code", "owner", "--newest", *PASSWORD)


# How a command ends that has kept what it could not deliver.
KEPT = 4
# The number of the frame in the second segment that is damaged.
DAMAGED = 3
# What an agent replaces or takes away in its folder, besides its state.
OWN = (
    "agent/state.ek",
    "agent/clock",
    "agent/inputs",
    "agent/spool/",
    "agent/outbox/",
    "agent/blobs/",
    "agent/spent",
)

CASES = [
    Case("agent capture", "active", ["agent", "capture", "agent"], activity(COUNT), check=captured),
    Case("agent send", "captured", ["agent", "send", "agent"], few=12, changes=OWN, status=1, check=sent),
    Case(
        "agent record",
        "active",
        ["agent", "record", "agent", "--key", "monday"],
        activity(COUNT),
        few=6,
        changes=OWN,
        check=recorded,
    ),
    Case(
        "agent run",
        "active",
        ["agent", "run", "agent"],
        activity(COUNT, keyed=True),
        few=12,
        changes=(*OWN, "agent/health"),
        waits=True,
        check=recorded,
    ),
    Case(
        "blob seal",
        "active",
        ["blob", "seal", "agent", "--field", "screenshot", "shot", "--out", "sealed.ek"],
        check=sealed,
    ),
    Case(
        "agent request",
        "coded",
        ["agent", "request", "agent", "--service", "service", "--code-file", "code"],
        few=12,
        resume=["agent", "request", "agent"],
        check=requested,
    ),
    Case(
        "account create",
        "empty",
        ["account", "create", "owner", "--service", "service", "--login", "l", *PAPER, *PASSWORD],
        few=6,
        check=account_opens,
    ),
    Case(
        "account rotate",
        "active",
        ["account", "rotate", "owner", *PASSWORD],
        few=6,
        changes=("service/account", "service/grants/", "owner/"),
        check=account_opens,
    ),
]


def make_worlds(bench: Bench) -> dict[str, Path]:
    """Folders to start from, made at the place where their copies will stand."""
    worlds = {}
    place = bench.scratch / "world"
    place.mkdir()

    def keep(name: str) -> None:
        worlds[name] = bench.scratch / f"world-{name}"
        shutil.copytree(place, worlds[name])

    (place / "password").write_text("correct horse\n")
    keep("empty")
    bench.must(place, "account", "create", "owner", "--service", "service", "--login", "l", *PAPER, *PASSWORD)
    (place / "code").write_text(bench.must(place, "account", "code", "owner", *PASSWORD))
    keep("coded")
    bench.must(place, "agent", "request", "agent", "--service", "service", "--code-file", "code")
    bench.must(place, "grant", "owner", *PASSWORD)
    bench.must(place, "agent", "accept", "agent")
    (place / "shot").write_bytes(bytes(range(256)) * 300)
    bench.must(place, "agent", "record", "agent", text=activity(0))
    keep("active")
    for first in (COUNT, 2 * COUNT):
        bench.must(place, "agent", "capture", "agent", text=activity(first))
    path = place / "agent/spool/2.ek"
    segment = bytearray(path.read_bytes())
    heads = [at for at in range(len(segment)) if segment[at : at + 4] == b"EKfr"]
    segment[heads[DAMAGED] + 100] ^= 1
    path.write_bytes(segment)
    keep("captured")
    return worlds


def sample(points: list[int], size: int) -> list[int]:
    if len(points) <= size:
        return points
    step = (len(points) - 1) / (size - 1)
    return sorted({points[round(step * index)] for index in range(size)})


def check(bench: Bench, case: Case, world: Path, kind: str, at: int) -> None:
    place = bench.copy(world)
    before = files(place)
    stop = 3 if case.waits and kind in ("nospace", "rofs", "broken") else None
    result = bench.run(place, *case.command, text=case.text, fault=(kind, at), stop_after=stop)
    if stop and result.returncode == 128 + signal.SIGTERM:
        # Told to end before it had begun.
        pass
    elif kind in ("kill", "torn"):
        require(
            result.returncode in (case.status, 137),
            f"it ended by itself with {result.returncode}: {result.stderr.strip()}",
        )
    else:
        require(result.returncode in (0, 1, 2, KEPT), f"it crashed: {result.returncode} {result.stderr[-500:]}")
        lines = result.stderr.strip().splitlines()
        require(
            result.returncode == case.status or any(line.startswith("endkey: ") for line in lines), f"no error: {lines}"
        )
    after = files(place)
    for path, content in before.items():
        if not path.startswith(case.changes or "\0"):
            require(after.get(path) == content, f"{path} was changed or lost")
        elif path == "agent/state.ek":
            require(path in after, f"{path} was lost")
    whole_messages(bench, place)
    again = bench.run(place, *case.command, text=case.text)
    # What was finished before the fault came is not made twice.
    if case.resume and "already_pinned" in again.stderr:
        again = bench.run(place, *case.resume)
    exists = "exists already" in again.stderr or "has an account already" in again.stderr
    require(again.returncode in (0, case.status) or exists, f"run once more, it fails: {again.stderr.strip()[-500:]}")
    whole_messages(bench, place)
    if case.check:
        case.check(bench, place, before, result.stdout)


# `vectors generate`: into a new folder, and over one in which a file is old, one is missing, and one is no longer made.


def vector_states(bench: Bench, place: Path, is_new: bool) -> int:
    """Stops it at each call. Gives the number of states that were right; what is wrong is thrown."""
    before = digests(place)
    states = bench.watch(place, "vectors", "generate", "--out", "vectors", *([] if is_new else ["--force"]))
    final = states[-1][1]
    require(len(states) > 200, f"{len(states)} states: the library was not preloaded")
    for name, state in states:
        for path in before.keys() & final.keys():
            require(path in state, f"{name}: {path} is lost")
        for path, digest in state.items():
            require(digest in (before.get(path), final.get(path)), f"{name}: {path} is neither the old nor the new one")
        if is_new:
            require(state in (before, final), f"{name}: some of the files stand there, and not all")
    made = {path.name for path in (place / "vectors").glob("*.json")}
    wanted = {path.name for path in (FUZZ.parent / "vectors").glob("*.json")} - {"kills.json"}
    require(made == wanted, f"it made other files: {sorted(made ^ wanted)}")
    return len(states) - 1


def vector_faults(bench: Bench, place: Path, kind: str, at: int) -> int:
    """The disk full, or read-only, from a call on: an error, and the folder as it was."""
    before = files(place)
    result = bench.run(place, "vectors", "generate", "--out", "vectors", fault=(kind, at))
    require(result.returncode in (1, 2) and result.stderr.startswith("endkey: "), f"no error: {result.stderr[-500:]}")
    require(files(place) == before, f"{kind} at call {at}: it left {sorted(files(place).keys() - before.keys())}")
    return 1


VECTORS = "vectors generate"


def check_vectors(bench: Bench, world: Path, few: int) -> int:
    """`few`: calls from which on the disk is full, or read-only; 0 for none, since each takes half a minute."""
    count = vector_states(bench, bench.copy(world), is_new=True)
    place = bench.copy(world)
    shutil.copytree(
        FUZZ.parent / "vectors",
        place / "vectors",
        ignore=lambda folder, names: [name for name in names if not name.endswith(".json") or name == "kills.json"],
    )
    old, missing = sorted((place / "vectors").glob("*.json"))[:2]
    (place / "vectors/stale.json").write_bytes(old.read_bytes())
    old.write_bytes(old.read_bytes().replace(b'"op"', b'"op" ', 1))
    missing.unlink()
    count += vector_states(bench, place, is_new=False)
    for kind in ("nospace", "rofs"):
        for at in sample(list(range(1, count // 4)), few) if few else []:
            count += vector_faults(bench, bench.copy(world), kind, at)
    return count


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--endkey", type=Path, required=True, metavar="PATH", help="the program, already built")
    parser.add_argument("--all", action="store_true", help="every call of every command")
    parser.add_argument("--only", metavar="NAME", choices=[*(case.name for case in CASES), VECTORS], help="one command")
    given = parser.parse_args(arguments)
    os.umask(0o077)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(given.endkey.resolve(), Path(scratch).resolve())
        worlds = make_worlds(bench)
        for case in CASES:
            if given.only and case.name != given.only:
                continue
            place = bench.copy(worlds[case.world])
            result = bench.run(place, *case.command, text=case.text, counts=True)
            require(result.returncode == case.status, f"{case.name} fails without a fault: {result.stderr}")
            count = int(bench.count_file.read_text())
            require(count > 0, f"{case.name}: the library counts {count} calls: it was not preloaded")
            tried = 0
            for kind in KINDS:
                points = list(range(1, count + 1))
                few = case.few if kind == "kill" else max(2, case.few // 3)
                for at in sample(points, few) if case.few and not given.all else points:
                    tried += 1
                    try:
                        check(bench, case, worlds[case.world], kind, at)
                        passed += 1
                    except Failure as failure:
                        failed += 1
                        print(f"FAILED {case.name}: {kind} at call {at}: {failure}", flush=True)
            part = "" if tried == len(KINDS) * count else ", a sample"
            print(f"{case.name}: {count} calls, {tried} faults{part}", flush=True)
        if given.only in (None, VECTORS):
            try:
                right = check_vectors(bench, worlds["empty"], few=40 if given.all else 2 if given.only else 0)
                passed += right
                print(f"{VECTORS}: {right} states and faults", flush=True)
            except Failure as failure:
                failed += 1
                print(f"FAILED {VECTORS}: {failure}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
