/// The head of every message: 24 bytes. §8.1
///
/// A message has its account and epoch as fields of its own; its type is that of the Swift type.
public struct Header: WireStruct {
  public static var section: Section { .header }
  /// The number of bytes of a Header: always 24.
  public static var byteCount: Int { 24 }

  /// The type of the message behind the header.
  public let type: MessageType
  /// The account that the message belongs to.
  public let accountID: AccountID
  /// The epoch of the message; nil, on the wire 0, where there is none. R-8.1-2
  public let epoch: Epoch?

  /// `type` has such an epoch.
  init(_ type: MessageType, _ accountID: AccountID, _ epoch: Epoch?) {
    self.type = type
    self.accountID = accountID
    self.epoch = epoch
  }

  /// Reads a header of any type.
  public init(parsing reader: inout Reader) throws(WireError) {
    try reader.magic("EK")
    try reader.version()
    type = try reader.value("type")
    accountID = try reader.fixed("account_id")
    epoch = try reader.optionalEpoch("epoch", where: type.allows)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.magic("EK")
    writer.uint8(1)
    writer.value(type)
    writer.fixed(accountID)
    writer.uint32(epoch?.value ?? 0)
  }
}

/// The types of a message that has one of several.
public protocol MessageTypeSubset: CaseIterable, Hashable, Sendable {
  /// The type as one of all.
  var messageType: MessageType { get }
}

// The header of a message that fixes its type, as what the message has of it. R-8.1-1, R-8.1-2
extension Reader {
  /// Of a message that is of an epoch.
  mutating func header(_ type: MessageType) throws(WireError) -> (AccountID, Epoch) {
    try nested("header", .header) { reader throws(WireError) in
      try reader.startHeader(type)
      return (try reader.fixed("account_id"), try reader.epoch("epoch"))
    }
  }

  /// Of a message that is of no epoch.
  mutating func headerWithoutEpoch(_ type: MessageType) throws(WireError) -> AccountID {
    try nested("header", .header) { reader throws(WireError) in
      try reader.startHeader(type)
      let accountID: AccountID = try reader.fixed("account_id")
      _ = try reader.epoch("epoch") { $0 == 0 }
      return accountID
    }
  }

  /// Of a message of one of several types, which is of an epoch or of none.
  mutating func header<Type: MessageTypeSubset>() throws(WireError) -> (Type, AccountID, Epoch?) {
    try nested("header", .header) { reader throws(WireError) in
      try reader.magic("EK")
      try reader.version()
      return (try reader.type(), try reader.fixed("account_id"), try reader.optionalEpoch("epoch"))
    }
  }

  /// What stands before the account.
  mutating func startHeader(_ type: MessageType) throws(WireError) {
    try magic("EK")
    try version()
    try self.type(type)
  }
}
