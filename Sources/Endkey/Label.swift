package import EndkeyPrimitives
package import EndkeyWire

/// The labels of §6.2, which keep purposes apart: P6. Each kind of use is a type of its own, and no caller gives a
/// length, so that a label cannot be used otherwise than its row says. R-2.3-1
package enum Label {
  /// The names of all labels.
  package static var names: [String] {
    Hashed.allCases.map(\.rawValue) + Derived.allCases.map(\.rawValue) + Prefixed.allCases.map(\.rawValue)
  }

  /// Labels of hashes: `H(label, data)` of §2.3.
  package enum Hashed: String, CaseIterable {
    case accountID = "account-id"
    case agentID = "agent-id"
    case passwordSalt = "password-salt"
    case loginVerifier = "login-verifier"
    case frameCheck = "frame-check"

    /// SHA-256("endkey/1 " || label || 0x00 || data).
    package func hash(of data: Span<UInt8>) -> Hash {
      var hash = SHA256()
      hash.update(Label.prefix(rawValue))
      hash.update(data)
      return Hash(unchecked: hash.finish().span)
    }

    package func hash(of data: [UInt8]) -> Hash { hash(of: data.span) }
  }

  /// Labels of derived keys: `Derive(key, label, ctx, n)` of §2.3.
  package enum Derived: String, CaseIterable {
    case passwordWrap = "password-wrap"
    case passwordCommitment = "password-commitment"
    case login
    case token
    case agent
    case privateKeys = "private-keys"
    case vault
    case commitment
    case blob
    case spool
    case enrolmentMAC = "enrolment-mac"
    case localState = "local-state"

    /// The bytes of the derived key.
    package var keyCount: Int { self == .token ? 64 : 32 }

    /// The bytes of the context.
    package var contextCount: Int {
      switch self {
      case .passwordWrap, .passwordCommitment, .login: PasswordHeader.byteCount
      case .token, .privateKeys, .vault, .commitment: 20
      case .agent, .blob, .spool: 36
      case .enrolmentMAC: 16
      case .localState: 17
      }
    }

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

  /// Labels that go before what is signed or authenticated.
  package enum Prefixed: String, CaseIterable {
    case tokenAD = "token-ad"
    case signature

    /// "endkey/1 " || label || 0x00 || data.
    package func prefixing(_ data: [UInt8]) -> [UInt8] { Label.prefix(rawValue) + data }
  }

  private static func prefix(_ label: String) -> [UInt8] { Array("endkey/1 \(label)".utf8) + [0] }
}
