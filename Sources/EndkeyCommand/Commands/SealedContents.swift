internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

/// What the keys of an end show of a message beyond its fields: each value under the name of what it is in.
struct SealedContents {
  private(set) var rows: [(name: String, value: String)] = []
  /// What did not open.
  private(set) var faults: [(name: String, error: ProtocolError)] = []

  /// Of a whole message or Token, with the keys of the end in `folder`.
  init(
    of message: [UInt8], _ folder: String, _ waiting: WaitOption, _ password: PasswordOptions
  ) async throws {
    func opener() async throws -> TokenOpener {
      TokenOpener(ring: try await ReadingEnd.keyRing(try waiting.store(folder), password))
    }

    guard message.first != 1 else {
      try openToken(Token(parsing: message), "value", with: try await opener())
      return
    }
    switch message.count > 3 ? MessageType(rawValue: message[3]) : nil {
    case .recordBatch:
      let batch = try RecordBatch(parsing: message)
      let opener = try await opener()
      for (index, record) in batch.records.enumerated() {
        for case .token(let token) in record.items {
          try openToken(token, "record \(index), \(token.field.name)", with: opener)
        }
      }
    case .ruleSet:
      let opener = try await opener()
      for rule in try RuleSet(parsing: message).rules {
        try openToken(rule.token, "\(rule.category.name), \(rule.token.field.name)", with: opener)
      }
    case .sealedBlob:
      let blob = try SealedBlob(parsing: message)
      let ring = try await ReadingEnd.keyRing(try waiting.store(folder), password)
      open(blob.context.field.name) { () throws(ProtocolError) in try blob.open(with: ring) }
    case .spoolSegment:
      let key = try FolderAgent.of(try waiting.store(folder, as: .agent)).spoolKey()
      for frame in try SpoolRecovery(segment: message.span, key: key).frames {
        let capture = frame.capture
        rows.append(
          ("frame \(frame.index)", "\(capture.kind.name), \(capture.start.text), \(capture.duration) ms"))
        for item in capture.items {
          let name =
            switch item.field {
            case .token(let field): field.name
            case .blob(let field): field.name
            }
          rows.append(("frame \(frame.index), \(name)", Self.shown(item.content.bytes)))
        }
      }
    case .agentState:
      let status = try FolderAgent.of(try waiting.store(folder, as: .agent)).status()
      rows.append(("phase", status.phase.name))
      if let epoch = status.epoch { rows.append(("epoch", "\(epoch)")) }
      if let end = status.validUntil { rows.append(("valid until", end.text)) }
      rows.append(("batches made", "\(status.sequence)"))
    case .ownerVault, .ownerState:
      rows.append(("contents", "`endkey account open \(folder)` shows the newest"))
    default: break
    }
  }

  private mutating func openToken(_ token: Token, _ name: String, with opener: TokenOpener) throws {
    var opener = opener
    open(name) { () throws(ProtocolError) in try opener.open(token) }
  }

  private mutating func open(_ name: String, _ body: () throws(ProtocolError) -> [UInt8]) {
    do throws(ProtocolError) {
      rows.append((name, Self.shown(try body())))
    } catch {
      faults.append((name, error))
    }
  }

  /// Text as such, and how long it is where that is more than a line; other content by its length and hash.
  private static func shown(_ content: [UInt8]) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      return "\(counted(content.count, "byte")), SHA-256 \(Hash(sha256: content))"
    }
    let start = text.prefix(200)
    return start.count < text.count ? "\(start)... (\(counted(content.count, "byte")))" : text
  }
}
