package import EndkeyWire

/// What a recipient remembers of the grant that it accepted last. R-11-7
package struct GrantMark: Equatable, Sendable {
  let counter: Counter
  let hash: Hash

  package init(counter: Counter, hash: Hash) {
    self.counter = counter
    self.hash = hash
  }

  init(_ grant: Grant) {
    self.init(counter: grant.counter, hash: Hash(sha256: grant.serialized))
  }
}
