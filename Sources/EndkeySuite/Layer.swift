/// The layer of an error code (section 19 of the specification).
public enum Layer: String, Sendable {
  case format, policy, auth, crypto, state

  /// The layer of `code`; nothing if the specification has no such code.
  public static func of(_ code: String) -> Layer? { ofCode[code] }

  /// Every code of the specification.
  public static var codes: some Sequence<String> { ofCode.keys }
}
