internal import EndkeyJSON
internal import EndkeyWire

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
    guard !Self.isMessage(input), let text = String(validating: input, as: UTF8.self), Self.isText(input)
    else {
      self = .message(input)
      return
    }
    if let form = Self.textForm(Self.unquoted(text)) {
      self = .text(form)
      return
    }
    let bytes = Self.hex(text)
    if let message = [bytes, Self.base64(text)].compactMap({ $0 }).first(where: Self.isMessage) {
      self = .message(message)
    } else if let form = text.firstMatch(of: Self.forms) {
      self = .text(Array(form.output.utf8))
    } else if let bytes, !bytes.isEmpty {
      self = .message(bytes)
    } else {
      self = .other(Self.isJSON(input) ? "JSON" : "text")
    }
  }

  /// Whether bytes begin as a message or a Token does.
  private static func isMessage(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x45, 0x4b, 1]) || bytes.first == 1
  }

  private static func isText(_ input: [UInt8]) -> Bool {
    input.allSatisfy { $0 >= 32 || (9...13).contains($0) }
  }

  private static func isJSON(_ input: [UInt8]) -> Bool {
    do {
      _ = try JSONValue(parsing: input)
      return true
    } catch {
      return false
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

  // MARK: Encodings

  /// Hex in either case, with white space, colons or commas, with 0x, or as `xxd` and `hexdump -C` write it.
  static func hex(_ text: String) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      guard let dumped = line.firstMatch(of: #/^[0-9a-fA-F]{7,}(:?) +(\S.*)$/#) else { return String(line) }
      let bytes = dumped.output.2
      let end = dumped.output.1.isEmpty ? bytes.firstRange(of: "|") : bytes.firstRange(of: "  ")
      return String(bytes[..<(end?.lowerBound ?? bytes.endIndex)])
    }
    let digits = unquoted(lines.joined()).replacing("0x", with: "").replacing("\\x", with: "").utf8
      .filter { !isSpace($0) && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") }
    do {
      return try Hex.decode(digits, letterCase: .any)
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

  private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
}
