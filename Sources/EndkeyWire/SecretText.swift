/// An enrolment code or account secret: 33 bytes, 63 characters. §18.1
public struct SecretText: SecretContents {
  /// What a text is for, which its human-readable part tells.
  public enum Kind: String, CaseIterable, Sendable {
    /// An enrolment code, which begins with `ekc1`.
    case code = "ekc"
    /// An account secret, which begins with `ekb1`.
    case accountSecret = "ekb"
  }

  /// The number of bytes that a text holds: always 33.
  public static var byteCount: Int { 33 }
  /// The number of characters of a text: always 63.
  public static var textCount: Int { 63 }

  /// The account that the text belongs to.
  public let accountID: AccountID
  /// The place of the 16 secret bytes in the 33.
  public let secret: SecretPlace<16>

  /// Contents of these fields.
  public init(accountID: AccountID, secret: SecretPlace<16>) {
    self.accountID = accountID
    self.secret = secret
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.uint8(1)
    writer.fixed(accountID)
    writer.secret(secret, of: secrets)
  }

  /// Writes the text, lower case, of the 33 serialised `bytes`. R-18.1-2
  public static func encode(_ bytes: Span<UInt8>, as kind: Kind, into writer: inout Writer) {
    precondition(bytes.count == byteCount, "a secret text has 33 bytes")
    for byte in kind.rawValue.utf8 { writer.uint8(byte) }
    writer.uint8(UInt8(ascii: "1"))
    var checksum = Bech32m.Checksum(humanReadable: kind.rawValue)
    for index in 0..<numberCount {
      let number = number(index, of: bytes)
      checksum.add(number)
      writer.uint8(Bech32m.character(number))
    }
    for _ in 0..<Bech32m.checksumCount { checksum.add(0) }
    let value = checksum.value ^ Bech32m.constant
    for index in 0..<Bech32m.checksumCount {
      writer.uint8(Bech32m.character(UInt8(truncatingIfNeeded: value >> UInt32(25 - 5 * index) & 31)))
    }
  }

  /// Reads `text`, and writes the 33 bytes that it holds unless it throws. `secret` is where they have it. R-18.1-1
  public static func decode(
    _ text: Span<UInt8>, as kind: Kind, into writer: inout Writer
  ) throws(WireError) -> SecretText {
    guard let isUpper = isUpper(text, kind) else { throw WireError(.badPrefix, at: 0, .secretText) }
    // One verdict for all characters: where a stray one is, is looked for only when there is one.
    var checksum = Bech32m.Checksum(humanReadable: kind.rawValue)
    var union: UInt8 = 0
    for index in prefixCount..<text.count {
      let number = Bech32m.number(text[index], isUpper: isUpper)
      union |= number
      checksum.add(number & 31)
    }
    // declassified(alphabet): the verdict on the alphabet
    guard union < 32 else { throw fault(at: stray(in: text, isUpper)) }
    guard text.count == textCount else { throw fault(at: text.count) }
    // declassified(checksum): the verdict on the checksum
    guard checksum.value == Bech32m.constant else { throw fault(at: textCount - Bech32m.checksumCount) }

    // The last of the 265 bits in 53 characters is none of the 33 bytes.
    // declassified(last-bit): the verdict on the last bit
    guard bits(at: 264, 1, of: text, isUpper) == 0 else { throw fault(at: prefixCount + numberCount - 1) }
    guard bits(at: 0, 8, of: text, isUpper) == 1 else {
      throw WireError(.unknownVersion, at: prefixCount, .secretText)
    }
    var accountID: [UInt8] = []
    for index in 0..<byteCount {
      let byte = bits(at: 8 * index, 8, of: text, isUpper)
      if accountRange.contains(index) { accountID.append(byte) }
      writer.uint8(byte)
    }
    return SecretText(
      accountID: AccountID(unchecked: accountID.span), secret: SecretPlace(at: accountRange.upperBound))
  }
}

extension SecretText {
  /// The human-readable part and the separator.
  private static var prefixCount: Int { 4 }
  /// Characters between prefix and checksum.
  private static var numberCount: Int { 53 }
  private static var accountRange: Range<Int> { 1..<17 }

  private static func fault(at offset: Int) -> WireError {
    WireError(.badBech32m, at: offset, .secretText)
  }

  /// Whether `text` starts with the prefix in upper case, or nil when it starts with it in neither case.
  private static func isUpper(_ text: Span<UInt8>, _ kind: Kind) -> Bool? {
    guard text.count >= prefixCount else { return nil }
    let start = [UInt8](text.extracting(0..<prefixCount))
    let prefix = kind.rawValue + "1"
    return start == Array(prefix.utf8) ? false : start == Array(prefix.uppercased().utf8) ? true : nil
  }

  /// The first character behind the prefix that is of the wrong case or none of the alphabet.
  private static func stray(in text: Span<UInt8>, _ isUpper: Bool) -> Int {
    var index = prefixCount
    while index < text.count, Bech32m.number(text[index], isUpper: isUpper) != Bech32m.noNumber { index += 1 }
    return index
  }

  /// The 5 bits from `5 * index` of `bytes`, zero behind their end.
  private static func number(_ index: Int, of bytes: Span<UInt8>) -> UInt8 {
    let first = 5 * index / 8
    let next = first + 1 < bytes.count ? bytes[first + 1] : 0
    let pair = UInt16(bytes[first]) << 8 | UInt16(next)
    return UInt8(truncatingIfNeeded: pair >> UInt16(11 - 5 * index % 8) & 31)
  }

  /// The `count` bits, at most 8, from `start` of what the characters behind the prefix hold.
  private static func bits(at start: Int, _ count: Int, of text: Span<UInt8>, _ isUpper: Bool) -> UInt8 {
    let first = start / 5
    var value: UInt16 = 0
    for index in first..<first + 3 {
      let number = index < numberCount ? Bech32m.number(text[prefixCount + index], isUpper: isUpper) : 0
      value = value << 5 | UInt16(number)
    }
    return UInt8(truncatingIfNeeded: value >> UInt16(15 - start % 5 - count) & (1 << UInt16(count) - 1))
  }
}
