"""The C interface as libendkey: header, static and shared library and pkg-config file, in a folder of your choice.

Both libraries hold all they need of Swift: who uses them needs a C compiler, libcrypto and libsodium. With --test they
are laid into a folder of their own, and programs in C, C++ (under AddressSanitizer) and Python's ctypes use them.
"""

import argparse
import os
import shlex
import shutil
import tempfile
from pathlib import Path

from .processes import Failed, run
from .repository import PYTHON, ROOT

HEADERS = ROOT / "Sources/CEndkeyHeader/include"
TEMPLATE = ROOT / "Sources/CEndkey/endkey.pc.in"
PROGRAMS = ROOT / "Tests/Outside/C"
# The version of the libraries: its first number is that of the shared library, and grows when a program must change.
VERSION = "1.0.0"
# What of Swift's runtime the library may need.
RUNTIME = ["swiftCore", "swiftSynchronization", "swift_Concurrency", "swiftSwiftOnoneSupport", "swift_StringProcessing",
           "swift_RegexParser", "swift_Builtin_float", "dispatch", "BlocksRuntime"]


def install(prefix: Path, configuration: str) -> None:
    """Builds the libraries and lays them, the headers and the pkg-config file below `prefix`."""
    archive = ROOT / ".build" / configuration / "libCEndkey.a"
    archive.unlink(missing_ok=True)  # else the objects of files that are no more stay in it
    run("swift", "build", "--configuration", configuration, "--product", "CEndkey",
        env={**os.environ, "ENDKEY_STRICT": "1"})
    compiler = shutil.which("swiftc")
    if compiler is None:
        raise Failed("there is no swiftc on PATH")
    runtime = Path(compiler).resolve().parent.parent / "lib/swift_static/linux"
    starts = sorted(runtime.glob(f"{os.uname().machine}/swiftrt.o"))
    if not starts:
        raise Failed(f"no swiftrt.o below {runtime}")
    include, library = prefix / "include", prefix / "lib"
    for folder in (include, library / "pkgconfig"):
        folder.mkdir(parents=True, exist_ok=True)
    for header in sorted(HEADERS.glob("*.h")):
        shutil.copy(header, include)
    text = TEMPLATE.read_text(encoding="utf-8").replace("@prefix@", str(prefix)).replace("@version@", VERSION)
    (library / "pkgconfig/endkey.pc").write_text(text, encoding="utf-8")

    with tempfile.TemporaryDirectory() as scratch:
        objects, whole, exports = (Path(scratch) / name for name in ("objects.o", "endkey.o", "exports"))
        run("ld", "-r", "-o", objects, "--whole-archive", archive)
        exports.write_text("{ global: ek_*; local: *; };\n", encoding="utf-8")
        shared = library / f"libendkey.so.{VERSION}"
        name = f"libendkey.so.{VERSION.split('.')[0]}"
        run(compiler, "-emit-library", "-static-stdlib", "-o", shared, objects, "-lcrypto", "-lsodium",
            *(part for option in (f"-soname={name}", f"--version-script={exports}", "-z", "defs")
              for part in ("-Xlinker", option)))
        for link, target in ((name, shared.name), ("libendkey.so", name)):
            (library / link).unlink(missing_ok=True)
            (library / link).symlink_to(target)
        # One object, so that what Swift finds by its sections is in every program that has any of it.
        run("ld", "-r", "-o", whole, objects, starts[0], f"-L{runtime}", "--start-group",
            *(f"-l{part}" for part in RUNTIME), "--end-group")
        static = library / "libendkey.a"
        static.unlink(missing_ok=True)
        run("ar", "crs", static, whole)


def flags(prefix: Path, *options: str) -> list[str]:
    """What pkg-config says of the installed library, to a compiler."""
    found = os.environ.get("PKG_CONFIG_PATH")
    path = str(prefix / "lib/pkgconfig") + (f":{found}" if found else "")
    return shlex.split(run("pkg-config", *options, "endkey", env={**os.environ, "PKG_CONFIG_PATH": path}))


def test(prefix: Path) -> int:
    """Builds and runs the programs by what pkg-config says alone; gives how many there are."""
    shared = flags(prefix, "--cflags", "--libs")
    static = ["-l:libendkey.a" if flag == "-lendkey" else flag
              for flag in flags(prefix, "--static", "--cflags", "--libs")]
    found = {**os.environ, "LD_LIBRARY_PATH": str(prefix / "lib")}
    strict = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "program"
        for kind, libraries in (("shared", shared), ("static", static)):
            run("cc", "-std=c99", *strict, PROGRAMS / "start.c", "-o", program, *libraries)
            print(f"C, {kind}:")
            run(program, env=found if kind == "shared" else None)
        run("c++", "-std=c++17", *strict, "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
            PROGRAMS / "life.cpp", "-o", program, *shared)
        run(program, env={**found, "ASAN_OPTIONS": "detect_leaks=1"})
    run(PYTHON, "-X", "utf8", PROGRAMS / "vectors.py", prefix / "lib/libendkey.so", ROOT / "vectors")
    return 4


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run c-interface", description=__doc__)
    parser.add_argument("--install", type=Path, metavar="PREFIX", help="where include and lib are laid")
    parser.add_argument("--configuration", choices=["debug", "release"], default="release")
    parser.add_argument("--test", action="store_true", help="use what was laid out from C, C++ and Python")
    options = parser.parse_args(arguments)
    if options.install is None and not options.test:
        parser.error("say --install PREFIX or --test")
    try:
        with tempfile.TemporaryDirectory() as scratch:
            prefix = options.install.resolve() if options.install else Path(scratch)
            install(prefix, options.configuration)
            if options.test:
                print(f"{test(prefix)} passed, 0 failed")
    except Failed as error:
        print(error)
        return 1
    return 0
