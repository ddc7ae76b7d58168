package import EndkeyPrimitives
package import EndkeyWire

/// The labels that keep purposes apart: P6. Each kind of use is a type of its own, and no caller gives a length, so
/// that a label cannot be used otherwise than its row says. §6.2, R-2.3-1
package enum Label {
  fileprivate static func prefix(_ label: String) -> [UInt8] { Array("endkey/1 \(label)".utf8) + [0] }
}

extension Label.Hashed {
  /// SHA-256("endkey/1 " || label || 0x00 || data).
  func hash(of data: Span<UInt8>) -> Hash {
    var hash = SHA256()
    hash.update(Label.prefix(rawValue))
    hash.update(data)
    return Hash(unchecked: hash.finish().span)
  }

  /// SHA-256("endkey/1 " || label || 0x00 || data).
  package func hash(of data: [UInt8]) -> Hash { hash(of: data.span) }
}

extension Label.Derived {
  /// HKDF-SHA-256 of `key`, info "endkey/1 " || label || 0x00 || context, without a salt: `keyCount` bytes.
  package func derive(
    from key: borrowing SecretBytes, context: [UInt8]
  ) throws(ProtocolError) -> SecretBytes {
    precondition(context.count == contextCount, "a context of another label")
    let info = Label.prefix(rawValue) + context
    return try primitive("2.3") { () throws(PrimitiveError) in
      try HKDF.sha256(ikm: key, info: info, count: keyCount)
    }
  }
}

extension Label.Prefixed {
  /// "endkey/1 " || label || 0x00 || data.
  func prefixing(_ data: some Sequence<UInt8>) -> [UInt8] { Label.prefix(rawValue) + data }
}
