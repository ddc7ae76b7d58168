internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

extension SecretOperation {
  /// What people type: enrolment codes, account secrets, passwords. No secret is ever base64url, which is for tokens
  /// and blobs.
  static let texts: [SecretOperation] = [
    encoding("code-encode", codeText),
    encoding("account-secret-encode", accountSecretText),
    encoding("recovery-encode", recoveryText),
    // The characters that hold bits of the secret alone, and the checksum.
    decoding("code-decode", codeText, hiding: [31..<56, 80..<86]) { try EnrolmentCode(text: $0).text() },
    decoding("account-secret-decode", accountSecretText, hiding: [31..<63]) {
      try AccountSecret(text: $0).text()
    },
    decoding("recovery-decode", recoveryText, hiding: [6..<63]) { try RecoveryText(text: $0).text() },
    // As the alphanumeric mode of a QR code has it.
    decoding("code-decode-upper", codeText, isUpper: true, hiding: [31..<56, 80..<86]) {
      try EnrolmentCode(text: $0).text()
    },
    SecretOperation("password-ascii") { mark in
      // The count of bytes is public.
      let password = Array("correct Horse, 9 batteries ~".utf8)
      let normal = try secret(password, mark).withBytes { (bytes) throws(NormalizationError) in
        try NormalForm.password(bytes)
      }
      return open(normal, mark) == password
    },
    // Not constant-time, by the nature of NFC: §Side channels says so.
    SecretOperation("password-other") { mark in
      let password = Array("cre\u{300}me bru\u{302}le\u{301}e \u{1F6B2}".utf8)
      let normal = try secret(password, mark).withBytes { (bytes) throws(NormalizationError) in
        try NormalForm.password(bytes)
      }
      // Its count, too, comes of the tables.
      let expected = SecretBytes(copying: Array("cr\u{e8}me br\u{fb}l\u{e9}e \u{1F6B2}".utf8))
      return settled(normal.equals(expected), mark)
    },
  ]

  private static func codeText(_ secret: (_ count: Int) -> SecretBytes) -> SecretBytes {
    let terms = CodeTerms(generation: .first, made: 0, kind: .scoped, role: .agent)
    return EnrolmentCode(accountID: .zero, secret: secret(16), terms: terms).text()
  }

  private static func accountSecretText(_ secret: (_ count: Int) -> SecretBytes) -> SecretBytes {
    AccountSecret(accountID: .zero, secret: secret(16)).text()
  }

  private static func recoveryText(_ secret: (_ count: Int) -> SecretBytes) -> SecretBytes {
    RecoveryText(seed: secret(32)).text()
  }

  private typealias Text = @Sendable (_ secret: (_ count: Int) -> SecretBytes) -> SecretBytes

  /// Writes the text of a secret, which must be that of the same bytes when they are public.
  private static func encoding(_ name: String, _ text: @escaping Text) -> SecretOperation {
    SecretOperation(name) { mark in
      let expected = open(text { SecretBytes(copying: bytes(10, $0)) }, mark)
      return open(text { secret(bytes(10, $0), mark) }, mark) == expected
    }
  }

  /// Reads a text of which the characters at `places` are secret, and writes it again. Prefix, version and account
  /// id are public.
  private static func decoding(
    _ name: String, _ text: @escaping Text, isUpper: Bool = false, hiding places: [Range<Int>],
    _ again: @escaping @Sendable (borrowing SecretBytes) throws -> SecretBytes
  ) -> SecretOperation {
    SecretOperation(name) { mark in
      let lower = open(text { SecretBytes(copying: bytes(10, $0)) }, mark)
      let typed = SecretBytes(
        copying: isUpper ? lower.map { (0x61...0x7a).contains($0) ? $0 - 32 : $0 } : lower)
      typed.withBytes { typed in
        for place in places { mark(typed.extracting(place), true) }
      }
      return open(try again(typed), mark) == lower
    }
  }
}
