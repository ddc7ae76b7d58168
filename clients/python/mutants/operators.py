"""Makes mutants by rule: a check skipped, two exchanged, a limit a step wider, half of a comparison, a loop cut short.

Without options, all of them meet the vectors, and operators.json names for each the first vector that finds it. --check
asks only these vectors, each its own mutant, and fails where one is not found. Of what survives, equal.json says why
nothing that can be observed differs; the rest waits for a vector in waiting.json.
"""

import argparse
import ast
import json
import re
import sys
import time
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

from .edits import Edit, Maker
from .mutant import FUNCTIONS, MODULE_LEVEL, SOURCES
from .pool import Pool, Run
from .suite import Vector, read_vectors

RECORD = Path(__file__).parent / "operators.json"
EQUAL = Path(__file__).parent / "equal.json"
WAITING = Path(__file__).parent / "waiting.json"

# What is no rule of the protocol: the reading of questions, and tables.
SKIPPED = (
    "arguments.py", "respond.py", "__main__.py", "unicode_tables.py", "errors.py", "operation_table.py",
    "value_types.py", "labels.py", "enums.py", "handles.py",
    # Only handles ask for it, which scenarios open and no vector does.
    "owner.py",
)
CHECKS = re.compile(r"(^|\.)(check|finish|refuse_unless)")
# What is compared byte by byte.
OPAQUE = re.compile(
    r"(id|hash|key|commitment|modulus|previous|digest|secret|nonce|state|keys|root|made_by|mac|tag|head|seed|message)$"
    r"|sha256|write\(\)|_id\(")
# Numbers of more than 32 bits.
LONG = re.compile(
    r"(counter|sequence|number|audited|made|until|from|expires|now|least|running|wall|first|last|kept|newest)(\b|$)")
# An enumeration's value or a truth: nothing with halves.
NAMED = re.compile(r"^[A-Z]\w+\.\w+$|^\w*(has|is)_\w+$|^\(?\w+(\.\w+)* is not None")
# What each check refuses with, where it is one code; two of one code may be exchanged.
CODE_OF = {
    "rsa.check_modulus": "bad_key", "ed25519.check_key": "bad_key", "check_owner": "chain_broken",
    "check_token_epochs": "epoch_mismatch", "signature.check": "signature_invalid",
    "check_length": "bad_base64url", "check_last_bits": "bad_base64url",
}
ONE_CODE = ("local_state.py",)
# Who takes a label first.
LABELLED = ("derive", "labelled", "labelled_hash")
# Sums, which have no order.
NUMBERS = re.compile(
    r"\+ \d|\d \+|number|counter|position|milliseconds|duration|total|bits|length|least|running|age|carry|count|size"
    r"|offset|findings|notes|index|len\(|[A-Z]{2,}|\bi\b|\bh\b|\bfirst\b|EccPoint|\[")
WIDER = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
CODES = ("chain_broken", "truncated")


