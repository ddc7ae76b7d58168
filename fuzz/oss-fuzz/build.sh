#!/bin/bash -eu
# Builds every fuzzer for OSS-Fuzz and ClusterFuzzLite: a file for each target, its seeds, its options, the dictionary.
# `tools/run oss-fuzz` runs it as their images do.

case $SANITIZER in
  # As tools/endkey_tools/fuzz/binaries.py: SwiftPM's `--sanitize fuzzer --sanitize address`, which the image's
  # SWIFT6_2FLAGS have, drops one of the two.
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
built=$(swift build --package-path fuzz ${flags%%-Xswiftc*} --show-bin-path)
PYTHONPATH=tools python3 -m endkey_tools.fuzz.bundle "$OUT" "$built"
