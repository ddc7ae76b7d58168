// swift-tools-version: 6.2
import PackageDescription

/// Everything is compiled with the same strict settings. CI sets ENDKEY_STRICT to make warnings errors;
/// users' builds do not break on a warning that a newer compiler invents.
let strict: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (Context.environment["ENDKEY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// Whether the command is to run on any Linux, with all that it needs in it: without HTTP, which is the system's
/// libcurl. `tools/run release` sets ENDKEY_PORTABLE.
let isPortable = Context.environment["ENDKEY_PORTABLE"] != nil

let package = Package(
  name: "endkey",
  products: [
    .library(name: "Endkey", targets: ["Endkey"]),
    .library(name: "EndkeyWire", targets: ["EndkeyWire"]),
    .library(name: "EndkeyStore", targets: ["EndkeyStore"]),
    // For the nested package `service`.
    .library(name: "EndkeyJSON", targets: ["EndkeyJSON"]),
    // Tokens in bulk, for whoever has many values at hand.
    .library(name: "EndkeyBulk", targets: ["EndkeyBulk"]),
    // For C: `tools/run c-interface` makes libendkey of it, static and shared.
    .library(name: "CEndkey", type: .static, targets: ["CEndkey"]),
    .executable(name: "endkey", targets: ["EndkeyCommand"]),
    // For the nested package `fuzz`: a library is how one package reaches another.
    .library(name: "EndkeyFuzz", targets: ["EndkeyFuzz"]),
    .library(name: "EndkeyFuzzProtocol", targets: ["EndkeyFuzzProtocol"]),
    .library(name: "EndkeySecrets", targets: ["EndkeySecrets"]),
  ],
  dependencies: [
    // Subcommands, help and completion scripts: Apple's own, and what Swift users expect.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // System libraries. Of the products only EndkeyPrimitives imports them, and EndkeyHTTP the last.
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    // HTTP and TLS for the command's ends: the system's, which its owner keeps up to date, and which builds nothing.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

    // Bytes <-> messages. Imports nothing, knows no cryptography.
    .target(
      name: "EndkeyWire", swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // The suite's algorithms over OpenSSL and libsodium. But for CEndkey, the only place of the products with C or a
    // pointer.
    .target(
      name: "EndkeyPrimitives", dependencies: ["COpenSSL", "CSodium"],
      swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // The protocol: pure transitions of owner and agent. No I/O, no clock, no Foundation.
    .target(
      name: "Endkey", dependencies: ["EndkeyWire", "EndkeyPrimitives"],
      swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // Both ends at work: what is kept on a device and asked of a service, in an order that survives a crash.
    // Protocols, with folders as their implementation.
    .target(
      name: "EndkeyStore", dependencies: ["Endkey", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON"],
      swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // The service of both ends over HTTP, as spec/http.md says.
    .target(
      name: "EndkeyHTTP",
      dependencies: ["EndkeyStore", "Endkey", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON", "CCurl"],
      swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // The same tokens, many at a time: a multi-buffer engine over flat buffers. Nothing below the tests needs it.
    .target(
      name: "EndkeyBulk", dependencies: ["Endkey", "EndkeyWire", "EndkeyPrimitives"],
      swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // What tests, fuzzers and the generator of vectors share of cryptography, and no user may have: randomness and keys
    // that anybody can make again, the parts of the algorithms by themselves. No product.
    .target(
      name: "TestPrimitives", dependencies: ["EndkeyPrimitives", "COpenSSL"], swiftSettings: strict),
    // The same of the protocol, for tests, fuzzers and measurements: the keys of an account, the agreement of two
    // engines. No product.
    .target(
      name: "TestSupport", dependencies: ["EndkeyBulk", "Endkey", "EndkeyWire", "EndkeyPrimitives"],
      swiftSettings: strict),
    // The C interface: its header, which the compiler holds the Swift against, and the Swift.
    .target(name: "CEndkeyHeader"),
    .target(
      name: "CEndkey", dependencies: ["CEndkeyHeader", "Endkey", "EndkeyBulk"],
      exclude: ["README.md", "endkey.pc.in"],
      swiftSettings: strict),
    // A strict JSON reader and a stable writer. Imports nothing.
    .target(name: "EndkeyJSON", swiftSettings: strict),
    // The suite: operations, vector files, scenarios, and the one rule by which an answer is right. Judges, and knows
    // nothing of the protocol that is judged.
    .target(name: "EndkeySuite", dependencies: ["EndkeyJSON"], swiftSettings: strict),
    // Vector files: generator and verifier; and the reader of Wycheproof's files.
    .target(
      name: "EndkeyVectors",
      dependencies: ["Endkey", "EndkeyPrimitives", "EndkeyJSON", "EndkeySuite", "TestPrimitives"],
      swiftSettings: strict),
    // The conformance runner: judges any client by the vector files. Must not import the protocol it judges.
    .target(name: "EndkeyConformance", dependencies: ["EndkeyJSON", "EndkeySuite"], swiftSettings: strict),
    // What is fuzzed, and the properties that must hold: of messages, texts and JSON here, of everything above
    // them next. Two, because the fuzzer looks through the coverage counters of its whole binary after each run.
    // They may call what they judge against.
    .target(
      name: "EndkeyFuzz", dependencies: ["EndkeyWire", "EndkeyJSON"], swiftSettings: strict),
    .target(
      name: "EndkeyFuzzProtocol",
      dependencies: [
        "EndkeyFuzz", "Endkey", "EndkeyPrimitives", "EndkeySuite", "EndkeyVectors", "EndkeyConformance",
        "TestPrimitives", "TestSupport",
      ],
      swiftSettings: strict),
    // What is done with secrets, for `tools/run secrets`. Apart from the fuzzers: it needs a tenth of their code.
    .target(
      name: "EndkeySecrets",
      dependencies: ["Endkey", "EndkeyBulk", "EndkeyPrimitives", "EndkeyWire", "TestPrimitives"],
      swiftSettings: strict),
    // The command line, thin.
    .executableTarget(
      name: "EndkeyCommand",
      dependencies: [
        "Endkey", "EndkeyStore", "EndkeyJSON", "EndkeySuite", "EndkeyVectors", "EndkeyConformance",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + (isPortable ? [] : ["EndkeyHTTP"]),
      swiftSettings: strict + (isPortable ? [.define("WITHOUT_HTTP")] : [])),

    // What a user can do: no @testable, and no import of this package but `Endkey`.
    .testTarget(name: "PublicAPITests", dependencies: ["Endkey"], swiftSettings: strict),
    .testTarget(
      name: "EndkeyWireTests", dependencies: ["EndkeyWire", "TestPrimitives"], swiftSettings: strict),
    .testTarget(
      name: "EndkeyPrimitivesTests", dependencies: ["EndkeyPrimitives", "TestPrimitives"],
      swiftSettings: strict),
    .testTarget(
      name: "EndkeyTests",
      dependencies: ["Endkey", "EndkeyWire", "EndkeyPrimitives", "TestPrimitives", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EndkeyBulkTests", dependencies: ["EndkeyBulk", "Endkey", "EndkeyWire", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EndkeyVectorsTests",
      dependencies: [
        "EndkeyVectors", "EndkeySuite", "Endkey", "EndkeyJSON", "EndkeyPrimitives", "TestPrimitives",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EndkeySuiteTests", dependencies: ["EndkeySuite", "EndkeyJSON"], swiftSettings: strict),
    .testTarget(
      name: "EndkeyConformanceTests", dependencies: ["EndkeyConformance", "EndkeySuite", "EndkeyJSON"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "EndkeyFuzzTests", dependencies: ["EndkeyFuzz", "EndkeyFuzzProtocol"], swiftSettings: strict),
    // Only what is public: whoever writes a product stands here.
    .testTarget(name: "EndkeyStoreTests", dependencies: ["EndkeyStore", "Endkey"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "EndkeyCommand", "EndkeyConformance", "EndkeyStore", "Endkey", "EndkeyWire", "EndkeyPrimitives",
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
