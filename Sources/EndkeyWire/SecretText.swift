/// The secrets that a person types or keeps on paper, by the human-readable part of their Bech32m texts. §18.1
public enum SecretText: String, CaseIterable, Sendable {
  /// An EnrolmentCode: 47 bytes, 86 characters.
  case code = "ekc"
  /// A SecretText, the account secret: 33 bytes, 63 characters.
  case accountSecret = "ekb"
  /// A RecoveryText: 33 bytes, 63 characters.
  case recovery = "ekr"

  /// The bytes that a text holds, the first of which is the version.
  public var byteCount: Int {
    switch self {
    case .code: 47
    case .accountSecret, .recovery: 33
    }
  }

  /// The characters of a text.
  public var textCount: Int { Self.prefixCount + numberCount + Bech32m.checksumCount }

  /// Writes the text, lower case, of `bytes`, which begin with the version. R-18.1-2
  public func encode(_ bytes: Span<UInt8>, into writer: inout Writer) {
    precondition(bytes.count == byteCount, "a text of another size")
    for byte in rawValue.utf8 { writer.uint8(byte) }
    writer.uint8(UInt8(ascii: "1"))
    var checksum = Bech32m.Checksum(humanReadable: rawValue)
    for index in 0..<numberCount {
      let number = Self.number(index, of: bytes)
      checksum.add(number)
      writer.uint8(Bech32m.character(number))
    }
    for _ in 0..<Bech32m.checksumCount { checksum.add(0) }
    let value = checksum.value ^ Bech32m.constant
    for index in 0..<Bech32m.checksumCount {
      writer.uint8(Bech32m.character(UInt8(truncatingIfNeeded: value >> UInt32(25 - 5 * index) & 31)))
    }
  }

  /// Reads `text`, and writes the bytes that it holds unless it throws. R-18.1-1
  ///
  /// What the bytes mean is left to the initialisers of their contents, which take them next.
  public func decode(_ text: Span<UInt8>, into writer: inout Writer) throws(WireError) {
    guard let isUpper = isUpper(text) else { throw WireError(.badPrefix, at: 0, .secretText) }
    // One verdict for all characters: where a stray one is, is looked for only when there is one.
    var checksum = Bech32m.Checksum(humanReadable: rawValue)
    var union: UInt8 = 0
    for index in Self.prefixCount..<text.count {
      let number = Bech32m.number(text[index], isUpper: isUpper)
      union |= number
      checksum.add(number & 31)
    }
    // declassified(alphabet): the verdict on the alphabet
    guard union < 32 else { throw Self.fault(at: Self.stray(in: text, isUpper)) }
    guard text.count == textCount else { throw Self.fault(at: text.count) }
    // declassified(checksum): the verdict on the checksum
    guard checksum.value == Bech32m.constant else {
      throw Self.fault(at: textCount - Bech32m.checksumCount)
    }

    // The bits of the last character that are of no byte.
    let padding = 5 * numberCount - 8 * byteCount
    // declassified(last-bits): the verdict on the last bits
    guard bits(at: 8 * byteCount, padding, of: text, isUpper) == 0 else {
      throw Self.fault(at: Self.prefixCount + numberCount - 1)
    }
    for index in 0..<byteCount { writer.uint8(bits(at: 8 * index, 8, of: text, isUpper)) }
  }
}

// MARK: - Contents

extension SecretText {
  /// What an enrolment code says: 47 bytes. §10.1
  public struct Code: Equatable, Sendable {
    /// The account that its agent or manager comes to.
    public let accountID: AccountID
    /// Where the secret is.
    public let secret: SecretPlace<16>
    /// What its holder keeps of it.
    public let terms: CodeTerms

    /// What the bytes of a text say; the offset of a fault is that of a character of the text.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
      self = try SecretText.content(of: bytes) { reader throws(WireError) in
        try Code(parsing: &reader)
      }
    }

    private init(parsing reader: inout Reader) throws(WireError) {
      accountID = try reader.fixed("account_id")
      secret = try reader.secret("secret")
      terms = try CodeTerms(parsing: &reader)
    }
  }

  /// What the text of an account secret says: 33 bytes. §9.2
  public struct Account: Equatable, Sendable {
    /// The account that the secret is of.
    public let accountID: AccountID
    /// Where the secret is.
    public let secret: SecretPlace<16>

    /// What the bytes of a text say; the offset of a fault is that of a character of the text.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
      self = try SecretText.content(of: bytes) { reader throws(WireError) in
        try Account(parsing: &reader)
      }
    }

    private init(parsing reader: inout Reader) throws(WireError) {
      accountID = try reader.fixed("account_id")
      secret = try reader.secret("secret")
    }
  }

  /// What a recovery text says: 33 bytes. §12.6
  public struct Recovery: Equatable, Sendable {
    /// Where the seed of the root key is.
    public let seed: SecretPlace<32>

    /// What the bytes of a text say; the offset of a fault is that of a character of the text.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
      self = try SecretText.content(of: bytes) { reader throws(WireError) in
        try Recovery(parsing: &reader)
      }
    }

    private init(parsing reader: inout Reader) throws(WireError) {
      seed = try reader.secret("seed")
    }
  }

  /// What `body` reads behind the version, its faults at the characters that hold the first bit of a field.
  private static func content<Value>(
    of bytes: Span<UInt8>, _ body: (inout Reader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    do {
      var reader = Reader(bytes, .secretText)
      try reader.version()
      let value = try body(&reader)
      try reader.finish()
      return value
    } catch {
      throw WireError(moving: error, to: prefixCount + 8 * error.offset / 5)
    }
  }
}

// MARK: - Characters

extension SecretText {
  /// The human-readable part and the separator.
  private static var prefixCount: Int { 4 }
  /// The characters between prefix and checksum, of 5 bits each.
  private var numberCount: Int { (8 * byteCount + 4) / 5 }

  private static func fault(at offset: Int) -> WireError {
    WireError(.badBech32m, at: offset, .secretText)
  }

  /// Whether `text` starts with the prefix in upper case, or nil when it starts with it in neither case.
  private func isUpper(_ text: Span<UInt8>) -> Bool? {
    guard text.count >= Self.prefixCount else { return nil }
    let start = [UInt8](text.extracting(0..<Self.prefixCount))
    let prefix = rawValue + "1"
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
  private func bits(at start: Int, _ count: Int, of text: Span<UInt8>, _ isUpper: Bool) -> UInt8 {
    let first = start / 5
    var value: UInt16 = 0
    for index in first..<first + 3 {
      let isThere = index < numberCount
      let number = isThere ? Bech32m.number(text[Self.prefixCount + index], isUpper: isUpper) : 0
      value = value << 5 | UInt16(number)
    }
    return UInt8(truncatingIfNeeded: value >> UInt16(15 - start % 5 - count) & (1 << UInt16(count) - 1))
  }
}
