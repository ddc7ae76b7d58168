package import Endkey
package import EndkeyPrimitives
package import EndkeyWire

/// The keys of one account, the same as in the script that computed the known answers.
package enum ActivityFixture {
  package static let accountID = AccountID(unchecked: bytes(from: 0xa0, 16).span)
  package static let agentID = AgentID(unchecked: bytes(from: 0xc0, 16).span)
  package static let otherAgentID = AgentID(unchecked: bytes(from: 0xd0, 16).span)
  package static let epoch: Epoch = 7

  package static func bytes(from first: UInt8, _ count: Int) -> [UInt8] {
    (0..<count).map { first &+ UInt8($0) }
  }

  /// `count` bytes without a short period.
  package static func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  package static func masterKey(epoch: Epoch = epoch, first: UInt8 = 0, accountID: AccountID = accountID)
    -> MasterKey
  {
    MasterKey(secret: SecretBytes(copying: bytes(from: first, 32)), accountID: accountID, epoch: epoch)
  }

  package static func agentKey(_ agentID: AgentID = agentID, epoch: Epoch = epoch) throws -> AgentKey {
    try masterKey(epoch: epoch).agentKey(for: agentID)
  }

  package static func sealer(epoch: Epoch = epoch) throws -> TokenSealer {
    try TokenSealer(key: masterKey(epoch: epoch).tokenKey())
  }

  /// What the owner holds: all keys of the epochs.
  package static func ownerRing(epochs: [Epoch] = [epoch]) throws -> KeyRing {
    var ring = KeyRing(accountID: accountID, holder: .owner)
    for epoch in epochs { ring.add(Shared(masterKey(epoch: epoch))) }
    return ring
  }

  /// What an agent with a scoped grant holds.
  package static func agentRing(_ agentID: AgentID = agentID, epoch: Epoch = epoch) throws -> KeyRing {
    var ring = KeyRing(accountID: accountID, holder: .agent(agentID))
    ring.add(try masterKey(epoch: epoch).tokenKey())
    ring.add(try agentKey(agentID, epoch: epoch))
    return ring
  }

  package static func signingKey(_ first: UInt8 = 0x11) throws -> Ed25519.PrivateKey {
    try Ed25519.PrivateKey(seed: SecretBytes(copying: bytes(from: first, 32)))
  }
}

/// The code of the error that `body` throws, nil if it throws none.
package func code<Value: ~Copyable>(_ body: () throws(ProtocolError) -> Value) -> ErrorCode? {
  do {
    _ = try body()
    return nil
  } catch {
    return error.code
  }
}

extension [UInt8] {
  /// The bytes of a hexadecimal text.
  package init(hex: String) {
    self = stride(from: 0, to: hex.utf8.count, by: 2).map { offset in
      UInt8(hex.dropFirst(offset).prefix(2), radix: 16) ?? 0
    }
  }

  package func flipping(_ bit: UInt8 = 1, at index: Int) -> [UInt8] {
    var changed = self
    changed[index] ^= bit
    return changed
  }
}
