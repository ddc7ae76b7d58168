public import EndkeyPrimitives
internal import EndkeyWire

/// The seed of the root key, for paper: with it an owner who has lost every device makes another list of persons. It
/// opens authority, not content. §12.6, §18.1
public struct RecoveryText: ~Copyable, Sendable {
  /// 32 bytes.
  package let seed: SecretBytes

  package init(seed: consuming SecretBytes) {
    precondition(seed.count == 32, "a root seed has 32 bytes")
    self.seed = seed
  }

  /// Reads a text: only faults of format are thrown.
  public init(text: borrowing SecretBytes) throws(ProtocolError) {
    let bytes = try SecretText.recovery.decode(text)
    let content = try wire { () throws(WireError) in
      try bytes.withBytes { (bytes) throws(WireError) in try SecretText.Recovery(parsing: bytes) }
    }
    self.init(seed: bytes.copy(content.seed))
  }

  /// The text, lower case, 63 ASCII characters. As secret as what it holds. R-18.1-2
  public func text() -> SecretBytes {
    SecretText.recovery.encode { writer in
      writer.uint8(1)
      writer.secret(seed)
    }
  }

  /// The text as a String, to be shown to the person that it is for. No memory of a String is wiped.
  public func revealedText() -> String { SecretText.revealed(text()) }

  /// Another value with the same seed.
  public func copy() -> RecoveryText { RecoveryText(seed: seed.copy()) }
}
