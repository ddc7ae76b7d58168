"""For fuzz/oss-fuzz/build.sh: puts each fuzzer into the folder OUT, with its seeds, options and dictionary.

    PYTHONPATH=tools python3 -m endkey_tools.fuzz.bundle OUT FOLDER_OF_BINARIES

Needs nothing but Python: it runs in an image of OSS-Fuzz.
"""

import os
import shutil
import sys
from pathlib import Path

from . import binaries, seeds
from .places import CORPUS, REGRESSIONS


def bundle(out: Path, built: Path) -> None:
    for product in binaries.BINARIES:
        first = None
        for target in binaries.targets(built / product):
            name = target["name"]
            path = out / f"fuzz-{name}"
            path.unlink(missing_ok=True)
            if first is None:
                first = Path(shutil.copy(built / product, path))
            else:
                os.link(first, path)
            options = f"[libfuzzer]\nmax_len = {target['maxLength']}\ntimeout = 25\n"
            (out / f"fuzz-{name}.dict").write_text(seeds.dictionary(), encoding="utf-8")
            (out / f"fuzz-{name}.options").write_text(options, encoding="utf-8")
            folder = Path("seed-corpus") / name
            seeds.write(target, folder)
            for kind in (CORPUS, REGRESSIONS):
                if (kind / name).is_dir():
                    shutil.copytree(kind / name, folder, dirs_exist_ok=True)
            shutil.make_archive(str(out / f"fuzz-{name}_seed_corpus"), "zip", folder)


if __name__ == "__main__":
    bundle(Path(sys.argv[1]), Path(sys.argv[2]))
