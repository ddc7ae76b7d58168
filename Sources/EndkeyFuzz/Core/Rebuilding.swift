internal import EndkeyWire

/// A value that is made anew from its public parts, by the initialiser that checks them.
///
/// The generated structs conform in `Generated/RebuiltStructs.swift`, those by hand below.
protocol Rebuildable: Equatable {
  /// The value that the initialiser makes of the parts of this one, of which `parts` may change one; `secrets` are
  /// the bytes that its secret parts are ranges of.
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> Self
}

/// What a value is made of again: its own parts, or the same with one of them changed.
struct Parts {
  /// The epoch of the message that holds the value: above that of each key of the past.
  let epoch = UInt32.max
  /// The number of parts that were given.
  private(set) var count = 0
  /// The number of the part that is changed; -1 for none.
  private let changed: Int
  /// Which of the other values the part becomes.
  private let choice: UInt64

  init(changing changed: Int = -1, choice: UInt64 = 0) {
    (self.changed, self.choice) = (changed, choice)
  }

  /// One of `others` when this is the part to change, otherwise `value`.
  private mutating func part<Value>(_ value: Value, _ others: @autoclosure () -> [Value]) -> Value {
    defer { count += 1 }
    guard count == changed else { return value }
    let others = others()
    return others.isEmpty ? value : others[Int(choice % UInt64(others.count))]
  }

  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) -> Number {
    part(value, [0, .max, value &+ 1, 1 << (Number.bitWidth - 8)])
  }

  mutating func value<Value: CaseIterable & Equatable>(_ value: Value) -> Value {
    part(value, Value.allCases.filter { $0 != value })
  }

  mutating func bytes(_ value: [UInt8]) -> [UInt8] {
    part(value, [value.dropLast(), value + [0], []])
  }

  /// The range only shrinks: it stays within the bytes.
  mutating func secret(_ value: Range<Int>) -> Range<Int> {
    part(value, [value.dropLast(), value.lowerBound..<value.lowerBound])
  }

  mutating func secret(_ value: Range<Int>?) -> Range<Int>? {
    part(value, [nil, value?.dropLast()])
  }

  mutating func list<Element>(_ elements: [Element]) -> [Element] {
    part(elements, [elements.reversed(), elements + elements.suffix(1), elements.dropLast()])
  }

  mutating func list<Element: Rebuildable>(
    _ elements: [Element], _ secrets: Span<UInt8>
  ) throws(WireError) -> [Element] {
    var again: [Element] = []
    for element in elements { again.append(try element.rebuilt(&self, secrets)) }
    return list(again)
  }
}

// MARK: - The property

extension Canonical {
  /// Initialisers check what the parsers check, and no more: what was read is made again of its own parts, and what
  /// is made with one of them changed is read.
  ///
  /// `bytes` are those that `value` was read from: its secrets are ranges of them.
  static func checkRebuilt<Value: Rebuildable>(
    _ value: Value, from bytes: Span<UInt8>, _ effort: Effort,
    write: (Value, Span<UInt8>) -> [UInt8], read: (Span<UInt8>) throws(WireError) -> Value
  ) throws(Violation) {
    var parts = Parts()
    let again: Value
    do throws(WireError) {
      again = try value.rebuilt(&parts, bytes)
    } catch {
      throw Violation("what was read cannot be made of its own parts: \(error)")
    }
    try require(again == value, "made of its own parts, what was read is another value")
    for (changed, choice) in effort.changes(of: parts.count, bytes.mixed) {
      var parts = Parts(changing: changed, choice: choice)
      let other: Value
      do throws(WireError) {
        other = try value.rebuilt(&parts, bytes)
      } catch {
        continue
      }
      let written = write(other, bytes)
      let reread: Value
      do throws(WireError) {
        reread = try read(written.span)
      } catch {
        throw Violation("with its part \(changed) changed, it is made and written, and refused: \(error)")
      }
      // Its secrets are ranges of other bytes now.
      try require(
        write(reread, written.span) == written,
        "with its part \(changed) changed, it is read as another value")
    }
  }

  /// The same for what holds no secrets, and for what a message does beyond its fields.
  static func checkRebuilt<Value: WireStruct & Rebuildable>(
    _ value: Value, from bytes: Span<UInt8>, _ effort: Effort
  ) throws(Violation) {
    let read = { (bytes: Span<UInt8>) throws(WireError) in try Value(parsing: bytes) }
    try checkRebuilt(value, from: bytes, effort, write: { value, _ in value.serialized }, read: read)
    try Making.check(value, of: bytes)
  }
}

