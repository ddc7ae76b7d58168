/// Why a whole file could not be run.
public struct WycheproofError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name that the caller gave.
  public let file: String
  public let reason: String

  public var description: String { "\(file): \(reason)" }
}
