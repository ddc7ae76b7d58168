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

  @Test("what people paste is found, however it was written")
  func pasted() throws {
    let rows = try MessageDump(Self.token, nil).lines
    let hex = Hex.encode(Self.token)
    let pairs = stride(from: 0, to: hex.count, by: 2).map { String(hex.dropFirst($0).prefix(2)) }
    let dumps = [
      stride(from: 0, to: pairs.count, by: 16).map { start in
        let line = pairs[start..<min(start + 16, pairs.count)]
        return
          "0000\(Hex.encode([UInt8(start >> 8), UInt8(start & 255)])): \(line.joined(separator: " "))  .dead beef."
      },
      stride(from: 0, to: pairs.count, by: 16).map { start in
        let line = Array(pairs[start..<min(start + 16, pairs.count)])
        let halves = [line.prefix(8), line.dropFirst(8)].map { $0.joined(separator: " ") }
        return
          "0000\(Hex.encode([UInt8(start >> 8), UInt8(start & 255)]))  \(halves.joined(separator: "  "))  |ab..cd|"
      },
    ].map { $0.joined(separator: "\n") }
    let base64 = Data(Self.token).base64EncodedString(options: [
      .lineLength64Characters, .endLineWithLineFeed,
    ])
    let pastes =
      [
        hex.uppercased(), "0x\(hex)", "\"\(hex)\"\n", pairs.joined(separator: ":"),
        pairs.joined(separator: ", "),
        pairs.map { "\\x\($0)" }.joined(), base64, "-----BEGIN X-----\n\(base64)\n-----END X-----\n",
      ] + dumps
    for paste in pastes { #expect(try MessageDump(Array(paste.utf8), nil).lines == rows, "\(paste)") }
    let text =
      "ekt1_"
      + base64.replacing("\n", with: "").replacing("=", with: "").replacing("+", with: "-")
      .replacing("/", with: "_")
    for paste in ["\(text),", "  <\(text)>\r\n", "Ana,url,\(text),5\n", "{\"v\":\"\(text)\"}"] {
      let dump = try MessageDump(Array(paste.utf8), nil)
      #expect(dump.kind == "token text" && dump.error == nil, "\(paste)")
      #expect(dump.lines.dropFirst() == rows.dropFirst())
    }
  }

  /// A message with lines that are alike, so that dumps leave some out.
  static let zeros: [UInt8] = Array(token.prefix(24)) + [UInt8](repeating: 0, count: 80)

  @Test(
    "what the system's tools write of a file is read back, lines that they leave out too",
    .enabled(
      if: ["xxd", "hexdump", "od"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
      }),
    arguments: [
      "xxd", "xxd -u", "xxd -p", "xxd -i", "xxd -c 8 -g 1", "xxd -g 4", "xxd -a", "hexdump -C", "hexdump",
      "hexdump -v", "hexdump -x", "od -A x -t x1z", "od -t x1", "od -x", "od -A x -t x4", "od -v -t x1",
    ])
  func dumps(_ tool: String) throws {
    let folder = try Scratch()
    for bytes in [Self.token, Self.zeros] {
      _ = try folder.write(bytes, to: "message")
      let dump = try Binary.run("/bin/sh", ["-c", "\(tool) message"], in: folder).output
      #expect(try MessageDump(Array(dump.utf8), nil).message == bytes, "\(dump)")
    }
  }

  @Test("hexdump -C, with the lines that it leaves out")
  func hexdump() throws {
    let dump = """
      00000000  01 04 00 00 00 01 aa aa  aa aa aa aa aa aa aa aa  |................|
      00000010  aa aa aa aa aa aa 00 10  00 00 00 00 00 00 00 00  |........|.......|
      00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
      *
      00000060  00 00 00 00 00 00 00 00                           |........|
      00000068
      """
    #expect(HexDump.bytes(dump) == Self.zeros)
    #expect(HexDump.bytes(dump.replacing("00000060", with: "00000064")) == nil)
    #expect(HexDump.bytes(dump.replacing("00000020", with: "00000030")) == nil)
  }

  @Test("a message is found in what stands around it")
  func enclosed() throws {
    let rows = try MessageDump(Self.token, nil).lines
    let hex = Hex.encode(Self.token)
    let base64 = Data(Self.token).base64EncodedString()
    let lines = Data(Self.token).base64EncodedString(options: [
      .lineLength64Characters, .endLineWithCarriageReturn,
    ])
    let numbers = Self.token.map(String.init).joined(separator: ", ")
    let python = "b'" + Self.token.map { $0 == 4 ? "\\x04" : "\\x" + Hex.encode([$0]) }.joined() + "'"
    let quoted = stride(from: 0, to: base64.count, by: 20).map { base64.dropFirst($0).prefix(20) }
      .joined(separator: "=\r\n").replacing(#/=$/#, with: "=3D")
    let pastes = [
      "{\"agents\":[{\"id\":\"Activity\",\"grant\":\"\(base64)\"}]}", "\"grant\": \"\(hex)\",\n",
      "[\(numbers)]",
      "{\"type\":\"Buffer\",\"data\":[\(numbers)]}", "let bytes: [UInt8] = [\(numbers),]", python,
      "unsigned char m[] = {\n\(Self.token.map { "0x" + Hex.encode([$0]) }.joined(separator: ", "))\n};",
      "data:application/octet-stream;base64,\(base64)",
      "<a href=\"data:;base64,\(base64.replacing("+", with: "%2B"))\">",
      "https://h.example/?m=\(base64.replacing("/", with: "%2F").replacing("=", with: "%3D"))%00".replacing(
        "%00", with: ""),
      "> \(lines.replacing("\r", with: "\r> "))", quoted, "X'\(hex)'", "x'\(hex.uppercased())';", "\\x\(hex)",
      "\u{feff}\(hex)",
      "{\"m\":\"data:text/plain;base64,\(base64)\"}",
    ]
    for paste in pastes { #expect(try MessageDump(Array(paste.utf8), nil).lines == rows, "\(paste)") }
    let shell = try #require((hex + "\r\n").data(using: .utf16))
    #expect(try MessageDump(Array(shell), nil).lines == rows)
    let text = "ekt1_" + base64.filter { $0 != "=" }.replacing("+", with: "-").replacing("/", with: "_")
    let mail = "\(text.prefix(30))=\r\n\(text.dropFirst(30))\r\n"
    #expect(try MessageDump(Array(mail.utf8), nil).kind == "token text")
  }

  @Test("what an end keeps beside messages is told as what it is, and its key is not shown")
  func ownFiles() throws {
    let world = try AccountWorld()
    for name in try ["agent", "owner"].flatMap({ end in try world.folder.names(end).map { "\(end)/\($0)" } })
    where !name.hasSuffix(".ek") && !name.hasSuffix("device.key") {
      let told = try world.run(["inspect", name], status: 2)
      #expect(told.error.contains("is no message, but ") && told.output.isEmpty, "\(name): \(told.error)")
    }
    for name in ["agent/device.key", "owner/device.key"] {
      let refused = try world.run(["inspect", name], status: 2)
      #expect(refused.error.contains("is not shown") && refused.output.isEmpty)
    }
  }

  @Test(
    "a file that is nothing of the protocol is told as what it is",
    arguments: [
      ("", "nothing"), ("{\"a\": 1}\n", "JSON"), ("correct horse\n", "text"), ("# Notes\n\nnone", "text"),
      ("Activity log\n", "text"), ("{\"name\":\"Activity\"}", "JSON"),
      (
        String(repeating: "0a", count: 16),
        "hex of 16 bytes, as an id of an account, an agent or a person has"
      ),
      (String(repeating: "0a", count: 32), "hex of 32 bytes, as a hash has"),
    ])
  func other(_ content: String, _ kind: String) throws {
    let dump = try MessageDump(Array(content.utf8), nil)
    #expect(dump.kind == kind && dump.error?.code == .badMagic && dump.fields.isEmpty)
    #expect(try MessageDump([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3], nil).error?.code == .badMagic)
  }

  @Test("length, hash and times stand beside the fields, and with a folder what is sealed")
  func opened() throws {
    let world = try AccountWorld()
    let place = try world.record(5)
    let batch = try world.run(["inspect", place]).output
    let hash = try #require(place.split(separator: "/").last?.prefix(64))
    #expect(batch.contains("SHA-256  \(hash)\n") && batch.contains("(1970-01-01T00:00:00Z)"))
    for folder in [["agent"], ["owner"] + world.password] {
      let opened = try world.run(["inspect", place, "--with"] + folder).output
      #expect(opened.hasSuffix("record 0, application_name: <a>\n"))
    }
    let token = try world.run(["token", "seal", "agent", "--field", "url"], input: "a\u{1b}[2J\n").output
    #expect(
      try world.run(["inspect", "--with", "agent"], input: token).output.hasSuffix("value: a\\u{1b}[2J\n"))
    try world.run(["agent", "capture", "agent"], input: AccountWorld.activity(7))
    let segment = try #require(try world.folder.names("agent/spool").last)
    let spool = try world.run(["inspect", "agent/spool/\(segment)", "--with", "agent", "--json"]).output
    #expect(spool.contains("\"name\": \"frame 0, application_name\"") && spool.contains("\"<a>\""))
    #expect(
      try world.run(["inspect", "agent/state.ek", "--with", "agent"]).output.contains("phase: active\n"))
    let request = try #require(try world.folder.names("service/requests").first)
    let asked = try world.run(["inspect", "service/requests/\(request)"]).output
    #expect(asked.contains("agent    \(try world.id(of: "agent"))\n"))
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
    #expect(
      result.error
        == "endkey: nothing-here: cannot read: No such file or directory; see whether the path is right\n")
  }
}
