/// What was captured: a field to be tokenised, or one to be sealed. §8.4
///
/// Both kinds share one number space.
public enum CapturedField: Hashable, Sendable {
  /// What is tokenised.
  case token(TokenField)
  /// What is sealed.
  case blob(BlobField)

  /// The field of this number; nil when there is none.
  public init?(rawValue: UInt8) {
    if let field = TokenField(rawValue: rawValue) {
      self = .token(field)
    } else if let field = BlobField(rawValue: rawValue) {
      self = .blob(field)
    } else {
      return nil
    }
  }

  /// The number of the field.
  public var rawValue: UInt8 {
    switch self {
    case .token(let field): field.rawValue
    case .blob(let field): field.rawValue
    }
  }
}

extension CapturedField: Comparable {
  public static func < (left: CapturedField, right: CapturedField) -> Bool { left.rawValue < right.rawValue }
}
