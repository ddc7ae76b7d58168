import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

// Known answers come from a script over Python's `cryptography`.
@Suite("Keys") struct KeyTests {
  @Test("All keys of an epoch have the values of an independent implementation")
  func derivations() throws {
    let master = ActivityFixture.masterKey()
    let agent = try master.agentKey(for: ActivityFixture.agentID)
    func expect(_ key: borrowing SecretBytes, _ hex: String) {
      let matches = key.equals(SecretBytes(copying: [UInt8](hex: hex)))
      #expect(matches, "\(hex)")
    }
    expect(
      try master.tokenKey().secret,
      "290719812f75075ed568f35b963948beba83c0413e9f9a634d64fa972c347ead"
        + "5ac37488fb20c18fc21413aa301a56a7a390a26692c81b88ec06d5aa4c888065")
    expect(agent.secret, "e964d51dd59482dfa6749dcbacbc78c35dc5b2f916c278b45bce56dc5d5e6e61")
    expect(try master.vaultKey(), "a4d7906f2a702f56e3068b3861449d9bfb2cc5d62d520a3006862e96b6c3158a")
    expect(try agent.blobKey(), "642af600f6cfb8c7d29ba0f49e59f64b153246312a3de4af171aa89d7c7e1813")
    #expect(
      try master.commitment().bytes
        == [UInt8](hex: "ea0de64eab030a8f6c72927f7c651d95713df2188e9a26004585743871bb4f9b"))
  }

  @Test("An id is a hash of the keys that it names, so that another key has another")
  func ids() throws {
    let key = try VerifyKey(ActivityFixture.bytes(from: 0, 32))
    let modulus = Modulus.zero
    let (otherKey, lastKey) = (
      try VerifyKey(key.bytes.flipping(at: 0)), try VerifyKey(key.bytes.flipping(at: 31))
    )
    let otherModulus = try Modulus(modulus.bytes.flipping(at: 0))
    #expect(AccountID(verifyKey: key).bytes == [UInt8](hex: "40043bd487a9ccf6154fdb78b07e896f"))
    #expect(
      AgentID(modulus: modulus, verifyKey: key).bytes == [UInt8](hex: "f9dcb53a397a943fa1905d837efb141a"))
    #expect(AccountID(verifyKey: lastKey) != AccountID(verifyKey: key))
    #expect(
      AgentID(modulus: otherModulus, verifyKey: key) != AgentID(modulus: modulus, verifyKey: key))
    #expect(
      AgentID(modulus: modulus, verifyKey: otherKey) != AgentID(modulus: modulus, verifyKey: key))
  }

  @Test("Every MasterKey is made anew: R-7-2")
  func freshness() throws {
    var random = CountingRandom()
    let first = try MasterKey(accountID: ActivityFixture.accountID, epoch: 1, using: &random)
    let second = try MasterKey(accountID: ActivityFixture.accountID, epoch: 2, using: &random)
    #expect(try first.commitment() != second.commitment())
    let isAllRandom = first.secret.equals(SecretBytes(copying: ActivityFixture.bytes(from: 0, 32)))
    #expect(isAllRandom)
  }

  @Test("Keys differ by account, epoch and agent")
  func separation() throws {
    let key = try ActivityFixture.agentKey()
    let own = try key.blobKey()
    func expectOther(_ other: borrowing SecretBytes) {
      let isSame = own.equals(other)
      #expect(!isSame)
    }
    expectOther(try ActivityFixture.agentKey(ActivityFixture.otherAgentID).blobKey())
    expectOther(try ActivityFixture.agentKey(epoch: 8).blobKey())
    let otherAccount = ActivityFixture.masterKey(accountID: AccountID(verifyKey: .zero))
    expectOther(try otherAccount.agentKey(for: ActivityFixture.agentID).blobKey())
  }

  @Test("All agents hold Ktok; only an agent and the persons hold its Kagent: R-7-3")
  func holders() throws {
    func tokenKeys(_ ring: KeyRing) throws -> [[UInt8]] {
      try ring.tokenKeys(epoch: 7, "").map { $0.value.secret.array }
    }
    func agentKeys(_ ring: KeyRing, of agentID: AgentID) throws -> [[UInt8]] {
      try ring.agentKeys(epoch: 7, of: agentID, "").map { $0.value.secret.array }
    }
    let (own, owner) = (try ActivityFixture.agentRing(), try ActivityFixture.ownerRing())
    let other = try ActivityFixture.agentRing(ActivityFixture.otherAgentID)
    #expect(try tokenKeys(own) == tokenKeys(other))
    #expect(try tokenKeys(own) == tokenKeys(owner))
    expect(.noGrant) { _ = try agentKeys(own, of: ActivityFixture.otherAgentID) }
    #expect(try agentKeys(own, of: ActivityFixture.agentID) == agentKeys(owner, of: ActivityFixture.agentID))
  }

  @Test("A missing epoch has the error of the holder")
  func missingEpochs() throws {
    let (owner, agent) = (try ActivityFixture.ownerRing(), try ActivityFixture.agentRing())
    expect(.noEpochKey) { _ = try owner.tokenKeys(epoch: 8, "") }
    expect(.noGrant) { _ = try agent.tokenKeys(epoch: 8, "") }
    expect(.noEpochKey) { _ = try owner.agentKeys(epoch: 8, of: ActivityFixture.agentID, "") }
    expect(.noGrant) { _ = try agent.agentKeys(epoch: 8, of: ActivityFixture.otherAgentID, "") }
    #expect(owner.hasTokenKey(epoch: 7) && !owner.hasTokenKey(epoch: 8))
  }

  @Test("Where two lines have used one epoch, tokens and blobs of both open")
  func twoKeys() throws {
    var random = CountingRandom()
    var ring = try ActivityFixture.ownerRing()
    let second = ActivityFixture.masterKey(first: 0x80)
    var sealer = try TokenSealer(key: second.tokenKey())
    let token = try sealer.seal("x", field: .url)
    let blob = try NewBlob(
      sealing: [1, 2].span, key: second.agentKey(for: ActivityFixture.agentID), field: .voice, using: &random)
    var without = TokenOpener(ring: ring)
    expect(.tokenOpenFailed) { _ = try without.open(token) }
    expect(.blobOpenFailed) { _ = try blob.blob.open(with: ring) }
    ring.add(Shared(second.copy()))
    var opener = TokenOpener(ring: ring)
    #expect(try opener.open(token) == [0x78])
    #expect(try blob.blob.open(with: ring, reference: blob.reference) == [1, 2])
    var first = try ActivityFixture.sealer()
    #expect(try opener.open(first.seal("y", field: .url)) == [0x79])
  }

  @Test("A failed library is internal_error, whatever was being opened")
  func libraryFailures() {
    #expect(ProtocolError(.libraryFailure, as: .tokenOpenFailed, "14.2").code == .internalError)
    #expect(ProtocolError(.authenticationFailed, as: .tokenOpenFailed, "14.2").code == .tokenOpenFailed)
    #expect(ProtocolError(.invalidLength, as: .blobOpenFailed, "15").description == "blob_open_failed (§15)")
  }
}
