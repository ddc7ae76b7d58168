/// One action: kind, start and duration in clear, its fields as tokens or references to blobs. §8.3
public struct Record: WireStruct {
  public static var section: Section { .messages }

  public let kind: RecordKind
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let start: UInt64
  /// Milliseconds.
  public let duration: UInt32
  /// Strictly ascending by field number.
  public let items: [Item]

  public init(kind: RecordKind, start: UInt64, duration: UInt32, items: [Item]) throws(WireError) {
    try Self.require(counter: start, at: 1)
    try Self.require(length: items.serializedCount, in: 0...Limit.itemsMax, at: 13)
    try Self.require(ascending: items, at: 13) { $0.fieldNumber < $1.fieldNumber }
    self.kind = kind
    self.start = start
    self.duration = duration
    self.items = items
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    kind = try reader.value("kind")
    start = try reader.counter("start")
    duration = try reader.uint32("duration")
    items = try reader.vector(
      "items", 0...Limit.itemsMax, inOrder: { $1.fieldNumber < $2.fieldNumber }, of: Item.init(parsing:))
  }

  public var serializedCount: Int { 15 + items.serializedCount }

  public func serialize(into writer: inout Writer) {
    writer.value(kind)
    writer.uint64(start)
    writer.uint32(duration)
    writer.length(items.serializedCount, upTo: Limit.itemsMax)
    items.serialize(into: &writer)
  }
}