extension Effort {
  /// Which of `count` parts to change, and to which of the other values.
  fileprivate func changes(of count: Int, _ mixed: UInt64) -> [(part: Int, choice: UInt64)] {
    guard count > 0 else { return [] }
    switch self {
    case .sampled: return [(Int(mixed % UInt64(count)), mixed >> 32)]
    case .full:
      let parts = stride(from: 0, to: count, by: 1 + count / 64)
      return parts.flatMap { part in (0..<4).map { (part, $0) } }
    }
  }
}

/// What messages do beyond their fields: what a signature, a MAC, a hash or a seal covers are their first bytes, and
/// the step that fills a field in gives the message that was read.
private enum Making {
  static func check<Value: WireStruct>(_ value: Value, of bytes: Span<UInt8>) throws(Violation) {
    if let message = value as? any SignedMessage { try check(message, of: bytes) }
    switch value {
    case let request as EnrolmentRequest:
      try covers(request.authenticatedBytes, bytes, until: request.mac + request.signature)
      try same(request) { () throws(WireError) in try request.authenticated(request.mac) }
    case let grant as Grant:
      try covers(grant.hashedBytes, bytes, until: grant.ciphertext + grant.signature)
      try same(grant) { () throws(WireError) in try grant.encrypted(grant.ciphertext) }
    case let vault as OwnerVault:
      try covers(vault.context, bytes)
    case let state as LocalState:
      try covers(state.context, bytes)
      try same(state) { () throws(WireError) in
        try LocalState(parsing: state.serialized, type: state.header.type)
      }
    case let head as SpoolFrameHead:
      try covers(head.checkedBytes, bytes, until: head.check)
      try same(head) { () throws(WireError) in try head.checked(head.check) }
    default: break
    }
  }

  private static func check<Message: SignedMessage>(
    _ message: Message, of bytes: Span<UInt8>
  ) throws(Violation) {
    try covers(message.signedBytes, bytes, until: message.signature)
    try same(message) { () throws(WireError) in try message.signed(message.signature) }
  }

  /// `bytes` begin with those that are covered, and end with `rest` behind them.
  private static func covers(_ covered: [UInt8], _ bytes: Span<UInt8>, until rest: [UInt8]) throws(Violation)
  {
    try require((covered + rest).span.equals(bytes), "what is covered is not all that stands before")
  }

  /// `bytes` begin with those that are covered.
  private static func covers(_ covered: [UInt8], _ bytes: Span<UInt8>) throws(Violation) {
    try require(
      covered.span.equals(bytes.extracting(first: covered.count)), "what is covered are not the first bytes")
  }

  private static func same<Value: Equatable>(
    _ value: Value, as make: () throws(WireError) -> Value
  ) throws(Violation) {
    let again: Value
    do throws(WireError) {
      again = try make()
    } catch {
      throw Violation("with its own field filled in, it is refused: \(error)")
    }
    try require(again == value, "with its own field filled in, it is another value")
  }
}

// MARK: - What is written by hand

extension Header: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> Header {
    try Header(type: parts.value(type), accountID: accountID, epoch: parts.number(epoch))
  }
}

extension SealedBlob.Context: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> SealedBlob.Context {
    try SealedBlob.Context(header: header.rebuilt(&parts, secrets), field: field, agentID: agentID)
  }
}

extension SealedBlob: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> SealedBlob {
    try SealedBlob(context: context.rebuilt(&parts, secrets), sealed: parts.bytes(sealed))
  }
}

extension BlobText: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> BlobText {
    try BlobText(blob: blob.rebuilt(&parts, secrets))
  }
}

extension Token: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> Token {
    try Token(field: field, epoch: parts.number(epoch), v: v, c: parts.bytes(c))
  }
}

extension Item: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> Item {
    switch self {
    case .token(let token): .token(try token.rebuilt(&parts, secrets))
    case .blob(let blob): .blob(try blob.rebuilt(&parts, secrets))
    }
  }
}

extension GrantContents: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> GrantContents {
    switch keys {
    case .master(let key): try GrantContents(headerHash: headerHash, keys: .master(parts.secret(key)))
    case .scoped(let keys):
      try GrantContents(headerHash: headerHash, keys: .scoped(keys.rebuilt(&parts, secrets)))
    }
  }
}
