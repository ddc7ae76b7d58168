// swift-tools-version: 6.2
import PackageDescription

// The fuzzers' binaries. A package of its own, because its build needs libFuzzer: `fuzz/run` makes it.
//
// Each binary holds many targets, since a build takes minutes with sanitizers and a link seconds. There is more
// than one because libFuzzer looks through all coverage counters of a binary after each run: the readers alone
// run ten times as fast as they would next to the rest.
let settings: [SwiftSetting] = [
  .strictMemorySafety(), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("ExistentialAny"),
]
let binary = settings + [.unsafeFlags(["-parse-as-library"])]

let package = Package(
  name: "fuzz",
  products: [
    .executable(name: "fuzz-readers", targets: ["Readers"]),
    .executable(name: "fuzz-protocol", targets: ["Protocol"]),
    .executable(name: "fuzz-planted", targets: ["Planted"]),
    .executable(name: "endkey-secrets", targets: ["Secrets"]),
  ],
  dependencies: [.package(name: "endkey", path: "..")],
  targets: [
    // What libFuzzer calls, for any list of targets.
    .target(
      name: "Harness", dependencies: [.product(name: "EndkeyFuzz", package: "endkey")],
      swiftSettings: settings),
    .executableTarget(name: "Readers", dependencies: ["Harness"], swiftSettings: binary),
    .executableTarget(
      name: "Protocol", dependencies: ["Harness", .product(name: "EndkeyFuzzProtocol", package: "endkey")],
      swiftSettings: binary),
    // Parsers that are broken on purpose: the fuzzer must find each.
    .executableTarget(name: "Planted", dependencies: ["Harness"], swiftSettings: binary),

    // For `tools/run secrets`, which builds it without sanitizers. The header is that of Debian's package valgrind.
    .target(name: "CMemcheck"),
    .executableTarget(
      name: "Secrets",
      dependencies: ["CMemcheck", .product(name: "EndkeySecrets", package: "endkey")],
      swiftSettings: binary),
  ],
  swiftLanguageModes: [.v6]
)
