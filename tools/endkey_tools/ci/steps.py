"""The steps of continuous integration: what each runs, what it needs, and about how much it costs."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..counting import counted
from ..processes import run
from ..repository import ENDKEY, PYTHON, ROOT
from . import elsewhere
from .schedule import Step
from .tour import compare, script, tour_of

STRICT = {**os.environ, "ENDKEY_STRICT": "1"}


def tool(name: str, *arguments: object) -> str:
    """Runs a tool of this package; gives its output."""
    return run(ROOT / "tools/run", name, *arguments)


def pytest(*arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> int:
    """Runs tests in Python; gives how many passed. One that stands still ends them, and where it stands is shown."""
    limits = ("faulthandler_timeout=900", "faulthandler_exit_on_timeout=true")
    options = (part for limit in limits for part in ("-o", limit))
    return counted(run(PYTHON, "-X", "utf8", "-m", "pytest", *options, *arguments, cwd=cwd, env=env))


def build() -> int:
    """All of the package and its tests, warnings being errors. What the other steps run is made here."""
    run("swift", "build", "--build-tests", env=STRICT)
    return 1


def formatting() -> int:
    """The layout of Swift is that of `swift format`."""
    run("swift", "format", "lint", "--strict", "--recursive", "Package.swift", "Snippets", "Sources", "Tests",
        "fuzz/Package.swift", "fuzz/Sources", "Benchmarks/Package.swift", "Benchmarks/Sources",
        "service/Package.swift", "service/Sources")
    return 1


def unit() -> int:
    """The package's own tests."""
    return counted(run("swift", "test", "--skip-build", "--disable-xctest", env=STRICT))


def generated() -> int:
    """The files that are made from the registry, the operations and the document are what their generators make."""
    return counted(tool("generate", "--check"))


def declarations() -> int:
    """No product module declares what tests alone need, by the compiler's index of what was built."""
    return counted(tool("declarations"))


def operations() -> int:
    """Vectors and scenarios keep to spec/operations.json, and show every code in it."""
    return counted(tool("operations"))


def python() -> int:
    """The tools and the client in Python: linter, types, and the tools' own tests."""
    for folder in ("tools", "clients/python"):
        run(PYTHON, "-m", "ruff", "check", "--no-cache", ".", cwd=ROOT / folder)
    cache = f"--cache-dir={ROOT / '.build/mypy'}"
    run(PYTHON, "-m", "mypy", cache, "endkey_tools", "tests", cwd=ROOT / "tools")
    run(PYTHON, "-m", "mypy", cache, "endkey_client", cwd=ROOT / "clients/python")
    return 4 + pytest(cwd=ROOT / "tools")


def marked(name: str) -> int:
    """The tools' tests that need more than Python, and run with the step of that name."""
    return pytest("-m", name, cwd=ROOT / "tools")


def recipe() -> int:
    """A field kind is added to a copy as CONTRIBUTING.md says, and the files that a person edited are counted."""
    return counted(tool("recipe").splitlines()[-1])  # not what the copy's own checks count


