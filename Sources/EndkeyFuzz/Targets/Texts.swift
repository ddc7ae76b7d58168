internal import EndkeyWire

extension FuzzTarget {
  /// The text forms of §2.4, §14.3, §15.1 and §18.1, and the scanner of §18.
  static let texts: [FuzzTarget] = [
    base64url,
    text("token-text", "the text form of a Token", .vectors("text/token", "text")) {
      (text) throws(WireError) in
      try rewritten(text)
    },
    text("blob-text", "the text form of a SealedBlob", .made("blob_texts")) { (text) throws(WireError) in
      try SealedBlob(text: text).text()
    },
    secretText("code-text", .code, .vectors("text/code", "text")),
    secretText("account-secret-text", .accountSecret, .vectors("text/account-secret", "text")),
    scanner,
  ]

  /// The text of a token again, by way of the flat forms: decoded in place, filled in place. Empty, so that it differs,
  /// where they do not agree with the plain ones.
  private static func rewritten(_ text: Span<UInt8>) throws(WireError) -> String {
    var flat = [UInt8](repeating: 0, count: Token.byteCountBound(inTexts: text.count))
    var place = flat.mutableSpan
    let count = Token.decode(text: text, into: &place, at: 0)
    flat.removeLast(flat.count - count)
    let token = try Token(text: text)
    guard flat == token.serialized else { return "" }
    let layout = try Token.Layout(parsing: flat.span)
    guard layout.range == flat.indices else { return "" }
    guard let again = Token(adopting: flat), again == token else { return "" }
    return again.text
  }

  private static var base64url: FuzzTarget {
    FuzzTarget(
      "base64url", "canonical text only, as Foundation reads and writes it", maxLength: 512,
      seeds: [.vectors("text/token", "text")]
    ) { (input, _) throws(Violation) in
      try TextProperties.checkBase64URL(input, encode: { Base64URL.encode($0) }) { (text) throws(Violation) in
        do throws(WireError) {
          return try Base64URL.decode(text)
        } catch {
          try Faults.check(error, in: text)
          return nil
        }
      }
    }
  }

  private static func text(
    _ name: String, _ about: String, _ seeds: Seed,
    rewrite: @escaping @Sendable (Span<UInt8>) throws(WireError) -> String
  ) -> FuzzTarget {
    FuzzTarget(
      name, "\(about): one text, refused when cut or longer; the scanner finds it as a whole", seeds: [seeds]
    ) { (input, effort) throws(Violation) in
      let isBlob = name == "blob-text"
      let outcome = try Canonical.check(input, effort) { (bytes) throws(Violation) in
        do throws(WireError) {
          return Array(try rewrite(bytes).utf8)
        } catch {
          try Faults.check(error, in: bytes)
          return nil
        }
      }
      // Only a text that is read is one match of the scanner.
      let (matches, _) = Scanner.scan(input)
      let isMatch = matches.first.map { $0.range == 0..<input.count && $0.isBlob == isBlob } ?? false
      try require(isMatch == (outcome == .accepted), "the scanner does not agree on the whole text")
      return outcome
    }
  }

  /// Upper and lower case are the same secret, so a text is compared in its own case.
  private static func secretText(_ name: String, _ kind: SecretText.Kind, _ seeds: Seed) -> FuzzTarget {
    FuzzTarget(
      name, "Bech32m of a \(kind): what BIP 350 and §18.1 allow, in one case", maxLength: 128, seeds: [seeds]
    ) { (input, effort) throws(Violation) in
      try TextProperties.checkBech32m(
        input, effort, humanReadable: kind.rawValue,
        encode: { content in
          Writer.array(count: SecretText.textCount) { SecretText.encode(content.span, as: kind, into: &$0) }
        }
      ) { (text) throws(Violation) in
        do throws(WireError) {
          return try read(text, kind)
        } catch {
          try Faults.check(error, in: text)
          return nil
        }
      }
    }
  }

  private static func read(_ text: Span<UInt8>, _ kind: SecretText.Kind) throws(WireError) -> [UInt8] {
    var content = [UInt8](repeating: 0, count: SecretText.byteCount)
    var span = content.mutableSpan
    var writer = Writer(&span)
    _ = try SecretText.decode(text, as: kind, into: &writer)
    return content
  }

  private static var scanner: FuzzTarget {
    FuzzTarget(
      "scan", "the scanner: the same wherever the text is cut, every prefix a match or reported",
      maxLength: 1024, seeds: [.vectors("scan", "text")]
    ) { (input, effort) throws(Violation) in
      try ScanProperties.check(input, effort)
    }
  }
}

extension Scanner.Match {
  var isBlob: Bool {
    if case .blob = content { return true }
    return false
  }
}
