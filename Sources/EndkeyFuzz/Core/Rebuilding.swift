internal import EndkeyWire

/// A value that is made anew from its public parts, whose types check them.
///
/// The generated structs conform in `Generated/RebuiltStructs.swift`, those by hand below.
protocol Rebuildable: Equatable {
  /// The value that the initialiser makes of the parts of this one, of which `parts` may change one; `secrets` are
  /// the bytes that its secret parts are places in.
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> Self
}

/// What a value is made of again: its own parts, or the same with one of them changed.
struct Parts {
  /// Whether the fields of all structs fit each other, as their parsers demand.
  private(set) var isConsistent = true
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

  mutating func value<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) -> Number {
    part(value, [0, .max, value &+ 1, 1 << (Number.bitWidth - 8)])
  }

  mutating func value(_ value: Counter) throws(WireError) -> Counter {
    try Counter(self.value(value.value))
  }

  mutating func value(_ value: Time) throws(WireError) -> Time {
    try Time(milliseconds: self.value(value.milliseconds))
  }

  mutating func value(_ value: Epoch) throws(WireError) -> Epoch { try Epoch(self.value(value.value)) }

  mutating func value(_ value: Generation) throws(WireError) -> Generation {
    try Generation(self.value(value.value))
  }

  mutating func value(_ value: Epoch?) throws(WireError) -> Epoch? {
    let number = self.value(value?.value ?? 0)
    return number == 0 ? nil : try Epoch(number)
  }

  mutating func value<let least: Int, let most: Int>(
    _ value: ByteCount<least, most>
  ) throws(WireError) -> ByteCount<least, most> {
    try ByteCount(Int(self.value(value.value)))
  }

  mutating func value<let least: Int, let most: Int>(
    _ value: BoundedNumber<least, most>
  ) throws(WireError) -> BoundedNumber<least, most> {
    try BoundedNumber(part(value.value, [least, most, least - 1, most + 1]))
  }

  mutating func value(_ value: CapturedField) -> CapturedField {
    part(
      value,
      (TokenField.allCases.map { .token($0) } + BlobField.allCases.map { .blob($0) }).filter { $0 != value })
  }

  mutating func value<Value: CaseIterable & Equatable>(_ value: Value) -> Value {
    part(value, Value.allCases.filter { $0 != value })
  }

  mutating func value(_ value: Bool) -> Bool { part(value, [!value]) }

  mutating func value<Value: FixedBytes>(_ value: Value) throws(WireError) -> Value {
    try Value(bytes(value.bytes))
  }

  mutating func value<let least: Int, let most: Int>(
    _ value: BoundedBytes<least, most>
  ) throws(WireError) -> BoundedBytes<least, most> {
    try BoundedBytes(bytes(value.bytes))
  }

  mutating func value<let count: Int>(_ value: SecretPlace<count>) -> SecretPlace<count> { value }

  /// A struct that may be missing, whose secrets are places that stay.
  mutating func value<Value: Rebuildable>(_ value: Value?) throws(WireError) -> Value? {
    let again = try value?.rebuilt(&self, Span())
    return part(again, [nil])
  }

  /// Notes whether the fields of a struct that was made fit each other, which its initialiser does not check.
  mutating func note(isConsistent: Bool) {
    if !isConsistent { self.isConsistent = false }
  }

  mutating func bytes(_ value: [UInt8]) -> [UInt8] {
    part(value, [value.dropLast(), value + [0], [], value.reversed()])
  }

  mutating func list<Rule: ListRule>(_ list: BoundedList<Rule>) throws(WireError) -> BoundedList<Rule>
  where Rule.Element: FixedBytes {
    try BoundedList(changed(list.elements))
  }

  mutating func list<Rule: ListRule>(
    _ list: BoundedList<Rule>, _ secrets: Span<UInt8>
  ) throws(WireError) -> BoundedList<Rule> where Rule.Element: Rebuildable & WireStruct {
    try BoundedList(rebuilt(list.elements, secrets))
  }

  mutating func list<Rule: ListRule>(
    _ list: BoundedList<Rule>, _ secrets: Span<UInt8>
  ) throws(WireError) -> BoundedList<Rule> where Rule.Element: Rebuildable & SecretContents {
    try BoundedList(rebuilt(list.elements, secrets))
  }

  mutating func list(
    _ list: BoundedList<VaultContents.PastKeys>, _ secrets: Span<UInt8>
  ) throws(WireError) -> BoundedList<VaultContents.PastKeys> {
    try BoundedList(rebuilt(list.elements, secrets), secrets: secrets)
  }

  private mutating func rebuilt<Element: Rebuildable>(
    _ elements: [Element], _ secrets: Span<UInt8>
  ) throws(WireError) -> [Element] {
    var again: [Element] = []
    for element in elements { again.append(try element.rebuilt(&self, secrets)) }
    return changed(again)
  }

  private mutating func changed<Element>(_ elements: [Element]) -> [Element] {
    part(elements, [elements.reversed(), elements + elements.suffix(1), elements.dropLast()])
  }
}

// MARK: - The property

extension Canonical {
  /// The types of fields, and `isConsistent`, check what the parsers check, and no more: what was read is made
  /// again of its own parts, and what is made with one of them changed is read.
  ///
  /// `bytes` are those that `value` was read from: its secrets are places in them.
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
        try require(
          !parts.isConsistent,
          "with its part \(changed) changed, it is made and written, and refused: \(error)")
        continue
      }
      try require(
        parts.isConsistent,
        "with its part \(changed) changed, its fields do not fit each other, and it is read")
      // Its secrets are places in other bytes now.
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

/// What messages do beyond their fields: what a signature, a MAC, a hash or a seal covers are their first bytes.
private enum Making {
  static func check<Value: WireStruct>(_ value: Value, of bytes: Span<UInt8>) throws(Violation) {
    if let message = value as? any SignedMessage { try check(message, of: bytes) }
    switch value {
    case let request as EnrolmentRequest:
      try covers(request.authenticatedBytes, bytes, until: request.mac.bytes + request.signature.bytes)
    case let grant as Grant:
      try covers(grant.hashedBytes, bytes, until: grant.ciphertext.bytes + grant.signature.bytes)
    case let vault as OwnerVault:
      try covers(vault.context, bytes)
    case let state as LocalState:
      try covers(state.context, bytes)
      try same(state) { () throws(WireError) in
        try LocalState(parsing: state.serialized, type: state.type)
      }
    case let head as SpoolFrameHead:
      try covers(head.checkedBytes, bytes, until: head.check.bytes)
    default: break
    }
  }

  private static func check<Message: SignedMessage>(
    _ message: Message, of bytes: Span<UInt8>
  ) throws(Violation) {
    try covers(message.signedBytes, bytes, until: message.signature.bytes)
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

extension SealedBlob.Context: Rebuildable {
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) throws(WireError) -> SealedBlob.Context {
    SealedBlob.Context(
      accountID: try parts.value(accountID), epoch: try parts.value(epoch), field: parts.value(field),
      agentID: try parts.value(agentID))
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
    try Token(field: field, epoch: parts.value(epoch), v: v, c: parts.bytes(c))
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
  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>) -> GrantContents {
    switch keys {
    case .master: self
    case .scoped(let keys):
      GrantContents(headHash: headHash, keys: .scoped(keys.rebuilt(&parts, secrets)))
    }
  }
}
