/// Why a whole file could not be run.
public struct WycheproofError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// Not JSON, or not of the layout.
    case malformed
    /// For an algorithm that Endkey does not use: no fault, where a whole folder is run.
    case unknownAlgorithm
  }

  public let kind: Kind
  /// The name that the caller gave.
  public let file: String
  public let reason: String

  public var description: String { "\(file): \(reason)" }
}
