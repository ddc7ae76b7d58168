/// A property that does not hold, for the input at hand: a bug of the code or of the specification.
public struct Violation: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// Throws a `Violation` unless `holds`.
@inline(__always)
public func require(_ holds: Bool, _ description: @autoclosure () -> String) throws(Violation) {
  guard holds else { throw Violation(description()) }
}
