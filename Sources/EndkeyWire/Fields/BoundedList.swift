/// What a list of the specification may hold: the bounds of its bytes, the number and the order of its elements.
///
/// The generated types that conform are the fields of messages, for example `AccountState.Revoked`.
public protocol SecretListRule {
  /// What the list consists of.
  associatedtype Element: Equatable & Sendable

  /// The number of bytes of all elements.
  static var bounds: ClosedRange<Int> { get }
  /// The number of elements.
  static var countMax: Int { get }
  /// The number of bytes of each element; 0 when that differs.
  static var elementSize: Int { get }
  /// Whether `next` may follow `element`. `secrets` has the secrets of both.
  static func inOrder(_ element: Element, _ next: Element, _ secrets: Span<UInt8>) -> Bool
}

extension SecretListRule {
  /// Unbounded: what the bytes have room for.
  public static var countMax: Int { .max }
  /// 0: elements differ in size.
  public static var elementSize: Int { 0 }
  /// True: elements have no order.
  public static func inOrder(_ element: Element, _ next: Element, _ secrets: Span<UInt8>) -> Bool { true }
}

/// What a list may hold that can be checked without the secrets of its elements.
public protocol ListRule: SecretListRule {}

/// Elements as many and in such an order as `Rule` says. R-2.2-3, R-2.2-8
public struct BoundedList<Rule: SecretListRule>: Equatable, Sendable {
  /// What the list consists of.
  public typealias Element = Rule.Element

  /// The elements, in their order.
  public let elements: [Element]

  /// Of elements that were checked one by one.
  init(unchecked elements: [Element]) { self.elements = elements }

  /// A list of `elements`. Throws `lengthOutOfRange` for too many or too few, `notCanonical` for two out of order.
  init(
    _ elements: [Element], _ secrets: Span<UInt8>, _ byteCount: (Element) -> Int
  ) throws(WireError) {
    let count =
      Rule.elementSize > 0
      ? Rule.elementSize * elements.count : elements.reduce(0) { $0 + byteCount($1) }
    guard Rule.bounds ~= count, elements.count <= Rule.countMax else {
      throw WireError(.lengthOutOfRange, at: 0, .messages)
    }
    for (element, next) in zip(elements, elements.dropFirst()) where !Rule.inOrder(element, next, secrets) {
      throw WireError(.notCanonical, at: 0, .messages)
    }
    self.elements = elements
  }
}

extension BoundedList: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { elements.count }
  @inlinable public subscript(index: Int) -> Element { elements[index] }
}

// MARK: - Ids and hashes

extension BoundedList where Rule.Element: FixedBytes {
  /// The bytes of all elements.
  var contentCount: Int { Rule.Element.byteCount * elements.count }

  func serialize(into writer: inout Writer) {
    writer.length(contentCount, upTo: Rule.bounds.upperBound)
    for element in elements { writer.fixed(element) }
  }
}

extension BoundedList where Rule: ListRule, Rule.Element: FixedBytes {
  /// A list of `elements`. Throws `lengthOutOfRange` for too many or too few, `notCanonical` for two out of order.
  public init(_ elements: [Element]) throws(WireError) {
    try self.init(elements, Span()) { _ in Element.byteCount }
  }
}

// MARK: - Structs

extension BoundedList where Rule.Element: WireStruct {
  /// The bytes of all elements.
  var contentCount: Int {
    Rule.elementSize > 0 ? Rule.elementSize * elements.count : elements.serializedCount
  }

  func serialize(into writer: inout Writer) {
    writer.length(contentCount, upTo: Rule.bounds.upperBound)
    elements.serialize(into: &writer)
  }
}

extension BoundedList where Rule: ListRule, Rule.Element: WireStruct {
  /// A list of `elements`. Throws `lengthOutOfRange` for too many or too few, `notCanonical` for two out of order.
  public init(_ elements: [Element]) throws(WireError) {
    try self.init(elements, Span(), \.serializedCount)
  }
}

// MARK: - Structs that hold secrets

extension BoundedList where Rule.Element: SecretContents {
  /// The bytes of all elements.
  var contentCount: Int {
    Rule.elementSize > 0 ? Rule.elementSize * elements.count : elements.serializedCount
  }

  func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.length(contentCount, upTo: Rule.bounds.upperBound)
    elements.serialize(into: &writer, secrets: secrets)
  }
}

extension BoundedList where Rule: ListRule, Rule.Element: SecretContents {
  /// A list of `elements`. Throws `lengthOutOfRange` for too many or too few, `notCanonical` for two out of order.
  public init(_ elements: [Element]) throws(WireError) {
    try self.init(elements, Span(), \.serializedCount)
  }
}
