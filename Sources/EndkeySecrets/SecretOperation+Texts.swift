internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

extension SecretOperation {
  /// What people type: enrolment codes, account secrets, passwords. No secret is ever base64url, which is for tokens
  /// and blobs.
  static let texts: [SecretOperation] = [
    typed("code-encode", .code) { typed, _, mark in
      open(typed.text(), mark)
    },
    typed("account-secret-encode", .accountSecret) { typed, _, mark in
      open(typed.text(), mark)
    },
    typed("code-decode", .code) { _, text, mark in
      try again(text, .code, mark)
    },
    typed("account-secret-decode", .accountSecret) { _, text, mark in
      try again(text, .accountSecret, mark)
    },
    typed("code-decode-upper", .code) { _, text, mark in
      // As the alphanumeric mode of a QR code has it.
      try again(text.map { (0x61...0x7a).contains($0) ? $0 - 32 : $0 }, .code, mark)
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

  /// An operation on a secret of 16 bytes and its text, which must come to the same text.
  private static func typed(
    _ name: String, _ kind: SecretText.Kind,
    _ body: @escaping @Sendable (borrowing TypedSecret, [UInt8], Mark) throws -> [UInt8]
  ) -> SecretOperation {
    SecretOperation(name) { mark in
      let bytes = bytes(10, TypedSecret.secretCount)
      let text = open(
        TypedSecret(kind: kind, accountID: .zero, secret: SecretBytes(copying: bytes)).text(), mark)
      let typed = TypedSecret(kind: kind, accountID: .zero, secret: secret(bytes, mark))
      return try body(typed, text, mark) == text
    }
  }

  /// Reads a text of which all is secret that the 16 bytes and the checksum show in, and writes it again. Prefix,
  /// version and account id are public.
  private static func again(_ text: [UInt8], _ kind: SecretText.Kind, _ mark: Mark) throws -> [UInt8] {
    let secretText = SecretBytes(copying: text)
    secretText.withBytes { mark($0.extracting(31...), true) }
    let typed = try secretText.withBytes { (text) throws(ProtocolError) in
      try TypedSecret(text: text, kind: kind)
    }
    return open(typed.text(), mark)
  }
}
