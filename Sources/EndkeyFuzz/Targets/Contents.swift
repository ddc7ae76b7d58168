internal import EndkeyWire

extension FuzzTarget {
  /// What seals hide, and the parts of messages that have readers of their own.
  static let contents: [FuzzTarget] = [
    part("person-request", PersonRequest.self, seeds: [.vectors("wire/PersonRequest", "message")]),
    part("owner-contents", OwnerContents.self, seeds: [.vectors("local-state/open", "contents")]),
    part("blob-reference", BlobReference.self, seeds: [.made("blob_references")]),
    part("spool-frame-head", SpoolFrameHead.self, seeds: [.made("frame_heads")]),
    part("blob-struct", BlobText.self, seeds: [.made("blob_structs")]),
    secret("account-keys", seeds: [.made("account_keys")]) { (bytes) throws(WireError) in
      try AccountKeys(parsing: bytes)
    },
    secret("agent-contents", seeds: [.vectors("local-state/open", "contents")]) { (bytes) throws(WireError) in
      try AgentContents(parsing: bytes)
    },
    secret("master-grant-contents", seeds: [.made("grant_contents")]) { (bytes) throws(WireError) in
      try GrantContents(parsing: bytes, kind: .master)
    },
    secret("scoped-grant-contents", seeds: [.made("grant_contents")]) { (bytes) throws(WireError) in
      try GrantContents(parsing: bytes, kind: .scoped)
    },
    vault,
  ]

  private static func part<Part: WireStruct & Rebuildable>(
    _ name: String, _ type: Part.Type, seeds: [Seed]
  ) -> FuzzTarget {
    FuzzTarget(
      name, "\(type): one encoding, refused when cut or longer, made again of its parts", maxLength: 1024,
      seeds: seeds
    ) { (input, effort) throws(Violation) in
      try Canonical.check(input, effort, prefix: type == BlobText.self ? .mayBeRead : .isRefused) {
        (bytes) throws(Violation) in
        let part: Part
        do throws(WireError) {
          part = try Part(parsing: bytes)
        } catch {
          try Faults.check(error, in: bytes)
          return nil
        }
        if bytes.count == input.count { try Canonical.checkRebuilt(part, from: bytes, effort) }
        return part.serialized
      }
    }
  }

  /// The secrets of a content are ranges of the bytes that it was read from: written from there, all is as before.
  private static func secret<Contents: SecretContents & Rebuildable>(
    _ name: String, seeds: [Seed], parse: @escaping @Sendable (Span<UInt8>) throws(WireError) -> Contents
  ) -> FuzzTarget {
    FuzzTarget(
      name,
      "\(Contents.self): one encoding, refused when cut or longer, made again of its parts; its secrets lie where it "
        + "says",
      maxLength: 2048, seeds: seeds
    ) { (input, effort) throws(Violation) in try check(input, effort, parse) }
  }

  private static func check<Contents: SecretContents & Rebuildable>(
    _ input: Span<UInt8>, _ effort: Effort, _ parse: (Span<UInt8>) throws(WireError) -> Contents
  ) throws(Violation) -> Outcome {
    try Canonical.check(input, effort) { (bytes) throws(Violation) in
      let contents: Contents
      do throws(WireError) {
        contents = try parse(bytes)
      } catch {
        try Faults.check(error, in: bytes)
        return nil
      }
      if bytes.count == input.count {
        try Canonical.checkRebuilt(contents, from: bytes, effort, write: written, read: parse)
      }
      return written(contents, bytes)
    }
  }

  private static func written(_ contents: some SecretContents, _ secrets: Span<UInt8>) -> [UInt8] {
    Writer.array(count: contents.serializedCount) { contents.serialize(into: &$0, secrets: secrets) }
  }

  /// The zeros that fill up a vault are added to the input: a fuzzer does not hit upon so many.
  private static var vault: FuzzTarget {
    FuzzTarget(
      "vault-contents",
      "VaultContents behind its zeros: one encoding, refused when cut or longer, made again of its parts",
      maxLength: 4096, seeds: [.made("vault_contents")]
    ) { (input, effort) throws(Violation) in
      let missing = (Limit.vaultPadding - input.count % Limit.vaultPadding) % Limit.vaultPadding
      let padded = input.array + [UInt8](repeating: 0, count: missing)
      return try check(padded.span, effort) { (bytes) throws(WireError) in try VaultContents(parsing: bytes) }
    }
  }
}
