/// What many tokens open to.
public struct OpenedTokens: Equatable, Sendable {
  /// Why a token does not open.
  public struct Failure: Equatable, Sendable {
    /// Of the token.
    public internal(set) var index: Int
    public internal(set) var error: ProtocolError
  }

  /// For each token its value, and nothing where it does not open.
  public internal(set) var values = FlatBytes()
  /// In the order of the tokens.
  public internal(set) var failures: [Failure] = []
}