def vectors() -> int:
    """The vectors are those that are generated, and the implementation answers them."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "vectors"
        run(ENDKEY, "vectors", "generate", "--out", fresh, "--records", ROOT / "vectors")
        others = [
            "README.md", "schema", "unicode", "requirements.json", "attest", "kills.json", "kills.md", "answers.json",
        ]
        run("diff", "--recursive", "--brief", *(f"--exclude={name}" for name in others), fresh, ROOT / "vectors")
    return 1 + counted(run(ENDKEY, "vectors", "verify", "vectors"))


def snippets() -> int:
    """The examples of vectors/README.md, and that they refuse tampered files."""
    return counted(tool("examples"))


def articles() -> int:
    """The Swift of the documentation and the README is that of the snippets, which run."""
    return counted(tool("articles"))


def documentation() -> int:
    """The documentation of Endkey is made without a warning, and every public declaration has a comment."""
    return counted(tool("documentation"))


def outside() -> int:
    """A program that depends on the package by its path is built and runs."""
    return counted(run("swift", "run", "--package-path", "Tests/Outside/Swift", "Outside"))


def c() -> int:
    """The C interface, laid out with its pkg-config file, from C, from C++ under AddressSanitizer, and from Python."""
    return counted(tool("c-interface", "--configuration", "debug", "--test"))


def beginnings() -> int:
    """The clients that have just begun, in each language that has a compiler here."""
    return counted(tool("beginnings"))


def release() -> int:
    """The packages of a release, of what was built here: each installed in an empty place, doing its main job."""
    return counted(tool("release", "--program", ENDKEY, "--test").splitlines()[-1])


def conform() -> int:
    """Every client of clients/clients.json, in one table."""
    total = counted(tool("judge"))
    tool("matrix", "--check", "README.md")
    return total


def specification() -> int:
    """The document against itself, the registry, the vectors and the implementation."""
    return counted(tool("spec"))


def formal() -> int:
    """The formal models, as specified and weakened; that planted failures are convicted."""
    return counted(tool("formal")) + marked("formal")


def tour() -> int:
    """Runs the README's tour, word for word, in an empty folder, and compares what it prints with what stands there."""
    stages = tour_of((ROOT / "README.md").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        path = f"{ENDKEY.parent}:{os.environ['PATH']}"
        printed = run("sh", "-euc", script(stages), env={**os.environ, "PATH": path}, cwd=Path(scratch))
    compare(stages, printed)
    return len(stages)


def clients() -> int:
    """The independent client in Python, by its own tests."""
    return pytest(cwd=ROOT / "clients/python")


def kills() -> int:
    """Every faulty client is found, and every negative vector finds one."""
    return (
        pytest("clients/python/mutants")
        + counted(run(PYTHON, "clients/python/mutants/run", "--check"))
        + counted(run(PYTHON, "clients/python/mutants/run", "operators", "--check")))


def web() -> int:
    """The JavaScript client: types, vectors and tests in Node.js, pages and vectors in Chromium and Firefox."""
    run("tsc", "-p", "clients/web/jsconfig.json", "--noEmit")
    return 1 + counted(run("node", "--test", "clients/web/test/")) + pytest(
        "clients/web", env={**os.environ, "ENDKEY": str(ENDKEY)})


def attest() -> int:
    """Every vector by implementations other than the reference; then that each notices planted faults."""
    return counted(tool("attest", "--check")) + marked("attest")


def benchmarks() -> int:
    """That every measurement runs, and that the fast paths give the bytes of the plain ones. Judges no time."""
    return sum(counted(tool(name, "--quick")) for name in ("benchmarks", "benchmarks-sql", "benchmarks-web"))


def fuzz() -> int:
    """The harness proves itself on planted bugs, the corpus reaches the lines, and each target runs for a moment.

    One build without optimisation serves all three.
    """
    planted = counted(tool("fuzz", "--planted", "--quick", "--seconds", "60"))
    coverage = counted(tool("coverage", "--readers"))
    fuzzed = counted(tool("fuzz", "all", "--quick", "--seconds", "1"))
    return planted + coverage + fuzzed + counted(tool("differential", "--endkey", ENDKEY))


def faults() -> int:
    """Files and spools when the power or the disk goes."""
    return counted(tool("faults", "--endkey", ENDKEY))


def service() -> int:
    """The service, by clients that know nothing of it but spec/http.md, `endkey` among them by a bad network and
    against peers that lie, and the application that it serves."""
    run("swift", "build", "--package-path", "service", env=STRICT)
    for arguments in (("ruff", "check", "--no-cache", "."), ("mypy", f"--cache-dir={ROOT / '.build/mypy'}", "tests")):
        run(PYTHON, "-m", *arguments, cwd=ROOT / "service")
    return 2 + pytest(cwd=ROOT / "service")


def secrets() -> int:
    """No branch and no address depends on a secret: under valgrind."""
    return counted(tool("secrets"))


BUILT = ("build",)
# In the order in which --list names them.
STEPS = {
    "build": Step(build, holds=".build", cost=300),
    "format": Step(formatting, cost=5),
    "generated": Step(generated, cost=3),
    "declarations": Step(declarations, needs=BUILT, cost=5),
    "operations": Step(operations, cost=5),
    "recipe": Step(recipe, cost=20),
    "python": Step(python, needs=BUILT, cost=100),
    "unit": Step(unit, needs=BUILT, holds=".build", cost=380),
    "vectors": Step(vectors, needs=BUILT, cost=85),
    "snippets": Step(snippets, cost=5),
    "articles": Step(articles, needs=BUILT, cost=20),
    "documentation": Step(documentation, needs=BUILT, cost=15),
    "outside": Step(outside, cost=40),
    "c": Step(c, needs=BUILT, holds=".build", cost=20),
    "release": Step(release, needs=BUILT, holds=".build", cost=80),
    "beginnings": Step(beginnings, needs=BUILT, cost=25),
    "conform": Step(conform, needs=BUILT, cost=85),
    "spec": Step(specification, needs=BUILT, cost=35),
    "formal": Step(formal, cost=70),
    "tour": Step(tour, needs=BUILT, cost=5),
    "clients": Step(clients, cost=10),
    "kills": Step(kills, cost=120),
    "web": Step(web, needs=BUILT, cost=170),
    "attest": Step(attest, cost=60),
    "benchmarks": Step(benchmarks, cost=100),
    "fuzz": Step(fuzz, needs=BUILT, cost=200),
    "elsewhere": Step(elsewhere.check, needs=BUILT, cost=55),
    "faults": Step(faults, needs=BUILT, cost=190),
    "secrets": Step(secrets, cost=70),
    "service": Step(service, needs=BUILT, cost=400),
}
