import Foundation
import Testing

/// The README's tour, as it stands there.
@Suite("Tour") struct TourTests {
  /// The text of the blocks marked `sh tour`, in order.
  static func tour() throws -> String {
    let readme = try String(contentsOf: Binary.root.appending(path: "README.md"), encoding: .utf8)
    let parts = readme.components(separatedBy: "```sh tour\n").dropFirst()
    try #require(!parts.isEmpty)
    return try parts.map { try #require($0.components(separatedBy: "```\n").first) }.joined()
  }

  @Test("every line of the tour does what the README says")
  func tour() throws {
    let folder = try Scratch()
    let script = try folder.write(Array(try Self.tour().utf8), to: ".tour.sh")
    let result = try Binary.run("/bin/sh", ["-eu", script], in: folder)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("\nLedger|40 min\n"))
    #expect(result.output.contains("56.0 min  application_name  Ledger"))
    #expect(result.error.contains("revoked (§10.3)"))
    #expect(try folder.read("opened.txt") == Array("Ledger|40 min\nFirefox|5 min\n".utf8))
  }
}
