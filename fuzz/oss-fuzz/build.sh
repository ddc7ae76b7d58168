#!/bin/bash -eu
# Builds every fuzzer for OSS-Fuzz and ClusterFuzzLite: a file for each target, its seeds, and the dictionary.

for product in fuzz-readers fuzz-protocol; do
  # As fuzz/tools/binaries.py: SwiftPM's `--sanitize fuzzer --sanitize address` would drop one of the two.
  swift build --package-path fuzz -c release --product "$product" --sanitize fuzzer \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld --static-swift-stdlib
done

# Each binary chooses its target by its own name: fuzz-NAME.
python3 - "$OUT" <<'PYTHON'
import shutil
import sys
from pathlib import Path

sys.path.insert(0, "fuzz/tools")
import binaries
import seeds
from repository import CORPUS, FUZZ, REGRESSIONS

out = Path(sys.argv[1])
for product in binaries.BINARIES:
    binary = FUZZ / ".build/release" / product
    for target in binaries.targets(binary):
        name = target["name"]
        shutil.copy(binary, out / f"fuzz-{name}")
        (out / f"fuzz-{name}.dict").write_text(seeds.dictionary())
        (out / f"fuzz-{name}.options").write_text(f"[libfuzzer]\nmax_len = {target['maxLength']}\ntimeout = 25\n")
        folder = Path("seed-corpus") / name
        seeds.write(target, folder)
        for kind in (CORPUS, REGRESSIONS):
            if (kind / name).is_dir():
                shutil.copytree(kind / name, folder, dirs_exist_ok=True)
        shutil.make_archive(str(out / f"fuzz-{name}_seed_corpus"), "zip", folder)
PYTHON

# libcrypto and libsodium are not on the machines that fuzz.
mkdir -p "$OUT/lib"
for library in libcrypto.so.3 libsodium.so.23; do
  cp -L "$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')" "$OUT/lib/"
done
for binary in "$OUT"/fuzz-*; do
  case $binary in
    *.dict | *.options | *.zip) ;;
    *) patchelf --set-rpath '$ORIGIN/lib' "$binary" ;;
  esac
done
