// swift-tools-version: 6.2
import PackageDescription

// The fuzzer's binary. A package of its own, because its build needs libFuzzer: `fuzz/run` makes it.
let package = Package(
  name: "fuzz",
  products: [.executable(name: "endkey-fuzz", targets: ["Fuzz"])],
  dependencies: [.package(name: "endkey", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz", dependencies: [.product(name: "EndkeyFuzz", package: "endkey")],
      swiftSettings: [
        .strictMemorySafety(), .enableUpcomingFeature("InternalImportsByDefault"),
        .unsafeFlags(["-parse-as-library"]),
      ])
  ],
  swiftLanguageModes: [.v6]
)
