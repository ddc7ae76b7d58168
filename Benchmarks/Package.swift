// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Endkey builds a peer of it. It compiles Endkey's modules itself,
// through a link to their folder: what is measured need not be public for that.
let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// A peer that takes minutes to compile, for one row without a target: --quick goes without.
let hasSwiftCrypto = Context.environment["ENDKEY_QUICK"] == nil

let package = Package(
  name: "benchmarks",
  dependencies: hasSwiftCrypto
    ? [.package(url: "https://github.com/apple/swift-crypto", from: "3.12.3")] : [],
  targets: [
    .systemLibrary(name: "COpenSSL", path: "Endkey/COpenSSL", pkgConfig: "libcrypto"),
    .systemLibrary(name: "CSodium", path: "Endkey/CSodium", pkgConfig: "libsodium"),
    .target(name: "EndkeyWire", path: "Endkey/EndkeyWire", swiftSettings: settings),
    .target(
      name: "EndkeyPrimitives", dependencies: ["COpenSSL", "CSodium"], path: "Endkey/EndkeyPrimitives",
      swiftSettings: settings),
    .target(
      name: "Endkey", dependencies: ["EndkeyWire", "EndkeyPrimitives"], path: "Endkey/Endkey",
      swiftSettings: settings),
    .target(
      name: "EndkeyBulk", dependencies: ["Endkey", "EndkeyWire", "EndkeyPrimitives"],
      path: "Endkey/EndkeyBulk",
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["EndkeyBulk", "Endkey", "EndkeyWire", "EndkeyPrimitives"],
      path: "Endkey/TestSupport", swiftSettings: settings),
    .target(name: "CPeers", linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("dl")]),
    .executableTarget(
      name: "Bench",
      dependencies: ["CPeers", "Endkey", "EndkeyBulk", "EndkeyWire", "EndkeyPrimitives", "TestSupport"]
        + (hasSwiftCrypto ? [.product(name: "_CryptoExtras", package: "swift-crypto")] : []),
      swiftSettings: hasSwiftCrypto ? [.define("SWIFT_CRYPTO")] : []),
  ],
  swiftLanguageModes: [.v6]
)
