package import EndkeyPrimitives
internal import EndkeyWire

/// The normal forms of a password and of a login name (§9.1).
package enum NormalForm {
  /// The normal form of a password, 1 to 1,024 bytes of UTF-8. Neither the password nor a part of it is left
  /// in memory that is not guarded.
  package static func password(_ utf8: Span<UInt8>) throws(NormalizationError) -> SecretBytes {
    try withNFC(of: utf8, maxCount: Limit.passwordMax) { SecretBytes(copying: $0) }
  }

  /// The normal form of a login name, 1 to 255 bytes of UTF-8: as a password's, then `A`..`Z` lowered, then
  /// NFC once more, since a lowered letter may compose with a mark.
  package static func loginName(_ utf8: Span<UInt8>) throws(NormalizationError) -> [UInt8] {
    // Composing takes less than half of the bytes away.
    let lowered = try withNFC(of: utf8, maxCount: 2 * Limit.loginNameMax) { bytes in
      bytes.indices.map { index in
        let byte = bytes[index]
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
      }
    }
    return try withNFC(of: lowered.span, maxCount: Limit.loginNameMax) { bytes in
      bytes.indices.map { bytes[$0] }
    }
  }

  /// Lends the NFC of `utf8`, 1 to `maxCount` bytes, to `body`; wiped afterwards, as is what it was made from.
  ///
  /// Text too long for any normal form of `maxCount` bytes is refused before it is read.
  private static func withNFC<R: ~Copyable>(
    of utf8: Span<UInt8>, maxCount: Int, _ body: (Span<UInt8>) -> R
  ) throws(NormalizationError) -> R {
    guard !utf8.isEmpty else { throw .empty }
    guard utf8.count <= NFC.maxInputCount(outputCount: maxCount) else { throw .tooLong }
    var count = 0
    let memory = try SecretBytes(count: NFC.workspaceCount(utf8Count: utf8.count)) {
      (memory) throws(NormalizationError) in
      count = try NFC.normalize(utf8, in: &memory)
    }
    guard count <= maxCount else { throw .tooLong }
    return memory.withBytes { body($0.extracting(0..<count)) }
  }
}