class Operators(Maker):
    def __init__(self, module: str):
        self.counts: Counter[tuple[str, str]] = Counter()
        super().__init__(module)

    def name(self, start: int, rule: str) -> str:
        """`audit.Audit.check:skipped-2`: the function, the rule, and a number within both."""
        line = self.text.count("\n", 0, start) + 1
        place = FUNCTIONS[self.module].at(line)
        within = "" if place == MODULE_LEVEL else f".{FUNCTIONS[self.module].name(place)}"
        function = self.module.removesuffix(".py").replace("/", ".") + within
        self.counts[function, rule] += 1
        return f"{function}:{rule.replace(' ', '-')}-{self.counts[function, rule]}"

    # Checks

    def block(self, statements: list[ast.stmt]) -> None:
        for one in statements:
            if is_refusal(one):
                self.edit(one.test, "False", "skipped")
            elif is_check(one):
                self.edit(one, "pass", "skipped")
        for one, other in zip(statements, statements[1:]):
            if not (is_refusal(one) or is_check(one)) or not (is_refusal(other) or is_check(other)):
                continue
            if code(one) != code(other) and not are_exclusive(one, other) and self.module not in ONE_CODE:
                self.exchange(one, other)

    def exchange(self, one: ast.stmt, other: ast.stmt) -> None:
        (start, middle), (again, end) = self.span(one), self.span(other)
        self.replace(start, end, self.text[again:end] + self.text[middle:again] + self.text[start:middle], "exchanged")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        # What is computed once and kept, or built while modules load, is no part of an answer.
        is_kept = any("cache" in ast.unparse(decorator) for decorator in node.decorator_list)
        if is_kept or node.name in ("__init__", "small_primes"):
            return
        self.block(node.body)
        for child in node.body:
            self.visit(child)

    def visit_If(self, node: ast.If) -> None:
        self.block(node.body)
        self.block(node.orelse)
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        if is_refused(node.exc) and isinstance(node.exc.args[0], ast.Constant):
            other = CODES[node.exc.args[0].value == CODES[0]]
            self.edit(node.exc.args[0], repr(other), "another code")

    # Comparisons

    def visit_Compare(self, node: ast.Compare) -> None:
        self.generic_visit(node)
        if len(node.ops) != 1:
            return
        operator, left, right = node.ops[0], self.source(node.left), self.source(node.comparators[0])
        if type(operator) in WIDER:
            self.edit(node, f"({left} {WIDER[type(operator)]} {right})", "wider")
            if LONG.search(left) and LONG.search(right):
                self.edit(node, f"({left} % 2**32 {sign(operator)} {right} % 2**32)", "in 32 bits")
        elif isinstance(operator, (ast.Eq, ast.NotEq)):
            sides = ("<", ">") if isinstance(operator, ast.NotEq) else ("<=", ">=")
            if NAMED.search(left) or NAMED.search(right):
                return
            if OPAQUE.search(left) or OPAQUE.search(right):
                # Nothing is below zeros.
                for side in sides[1:] if right.startswith("NO_") else sides:
                    self.edit(node, f"({left} {side} {right})", "one side")
                for what, part in [("first half", "[:len(it) // 2]"), ("last half", "[len(it) // 2:]")]:
                    cut = f"(lambda it: it{part} if isinstance(it, bytes) else it)"
                    self.edit(node, f"({cut}({left}) {sign(operator)} {cut}({right}))", what)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        operator = " and " if isinstance(node.op, ast.And) else " or "
        for index, operand in enumerate(node.values):
            if is_narrowing(operand):
                continue
            kept = [self.source(value) for place, value in enumerate(node.values) if place != index]
            self.edit(node, f"({operator.join(kept)})", "operand dropped")
        self.generic_visit(node)

    # Lists

    def visit_For(self, node: ast.For) -> None:
        self.shorten(node.iter)
        self.block(node.body)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.shorten(node.iter)
        for condition in node.ifs:
            self.edit(condition, "True", "unfiltered")
        self.generic_visit(node)

    def shorten(self, node: ast.expr) -> None:
        for rule, part in [("only the first", "[:1]"), ("without the last", "[:-1]"), ("without the first", "[1:]")]:
            self.edit(node, f"list({self.source(node)}){part}", rule)

    # State

    def visit_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Attribute) and self.source(target).startswith("self."):
            self.edit(node, "pass", "forgotten")
        self.generic_visit(node)

    # Bytes and labels

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and not NUMBERS.search(self.source(node)):
            self.edit(node, f"({self.source(node.right)} + {self.source(node.left)})", "joined otherwise")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in LABELLED:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    self.edit(argument, repr(argument.value[:-1]), "another label")
        self.generic_visit(node)


def sign(operator: ast.cmpop) -> str:
    return {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}[type(operator)]


def is_narrowing(node: ast.expr) -> bool:
    """What only tells a type checker that a value is there, and defaults."""
    if isinstance(node, ast.Compare):
        return isinstance(node.ops[0], (ast.Is, ast.IsNot))
    return isinstance(node, ast.Constant)


