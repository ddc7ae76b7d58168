internal import Endkey
internal import EndkeyWire

/// A publication that an owner's device is sending: what it needs to send it again after a crash, and to remember it
/// once the service has it. All of it is sealed or signed already.
struct PendingPublication: Equatable {
  /// SHA-256 of the vault that the service must hold; nil when the publication makes the account.
  let expected: Hash?
  /// The sealed pins, which take the place of the old ones when the service has stored the messages.
  let pins: [UInt8]
  /// One of them is the vault.
  let messages: [PublishedMessage]
}

// As bytes: a magic, the hash or zeros, then the pins and each message behind its length in 4 bytes.

extension PendingPublication {
  private static var magic: [UInt8] { Array("EKpb".utf8) }

  var serialized: [UInt8] {
    var bytes = Self.magic + (expected ?? .zero).bytes
    for part in [pins] + messages.map(\.serialized) {
      // The longest message has 2^24 and some bytes.
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (24 - 8 * $0)) }
      bytes += part
    }
    return bytes
  }

  /// Nil when `bytes` are not those of `serialized`.
  init?(parsing bytes: [UInt8]) {
    guard bytes.count >= 36, Array(bytes[..<4]) == Self.magic else { return nil }
    var parts: [[UInt8]] = []
    var rest = bytes[36...]
    while !rest.isEmpty {
      guard rest.count >= 4 else { return nil }
      let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard count <= rest.count else { return nil }
      parts.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    guard let pins = parts.first else { return nil }
    let hash: Hash
    do {
      hash = try Hash(Array(bytes[4..<36]))
      messages = try parts.dropFirst().map { (part) throws(WireError) in try PublishedMessage(parsing: part) }
    } catch {
      return nil
    }
    guard messages.vaultHash != nil else { return nil }
    expected = hash == .zero ? nil : hash
    self.pins = pins
  }
}

extension PublishedMessage {
  /// A message of whichever type its header says; `unexpectedType` for one that nobody publishes.
  fileprivate init(parsing bytes: [UInt8]) throws(WireError) {
    switch try Header(parsing: Array(bytes.prefix(Header.byteCount))).type {
    case .passwordWrap: self = .passwordWrap(try PasswordWrap(parsing: bytes))
    case .privateKeys: self = .privateKeys(try PrivateKeys(parsing: bytes))
    case .accountState: self = .accountState(try AccountState(parsing: bytes))
    case .ruleSet: self = .ruleSet(try RuleSet(parsing: bytes))
    case .grant: self = .grant(try Grant(parsing: bytes))
    // A header of any other type is refused as one that is no vault's.
    default: self = .ownerVault(try OwnerVault(parsing: bytes))
    }
  }
}

extension [PublishedMessage] {
  /// SHA-256 of the vault among the messages.
  var vaultHash: Hash? {
    for case .ownerVault(let vault) in self { return Hash(sha256: vault.serialized) }
    return nil
  }
}
