// swift-tools-version: 6.2
import PackageDescription

/// Everything is compiled with the same strict settings. CI sets ENDKEY_STRICT to make warnings errors.
let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (Context.environment["ENDKEY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let wire: Target.Dependency = .product(name: "EndkeyWire", package: "endkey")
let json: Target.Dependency = .product(name: "EndkeyJSON", package: "endkey")

// The reference service: what `spec/http.md` says, on a database. It knows messages by their bytes, and no cryptography
// but hashes and comparisons.
let package = Package(
  name: "endkey-service",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "endkey-service", targets: ["endkey-service"])],
  dependencies: [
    .package(name: "endkey", path: ".."),
    // HTTP: a server on SwiftNIO, with streams of bodies and a router.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    // SQLite: a pool of connections with one writer.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.60.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.5.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
  ],
  targets: [
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // SHA-256, HMAC, comparison in constant time, randomness: all the cryptography that the service has.
    .target(name: "ServiceHash", dependencies: ["CLibcrypto", wire], swiftSettings: strict),
    // Credentials, problems, publications and their checks: values, and what follows from them.
    .target(name: "ServiceModel", dependencies: ["ServiceHash", wire, json], swiftSettings: strict),
    // What the service does, one transaction each, over any database.
    .target(
      name: "ServiceStore", dependencies: ["ServiceModel", "ServiceHash", wire, json], swiftSettings: strict),
    .target(
      name: "StoreSQLite", dependencies: ["ServiceStore", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    // Calls to addresses that persons name, and to which a service had better not be led.
    .target(name: "ServiceWebhook", dependencies: ["CLibcurl"], swiftSettings: strict),
    // Requests to calls of the store, and answers.
    .target(
      name: "ServiceHTTP",
      dependencies: [
        "ServiceStore", "ServiceModel", "ServiceHash", "ServiceWebhook", wire, json,
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "endkey-service",
      dependencies: [
        "ServiceHTTP", "StoreSQLite", "ServiceHash", "ServiceWebhook", wire, json,
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
  ]
)
