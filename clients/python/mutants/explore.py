"""Makes mutants by rule from the client's source, thousands, and prints the survivors, for people to look at.

A survivor is either no fault (nothing observable differs) or one that the vectors miss: then it belongs in the
catalogue, and a vector in the suite. Not part of continuous integration. Files as arguments limit it to these.
"""

import argparse
import ast
import time

from .edits import Maker
from .mutant import SOURCES
from .pool import Pool
from .suite import read_vectors

SKIPPED = ("arguments.py", "respond.py", "__main__.py", "unicode_tables.py", "errors.py")
OPERATORS = {
    ast.Lt: ("<=", ">"), ast.LtE: ("<", ">="), ast.Gt: (">=", "<"), ast.GtE: (">", "<="), ast.Eq: ("!=", ">=", "<="),
    ast.NotEq: ("==", ">", "<"), ast.In: ("not in",), ast.NotIn: ("in",), ast.Is: ("is not",), ast.IsNot: ("is",),
}


class Explorer(Maker):
    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        self.edit(node, "pass", "dropped")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self.edit(node.test, "False", "never")
        self.edit(node.test, "True", "always")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if len(node.ops) == 1:
            left, right = self.source(node.left), self.source(node.comparators[0])
            for operator in OPERATORS[type(node.ops[0])]:
                self.edit(node, f"({left} {operator} {right})", "compares")
            if isinstance(node.ops[0], (ast.Eq, ast.NotEq)) and "number" not in left:
                operator = "==" if isinstance(node.ops[0], ast.Eq) else "!="
                self.edit(node, f"(str({left})[:-4] {operator} str({right})[:-4])", "not the end")
        else:
            self.edit(node, "True", "always")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        operator = " and " if isinstance(node.op, ast.And) else " or "
        for i in range(len(node.values)):
            kept = [self.source(value) for j, value in enumerate(node.values) if j != i]
            self.edit(node, f"({operator.join(kept)})", "operand dropped")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.edit(node, f"({self.source(node.operand)})", "not dropped")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if not isinstance(node.op, ast.BitOr) or ":" not in self.text.splitlines()[node.lineno - 1]:
            self.edit(node, f"({self.source(node.left)})", "right dropped")
            self.edit(node, f"({self.source(node.right)})", "left dropped")
            if isinstance(node.op, ast.Add):
                self.edit(node, f"({self.source(node.right)} + {self.source(node.left)})", "swapped")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self.edit(node, str(not value), "constant")
        elif isinstance(value, int):
            self.edit(node, str(value + 1), "constant")
            self.edit(node, f"({value - 1})", "constant")
        elif isinstance(value, bytes) and value:
            self.edit(node, repr(value[:-1] + bytes([value[-1] ^ 1])), "constant")
        elif isinstance(value, str) and value in ("big", "little"):
            self.edit(node, repr("little" if value == "big" else "big"), "constant")
        elif isinstance(value, str) and value:
            self.edit(node, repr(value + "_"), "constant")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pass

    def visit_Slice(self, node: ast.Slice) -> None:
        start, end = self.span(node)
        if node.lower is not None:
            self.replace(*self.span(node.lower), "", "slice")
        if node.upper is not None:
            self.replace(*self.span(node.upper), "", "slice")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg in ("order", "sizes", "element_size", "at_most", "no_epoch", "any_epoch"):
                start, end = self.span(keyword)
                while self.text[start - 1] in " ,\n":
                    start -= 1
                self.replace(start, end, "", "keyword dropped")
        if len(node.args) == 1 and isinstance(node.func, ast.Name) and node.func.id in ("sorted", "reversed", "set"):
            self.edit(node, f"list({self.source(node.args[0])})", "call dropped")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.edit(node, "pass", "dropped")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self.edit(node, "pass", "dropped")

    def visit_Assign(self, node: ast.Assign) -> None:
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute):
            self.edit(node, "pass", "dropped")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.edit(node, "pass", "dropped")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in node.args.defaults:
            self.visit(default)
        for child in node.body:
            self.visit(child)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run explore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="below endkey_client/, like primitives/kw.py")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    files = options.files or [file for file in SOURCES if file not in SKIPPED and not file.endswith("__init__.py")]
    start = time.monotonic()
    edits = []
    for edit in [edit for file in files for edit in Explorer(file).edits]:
        try:
            compile(edit.source(), edit.module, "exec")
            edits.append(edit)
        except SyntaxError:
            continue
    pool = Pool(read_vectors(), options.jobs, stops_at_first=True)
    print(f"{len(edits)} mutants", flush=True)
    survivors = 0
    for i in range(0, len(edits), 50):
        for run in pool.run(edits[i:i + 50]):
            if not run.wrong:
                survivors += 1
                print(f"{run.mutant.name}: {run.mutant.fault}", flush=True)
    print(f"{survivors} of {len(edits)} survive; {time.monotonic() - start:.0f} s")
    return 0
