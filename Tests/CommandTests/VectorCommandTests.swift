import Foundation
import Testing

@testable import EndkeyCommand

@Suite("Vectors and Wycheproof") struct VectorCommandTests {
  static let file = """
    {"schema":"endkey-vectors-1","suite":"1.0.0","spec":"1.0","op":"hash","about":"A hash.",
    "counts":{"valid":1,"invalid":0},"flags":{},"tests":[{"id":"hash-x","since":"1.0.0","level":"MUST",
    "req":["R-2.3-1"],"flags":[],"comment":"","in":{"label":"account-id","data":""},
    "expect":{"outcome":"ok","out":{"hash":"00"}},"trace":{"input":"00"}}]}
    """

  @Test("a vector that fails: status 1, and id, expected and got are told, also to JUnit")
  func failing() throws {
    let folder = try Scratch()
    _ = try folder.write(Array(Self.file.utf8), to: "hash.json")
    let result = try Binary.run(["vectors", "verify", "hash.json", "--junit", "j.xml"], in: folder)
    try #require(result.status == 1, "\(result.error)")
    #expect(result.output.contains("hash-x"))
    #expect(result.output.contains("expected {"))
    #expect(result.output.contains("first intermediate value that differs: input: expected 00, got 656e"))
    #expect(result.output.hasSuffix("0 passed, 1 failed\n"))
    let junit = String(decoding: try folder.read("j.xml"), as: UTF8.self)
    #expect(junit.contains("<testcase classname=\"hash\" name=\"hash-x\"><failure"))
  }

  @Test("kills.json is no vector file, and stamps that contradict it are status 1")
  func stamps() throws {
    let folder = try Scratch()
    _ = try folder.write(Array(Self.file.utf8), to: "hash.json")
    let kills = "{\"mutants\":{\"m\":{\"fault\":\"a fault\",\"killedBy\":[\"hash-x\"]}}}"
    _ = try folder.write(Array(kills.utf8), to: "kills.json")
    let result = try Binary.run(["vectors", "verify", "."], in: folder)
    #expect(result.status == 1)
    #expect(result.output.contains("  stamp: hash-x: kills nothing, in kills.json m\n"))
    #expect(result.output.contains("1 stamp that the records contradict"))
  }

  @Test("vector files that are no longer generated go, if --force says so; others stay")
  func stale() throws {
    let folder = try Scratch()
    _ = try folder.write(Array(Self.file.utf8), to: "old.json")
    _ = try folder.write(Array("{\"schema\":\"other\"}".utf8), to: "other.json")
    _ = try folder.write(Array("nonsense".utf8), to: "nonsense.json")
    _ = try folder.write(Array(Self.file.utf8), to: "kills.json")
    let vectors = VectorFolder(path: folder.path("."))
    let files = [(name: "hash.json", bytes: Array(Self.file.utf8))]
    let refusal = #expect(throws: CommandError.self) { try vectors.write(files, overwriting: false) }
    #expect(refusal?.description.contains("old.json") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path("hash.json")))
    let change = try vectors.write(files, overwriting: true)
    #expect(change.written == ["hash.json"])
    #expect(change.removed == ["old.json"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).sorted()
    #expect(names == ["hash.json", "kills.json", "nonsense.json", "other.json"])
  }

  @Test("a malformed file, and an empty folder: status 2", arguments: ["cut.json", "empty", "none.json"])
  func malformed(_ place: String) throws {
    let folder = try Scratch()
    _ = try folder.write(Array(Self.file.utf8.dropLast()), to: "cut.json")
    try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
    let result = try Binary.run(["vectors", "verify", place], in: folder)
    #expect(result.status == 2)
    #expect(result.error.contains(place))
  }

  @Test("the responder answers hello, refuses nonsense, and ends at bye")
  func respond() throws {
    let input = "{\"seq\":0,\"cmd\":\"hello\",\"v\":1}\nnonsense\n{\"seq\":2,\"cmd\":\"bye\"}\n{\"seq\":3}\n"
    let result = try Binary.run(["respond"], in: Scratch(), input: Array(input.utf8))
    let lines = result.output.split(separator: "\n")
    #expect(result.status == 0)
    #expect(lines.count == 2)
    #expect(lines.first?.contains("\"name\":\"endkey\"") ?? false)
    #expect(lines.last?.contains("\"outcome\":\"error\"") ?? false)
  }

  @Test("Wycheproof: no test run is status 1, what is no such file is status 2")
  func wycheproof() throws {
    let folder = try Scratch()
    _ = try folder.write(
      Array("{\"algorithm\":\"HMACSHA256\",\"numberOfTests\":0,\"testGroups\":[]}".utf8), to: "empty.json")
    _ = try folder.write(Array("{}".utf8), to: "other.json")
    #expect(try Binary.run(["wycheproof", "empty.json"], in: folder).status == 1)
    #expect(try Binary.run(["wycheproof", "other.json"], in: folder).status == 2)
  }
}