def is_refused(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"


def is_refusal(node: ast.stmt) -> bool:
    """`if ...: raise Refused(...)`."""
    return (
        isinstance(node, ast.If) and not node.orelse and len(node.body) == 1 and isinstance(node.body[0], ast.Raise)
        and is_refused(node.body[0].exc))


def is_check(node: ast.stmt) -> bool:
    """A call of what checks."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and bool(
        CHECKS.search(ast.unparse(node.value.func)))


def code(node: ast.stmt) -> str:
    """The code of a refusal or of a check, or the name of a check of several."""
    if isinstance(node, ast.If):
        return ast.unparse(node.body[0].exc.args[0]).strip("'")
    name = ast.unparse(node.value.func)
    return CODE_OF.get(name, name)


def are_exclusive(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether both compare the same two things, so that one holds at most."""
    tests = [node.test for node in (one, other) if isinstance(node, ast.If) and isinstance(node.test, ast.Compare)]
    return len(tests) == 2 and len({(ast.unparse(test.left), ast.unparse(test.comparators[0])) for test in tests}) == 1


def made() -> list[Edit]:
    files = [file for file in SOURCES if file not in SKIPPED and not file.startswith("operations/")]
    return [edit for file in files for edit in Operators(file).edits]


def read(path: Path) -> dict[str, str]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(path: Path, value: dict[str, str]) -> None:
    path.write_text(json.dumps(dict(sorted(value.items())), indent=1) + "\n", encoding="utf-8")


def is_equal(name: str, equal: dict[str, str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in equal)


def check(edits: list[Edit], vectors: list[Vector], jobs: int) -> tuple[int, list[str]]:
    """How many are found by the vector that the record names, and what is wrong."""
    record, equal, waiting = read(RECORD), read(EQUAL), read(WAITING)
    by_id = {vector.id: vector for vector in vectors}
    names = {edit.name for edit in edits}
    faults = [f"{name}: no rule makes it" for name in [*record, *waiting] if name not in names]
    faults += [f"{name}: {id} is no vector" for name, id in record.items() if id not in by_id]
    faults += [f"{edit.name}: no vector finds it ({edit.fault})" for edit in edits
               if edit.name not in record and edit.name not in waiting and not is_equal(edit.name, equal)]
    faults += [f"{name}: waits for a vector, and {record[name]} finds it" for name in waiting if name in record]
    faults += [f"{pattern}: a reason for none that survives" for pattern in equal
               if not any(fnmatchcase(name, pattern) for name in names if name not in record)]
    pool = Pool([vector for vector in vectors if vector.id in set(record.values())], jobs, traces=False)
    faults += [f"{id}: the frozen client without a fault fails" for id in pool.coverage.failed]
    asked = [Run(edit, [by_id[record[edit.name]]]) for edit in edits if record.get(edit.name) in by_id]
    for run in pool.take(asked):
        if not run.wrong:
            faults.append(f"{run.mutant.name}: {run.vectors[0].id} does not find it any more ({run.mutant.fault})")
    return sum(bool(run.wrong) for run in asked), faults


def renew(edits: list[Edit], vectors: list[Vector], jobs: int, is_anew: bool) -> tuple[int, list[str]]:
    """Runs those that the record does not have or that its vector does not find any more, or all.

    Writes what is found, and what waits for a vector.
    """
    known = {} if is_anew else read(RECORD)
    equal = read(EQUAL)
    by_id = {vector.id: vector for vector in vectors}
    pool = Pool(vectors, jobs, stops_at_first=True)
    if pool.coverage.failed:
        sys.exit(f"failed: the frozen client, without a fault, fails {', '.join(pool.coverage.failed[:10])}")
    asked = pool.take([Run(edit, [by_id[known[edit.name]]]) for edit in edits if known.get(edit.name) in by_id])
    record = {run.mutant.name: known[run.mutant.name] for run in asked if run.wrong}
    missing = [edit for edit in edits if edit.name not in record and not is_equal(edit.name, equal)]
    waiting = {edit.name: edit.fault for edit in missing}
    for start in range(0, len(missing), 50):
        for run in pool.run(missing[start:start + 50]):
            if run.wrong:
                record[run.mutant.name] = next(iter(run.wrong))
                del waiting[run.mutant.name]
            else:
                print(f"{run.mutant.name}: {run.mutant.fault}", flush=True)
        write(RECORD, record)
        write(WAITING, waiting)
    return len(record), [f"{name}: no vector finds it" for name in waiting]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run operators", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="ask each its vector of operators.json")
    parser.add_argument("--anew", action="store_true", help="run those as well that operators.json has")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    edits, vectors = made(), read_vectors()
    if options.check:
        found, faults = check(edits, vectors, options.jobs)
        for fault in faults:
            print(f"FAILED {fault}")
    else:
        found, faults = renew(edits, vectors, options.jobs, options.anew)
    print(f"{len(edits)} mutants made by rule; {time.monotonic() - start:.0f} s")
    print(f"{found} passed, {len(faults)} failed")
    return 1 if faults else 0
