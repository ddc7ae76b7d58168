/// One field as the parser read it: a row of an annotated dump.
public struct Field: Equatable, Sendable {
  /// In bytes from the start of the message.
  public let offset: Int
  /// In bytes. Zero for the content of an empty vector.
  public let length: Int
  /// The path of names of the specification, for example `records[0].items[1].token.v`.
  public let name: String
  /// A number in decimal, an enum value as `name(number)`, bytes in hexadecimal; of more than 64 bytes the first 32
  /// and `...`.
  public let value: String
  /// The section that defines the field.
  public let section: String
}
