import EndkeyStore
import Foundation
import Testing

@testable import EndkeyCommand

/// Text as other systems write it, and inputs of which a part is wrong.
@Suite("Texts") struct TextTests {
  typealias World = AccountWorld

  /// A text as UTF-16 with its mark.
  private static func wide(_ text: String, isLittleEndian: Bool) -> [UInt8] {
    (text.utf16.reduce(into: [0xfeff] as [UInt16]) { $0.append($1) }).flatMap { unit in
      let bytes = [UInt8(unit >> 8), UInt8(unit & 0xff)]
      return isLittleEndian ? bytes.reversed() : bytes
    }
  }

  @Test("UTF-8 and UTF-16 with a mark are the same text, in whatever pieces they come")
  func decoding() {
    let text = "a\u{fffd}漢\u{1f600}\nb"
    let plain = Array(text.utf8)
    for marked in [
      plain, [0xef, 0xbb, 0xbf] + plain, Self.wide(text, isLittleEndian: true),
      Self.wide(text, isLittleEndian: false),
    ] {
      #expect(TextDecoder.decode(marked) == plain)
      for count in 1...5 {
        var decoder = TextDecoder()
        var decoded: [UInt8] = []
        for start in stride(from: 0, to: marked.count, by: count) {
          decoded += decoder.decode(Array(marked[start..<min(start + count, marked.count)]))
        }
        #expect(decoded + decoder.finish() == plain)
      }
    }
    // What is no such text stays as it is, and half a character is replaced.
    for bytes: [UInt8] in [[], [0xef], [0xef, 0xbb], [0xff], [0xfe, 0xfe], [0x80, 0xff, 0xfe]] {
      #expect(TextDecoder.decode(bytes) == bytes)
    }
    #expect(TextDecoder.decode([0xff, 0xfe, 0x61]) == Array("\u{fffd}".utf8))
    #expect(TextDecoder.decode([0xff, 0xfe, 0x3d, 0xd8]) == Array("\u{fffd}".utf8))
  }

  @Test("every command takes a text in each of these forms")
  func marks() throws {
    let world = try World()
    let config = String(decoding: try world.folder.read("agent/config.json"), as: UTF8.self)
    let code = try world.run(["account", "code", "owner"] + world.password).output
    let export =
      #"{"buckets":{"w":{"id":"w","type":"currentwindow","events":[{"timestamp":"2026-03-01T12:00:00Z","#
      + #""duration":1,"data":{"app":"A"}}]}}}"#
    for form in [
      { [0xef, 0xbb, 0xbf] + Array($0.utf8) }, { Self.wide($0, isLittleEndian: true) },
      { Self.wide($0, isLittleEndian: false) },
    ] as [(String) -> [UInt8]] {
      func run(_ arguments: [String], _ input: String) throws -> String {
        let result = try Binary.run(arguments, in: world.folder, input: form(input))
        #expect(result.status == 0, "\(arguments): \(result.error)")
        return result.output
      }
      _ = try world.folder.write(form(config), to: "agent/config.json")
      _ = try run(["agent", "capture", "agent"], World.activity(1))
      _ = try run(["agent", "run", "agent"], World.activity(2))
      #expect(try run(["agent", "import"], export).contains("\"application_name\":\"A\""))
      let token = try run(["token", "seal", "agent", "--field", "url"], "x\n")
      #expect(try run(["token", "open", "agent"], token) == "x\n")
      let rules = #"{"field":"url","category":"neutral","value":"y"}"# + "\n"
      #expect(
        try run(["account", "rules", "owner", "--set", "-"] + world.password, rules).contains("url  y"))
    }
    _ = try world.folder.write([0xef, 0xbb, 0xbf] + Array(code.utf8), to: "marked.code")
    try world.run(["agent", "request", "marked", "--service", "service", "--code-file", "marked.code"])
  }

  @Test("one that is wrong keeps none of the others from being read")
  func others() throws {
    let world = try World()
    let batch = try world.record(1)
    _ = try world.folder.write([1, 2], to: "bad")
    let all = try world.run(["batch", "list", "nowhere", "bad", batch, "bad"], status: 2)
    #expect(all.output.split(separator: "\n").count == 2)
    #expect(all.error.split(separator: "\n").count == 3 && all.error.contains("nowhere: cannot read"))

    let long = String(repeating: "x", count: 5_000)
    let sealed = try world.run(
      ["token", "seal", "agent", "--field", "url"], input: "a\n\(long)\nb\n", status: 2)
    let tokens = sealed.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(tokens.count == 4 && tokens[1].isEmpty && sealed.error.contains("line 2: "))
    let opened = try world.run(
      ["token", "open", "agent"], input: "\(tokens[0])\n\(tokens[2].dropLast())\nnone\n\(tokens[2])\n",
      status: 2)
    #expect(opened.output == "a\n\n\nb\n")
    #expect(opened.error.contains("line 2: ") && opened.error.contains("line 3: bad_prefix"))
    let json = try world.run(["token", "open", "agent", "--json"], input: "none\n\(tokens[0])\n", status: 2)
    #expect(json.output.hasPrefix("null\n{"))
  }

  @Test("a bucket that is none keeps no other from being imported")
  func buckets() throws {
    let good =
      #"{"type":"currentwindow","events":[{"timestamp":"2026-03-01T12:00:00Z","duration":1,"data":{"app":"A"}}]}"#
    let export =
      #"{"buckets":{"a":null,"b":{"type":"currentwindow"},"c":{"events":[]},"d":\#(good),"e":[],"f":{"type":1,"events":[]}}}"#
    let result = try Binary.run(["agent", "import"], in: Scratch(), input: Array(export.utf8))
    #expect(result.status == 2 && result.output.split(separator: "\n").count == 1)
    for name in ["a", "b", "c", "e", "f"] {
      #expect(result.error.contains("bucket \"\(name)\" is left out: "), "\(result.error)")
    }
    #expect(result.error.contains("5 faults"))
  }
}
