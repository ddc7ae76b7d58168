internal import EndkeyWire

extension FuzzTarget {
  /// What seals hide, and the parts of messages that have readers of their own.
  static let contents: [FuzzTarget] = [
    part("owner-contents", OwnerContents.self, seeds: [.vectors("local-state/open", "contents")]),
    part("blob-reference", BlobReference.self, seeds: [.made("blob_references")]),
    part("spool-frame-head", SpoolFrameHead.self, seeds: [.made("frame_heads")]),
    part("blob-struct", BlobText.self, seeds: [.made("blob_structs")]),
    secret("account-keys", seeds: [.vectors("local-state/open", "contents")]) { (bytes) throws(WireError) in
      try AccountKeys(parsing: bytes)
    },
    secret(
      "agent-contents", seeds: [.vectors("local-state/open", "contents"), .made("agent_contents")]
    ) { (bytes) throws(WireError) in
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
    ) { (input, effort) throws(Violation) in
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
  }

  private static func written(_ contents: some SecretContents, _ secrets: Span<UInt8>) -> [UInt8] {
    Writer.array(count: contents.serializedCount) { contents.serialize(into: &$0, secrets: secrets) }
  }

  private static var vault: FuzzTarget {
    FuzzTarget(
      "vault-contents",
      "VaultContents: one encoding, made again of its parts; past keys are older than the vault's epoch",
      maxLength: 4096, seeds: [.vectors("vault/open", "contents"), .made("vault_contents")]
    ) { (input, effort) throws(Violation) in
      let parse = { (bytes: Span<UInt8>) throws(WireError) in try VaultContents(parsing: bytes, epoch: .max) }
      let outcome = try Canonical.check(input, effort) { (bytes) throws(Violation) in
        let contents: VaultContents
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
      guard outcome == .accepted else { return outcome }
      for number: UInt32 in 1...3 {
        let isOlder: Bool
        do throws(WireError) {
          let epoch = try Epoch(number)
          isOlder = try VaultContents(parsing: input, epoch: epoch).pastKeys.allSatisfy { $0.epoch < epoch }
        } catch {
          isOlder = error.code == .valueOutOfRange
        }
        try require(isOlder, "a past key of the vault's own epoch, or a fault for none")
      }
      return outcome
    }
  }
}
