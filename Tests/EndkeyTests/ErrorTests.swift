import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// What an error tells: a code, a section, an offset, and nothing of what was given.
@Suite("Errors") struct ErrorTests {
  /// What a person or a key store gives, in each operation that takes a secret.
  private static let secret = "Tr0ub4dor-Zebra-7731"

  private static let refused: [(String, @Sendable () throws -> Void)] = [
    (
      "an ill-formed password",
      {
        _ = try Base.credentials(secret + "\u{0}").loginID()
        _ = try StretchedPassword(Base.credentials(secret + "\u{0}"), head: head())
      }
    ),
    ("an ill-formed login name", { _ = try Base.credentials(loginName: secret + "\u{0}").loginID() }),
    ("a code that is none", { _ = try EnrolmentCode(text: SecretBytes(copying: [UInt8](secret.utf8))) }),
    (
      "a recovery text that is none",
      { _ = try RecoveryText(text: SecretBytes(copying: [UInt8](secret.utf8))) }
    ),
    (
      "an account secret that is none",
      { _ = try AccountSecret(text: SecretBytes(copying: [UInt8](secret.utf8))) }
    ),
    (
      "a value that is no UTF-8",
      {
        var sealer = try TokenSealer(key: Line().masterKey().tokenKey())
        _ = try sealer.seal([UInt8](secret.utf8) + [0xff], field: .url)
      }
    ),
    (
      "a label that is too long",
      {
        var world = try World()
        var owner = try world.end(.owner)
        let label = String(repeating: secret, count: 20)
        _ = try owner.setLabel(label, ofPerson: Party.owner.id, now: world.now, using: &world.random)
      }
    ),
    (
      "a state under another device key",
      {
        var random = SystemRandom()
        var agent = try Agent.inPhase(.active)
        let written = try agent.save(deviceKey: AgentTests.deviceKey, using: &random).serialized
        _ = try Agent(
          opening: written,
          deviceKey: SecretBytes(copying: [UInt8](secret.utf8) + [UInt8](repeating: 0, count: 12)))
      }
    ),
  ]

  private static func head() throws -> PasswordHeader {
    guard let head = try Base.shared.get().pins[.owner]?.head else { throw Missing() }
    return head
  }

  @Test("R-19-1: no error shows any of the secret that was given", arguments: refused.indices)
  func silent(_ index: Int) throws {
    let (name, operation) = Self.refused[index]
    var texts: [String] = []
    do {
      try operation()
    } catch {
      var dumped = ""
      dump(error, to: &dumped)
      texts = ["\(error)", String(reflecting: error), dumped]
    }
    #expect(texts.count == 3, "\(name) is not refused")
    for text in texts {
      for start in Self.secret.indices.dropLast(5) {
        #expect(!text.contains(Self.secret[start...].prefix(6)), "\(name): \(text)")
      }
    }
  }
}
