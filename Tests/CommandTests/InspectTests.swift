import Endkey
import EndkeyJSON
import Foundation
import Testing

@testable import EndkeyCommand

@Suite("Inspect") struct InspectTests {
  /// Of field url, epoch 1, with V and C of sixteen bytes each.
  static let token: [UInt8] =
    [1, 4, 0, 0, 0, 1] + [UInt8](repeating: 0xaa, count: 16) + [0, 16] + [UInt8](repeating: 0xbb, count: 16)

  @Test("a token in each way of writing it gives the same rows")
  func forms() throws {
    let hex = Array(Hex.encode(Self.token).utf8)
    let spaced =
      Array("\n".utf8) + hex.prefix(10) + Array(" \n\t".utf8) + hex.dropFirst(10) + Array("\n".utf8)
    let base64 = Array(Data(Self.token).base64EncodedString().utf8).filter { $0 != UInt8(ascii: "=") }
      .map { byte in
        byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
      }
    let rows = try MessageDump(Self.token, nil).lines.dropFirst()
    #expect(rows.count > 4)
    for input in [hex, spaced, base64, Array("ekt1_".utf8) + base64] {
      let dump = try MessageDump(input, nil)
      #expect(dump.error == nil)
      #expect(Array(dump.lines.dropFirst()) == Array(rows))
    }
  }

  @Test("every cut of a message is shown up to the cut, and fails there", arguments: 1..<40)
  func cut(_ count: Int) throws {
    let dump = try MessageDump(Array(Self.token.prefix(count)), .binary)
    #expect(dump.error?.code == .truncated)
    for field in dump.fields { #expect(field.offset + field.length <= count) }
  }

  @Test("a damaged text is shown up to where it can be decoded")
  func damagedText() throws {
    let base64 = Array(Data(Self.token).base64EncodedString().utf8).filter { $0 != UInt8(ascii: "=") }
    var text = Array("ekt1_".utf8) + base64
    text[45] = UInt8(ascii: "!")
    let dump = try MessageDump(text, nil)
    #expect(dump.error?.code == .badBase64url)
    #expect(dump.error?.offset == 45)
    #expect(dump.fields.contains { $0.name == "v" })
  }

  @Test("the command: status 2, the rows on one stream, the error with file, offset and section on the other")
  func command() throws {
    let folder = try Scratch()
    _ = try folder.write(Array(Self.token.prefix(30)), to: "cut")
    let result = try Binary.run(["inspect", "cut"], in: folder)
    #expect(result.status == 2)
    #expect(result.output.contains("epoch"))
    #expect(result.error.hasPrefix("endkey: cut: truncated at 24 (§8.3): "))
    let json = try Binary.run(["inspect", "cut", "--json"], in: folder)
    #expect(json.status == 2)
    #expect(json.output.contains("\"code\": \"truncated\""))
    #expect(json.error.hasPrefix("{\"error\":{\"place\":\"cut\",\"code\":\"truncated\",\"offset\":24"))
  }

  @Test("lines: one answer a line, for every struct it knows")
  func lines() throws {
    let input = StructReader.names.map { "\($0) \n" }.joined() + "Token \(Hex.encode(Self.token))\nToken\n"
    let result = try Binary.run(["inspect", "--lines"], in: Scratch(), input: Array(input.utf8))
    let answers = result.output.split(separator: "\n")
    #expect(result.status == 0)
    #expect(answers.count == StructReader.names.count + 2)
    #expect(answers.dropLast(2).allSatisfy { $0.hasPrefix("{\"ok\":false,\"code\":") })
    #expect(answers.suffix(2) == ["{\"ok\":true}", "{\"ok\":false,\"code\":\"truncated\",\"offset\":0}"])
  }

  @Test(
    "lines: what is no line of the protocol ends it", arguments: ["Nothing 00", "Token 0", "Token 00 00"])
  func badLine(_ line: String) throws {
    #expect(try Binary.run(["inspect", "--lines"], in: Scratch(), input: Array(line.utf8)).status == 2)
  }

  @Test("an unreadable file is named")
  func unreadable() throws {
    let result = try Binary.run(["inspect", "nothing-here"], in: Scratch())
    #expect(result.status == 2)
    #expect(result.error == "endkey: nothing-here: cannot read: No such file or directory\n")
  }
}
