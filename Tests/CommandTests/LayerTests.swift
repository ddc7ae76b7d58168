import Foundation
import Testing

/// The layers: a module earns its place by what it must not import.
@Suite("Layers") struct LayerTests {
  /// What the files of each module may import. A module that is not listed fails.
  static let allowed: [String: Set<String>] = [
    "EndkeyWire": [],
    "EndkeyJSON": [],
    // Synchronization: the lock around what threads share, idle guarded memory and contexts of a key.
    "EndkeyPrimitives": ["COpenSSL", "CSodium", "Synchronization"],
    "Endkey": ["EndkeyWire", "EndkeyPrimitives"],
    "CEndkey": ["CEndkeyHeader", "Endkey", "EndkeyBulk"],
    // Folders are files of the system, without Foundation.
    "EndkeyStore": ["Endkey", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON", "Glibc", "Darwin"],
    // Dispatch: a thread that waits for an answer, so that no other work does.
    "EndkeyHTTP": [
      "EndkeyStore", "Endkey", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON", "CCurl", "Dispatch", "Glibc",
      "Darwin",
    ],
    "EndkeyBulk": ["Endkey", "EndkeyWire", "EndkeyPrimitives"],
    // OpenSSL is the second implementation that ours must agree with.
    "TestPrimitives": ["EndkeyPrimitives", "COpenSSL"],
    "TestSupport": ["EndkeyBulk", "Endkey", "EndkeyWire", "EndkeyPrimitives"],
    "EndkeySuite": ["EndkeyJSON"],
    "EndkeyVectors": [
      "Endkey", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON", "EndkeySuite", "TestPrimitives",
      "Synchronization",
    ],
    "EndkeyConformance": ["EndkeyJSON", "EndkeySuite", "Glibc", "Synchronization"],
    // Foundation is the second implementation that ours must agree with.
    "EndkeyFuzz": ["EndkeyWire", "EndkeyJSON", "Foundation"],
    "EndkeyFuzzProtocol": [
      "EndkeyFuzz", "Endkey", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON", "EndkeySuite",
      "EndkeyVectors", "EndkeyConformance", "TestPrimitives", "TestSupport",
    ],
    "EndkeySecrets": ["Endkey", "EndkeyBulk", "EndkeyWire", "EndkeyPrimitives", "TestPrimitives"],
    "EndkeyCommand": [
      "Endkey", "EndkeyStore", "EndkeyHTTP", "EndkeyWire", "EndkeyPrimitives", "EndkeyJSON", "EndkeySuite",
      "EndkeyVectors",
      "EndkeyConformance", "ArgumentParser", "Foundation", "Glibc",
      // What a thread reads, a signal stops and a task takes.
      "Synchronization",
    ],
  ]

  static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  /// The modules that `source` imports and may not.
  static func violations(in source: String, of module: String) -> [String] {
    guard let allowed = allowed[module] else { return ["unknown module \(module)"] }
    return violations(in: source, allowing: allowed)
  }

  private static func violations(in source: String, allowing allowed: Set<String>) -> [String] {
    source.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), position <= 2, position + 1 < words.count,
        words[..<position].allSatisfy({
          $0.hasPrefix("@") || $0 == "public" || $0 == "internal" || $0 == "package"
        })
      else { return nil }
      let imported = String(words[words.count - 1].split(separator: ".")[0])
      return allowed.contains(imported) ? nil : imported
    }
  }

  @Test("every Swift module imports only what its layer allows", arguments: allowed.keys.sorted())
  func layering(_ module: String) throws {
    let folder = Self.sources.appending(path: module)
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      count += 1
      let source = try String(contentsOf: file, encoding: .utf8)
      #expect(Self.violations(in: source, of: module) == [], "\(file.lastPathComponent)")
    }
    #expect(count > 0)
  }

  @Test("a forbidden import is found")
  func planted() {
    #expect(Self.violations(in: "internal import COpenSSL\nlet x = 1", of: "Endkey") == ["COpenSSL"])
    #expect(Self.violations(in: "public import struct Foundation.Data", of: "EndkeyWire") == ["Foundation"])
    #expect(Self.violations(in: "internal import Endkey", of: "EndkeyConformance") == ["Endkey"])
    #expect(Self.violations(in: "import Anything", of: "New") == ["unknown module New"])
    #expect(Self.violations(in: "// import Foundation", of: "EndkeyWire") == [])
  }

  @Test(
    "what stands where a user stands imports Endkey and EndkeyBulk alone, and nothing @testable",
    arguments: ["Snippets", "Tests/PublicAPITests", "Tests/Outside/Swift/Sources"])
  func users(_ folder: String) throws {
    let folder = Self.sources.deletingLastPathComponent().appending(path: folder)
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      count += 1
      let source = try String(contentsOf: file, encoding: .utf8)
      #expect(
        Self.violations(in: source, allowing: ["Endkey", "EndkeyBulk", "Testing"]) == [],
        "\(file.lastPathComponent)")
      #expect(!source.contains("@testable"), "\(file.lastPathComponent)")
    }
    #expect(count > 0)
  }

  @Test("every folder of Sources is a listed module or a system library")
  func complete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path())
    #expect(Set(folders) == Set(Self.allowed.keys).union(["COpenSSL", "CSodium", "CCurl", "CEndkeyHeader"]))
  }
}
