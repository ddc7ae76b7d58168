package import EndkeyPrimitives
internal import EndkeyWire

extension StretchedPassword {
  /// What another process of the same person is handed over, so that it opens the account without the password. It is
  /// as secret as the password, for this account alone.
  package func handedOver() -> SecretBytes {
    SecretBytes.concatenating(SecretBytes(copying: head.serialized + Array(loginID.bytes)), secret)
  }

  /// What was handed over; nil for anything else.
  package init?(handedOver bytes: borrowing SecretBytes) {
    let start = PasswordHeader.byteCount + Hash.byteCount
    guard [start + 32, start + 48].contains(bytes.count) else { return nil }
    let clear = bytes.withBytes { bytes in (0..<start).map { bytes[$0] } }
    guard let head = PasswordHeader(reading: Array(clear.prefix(PasswordHeader.byteCount))) else {
      return nil
    }
    self.init(
      head: head, loginID: Hash(unchecked: clear.span.extracting(PasswordHeader.byteCount..<start)),
      secret: bytes.withBytes { SecretBytes(copying: $0.extracting(start..<$0.count)) })
  }
}
