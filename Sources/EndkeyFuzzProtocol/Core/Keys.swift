internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// The keys of one account, its persons and its agents, the same in each run; made when a target asks for them first.
enum Keys {
  /// The owner's, whose signing key is the account's root key.
  static let account = Pair("account")
  /// The owner's after a recovery: another RSA key.
  static let recovered = Pair("recovered", signing: "account")
  static let manager = Pair("manager")
  static let guest = Pair("guest")
  static let otherAccount = Pair("other account")
  static let agents = [Pair("agent 0"), Pair("agent 1"), Pair("agent 2")]

  /// An RSA and an Ed25519 key.
  struct Pair: Sendable {
    let rsa: Held<RSAPrivateKey>
    private let seed: [UInt8]
    let modulus: Modulus
    let verifyKey: VerifyKey

    /// `signing` names the signing key, where that is another's.
    init(_ name: String, signing: String? = nil) {
      do {
        var random = DeterministicRandom("fuzz \(name)")
        let rsa = Held(try RSAPrivateKey.reproducible(using: &random))
        seed = Keys.bytes("seed of \(signing ?? name)", 32)
        modulus = try Modulus(rsa.value.modulus)
        verifyKey = try Ed25519.PrivateKey(seed: SecretBytes(copying: seed)).verifyKey
        self.rsa = rsa
      } catch {
        fatalError("no keys for \(name): \(error)")
      }
    }

    var accountID: AccountID { AccountID(verifyKey: verifyKey) }
    /// The id of an agent, or of a person.
    var agentID: AgentID { AgentID(modulus: modulus, verifyKey: verifyKey) }
    var signer: Signer { Signer(verifyKey: verifyKey, personID: agentID) }

    func identity() throws -> Identity { Identity(rsa: rsa.value.copy(), signing: try signing()) }
    func signing() throws -> Ed25519.PrivateKey { try Ed25519.PrivateKey(seed: SecretBytes(copying: seed)) }

    /// `message` with its last 64 bytes replaced by a signature of this key.
    func signed(_ message: [UInt8]) throws -> [UInt8] {
      let body = [UInt8](message.dropLast(64))
      return body + (try signing().sign(Array("endkey/1 signature".utf8) + [0] + body))
    }
  }

  static func masterKey(epoch: Epoch, _ name: String = "master key") -> MasterKey {
    MasterKey(secret: secret("\(name) \(epoch)", 32), accountID: account.accountID, epoch: epoch)
  }

  /// What the owner holds of epochs 1 to 3.
  static let ring: KeyRing = {
    var ring = KeyRing(accountID: account.accountID, holder: .owner)
    for epoch: Epoch in [1, 2, 3] { ring.add(Shared(masterKey(epoch: epoch))) }
    return ring
  }()

  /// Of epoch 1; kept, as deriving it takes longer than sealing with it.
  static let tokenKey: Held<TokenKey> = {
    do {
      return Held(try masterKey(epoch: 1).tokenKey())
    } catch {
      fatalError("no token key: \(error)")
    }
  }()

  static func secret(_ name: String, _ count: Int) -> SecretBytes { SecretBytes(copying: bytes(name, count)) }

  static func bytes(_ name: String, _ count: Int) -> [UInt8] {
    var random = DeterministicRandom("fuzz \(name)")
    return random.bytes(count)
  }
}

/// A value that cannot be copied, held for the life of the process.
final class Held<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}

/// What `body` gives. It cannot fail, whatever the input is: a `Violation` if it does.
func must<Value: ~Copyable>(_ what: String, _ body: () throws -> Value) throws(Violation) -> Value {
  do {
    return try body()
  } catch {
    throw Violation("\(what) fails: \(error)")
  }
}

/// A day since 1970, as a time.
func day(_ number: Int, hours: Int = 0) -> Time { Time(0).adding(days: number).adding(hours: hours) }

/// The message that the bytes are, or nil when they are none.
func parsed<Message: WireStruct>(_ bytes: [UInt8], as type: Message.Type = Message.self) -> Message? {
  do throws(WireError) {
    return try Message(parsing: bytes)
  } catch {
    return nil
  }
}

/// The code with which `body` is refused, or nil if it is not.
func refusal(_ body: () throws(ProtocolError) -> Void) -> ErrorCode? {
  do throws(ProtocolError) {
    try body()
    return nil
  } catch {
    return error.code
  }
}
