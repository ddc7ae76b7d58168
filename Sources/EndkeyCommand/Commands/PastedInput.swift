internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire
internal import Foundation

/// What people paste or point at: a message, or a text form, in whatever way somebody wrote it.
enum PastedInput {
  case message([UInt8])
  /// A text form, alone.
  case text([UInt8])
  /// Nothing of the protocol; what it is instead.
  case other(String)

  init(_ input: [UInt8]) {
    guard !input.isEmpty else {
      self = .other("nothing")
      return
    }
    guard !Self.isMessage(input), let text = Self.text(of: input) else {
      self = .message(input)
      return
    }
    if let found = Self(text) {
      self = found
    } else if let bytes = Self.hex(text), !bytes.isEmpty {
      let names = [8: "the id of a code", 16: "an id of an account, an agent or a person", 32: "a hash"]
      self =
        names[bytes.count].map { .other("hex of \(counted(bytes.count, "byte")), as \($0) has") }
        ?? .message(bytes)
    } else {
      self = .other(Self.json(text) == nil ? "text" : "JSON")
    }
  }

  /// Of a text in which something of the protocol is.
  private init?(_ text: String, depth: Int = 0) {
    let text = Self.unfolded(text)
    if let form = Self.textForm(Self.unquoted(text)) {
      self = .text(form)
      return
    }
    let decoded = [Self.hex, Self.base64, Self.numbers, Self.escaped].lazy.compactMap { $0(text) }
    if let message = decoded.first(where: Self.isLikelyMessage) {
      self = .message(message)
      return
    }
    // What stands in a value of JSON, a URL or quotes.
    let parts = depth < 2 ? Self.parts(of: text) : []
    if let found = parts.lazy.compactMap({ Self($0, depth: depth + 1) }).first {
      self = found
    } else if let form = text.firstMatch(of: Self.forms) {
      self = .text(Array(form.output.utf8))
    } else {
      return nil
    }
  }

