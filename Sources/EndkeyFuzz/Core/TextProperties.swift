/// The properties of texts, for ours and for broken ones: `decode` gives nil for what it refuses.
public enum TextProperties {
  /// Base64url is read and written as Foundation does it, and each text is the only one of its bytes. R-2.4-1
  public static func checkBase64URL(
    _ input: Span<UInt8>, encode: (Span<UInt8>) -> String, decode: (Span<UInt8>) throws(Violation) -> [UInt8]?
  ) throws(Violation) -> FuzzTarget.Outcome {
    let bytes = input.array
    try require(encode(input) == Base64Reference.encode(bytes), "Foundation writes the bytes as other text")
    let decoded = try decode(input)
    try require(decoded == Base64Reference.decode(bytes), "Foundation reads the text as other bytes")
    guard let decoded else { return .refused }
    try require(encode(decoded.span).utf8.elementsEqual(bytes), "two texts of the same bytes")
    return .accepted
  }

  /// A secret text is what BIP 350 by the letter and §18.1 say. Upper and lower case are the same secret, so a text
  /// is compared in its own case. `encode` writes the content, which `isContent` says by the letter what it may be,
  /// in lower case.
  public static func checkBech32m(
    _ input: Span<UInt8>, _ effort: Effort, humanReadable: String,
    isContent: ([UInt8]) -> Bool, encode: ([UInt8]) -> [UInt8],
    decode: (Span<UInt8>) throws(Violation) -> [UInt8]?
  ) throws(Violation) -> FuzzTarget.Outcome {
    try Canonical.check(input, effort) { (text) throws(Violation) in
      let content = try decode(text)
      let expected = Bech32mReference.decode(text.array, humanReadable: humanReadable)
      try require(
        content == expected.flatMap { isContent($0) ? $0 : nil },
        "the reader by the letter of BIP 350 does not agree")
      guard let content else { return nil }
      let lower = encode(content)
      let isUpper = text.array.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
      return isUpper ? Array(String(decoding: lower, as: UTF8.self).uppercased().utf8) : lower
    }
  }
}
