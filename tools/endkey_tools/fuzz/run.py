"""Fuzzes Endkey's parsers and state machines, with coverage and AddressSanitizer.

  fuzz/run --list                     what can be fuzzed, and which properties each target checks
  fuzz/run grant --seconds 60         one target; several names, or `all`
  fuzz/run all --jobs 2 --seconds 5   each target for five seconds, two at a time
  fuzz/run --replay                   only the committed corpus and regressions, each property in full
  fuzz/run --planted                  proves the harness: it must find every bug that fuzz/Sources/Planted has
  fuzz/run grant --repeat FILE        one input again, with all of AddressSanitizer's report
  fuzz/run all --minimize             adds what was found to fuzz/corpus, as few bytes as have the same coverage

It starts from fuzz/corpus (committed), from inputs made of vectors/, and from words of spec/registry.json. What it
finds new stays in fuzz/artifacts/work, a crash goes to fuzz/artifacts/TARGET with the command that repeats it. The exit
status is 1 when there was a crash. A fixed crash belongs into fuzz/regressions/TARGET: `swift test` replays those too.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from . import binaries, seeds
from .places import ARTIFACTS, CORPUS, FUZZ, REGRESSIONS, ROOT

# Bytes of the whole committed corpus.
CORPUS_MAX = 2_000_000
# The targets, each with what it checks.
TARGETS = FUZZ / "targets.txt"
STATUS = re.compile(r"^#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+) corp: (\d+)/\S+.*?exec/s: (\d+)", re.M)
# Seconds for making a crash smaller.
MINIMIZING = 5
# The planted bug whose crash is made smaller.
SHRUNK = "planted-latch-opens"
SCREEN = threading.Lock()


def say(*words: object) -> None:
    with SCREEN:
        print(*words, flush=True)


def environment(target: dict, **more: str) -> dict[str, str]:
    return {**binaries.ENVIRONMENT, "ENDKEY_FUZZ_TARGET": target["name"], **more}


class Result:
    """What became of one target."""

    def __init__(self, target: dict):
        self.target = target
        self.executions = 0
        self.coverage = 0
        self.seconds = 0.0
        self.cpu = 0.0
        self.crash: Path | None = None
        self.reason = ""

    @property
    def rate(self) -> float:
        """Executions per second of processor time, start included."""
        return self.executions / self.cpu if self.cpu else 0


def folders(target: dict) -> list[Path]:
    """Where a run reads inputs; new ones go to the first."""
    work = ARTIFACTS / "work" / target["name"]
    work.mkdir(parents=True, exist_ok=True)
    return [work, *seeds.starts(target)]


def fuzz(target: dict, seconds: float, inputs: list[Path], until: str = "") -> Result:
    """Runs one target for some seconds, or until it crashes; shows how it goes."""
    name, result = target["name"], Result(target)
    crashes = ARTIFACTS / name
    crashes.mkdir(parents=True, exist_ok=True)
    words = ARTIFACTS / "words.dict"
    command = [
        target["binary"],
        f"-max_total_time={max(1, round(seconds))}",
        f"-max_len={target['maxLength']}",
        f"-dict={words}",
        f"-artifact_prefix={crashes}/",
        "-timeout=25",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        *inputs,
    ]
    start, shown = time.monotonic(), 0.0
    log: list = []
    process = subprocess.Popen(
        command,
        env=environment(target),
        text=True,
        errors="replace",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ARTIFACTS,
    )
    assert process.stderr is not None
    for line in process.stderr:
        log = (log + [line])[-200:]
        if status := STATUS.match(line):
            result.executions, result.coverage = int(status[1]), int(status[2])
            if time.monotonic() - shown > 2:
                shown = time.monotonic()
                if not until:
                    say(f"  {name:<22} {int(status[1]):>10,} runs  {int(status[5]):>8,}/s  coverage {status[2]}")
        elif total := re.match(r"stat::number_of_executed_units:\s+(\d+)", line):
            result.executions = int(total[1])
        elif written := re.search(r"Test unit written to (\S+)", line):
            result.crash = Path(written[1])
        elif reason := re.search(r"property violated: (.*)|(Fatal error: .*)|(ERROR: .*)", line):
            result.reason = result.reason or next(group for group in reason.groups() if group)
    _, ended, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode == 0:
        result.crash = None  # only a slow input was written
    result.seconds = time.monotonic() - start
    result.cpu = usage.ru_utime + usage.ru_stime
    if process.returncode != 0 and result.crash is None:
        sys.exit(f"failed: {name} ended with {process.returncode} and left no input:\n{''.join(log)}")
    return result


def minimized(result: Result) -> Path:
    """The crash in fewer bytes, or as it was."""
    assert result.crash is not None
    small = result.crash.with_name("minimized-" + result.crash.name)
    subprocess.run(
        [
            result.target["binary"],
            "-minimize_crash=1",
            f"-max_total_time={MINIMIZING}",
            f"-exact_artifact_path={small}",
            result.crash,
        ],
        env=environment(result.target),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ARTIFACTS,
    )
    return small if small.exists() else result.crash


def run(targets: list[dict], seconds: float, jobs: int) -> int:
    def one(target: dict) -> Result:
        result = fuzz(target, seconds, folders(target))
        if result.crash:
            path = minimized(result)
            say(
                f"CRASH {target['name']}: {result.reason}\n  repeat: fuzz/run {target['name']} --repeat "
                f"{os.path.relpath(path, ROOT)}"
            )
        return result

    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(one, targets))
    say(f"\n{'target':<22} {'runs':>12} {'per CPU second':>15} {'coverage':>9}")
    for result in results:
        end = "  CRASH: " + result.reason if result.crash else ""
        say(f"{result.target['name']:<22} {result.executions:>12,} {result.rate:>15,.0f} {result.coverage:>9,}{end}")
    failed = sum(result.crash is not None for result in results)
    idle = [result.target["name"] for result in results if not result.crash and result.executions < 2]
    if idle:
        sys.exit(f"failed: nothing was run by {' '.join(idle)}")
    say(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def replay(targets: list[dict]) -> int:
    """Every committed input, each property in full."""
    passed = failed = 0
    for target in targets:
        found = [folder / target["name"] for folder in (CORPUS, REGRESSIONS)]
        paths = sorted(path for folder in found if folder.is_dir() for path in folder.iterdir())
        if not paths:
            say(f"{target['name']}: no committed input")
            failed += 1
            continue
        result = subprocess.run(
            [target["binary"], "-runs=1", f"-artifact_prefix={ARTIFACTS}/", *paths],
            env=environment(target, ENDKEY_FUZZ_EFFORT="full"),
            text=True,
            errors="replace",
            capture_output=True,
        )
        if result.returncode != 0:
            say(f"{target['name']}: {result.stderr[-2000:]}")
            failed += 1
        else:
            passed += len(paths)
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def minimize(targets: list[dict]) -> int:
    """The committed corpus anew: of all that is known, the fewest inputs that have the same coverage."""
    for target in targets:
        inputs = folders(target)
        fresh = ARTIFACTS / "merged" / target["name"]
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        command = [target["binary"], "-merge=1", f"-max_len={target['maxLength']}", fresh, *inputs]
        subprocess.run(
            command,
            env=environment(target),
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ARTIFACTS,
        )
        committed = CORPUS / target["name"]
        shutil.rmtree(committed, ignore_errors=True)
        shutil.move(fresh, committed)
        files = list(committed.iterdir())
        say(f"{target['name']:<22} {len(files):>5} inputs, {sum(file.stat().st_size for file in files):>9,} bytes")
    total = sum(file.stat().st_size for file in CORPUS.rglob("*") if file.is_file())
    say(f"{total:,} bytes of at most {CORPUS_MAX:,}")
    return 0 if total <= CORPUS_MAX else 1


def repeat(target: dict, path: Path, **options: Any) -> subprocess.CompletedProcess:
    """One input again, each property in full."""
    environ = {**environment(target, ENDKEY_FUZZ_EFFORT="full"), "ASAN_OPTIONS": "detect_leaks=0"}
    return subprocess.run([target["binary"], path.resolve()], env=environ, cwd=ARTIFACTS, **options)


def shrinks(result: Result) -> bool:
    """Whether the crash, longer by what does not matter, is made smaller, and repeats with the same reason."""
    assert result.crash is not None
    padded = result.crash.with_name("padded")
    padded.write_bytes(result.crash.read_bytes() + bytes(40))
    if repeat(result.target, padded, capture_output=True).returncode != 0:
        result.crash = padded  # else what is behind the end matters to this parser
    small = minimized(result)
    again = repeat(result.target, small, text=True, errors="replace", capture_output=True)
    return (
        small != result.crash
        and small.stat().st_size < result.crash.stat().st_size
        and again.returncode != 0
        and result.reason in again.stderr
    )


def planted(seconds: float, kind: str) -> int:
    """Every planted bug is found, from the seeds that the sound parser is fuzzed with; the sound twin has none. The
    first crash is then minimised and repeated."""
    binary = binaries.build((binaries.PLANTED,), kind)[binaries.PLANTED]
    targets = binaries.targets(binary)
    passed = failed = 0
    say(f"{'planted bug':<28} {'runs':>10} {'seconds':>8}")
    for target in targets:
        work = ARTIFACTS / "planted" / target["name"]
        for folder in (work, ARTIFACTS / target["name"]):
            shutil.rmtree(folder, ignore_errors=True)
        work.mkdir(parents=True)
        is_sound = target["name"].startswith("sound-")
        result = fuzz(target, 1 if is_sound else seconds, [work, seeds.fresh(target)], until="crash")
        holds = (result.crash is None) == is_sound
        passed, failed = passed + holds, failed + (not holds)
        what = (
            ("nothing to find" if is_sound else result.reason)
            if holds
            else (f"FALSE ALARM: {result.reason}" if is_sound else "NOT FOUND")
        )
        say(f"{target['name']:<28} {result.executions:>10,} {result.seconds:>8.1f}  {what}")
        if target["name"] == SHRUNK and result.crash:
            holds = shrinks(result)
            passed, failed = passed + holds, failed + (not holds)
            say(f"{'':<28} its input is {'' if holds else 'NOT '}made smaller, and repeats")
    say(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="fuzz/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="names of --list, or all")
    parser.add_argument("--seconds", type=float, default=60, help="for each target (60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="targets at a time (one a processor)")
    parser.add_argument("--quick", action="store_true", help="not optimised: sooner built, slower")
    parser.add_argument("--list", action="store_true", help="name the targets and what they check")
    parser.add_argument("--replay", action="store_true", help="run the committed inputs only")
    parser.add_argument("--planted", action="store_true", help="find the bugs that were planted")
    parser.add_argument("--minimize", action="store_true", help="make the committed corpus anew")
    parser.add_argument("--repeat", type=Path, metavar="FILE", help="run one input")
    given = parser.parse_args(arguments)
    if given.list:
        # Which `swift test` holds against the targets themselves: they say it only once they are built.
        print(TARGETS.read_text(encoding="utf-8"), end="")
        return 0
    if shutil.which("swift") is None:
        sys.exit("failed: no `swift` on PATH; install a Swift 6.2 or later toolchain (swift.org/install)")
    ARTIFACTS.mkdir(exist_ok=True)
    (ARTIFACTS / "words.dict").write_text(seeds.dictionary())
    kind = "quick" if given.quick else "release"
    if given.planted:
        return planted(given.seconds, kind)
    if not (given.targets or given.replay):
        parser.error("name a target, or one of --list, --replay, --planted")
    known: list[dict] = []
    is_planted = bool(given.targets) and all(name.startswith(("planted-", "sound-")) for name in given.targets)
    for product in (binaries.PLANTED,) if is_planted else binaries.BINARIES:
        # The second binary takes minutes to build: not for targets of the first.
        if given.targets and all(name in [target["name"] for target in known] for name in given.targets):
            break
        known += binaries.targets(binaries.build((product,), kind)[product])
    names = [target["name"] for target in known]
    for name in given.targets:
        if name != "all" and name not in names:
            parser.error(f"no target {name}; there are: {' '.join(names)}")
    chosen = [
        target for target in known if "all" in given.targets or not given.targets or target["name"] in given.targets
    ]
    if given.repeat:
        return 1 if repeat(chosen[0], given.repeat).returncode else 0
    if given.replay:
        return replay(chosen)
    if given.minimize:
        return minimize(chosen)
    return run(chosen, given.seconds, max(1, given.jobs))
