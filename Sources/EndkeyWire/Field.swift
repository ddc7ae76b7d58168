/// One field as the parser read it: a row of an annotated dump.
public struct Field: Equatable, Sendable {
  /// Where the field starts, in bytes from the start of the message.
  public let offset: Int
  /// The number of the field's bytes: zero for the content of an empty vector.
  public let length: Int
  /// The path of names of the specification, for example `records[0].items[1].token.v`.
  public let name: String
  /// What the field says: a number in decimal, an enum value as `name(number)`, bytes in hexadecimal; of more than 64
  /// bytes the first 32 and `...`.
  public let value: String
  /// The section of the specification that defines the field, for example `"8.3"`.
  public let section: String
}
