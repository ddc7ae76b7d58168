public import Endkey

/// What many tokens open to.
public struct OpenedTokens: Equatable, Sendable {
  /// Why a token does not open.
  public struct Failure: Equatable, Sendable {
    /// The place of the token among those that were to be opened, from 0.
    public internal(set) var index: Int
    /// What `TokenOpener` throws for the token.
    public internal(set) var error: ProtocolError
  }

  /// The values, one for each token in their order: well-formed UTF-8, and empty where the token does not open.
  public internal(set) var values = FlatBytes()
  /// The tokens that do not open, in their order.
  public internal(set) var failures: [Failure] = []
}
