import EndkeyFuzz
import EndkeyFuzzProtocol
import Foundation
import Testing

/// Every committed input of the fuzzers, without a fuzzer: each property, in full.
@Suite("Fuzz corpus") struct ReplayTests {
  static let targets = FuzzTarget.readers + FuzzTarget.protocols
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fuzz")

  /// The inputs of a target in `fuzz/corpus` or `fuzz/regressions`.
  private static func inputs(_ kind: String, _ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])]
  {
    let folder = folder.appending(path: "\(kind)/\(target.name)")
    guard FileManager.default.fileExists(atPath: folder.path()) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path() < $1.path() }
      .map { (name: $0.lastPathComponent, bytes: [UInt8](try Data(contentsOf: $0))) }
  }

  @Test("Each property of a target holds for each of its inputs", arguments: targets.map(\.name))
  func holds(_ name: String) throws {
    let target = try #require(Self.targets.first { $0.name == name })
    let corpus = try Self.inputs("corpus", target)
    #expect(corpus.count > 1, "\(name) has no corpus: fuzz/run \(name) --minimize")
    var accepted = 0
    for input in try corpus + Self.inputs("regressions", target) {
      do throws(Violation) {
        if try target.run(input.bytes.span, .full) == .accepted { accepted += 1 }
      } catch {
        Issue.record("\(name)/\(input.name): \(error)")
      }
    }
    // A corpus of which nothing is accepted never gets behind the first check.
    #expect(accepted > 0, "nothing in the corpus of \(name) is accepted")
  }

  @Test("`fuzz/run --list` names the targets without building them: fuzz/targets.txt has them all")
  func listed() throws {
    let lines = Self.targets.map { target in
      target.name.padding(toLength: max(22, target.name.count), withPad: " ", startingAt: 0)
        + " \(target.about)\n"
    }
    let file = try String(contentsOf: Self.folder.appending(path: "targets.txt"), encoding: .utf8)
    #expect(file == lines.joined(), "write this into fuzz/targets.txt:\n\(lines.joined())")
  }

  @Test("Names are unique and folders belong to targets")
  func names() throws {
    let names = Self.targets.map(\.name)
    #expect(Set(names).count == names.count)
    for kind in ["corpus", "regressions"] {
      let folders = try FileManager.default.contentsOfDirectory(
        atPath: Self.folder.appending(path: kind).path())
      #expect(Set(folders.filter { $0 != "README.md" }).isSubset(of: names))
    }
  }

  @Test("A message cut short that is read as a whole is a violation")
  func planted() {
    func violation(of rewrite: (Span<UInt8>) -> [UInt8]?) -> Violation? {
      do throws(Violation) {
        let bytes: [UInt8] = [2, 7, 7]
        _ = try Canonical.check(bytes.span, .full) { (bytes) throws(Violation) in rewrite(bytes) }
        return nil
      } catch {
        return error
      }
    }
    // A length, then as many bytes.
    #expect(violation { $0.count > 0 && Int($0[0]) == $0.count - 1 ? $0.array : nil } == nil)
    #expect(violation { $0.count > 0 ? $0.array : nil } != nil)
    #expect(violation { $0.count > 0 && Int($0[0]) <= $0.count - 1 ? $0.array : nil } != nil)
    #expect(
      violation { $0.count > 0 && Int($0[0]) == $0.count - 1 ? [UInt8](repeating: 7, count: 3) : nil } != nil)
  }
}
