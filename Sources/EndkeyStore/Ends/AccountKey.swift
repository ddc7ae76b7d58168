internal import Endkey
internal import EndkeyPrimitives

/// With what an account is opened, and opened again when another device has changed it. An object, since a task that
/// waits for the service must not hold the end's own variable meanwhile.
final class AccountKey: Sendable {
  enum Secret: ~Copyable, Sendable {
    case password(Credentials)
    case masterKey(MasterKey)
  }

  private let secret: Secret

  init(_ secret: consuming Secret) { self.secret = secret }

  /// Whether it is a password, and no second manager's MasterKey.
  var isPassword: Bool {
    switch secret {
    case .password: true
    case .masterKey: false
    }
  }

  /// Makes an account with this password, which it must be.
  func create(
    _ owner: inout Owner, identity: consuming Identity, iterations: UInt32
  ) throws(EndError) -> Owner.NewAccount {
    var random = SystemRandom()
    do throws(ProtocolError) {
      switch secret {
      case .password(let credentials):
        return try owner.create(
          identity: identity, credentials: credentials, iterations: iterations, using: &random)
      case .masterKey: throw ProtocolError(.noMasterKey, "10.4")
      }
    } catch {
      throw .refused(error, place: nil)
    }
  }

  /// An owner's end with the account open.
  func open(_ messages: StoredMessages, pins: OwnerPins?) throws(ProtocolError) -> Owner {
    var owner = Owner.locked(pins: pins)
    switch secret {
    case .password(let credentials): try owner.open(messages, with: credentials)
    case .masterKey(let masterKey): try owner.open(messages, with: masterKey)
    }
    return owner
  }

  /// Sets this password. It must be one.
  func changePassword(
    of owner: inout Owner, iterations: UInt32, using random: inout SystemRandom
  ) throws(ProtocolError) -> Owner.NewPassword {
    switch secret {
    case .password(let credentials):
      try owner.changePassword(to: credentials, iterations: iterations, using: &random)
    case .masterKey: throw ProtocolError(.noMasterKey, "9.3")
    }
  }

  /// Goes to the next epoch with this password. It must be one.
  func rotate(
    _ owner: inout Owner, iterations: UInt32, using random: inout SystemRandom
  ) throws(ProtocolError) -> Owner.NewEpoch {
    switch secret {
    case .password(let credentials):
      try owner.rotate(with: credentials, iterations: iterations, using: &random)
    case .masterKey: throw ProtocolError(.noMasterKey, "12.2")
    }
  }
}

// Its secret cannot be copied, and so not be reflected.
extension AccountKey: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}
