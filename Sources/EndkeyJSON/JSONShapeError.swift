/// Well-formed JSON that is not what the reader of a document expects.
public struct JSONShapeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where, such as `tests[3].in.key`; empty for the whole document.
  public let path: String
  /// What is wrong there.
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
