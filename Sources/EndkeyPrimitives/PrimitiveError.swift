/// What an algorithm may answer instead of a result.
public enum PrimitiveError: Error, Equatable, Sendable {
  /// A wrong key, tag, check value, padding or signature. One case for all of them: callers learn no more.
  case authenticationFailed
  /// A key of the wrong size or shape, such as an even modulus.
  case invalidKey
  /// An input or a wanted output whose length the algorithm does not allow.
  case invalidLength
  /// OpenSSL or libsodium refused something that does not depend on the input, such as a lack of memory.
  case libraryFailure
}
