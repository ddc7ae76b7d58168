internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

extension FuzzTarget {
  /// What is sealed, cut, reordered and put together again; and what is normalised.
  static let streams: [FuzzTarget] = [stream, blob, spool, spoolBytes, tokens, replacer, normalForm]

  private static var stream: FuzzTarget {
    FuzzTarget(
      "stream",
      "C2SP chunks in pieces: only verified plaintext comes out, none after an error, all or an error",
      maxLength: 256, seeds: [.none]
    ) { (input, _) throws(Violation) in
      var script = Script(input)
      let content = pattern(script.size(), script.byte())
      let key = Keys.secret("stream", 32)
      let context = script.string(atMost: 16)
      let sealed = try must("sealing") {
        var random = DeterministicRandom("stream")
        return try ChunkedEncryption.seal(content, key: key, context: context, using: &random)
      }
      try require(
        try sealedInPieces(content, key, context, &script) == sealed,
        "sealed in pieces, it is another message")

      let changed = script.edited(reordered(sealed, &script))
      var released: [UInt8] = []
      var failed = false
      do {
        var opener = try ChunkedEncryption.Opener(key: key, context: context)
        for piece in script.pieces(of: changed.count) {
          do {
            try opener.update(changed.span.extracting(piece), into: &released)
            try require(!failed, "an update succeeds after an error")
          } catch PrimitiveError.authenticationFailed {
            failed = true
          }
        }
        let before = released.count
        do {
          try opener.finish(into: &released)
          try require(!failed, "the end is accepted after an error")
        } catch PrimitiveError.authenticationFailed {
          try require(released.count == before, "a failed end gives output")
          failed = true
        }
        try require(
          released.elementsEqual(content.prefix(released.count)), "what comes out is not what went in")
      } catch {
        throw error as? Violation ?? Violation("opening fails with \(error)")
      }
      try require(
        failed == (changed != sealed), failed ? "it does not open" : "it opens though it was changed")
      try require(failed || released == content, "a part is taken for the whole")

      var whole: [UInt8]?
      do throws(PrimitiveError) {
        whole = try ChunkedEncryption.open(changed, key: key, context: context)
      } catch {
        try require(error == .authenticationFailed, "opening at once fails with \(error)")
      }
      try require(whole == (failed ? nil : content), "at once and in pieces, it opens differently")
      return failed ? .refused : .accepted
    }
  }

  private static func sealedInPieces(
    _ content: [UInt8], _ key: borrowing SecretBytes, _ context: [UInt8], _ script: inout Script
  ) throws(Violation) -> [UInt8] {
    do {
      var random = DeterministicRandom("stream")
      var sealed: [UInt8] = []
      var sealer = try ChunkedEncryption.Sealer(key: key, context: context, using: &random)
      for piece in script.pieces(of: content.count) {
        try sealer.update(content.span.extracting(piece), into: &sealed)
      }
      try sealer.finish(into: &sealed)
      return sealed
    } catch {
      throw Violation("sealing in pieces fails: \(error)")
    }
  }

  /// The same message, or one with a chunk dropped, doubled, or in the place of another.
  private static func reordered(_ sealed: [UInt8], _ script: inout Script) -> [UInt8] {
    let size = ChunkedEncryption.sealedChunkByteCount
    let head = [UInt8](sealed.prefix(ChunkedEncryption.headByteCount))
    let body = sealed.dropFirst(head.count)
    var chunks = stride(from: body.startIndex, to: body.endIndex, by: size).map {
      [UInt8](body[$0..<min(body.endIndex, $0 + size)])
    }
    let (first, second) = (script.below(chunks.count), script.below(chunks.count))
    switch script.below(8) {
    case 1: chunks.remove(at: first)
    case 2: chunks.insert(chunks[first], at: second)
    case 3: chunks.swapAt(first, second)
    case 4: chunks.removeLast(first)
    default: break
    }
    return head + chunks.joined()
  }

