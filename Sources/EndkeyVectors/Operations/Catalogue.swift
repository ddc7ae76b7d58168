extension Operation {
  /// Every operation, in the order of `vectors/README.md`.
  static var catalogue: [Operation] {
    primitives + wire + texts + activity + protocolOperations + randomised
  }
}
