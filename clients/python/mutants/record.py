"""What the last whole run was made from and wrote, and a check of it that asks a few questions of each mutant."""

import hashlib
import json
from pathlib import Path
from typing import Any

from .mutant import SOURCES, Mutant
from .pool import Pool, Run, Wrong
from .report import Matrix
from .suite import VECTORS, Vector

RECORD = Path(__file__).parent / "ran.json"


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def made_from(mutants: list[Mutant], vectors: list[Vector]) -> dict[str, str]:
    """The hashes of all that a run's results depend on."""
    return {
        "frozen": digest(SOURCES),
        "catalogue": digest([[m.name, m.fault, m.module, m.old, m.new] for m in mutants]),
        "vectors": digest([[v.id, v.op, v.line.decode(), v.expect] for v in vectors]),
    }


def write(mutants: list[Mutant], matrix: Matrix) -> None:
    value = {"from": made_from(mutants, matrix.vectors), "wrote": {n: digest(t) for n, t in matrix.files().items()}}
    RECORD.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def drift(mutants: list[Mutant], vectors: list[Vector], folder: Path = VECTORS, record: Path = RECORD) -> list[str]:
    """What has changed since the last whole run, a sentence each."""
    value = json.loads(record.read_text(encoding="utf-8"))
    now = made_from(mutants, vectors)
    files = {name: folder / name for name in value["wrote"]}
    return (
        [f"{name}: changed since the mutants ran; run clients/python/mutants/run"
         for name in now if value["from"].get(name) != now[name]]
        + [f"vectors/{name}: not what the mutants gave; run clients/python/mutants/run"
           for name, path in files.items()
           if not path.exists() or digest(path.read_text(encoding="utf-8")) != value["wrote"][name]])


def recorded(mutants: list[Mutant], vectors: list[Vector], folder: Path = VECTORS) -> list[Run]:
    """Each mutant with the vectors that find it, as kills.json has them; their answers are not known."""
    found = json.loads((folder / "kills.json").read_text(encoding="utf-8"))["mutants"]
    by_id = {vector.id: vector for vector in vectors}
    runs = []
    for mutant in mutants:
        ids = [id for id in found.get(mutant.name, {}).get("killedBy", []) if id in by_id]
        runs.append(Run(mutant, [by_id[id] for id in ids], {id: Wrong("") for id in ids}))
    return runs


def least(runs: list[Run]) -> list[Run]:
    """The fewest questions that show each mutant found, and each negative vector finding one."""
    shown: set[str] = set()
    asked = []
    for run in runs:
        vectors = [vector for vector in run.vectors if vector.is_negative and vector.id not in shown] or run.vectors[:1]
        shown.update(vector.id for vector in vectors)
        asked.append(Run(run.mutant, vectors))
    return [run for run in asked if run.vectors]


def ask(runs: list[Run], jobs: int) -> list[str]:
    """Asks the mutants; what is answered as by a client without a fault, a sentence each."""
    ids = {vector.id: vector for run in runs for vector in run.vectors}
    pool = Pool(list(ids.values()), jobs, traces=False)
    faults = [f"{id}: the frozen client without a fault fails" for id in pool.coverage.failed]
    for run in pool.take(runs):
        # After one without end, a mutant's other vectors are not asked.
        missed = [] if run.endless else [vector.id for vector in run.vectors if vector.id not in run.wrong]
        faults += [f"{run.mutant.name}: {id} does not find it any more ({run.mutant.fault})" for id in missed]
    return faults
