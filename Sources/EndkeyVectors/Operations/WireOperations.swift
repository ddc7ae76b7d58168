internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

extension Operation {
  /// `wire/NAME`: parses a message and serialises it again.
  static let wire: [Operation] = WireStructs.messages.map { message($0) }

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
    readSecretText("text/code", .code),
    writeSecretText("text/code-encode", .code),
    readSecretText("text/account-secret", .accountSecret),
    writeSecretText("text/account-secret-encode", .accountSecret),
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

  private static func readSecretText(_ name: String, _ kind: SecretText.Kind) -> Operation {
    Operation(name) { fields in
      let (accountID, secret) = try decode(fields.bytes("text"), as: kind)
      return .of(["account_id": .hex(accountID), "secret": .hex(secret)])
    }
  }

  private static func writeSecretText(_ name: String, _ kind: SecretText.Kind) -> Operation {
    Operation(name) { fields in
      let accountID = try fields.bytes("account_id", count: 16)
      let secret = try fields.bytes("secret", count: 16)
      return .of("text", encode([1] + accountID + secret, as: kind))
    }
  }

  static func decode(
    _ text: [UInt8], as kind: SecretText.Kind
  ) throws(WireError) -> (accountID: [UInt8], secret: [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: SecretText.byteCount)
    var span = bytes.mutableSpan
    var writer = Writer(&span)
    let read = try SecretText.decode(text.span, as: kind, into: &writer)
    return (read.accountID.bytes, [UInt8](bytes[read.secret.range]))
  }

  private static func encode(_ bytes: [UInt8], as kind: SecretText.Kind) -> [UInt8] {
    Writer.array(count: SecretText.textCount) { SecretText.encode(bytes.span, as: kind, into: &$0) }
  }
}

extension Scanner.Match.Content {
  fileprivate var kind: String {
    switch self {
    case .token: "token"
    case .blob: "blob"
    }
  }
}