  /// Whether bytes begin as a message or a Token does.
  private static func isMessage(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x45, 0x4b, 1]) || bytes.first == 1
  }

  /// The same of bytes that a text may stand for by chance: a Token is whole then, and of a known field.
  private static func isLikelyMessage(_ bytes: [UInt8]) -> Bool {
    guard bytes.first == 1 else { return isMessage(bytes) }
    return bytes.count >= 40 && TokenField(rawValue: bytes[1]) != nil
  }

  /// Of a file of text, in UTF-8 or, as some systems' shells write it, in UTF-16 with its mark. Nil for any other.
  private static func text(of input: [UInt8]) -> String? {
    let bytes = TextDecoder.decode(input)
    guard bytes.allSatisfy({ $0 >= 32 || (9...13).contains($0) }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func json(_ text: String) -> JSONValue? {
    do {
      return try JSONValue(parsing: Array(text.utf8))
    } catch {
      return nil
    }
  }

  // MARK: Text forms

  private static var forms: Regex<Substring> {
    #/(?:ekt1_|eks1_)[A-Za-z0-9_\-]{8,}|(?i:ek[cbr]1[0-9a-z]{8,})/#
  }

  /// The text itself, where it begins as a text form does, whatever is wrong with it. White space within is that of a
  /// mail program.
  private static func textForm(_ text: Substring) -> [UInt8]? {
    let start = text.prefix(5)
    guard
      ["ekt1_", "eks1_"].contains(start) || ["ekc1", "ekb1", "ekr1"].contains(start.prefix(4).lowercased()),
      !text.contains(where: { $0 == "," || $0 == "|" || $0 == "\t" }) || text.wholeMatch(of: forms) != nil
    else { return nil }
    return Array(text.utf8.filter { !isSpace($0) })
  }

  /// Without white space and quotes around it.
  static func unquoted(_ text: String) -> Substring {
    var rest = text[...]
    let isEdge = { (character: Character) in character.isWhitespace || "\"'`<>,;".contains(character) }
    while rest.first.map(isEdge) == true { rest.removeFirst() }
    while rest.last.map(isEdge) == true { rest.removeLast() }
    return rest
  }

  /// Without what mail programs put into a text: `>` before each line, ends of lines that are none.
  private static func unfolded(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline)
    let isReply = !lines.isEmpty && lines.allSatisfy { $0.hasPrefix(">") }
    let plain =
      isReply ? lines.map { String($0.drop { $0 == ">" || $0 == " " }) }.joined(separator: "\n") : text
    // Quoted-printable, which writes `=` as `=3D` and breaks lines behind `=`; base64 may end with one.
    var joined = ""
    for line in plain.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let isFolded = joined.hasSuffix("=") && !joined.hasSuffix("==") && !line.hasPrefix("-----")
      if isFolded { joined.removeLast() } else if !joined.isEmpty { joined += "\n" }
      joined += line
    }
    return joined.replacing("=3D", with: "=")
  }

  // MARK: Encodings

  /// Hex in either case, with white space, colons or commas, with 0x, as a literal of SQL, or as a dump of a file.
  static func hex(_ text: String) -> [UInt8]? {
    let plain = plainHex(text)
    guard plain.map(isMessage) != true else { return plain }
    return HexDump.bytes(text) ?? plain
  }

  private static func plainHex(_ text: String) -> [UInt8]? {
    var digits = unquoted(text).replacing("0x", with: "").replacing("\\x", with: "")
    if let literal = digits.wholeMatch(of: #/[xX]'(.*)/#) { digits = literal.output.1 }
    do {
      return try Hex.decode(
        digits.utf8.filter { !isSpace($0) && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") },
        letterCase: .any)
    } catch {
      return nil
    }
  }

  /// Base64 in either alphabet, with or without padding and lines.
  static func base64(_ text: String) -> [UInt8]? {
    do {
      return try Base64URL.decode(base64Digits(text).span)
    } catch {
      return nil
    }
  }

  /// The digits of base64, in the alphabet of base64url.
  static func base64Digits(_ text: String) -> [UInt8] {
    let armoured = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
    return unquoted(armoured).utf8.filter { !isSpace($0) && $0 != UInt8(ascii: "=") }.map { byte in
      byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
    }
  }

  /// A list of bytes as programs write it, each a number in decimal or hex.
  private static func numbers(_ text: String) -> [UInt8]? {
    guard
      let list = text.firstMatch(
        of: #/[\[{(]\s*((?:0x)?[0-9a-fA-F]+(?:\s*,\s*(?:0x)?[0-9a-fA-F]+)*)\s*,?\s*[\]})]/#)
    else { return nil }
    var bytes: [UInt8] = []
    for word in list.output.1.split(separator: ",") {
      let word = word.filter { !$0.isWhitespace }
      guard let byte = word.hasPrefix("0x") ? UInt8(word.dropFirst(2), radix: 16) : UInt8(word) else {
        return nil
      }
      bytes.append(byte)
    }
    return bytes
  }

  /// Bytes as languages write them in a string: `b'EK\x01...'`.
  private static func escaped(_ text: String) -> [UInt8]? {
    guard let match = text.firstMatch(of: #/b?(["'])(EK\\(?:x01|001|1|u0001|u\{1\}).*|\\(?:x01|001).*)\1/#)
    else {
      return nil
    }
    var rest = Array(match.output.2.utf8)[...]
    let named: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "a"): 7,
      UInt8(ascii: "b"): 8, UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12,
    ]
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      if kind == UInt8(ascii: "x") {
        guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else if (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(kind) {
        let more = rest.prefix(2).prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        guard let value = UInt8(String(decoding: [kind] + more, as: UTF8.self), radix: 8) else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(more.count)
      } else {
        bytes.append(named[kind] ?? kind)
      }
    }
    return bytes
  }

  /// The texts within a text: strings of JSON, what stands in quotes, the content of a data URI, what a URL escapes.
  private static func parts(of text: String) -> [String] {
    if let value = json(text) { return strings(of: value) }
    var parts = text.matches(of: #/"((?:[^"\\\n]|\\.){8,})"|'([^'\n]{8,})'/#).map { match in
      String(match.output.1 ?? match.output.2 ?? "").replacing("\\/", with: "/").replacing("\\n", with: "")
    }
    parts += text.matches(of: #/data:[^,\s]*,([^\s"'<>)]+)/#).map { String($0.output.1) }
    parts += text.split { $0.isWhitespace || "&?#=".contains($0) }.filter { $0.contains("%") }.map(
      String.init)
    return parts + parts.compactMap { $0.contains("%") ? $0.removingPercentEncoding : nil }
  }

  private static func strings(of value: JSONValue) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let values): values.flatMap(strings)
    case .object(let object): object.members.flatMap { strings(of: $0.value) }
    default: []
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
}
