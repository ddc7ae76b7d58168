/// One field of a record. §8.3
public enum Item: WireStruct {
  public static var section: Section { .messages }

  /// A value that the service may group by. §14
  case token(Token)
  /// A sealed recording or text, which lies elsewhere. §15
  case blob(BlobReference)

  /// Which of the two it is, as the first byte on the wire says.
  public var type: ItemType {
    switch self {
    case .token: .token
    case .blob: .blob
    }
  }

  /// The number of the field, from the number space that `TokenField` and `BlobField` share.
  public var fieldNumber: UInt8 {
    switch self {
    case .token(let token): token.field.rawValue
    case .blob(let blob): blob.field.rawValue
    }
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    self =
      switch try reader.value("type", as: ItemType.self) {
      case .token: .token(try reader.nested("token"))
      case .blob: .blob(try reader.nested("blob"))
      }
  }

  public var serializedCount: Int {
    switch self {
    case .token(let token): 1 + token.serializedCount
    case .blob(let blob): 1 + blob.serializedCount
    }
  }

  public func serialize(into writer: inout Writer) {
    writer.value(type)
    switch self {
    case .token(let token): token.serialize(into: &writer)
    case .blob(let blob): blob.serialize(into: &writer)
    }
  }
}
