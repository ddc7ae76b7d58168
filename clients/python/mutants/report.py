"""What comes of a run: kills.json, kills.md and conformance/answers.json in vectors; what is wrong with the matrix."""

import json
from fnmatch import fnmatchcase
from pathlib import Path

from .catalogue import TOPICS, topic
from .pool import Run
from .suite import VECTORS, Vector

EXCUSES = Path(__file__).parent / "excuses.json"
SURVIVORS = Path(__file__).parent / "survivors.json"
ANSWERS_MAX = 40
NAMED_MAX = 4

ABOUT = """# Kill matrix

Every row is a client with one fault. The vectors named answer wrongly under that fault, so that a client with it is
found; `kills.json` names all of them. A fault that no vector finds fails the build, unless `survivors.json` in
`clients/python/mutants` says which vector is missing; so does a negative vector that finds no fault and has no excuse
in `excuses.json` there.

Made by `clients/python/mutants/run`; not edited by hand.
"""


def read_excuses() -> dict[str, str]:
    return json.loads(EXCUSES.read_text(encoding="utf-8"))


def read_survivors() -> dict[str, str]:
    """Faults that no vector finds yet, and the vector that would."""
    return json.loads(SURVIVORS.read_text(encoding="utf-8"))


def serialized(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


class Matrix:
    def __init__(
        self, vectors: list[Vector], runs: list[Run], excuses: dict[str, str], folder: Path = VECTORS,
        known: dict[str, str] | None = None,
    ):
        """`known`: survivors that are known, and the vector that each wants."""
        self.known = known or {}
        self.vectors = vectors
        self.runs = runs
        self.excuses = excuses
        self.folder = folder
        self.killers = {id for run in runs for id in run.wrong}

    def survivors(self) -> list[str]:
        return [run.mutant.name for run in self.runs if not run.wrong]

    def idle(self) -> list[str]:
        """Negative vectors that find no mutant."""
        return [vector.id for vector in self.vectors if vector.is_negative and vector.id not in self.killers]

    def faults(self) -> list[str]:
        return (
            [f"{name}: no vector finds it" for name in self.survivors() if name not in self.known]
            + [f"{name}: is no survivor" for name in self.known if name not in self.survivors()]
            + [f"{id}: a negative vector that finds no mutant, without an excuse" for id in self.idle()
               if not any(fnmatchcase(id, pattern) for pattern in self.excuses)]
            + [f"{pattern}: an excuse for no vector that needs one" for pattern in self.excuses
               if not any(fnmatchcase(id, pattern) for id in self.idle())]
        )

    def count(self) -> int:
        """Mutants found, and negative vectors that find one."""
        finding = sum(vector.is_negative and vector.id in self.killers for vector in self.vectors)
        return len(self.runs) - len(self.survivors()) + finding

    def files(self) -> dict[str, str]:
        return {"kills.json": self.kills(), "conformance/answers.json": self.answers(), "kills.md": self.table()}

    def kills(self) -> str:
        return serialized({"mutants": {
            run.mutant.name: {"fault": run.mutant.fault, "killedBy": list(run.wrong)}
            for run in sorted(self.runs, key=lambda run: run.mutant.name)
        }})

    def answers(self) -> str:
        return serialized({"mutants": {
            run.mutant.name: {"fault": run.mutant.fault, "answers": self.some_answers(run)}
            for run in sorted(self.runs, key=lambda run: run.mutant.name)
        }})

    def some_answers(self, run: Run) -> dict[str, str]:
        """At most 40: the first of each operation, then the second of each, and so on."""
        by_op: dict[str, list[str]] = {}
        for vector in run.vectors:
            if vector.id in run.wrong and not run.wrong[vector.id].is_offset:
                by_op.setdefault(vector.op, []).append(vector.id)
        order = [ids[i] for i in range(ANSWERS_MAX) for ids in by_op.values() if i < len(ids)]
        return {id: run.wrong[id].answer for id in sorted(order[:ANSWERS_MAX])}

    def table(self) -> str:
        runs = {run.mutant.name: run for run in self.runs}
        parts = [ABOUT, self.summary()]
        for name in TOPICS:
            title = name.replace("_", " ").capitalize()
            rows = [self.row(runs[mutant.name]) for mutant in topic(name) if mutant.name in runs]
            parts.append(f"## {title}\n\n| mutant | fault | found by |\n|---|---|---|\n" + "\n".join(rows) + "\n")
        return "\n".join(parts)

    def summary(self) -> str:
        negative = [vector for vector in self.vectors if vector.is_negative]
        finding = sum(vector.id in self.killers for vector in negative)
        return (
            f"{len(self.runs)} faults, {len(self.runs) - len(self.survivors())} found. {len(self.vectors)} vectors, "
            f"{len(self.killers)} of which find a fault; of {len(negative)} negative vectors, {finding}.\n"
        )

    def row(self, run: Run) -> str:
        """The first vectors that find it; `(crashes)` where the client with this fault only ever breaks."""
        ids = list(run.wrong)
        if not ids:
            return f"| `{run.mutant.name}` | {run.mutant.fault} | none yet: {self.known.get(run.mutant.name, '')} |"
        more = f" and {len(ids) - NAMED_MAX} more" if len(ids) > NAMED_MAX else ""
        crash = "" if any(wrong.answer != "error" for wrong in run.wrong.values()) else " (crashes)"
        first = ", ".join(f"`{id}`" for id in ids[:NAMED_MAX])
        return f"| `{run.mutant.name}` | {run.mutant.fault} | {first}{more}{crash} |"

    def write(self) -> None:
        for name, text in self.files().items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def drift(self) -> list[str]:
        faults = []
        for name, text in self.files().items():
            path = self.folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                faults.append(f"vectors/{name}: not what the mutants give now; run clients/python/mutants/run")
        return faults
