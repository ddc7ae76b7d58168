/// A JSON number, kept as it is written: nothing is rounded before someone asks for a rounded form.
///
/// Two numbers are equal when they are written alike: `1`, `1.0` and `1e0` are three numbers.
public struct JSONNumber: Equatable, Sendable, CustomStringConvertible {
  /// The number by the grammar of RFC 8259 §6.
  public let text: String

  /// `text` obeys the grammar: only the reader, and the initialisers below, make numbers.
  init(checked text: String) { self.text = text }

  /// An integer of any size, exactly.
  public init(_ value: some FixedWidthInteger) { text = String(value) }

  /// The shortest text that reads as `value`; nothing for an infinity or a NaN, which JSON lacks.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    text = String(value)
  }

  /// The exact value, when the number is written without fraction and exponent and fits in `T`.
  public func integer<T: FixedWidthInteger>(as type: T.Type = T.self) -> T? { T(text) }

  /// The nearest double; nothing beyond its range.
  public var double: Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  public var description: String { text }
}