  private static var blob: FuzzTarget {
    FuzzTarget(
      "blob", "a SealedBlob in pieces: opens as sealed, or is refused; the text form is the same blob",
      maxLength: 256, seeds: [.none]
    ) { (input, _) throws(Violation) in
      var script = Script(input)
      let content = pattern(script.size(), script.byte())
      let field = script.one(of: BlobField.allCases)
      let new = try must("sealing a blob") {
        let key = try Keys.masterKey(epoch: [1, 2, 3][script.below(3)]).agentKey(for: Keys.agents[0].agentID)
        var random = DeterministicRandom("stream")
        return try NewBlob(sealing: content.span, key: key, field: field, using: &random)
      }
      let blob = new.blob
      if blob.serializedCount <= Limit.blobTextMax {
        let again = try must("reading the text form") { try SealedBlob(text: blob.text()) }
        try require(again == blob, "the text form is another blob")
      }
      let sealed = blob.serialized
      let changed = script.edited(sealed)
      let isNamed = script.below(2) == 1
      var released: [UInt8] = []
      let error = refusal { () throws(ProtocolError) in
        var opener = BlobOpener(ring: Keys.ring, reference: isNamed ? new.reference : nil)
        for piece in script.pieces(of: changed.count) {
          try opener.update(changed.span.extracting(piece), into: &released)
        }
        try opener.finish(into: &released)
      }
      try require(
        released.elementsEqual(content.prefix(released.count)), "what comes out is not what went in")
      try require((error == nil) == (changed == sealed), "a changed blob opens, or a right one does not")
      try require(error != nil || released == content, "a part is taken for the whole")
      try require(error != .internalError, "an internal error")
      return error == nil ? .accepted : .refused
    }
  }

  private static var spool: FuzzTarget {
    FuzzTarget(
      "spool", "a damaged segment: every frame that is whole is recovered, the rest is named byte for byte",
      maxLength: 256, seeds: [.none]
    ) { (input, _) throws(Violation) in try SpoolProperties.checkDamaged(Script(input)) }
  }

  private static var spoolBytes: FuzzTarget {
    FuzzTarget(
      "spool-bytes", "any bytes as a segment: recovery accounts for each of them", maxLength: 4096,
      seeds: [.vectors("spool/recover", "segment")]
    ) { (input, _) throws(Violation) in try SpoolProperties.check(input) }
  }

  private static var tokens: FuzzTarget {
    FuzzTarget(
      "tokens", "tokens: many at once as one by one, open as sealed, equal for equal values, none changed",
      maxLength: 1024, seeds: [.vectors("token/seal", "value")]
    ) { (input, _) throws(Violation) in try TokenProperties.check(Script(input)) }
  }

  private static var replacer: FuzzTarget {
    FuzzTarget(
      "replace", "values in place of tokens: the same wherever the text is cut, and never markup",
      maxLength: 512, seeds: [.none]
    ) { (input, _) throws(Violation) in try ReplaceProperties.check(Script(input)) }
  }

  private static var normalForm: FuzzTarget {
    FuzzTarget(
      "normal-form", "NFC of passwords: a fixed point, canonically equal to what was typed", maxLength: 256,
      seeds: [.vectors("normal/password", "password"), .vectors("normal/login-name", "login_name")]
    ) { (input, _) throws(Violation) in
      guard let normal = normalized(input) else { return .refused }
      try require(normalized(normal.span) == normal, "the normal form has another normal form")
      try require(normal.count <= Limit.passwordMax, "the normal form is too long")
      try require(
        String(decoding: normal, as: UTF8.self) == String(decoding: input.array, as: UTF8.self),
        "the standard library does not take the normal form for the same text")
      return .accepted
    }
  }

  private static func normalized(_ text: Span<UInt8>) -> [UInt8]? {
    do throws(NormalizationError) {
      return try NormalForm.password(text).withBytes { $0.array }
    } catch {
      return nil
    }
  }
}

/// `count` bytes without a short period, of which the first is `first`.
func pattern(_ count: Int, _ first: UInt8) -> [UInt8] {
  let start = Int(first)
  return [UInt8](patternBytes[start..<start + count])
}

private let patternBytes: [UInt8] = (0..<70_000).map { UInt8($0 % 256) ^ UInt8($0 / 251 % 256) }

extension Script {
  /// A size around those at which something changes: none, few, a chunk, two chunks. Large ones are rare.
  mutating func size() -> Int {
    let small = below(200)
    switch below(16) {
    case 12: return ChunkedEncryption.chunkByteCount - 1 + small % 3
    case 13: return 2 * ChunkedEncryption.chunkByteCount - 1 + small % 3
    case 14: return ChunkedEncryption.chunkByteCount + small
    default: return small
    }
  }

  /// `count` bytes in at most nine pieces.
  mutating func pieces(of count: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    while start < count {
      let end = pieces.count < 8 && !isAtEnd ? min(count, start + size() + 1) : count
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }
}
