/// The head of every message: 24 bytes. §8.1
public struct Header: WireStruct {
  public static var section: Section { .header }
  /// The number of bytes of a Header: always 24.
  public static var byteCount: Int { 24 }

  /// The type of the message behind the header.
  public let type: MessageType
  /// The account that the message belongs to.
  public let accountID: AccountID
  /// The epoch of the account: from 1, and 0 where R-8.1-2 allows it.
  public let epoch: UInt32

  /// A header of these fields. Throws `valueOutOfRange` when one of this type must not have this epoch. R-8.1-2
  public init(type: MessageType, accountID: AccountID, epoch: UInt32) throws(WireError) {
    guard type.allows(epoch: epoch) else { throw Self.fault(.valueOutOfRange, at: 20) }
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
    epoch = try reader.epoch("epoch", where: type.allows)
  }

  /// Reads a header of the type that the message fixes, or one of two. R-8.1-1
  init(parsing reader: inout Reader, _ expected: MessageType, or other: MessageType? = nil) throws(WireError)
  {
    try reader.magic("EK")
    try reader.version()
    type = try reader.type(expected, or: other ?? expected)
    accountID = try reader.fixed("account_id")
    epoch = try reader.epoch("epoch", where: type.allows)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.magic("EK")
    writer.uint8(1)
    writer.value(type)
    writer.fixed(accountID)
    writer.uint32(epoch)
  }

  /// `unexpectedType` unless this is the header of such a message.
  func require(_ expected: MessageType, or other: MessageType? = nil) throws(WireError) {
    guard type == expected || type == other else { throw Self.fault(.unexpectedType, at: 3) }
  }
}

extension Reader {
  /// The header of a message that fixes its type.
  mutating func header(_ expected: MessageType, or other: MessageType? = nil) throws(WireError) -> Header {
    try nested("header", .header) { reader throws(WireError) in
      try Header(parsing: &reader, expected, or: other)
    }
  }
}

extension MessageType {
  /// Whether a header of this type may have this epoch. R-8.1-2
  func allows(epoch: UInt32) -> Bool {
    switch self {
    case .enrolmentRequest: epoch == 0
    case .agentState, .ownerState: true
    default: epoch > 0
    }
  }
}
