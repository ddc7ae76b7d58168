import EndkeySuite
import Foundation
import Testing

@testable import EndkeyConformance

/// Clients that are right about all that is public, and about nothing else: no profile lets them through.
@Suite("Fresh questions") struct FreshTests {
  private static let vectors = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "vectors").path(percentEncoded: false)

  /// The suite, of each operation a few vectors that are short: all that fresh questions begin with.
  private static let suite = Result {
    let names = try FileManager.default.contentsOfDirectory(atPath: vectors).filter {
      $0.hasSuffix(".json") && $0 != "kills.json"
    }
    var suite = try ConformanceSuite(
      files: names.map { (name: $0, bytes: Array(try Data(contentsOf: URL(filePath: "\(vectors)/\($0)")))) },
      scenarios: nil, requirements: nil, answers: nil)
    var counts: [String: Int] = [:]
    suite.vectors = suite.vectors.filter { vector in
      let kind = "\(vector.op) \(vector.expect.isRejection)"
      counts[kind, default: 0] += 1
      return counts[kind, default: 0] <= (vector.expect.isRejection ? 2 : 12)
        && !vector.flags.contains("Slow")
        && (vector.twin == nil || !vector.expect.isRejection)
    }
    return suite
  }

  @Test(
    "a table of the public files conforms to no profile, whatever it says of the rest",
    arguments: Profile.allCases, ["constant", "identity", "hash", "refuse"])
  func table(_ profile: Profile, _ fallback: String) throws {
    var options = Toy.options
    options.profile = profile
    let report = try Examination.run(
      try Self.suite.get(),
      ClientCommand(
        ["python3", "-S", "\(Toy.fixtures)/table.py", fallback, Self.vectors], environment: Toy.environment),
      options)
    #expect(!report.isPass)
    #expect(report.results.allSatisfy { $0.kind != .vector || $0.verdict == .pass })
    #expect(report.failures.count >= 20, "\(report.failures.map(\.id))")
  }

  @Test("answers recorded in a run do not pass another")
  func recorded() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "endkey-recorded-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    let path = file.path(percentEncoded: false)
    #expect(try Toy.examine("record", path).isPass)
    #expect(try Toy.examine("recorded", path).failedFreshIDs.isEmpty)
    let other = try Toy.examine("recorded", path, with: Toy.options { $0.seed += 1 })
    #expect(other.failures.filter { $0.kind == .vector }.isEmpty)
    #expect(other.failedFreshIDs.count >= 6, "\(other.failedFreshIDs)")
  }

  @Test("an honest client passes, whatever is drawn", arguments: [0, 1, 2, .max] as [UInt64])
  func honest(_ seed: UInt64) throws {
    let report = try Toy.examine("honest", with: Toy.options { $0.seed = seed })
    #expect(report.failures.map(\.reason) == [])
  }

  @Test("the digests are those of the standards")
  func digests() {
    func hex(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    // FIPS 180-4 and RFC 4231, case 1; a key of more than a block, case 6.
    #expect(
      hex(Digest.sha256(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex(Digest.hmac([UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8)))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hex(
        Digest.hmac(
          [UInt8](repeating: 0xaa, count: 131),
          Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    for count in 0...130 { #expect(Digest.sha256([UInt8](repeating: 1, count: count)).count == 32) }
  }
}
