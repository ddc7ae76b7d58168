// swift-tools-version: 6.2
import PackageDescription

// A package outside of Endkey's: what a program sees that depends on it. CI builds and runs it.
let package = Package(
  name: "outside",
  dependencies: [.package(name: "endkey", path: "../../..")],
  targets: [
    .executableTarget(name: "Outside", dependencies: [.product(name: "Endkey", package: "endkey")])
  ],
  swiftLanguageModes: [.v6]
)
