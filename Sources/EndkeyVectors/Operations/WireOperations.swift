internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  /// `wire/NAME`: parses a message and serialises it again.
  static let wire: [Operation] = (WireStructs.messages + [PersonRequest.self]).map { message($0) }

  private static func message<Message: WireStruct>(_ type: Message.Type) -> Operation {
    Operation("wire/\(type)") { fields in
      let message = try Message(parsing: fields.bytes("message"))
      return .of("message", message.serialized)
    }
  }

  /// The text forms and the scanner.
  static let texts: [Operation] = [
    Operation("text/token") { fields in
      let token = try Token(text: fields.bytes("text"))
      return .of("bytes", token.serialized)
    },
    Operation("text/token-encode") { fields in
      let token = try Token(parsing: fields.bytes("bytes"))
      return .of("text", Array(token.text.utf8))
    },
    Operation("text/blob") { fields in
      let blob = try SealedBlob(text: fields.bytes("text"))
      return .of("bytes", blob.serialized)
    },
    Operation("text/blob-encode") { fields in
      let blob = try SealedBlob(parsing: fields.bytes("bytes"))
      return .of("text", Array(try blob.shortText().utf8))
    },
    Operation("text/code") { fields in
      let code = try EnrolmentCode(text: fields.secret("text"))
      return .of([
        "account_id": .hex(code.accountID.bytes), "secret": .hex(code.secret.disclosed),
        "generation": .integer(code.terms.generation.value), "made": .integer(code.terms.made.milliseconds),
        "kind": .string(code.terms.kind.name), "role": .string(code.terms.role.name),
      ])
    },
    Operation("text/code-encode") { fields in
      let accountID = try fields.accountID()
      let secret = try fields.secret("secret", count: 16)
      let terms = CodeTerms(
        generation: try fields.generation(), made: try fields.time("made"), kind: try fields.named("kind"),
        role: try fields.named("role"))
      guard terms.isConsistent else { throw JSONShapeError(path: "kind", reason: "not of this role") }
      return .of("text", EnrolmentCode(accountID: accountID, secret: secret, terms: terms).text().disclosed)
    },
    Operation("text/account-secret") { fields in
      let secret = try AccountSecret(text: fields.secret("text"))
      return .of(["account_id": .hex(secret.accountID.bytes), "secret": .hex(secret.secret.disclosed)])
    },
    Operation("text/account-secret-encode") { fields in
      let accountID = try fields.accountID()
      let secret = try fields.secret("secret", count: 16)
      return .of("text", AccountSecret(accountID: accountID, secret: secret).text().disclosed)
    },
    Operation("text/recovery") { fields in
      .of("seed", try RecoveryText(text: fields.secret("text")).seed.disclosed)
    },
    Operation("text/recovery-encode") { fields in
      .of("text", RecoveryText(seed: try fields.secret("seed", count: 32)).text().disclosed)
    },
    Operation("scan") { fields in
      let text = try fields.bytes("text")
      let (matches, skipped) = Scanner.scan(text.span)
      return .of([
        "matches": .array(
          matches.map { match in
            [
              "kind": .string(match.content.kind), "start": .integer(match.range.lowerBound),
              "end": .integer(match.range.upperBound),
            ]
          }),
        "skipped": .array(
          skipped.map { ["offset": .integer($0.offset), "code": .string($0.code.rawValue)] }),
      ])
    },
  ]

}

extension Scanner.Match.Content {
  fileprivate var kind: String {
    switch self {
    case .token: "token"
    case .blob: "blob"
    }
  }
}
