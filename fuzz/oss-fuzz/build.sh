#!/bin/bash -eu
# Builds every fuzzer for OSS-Fuzz and ClusterFuzzLite: a file for each target, its seeds, its options, the dictionary.
# `fuzz/oss-fuzz/check` runs it as their images do.

case $SANITIZER in
  # As fuzz/tools/binaries.py: SwiftPM's `--sanitize fuzzer --sanitize address`, which the image's SWIFT6_2FLAGS have,
  # drops one of the two.
  address) flags="-c release -Xswiftc -sanitize=fuzzer,address" ;;
  coverage) flags="-c debug -Xswiftc -profile-generate -Xswiftc -profile-coverage-mapping" ;;
  *)
    echo "SANITIZER=$SANITIZER: Swift has no such sanitizer, or none that helps here; use address or coverage" >&2
    exit 1
    ;;
esac

# libcrypto and libsodium are not on the machines that fuzz: they lie beside the fuzzers.
for product in fuzz-readers fuzz-protocol; do
  # shellcheck disable=SC2086
  swift build --package-path fuzz --product "$product" --sanitize fuzzer $flags -Xswiftc -use-ld=lld \
    --static-swift-stdlib -Xlinker -rpath -Xlinker '$ORIGIN/lib'
done
mkdir -p "$OUT/lib"
for library in libcrypto.so.3 libsodium.so.23; do
  cp -L "$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')" "$OUT/lib/"
done

# Each binary chooses its target by its own name: fuzz-NAME.
# shellcheck disable=SC2086
python3 - "$OUT" "$(swift build --package-path fuzz ${flags%%-Xswiftc*} --show-bin-path)" <<'PYTHON'
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, "fuzz/tools")
import binaries
import seeds
from repository import CORPUS, REGRESSIONS

out, built = map(Path, sys.argv[1:])
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
        (out / f"fuzz-{name}.dict").write_text(seeds.dictionary())
        (out / f"fuzz-{name}.options").write_text(f"[libfuzzer]\nmax_len = {target['maxLength']}\ntimeout = 25\n")
        folder = Path("seed-corpus") / name
        seeds.write(target, folder)
        for kind in (CORPUS, REGRESSIONS):
            if (kind / name).is_dir():
                shutil.copytree(kind / name, folder, dirs_exist_ok=True)
        shutil.make_archive(str(out / f"fuzz-{name}_seed_corpus"), "zip", folder)
PYTHON
