import EndkeyConformance
import EndkeyPrimitives
import EndkeyStore
import Foundation
import Testing

@testable import EndkeyCommand

@Suite("Files") struct FileTests {
  @Test("a secret that others can read is refused", arguments: [0o644, 0o640, 0o604, 0o660, 0o620])
  func readableSecret(_ mode: Int) throws {
    let folder = try Scratch()
    let path = try folder.write(Array("secret\n".utf8), to: "password", mode: mode)
    #expect(throws: StoreError.readableByOthers(place: path)) { _ = try SecretInput.file(path).read() }
  }

  @Test(
    "a secret ends before its line end, and keeps everything else",
    arguments: [
      ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), (" a ", " a "), ("", ""), ("\n", ""), ("a\r", "a\r"),
    ])
  func secret(_ content: String, _ expected: String) throws {
    let folder = try Scratch()
    let path = try folder.write(Array(content.utf8), to: "password")
    let secret = try SecretInput.file(path).read()
    let bytes = secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    #expect(bytes == Array(expected.utf8))
  }

  @Test("a secret of more than 4,096 bytes is refused, not cut")
  func longSecret() throws {
    let folder = try Scratch()
    let path = try folder.write([UInt8](repeating: 97, count: 4_097), to: "password")
    #expect(throws: StoreError.tooLong(place: path, limit: 4_096)) { _ = try SecretInput.file(path).read() }
  }

  @Test("a file that is not finished leaves nothing behind")
  func unfinished() throws {
    let folder = try Scratch()
    do {
      let file = try OutputFile(folder.path("out"), .refused)
      try file.write([1, 2, 3])
    }
    #expect(try folder.names() == [])
  }

  @Test("a finished file is whole, and alone")
  func finished() throws {
    let folder = try Scratch()
    try OutputFile.write([1, 2, 3], to: folder.path("out"), .refused)
    #expect(try folder.names() == ["out"])
    #expect(try folder.read("out") == [1, 2, 3])
  }

  @Test("a file that exists is not overwritten, not even one made meanwhile")
  func existing() throws {
    let folder = try Scratch()
    let path = folder.path("out")
    let file = try OutputFile(path, .refused)
    try file.write([1])
    try OutputFile.write([2], to: path, .refused)
    #expect(throws: StoreError.exists(place: path)) { try OutputFile.write([3], to: path, .refused) }
    do {
      try file.commit()
      Issue.record("it was overwritten")
    } catch {}
    #expect(try folder.read("out") == [2])
    #expect(try folder.names() == ["out"])
  }

  @Test("vector files: new, the same again, others refused, others forced")
  func vectorFolder() throws {
    let folder = try Scratch()
    let vectors = VectorFolder(path: folder.path("v"))
    let files: [(name: String, bytes: [UInt8])] = [("a.json", [1]), ("b.json", [2])]
    #expect(try vectors.write(files, overwriting: false).written == ["a.json", "b.json"])
    #expect(try vectors.write(files, overwriting: false).written == [])
    let other: [(name: String, bytes: [UInt8])] = [("a.json", [1]), ("b.json", [3]), ("c.json", [4])]
    #expect(throws: CommandError.self) { _ = try vectors.write(other, overwriting: false) }
    #expect(try folder.names("v") == ["a.json", "b.json"])
    #expect(try vectors.write(other, overwriting: true).written == ["b.json", "c.json"])
    #expect(try folder.names("v") == ["a.json", "b.json", "c.json"])
    #expect(try folder.read("v/b.json") == [3])
  }

  @Test("a line is read whatever the pieces, also the last without its end")
  func lines() throws {
    let folder = try Scratch()
    let long = [UInt8](repeating: 120, count: 1 << 19)
    let path = try folder.write(Array("a\n\n".utf8) + long + Array("\nend".utf8), to: "lines")
    var reader = LineReader(try Descriptor(reading: path))
    #expect(try reader.next() == [97])
    #expect(try reader.next() == [])
    #expect(try reader.next() == long)
    #expect(try reader.next() == Array("end".utf8))
    #expect(try reader.next() == nil)
    #expect(reader.number == 4)
  }

  @Test("JUnit text cannot break out of its attribute")
  func junit() {
    #expect(Markup.escaped("\"<&>\u{0}\n") == "&quot;&lt;&amp;&gt;?&#10;")
  }

  @Test("R-18.2-4: a title cannot steer the terminal, and neither can the name of a file")
  func shown() {
    #expect(Console.shown("a\u{1b}[2Jb\u{202e}c") == "a\\u{1b}[2Jb\\u{202e}c")
    let error = CommandError(.badInput, "x\u{9b}2J", "no\u{2066}")
    #expect(error.description == "endkey: x\\u{9b}2J: no\\u{2066}")
  }
}
