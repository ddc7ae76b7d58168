internal import EndkeyWire

extension FuzzTarget {
  /// The text forms of §2.4, §14.3, §15.1 and §18.1, and the scanner of §18.
  static let texts: [FuzzTarget] = [
    base64url,
    text(
      "token-text", "the text form of a Token", .vectors("text/token", "text"), alsoCheck: checkFlatForms
    ) { (text) throws(WireError) in
      try Token(text: text).text
    },
    text("blob-text", "the text form of a SealedBlob", .made("blob_texts")) { (text) throws(WireError) in
      try SealedBlob(text: text).text()
    },
    secretText("code-text", .code, .vectors("text/code", "text"), isContent: SecretReference.isCode) {
      (content) throws(WireError) in _ = try SecretText.Code(parsing: content)
    },
    secretText(
      "account-secret-text", .accountSecret, .vectors("text/account-secret", "text"),
      isContent: SecretReference.isSecret
    ) { (content) throws(WireError) in _ = try SecretText.Account(parsing: content) },
    secretText(
      "recovery-text", .recovery, .vectors("text/recovery", "text"), isContent: SecretReference.isSecret
    ) { (content) throws(WireError) in _ = try SecretText.Recovery(parsing: content) },
    scanner,
  ]

  /// The flat forms agree with the plain ones: decoded in place, the text is the same token, or none when it is
  /// refused; read in two loads or field by field, held without a copy or copied, the token is the same.
  private static func checkFlatForms(_ text: Span<UInt8>, _ isRead: Bool) throws(Violation) {
    var flat = [UInt8](repeating: 0, count: Token.byteCountBound(inTexts: text.count))
    var place = flat.mutableSpan
    let count = Token.decode(text: text, into: &place, at: 0)
    flat.removeLast(flat.count - count)
    let adopted = Token(adopting: flat)
    let layout = Token.Layout(of: flat.span, at: flat.indices)
    let (token, parsed): (Token, Token.Layout)
    do throws(WireError) {
      (token, parsed) = (try Token(parsing: flat), try Token.Layout(parsing: flat.span))
    } catch {
      try require(adopted == nil && layout == nil, "bytes are a token without a copy alone")
      return try require(!isRead, "a text is read, and no token when decoded in place: \(error)")
    }
    try require(isRead, "a text is refused, and a token when decoded in place")
    try require(token.text.utf8.elementsEqual(text.array), "decoded in place, a text is another token")
    try require(layout == parsed, "read in two loads, a token is another")
    try require(parsed.range == flat.indices, "the parts of a token are not the whole")
    try require(adopted == token, "held without a copy, a token is another")
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
    alsoCheck: @escaping @Sendable (_ text: Span<UInt8>, _ isRead: Bool) throws(Violation) -> Void = { _, _ in
    },
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
      try alsoCheck(input, outcome == .accepted)
      // Only a text that is read is one match of the scanner.
      let (matches, _) = Scanner.scan(input)
      let isMatch = matches.first.map { $0.range == 0..<input.count && $0.isBlob == isBlob } ?? false
      try require(isMatch == (outcome == .accepted), "the scanner does not agree on the whole text")
      return outcome
    }
  }

  /// Upper and lower case are the same secret, so a text is compared in its own case.
  private static func secretText(
    _ name: String, _ kind: SecretText, _ seeds: Seed, isContent: @escaping @Sendable ([UInt8]) -> Bool,
    parse: @escaping @Sendable (Span<UInt8>) throws(WireError) -> Void
  ) -> FuzzTarget {
    FuzzTarget(
      name, "Bech32m of a \(kind): what BIP 350 and §18.1 allow, in one case", maxLength: 128, seeds: [seeds]
    ) { (input, effort) throws(Violation) in
      try TextProperties.checkBech32m(
        input, effort, humanReadable: kind.rawValue, isContent: isContent,
        encode: { content in Writer.array(count: kind.textCount) { kind.encode(content.span, into: &$0) } }
      ) { (text) throws(Violation) in
        do throws(WireError) {
          return try read(text, kind, parse)
        } catch {
          try Faults.check(error, in: text)
          return nil
        }
      }
    }
  }

  /// The bytes of a text, whose meaning was read, too.
  private static func read(
    _ text: Span<UInt8>, _ kind: SecretText, _ parse: (Span<UInt8>) throws(WireError) -> Void
  ) throws(WireError) -> [UInt8] {
    var content = [UInt8](repeating: 0, count: kind.byteCount)
    var span = content.mutableSpan
    var writer = Writer(&span)
    try kind.decode(text, into: &writer)
    try parse(content.span)
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
