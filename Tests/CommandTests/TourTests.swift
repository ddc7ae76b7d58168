import Foundation
import Testing

/// The README's tour, as it stands there.
@Suite("Tour") struct TourTests {
  /// The text of the block marked `sh tour`.
  static func tour() throws -> String {
    let readme = try String(contentsOf: Binary.root.appending(path: "README.md"), encoding: .utf8)
    let parts = readme.components(separatedBy: "```sh tour\n")
    try #require(parts.count == 2)
    return try #require(parts[1].components(separatedBy: "\n```").first)
  }

  @Test("every line of the tour does what the README says")
  func tour() throws {
    let folder = try Scratch()
    let script = try folder.write(Array(try Self.tour().utf8), to: ".tour.sh")
    let result = try Binary.run("/bin/sh", ["-eu", script], in: folder)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("\nLedger|40 min\n"))
    #expect(result.output.contains("41.0 min  application_name  Ledger"))
    #expect(result.error.contains("revoked (§10.3)"))
    #expect(try folder.read("opened.txt") == Array("Ledger|40 min\nFirefox|5 min\n".utf8))
  }
}
