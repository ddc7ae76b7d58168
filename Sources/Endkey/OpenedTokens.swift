/// What many tokens open to.
public struct OpenedTokens: Equatable, Sendable {
  /// Why a token does not open.
  public struct Failure: Equatable, Sendable {
    /// The place of the token among those given, from 0.
    public internal(set) var index: Int
    /// Why it does not open.
    public internal(set) var error: ProtocolError
  }

  /// The value of each token; an empty one where a token does not open.
  public internal(set) var values = FlatBytes()
  /// The tokens that do not open, in their order.
  public internal(set) var failures: [Failure] = []
}
