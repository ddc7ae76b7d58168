import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §18.1: the texts of codes, account secrets and recovery, with their secrets in guarded memory.
@Suite("Secret texts") struct SecretTextTests {
  static let accountID = AccountID(unchecked: ActivityFixture.bytes(from: 0xa0, 16).span)
  static let secret = ActivityFixture.bytes(from: 0x10, 16)

  @Test("A code's text holds account, secret and terms, in 86 characters")
  func code() throws {
    let terms = CodeTerms(generation: 3, made: day(99), kind: .scoped, role: .agent)
    let code = EnrolmentCode(
      accountID: Self.accountID, secret: SecretBytes(copying: Self.secret), terms: terms)
    let text = code.text()
    #expect(text.array.count == 86)
    #expect(text.array.starts(with: [UInt8]("ekc1".utf8)))
    #expect(code.revealedText().utf8.elementsEqual(text.array))
    let read = try EnrolmentCode(text: text)
    let same = read.accountID == Self.accountID && read.terms == terms && read.secret.array == Self.secret
    #expect(same)
    let copy = code.copy().text().array
    #expect(copy == text.array)
  }

  @Test("The texts are those of an independent implementation")
  func knownAnswers() throws {
    let code = EnrolmentCode(
      accountID: Self.accountID, secret: SecretBytes(copying: Self.secret),
      terms: CodeTerms(
        generation: 3, made: try Time(milliseconds: 1_700_000_000_000), kind: .scoped, role: .agent))
    #expect(code.revealedText() == CodeAnswers.code)
    let secret = AccountSecret(accountID: Self.accountID, secret: SecretBytes(copying: Self.secret))
    #expect(secret.revealedText() == CodeAnswers.accountSecret)
    let recovery = RecoveryText(seed: SecretBytes(copying: ActivityFixture.bytes(from: 0x40, 32)))
    #expect(recovery.revealedText() == CodeAnswers.recovery)
  }

  enum CodeAnswers {
    static let code = "ekc1qxs2rg4r5jj6dfag4x42ht9d46h3qygjzv2p29shrqv35xcur50p7qqqqqpsqqqp308726qqqgqs6f35vc"
    static let accountSecret = "ekb1qxs2rg4r5jj6dfag4x42ht9d46h3qygjzv2p29shrqv35xcur50p7cj7409"
    static let recovery = "ekr1q9qyzsjrg3z5v36gf99yknzdfe84q52j2d2924jhtpv45k6ut4097cusu60"
  }

  @Test("An account secret and a seed come back from their texts of 63 characters")
  func others() throws {
    var random = SystemRandom()
    let secret = try AccountSecret(accountID: Self.accountID, using: &random)
    let text = secret.text()
    #expect(text.array.count == 63)
    let read = try AccountSecret(text: text)
    let same = read.accountID == Self.accountID && read.secret.array == secret.secret.array
    #expect(same)
    let seed = RecoveryText(seed: try random.secret(32))
    let recovered = try RecoveryText(text: seed.text()).seed.array
    #expect(recovered == seed.seed.array)
    expect(.badPrefix) { _ = try EnrolmentCode(text: text) }
    expect(.badPrefix) { _ = try AccountSecret(text: seed.text()) }
    expect(.badPrefix) { _ = try RecoveryText(text: text) }
  }

  @Test(
    "R-18.1-3: what a code says is checked in the order of its bytes, at the character of their first bit")
  func faults() throws {
    let right: [UInt8] =
      [1] + Self.accountID.bytes + Self.secret + [0, 0, 0, 1] + [0, 0, 0, 0, 0, 0, 0, 9] + [2, 1]
    func fault(_ change: (inout [UInt8]) -> Void) -> ProtocolError? {
      var bytes = right
      change(&bytes)
      let text = SecretText.code.encode { $0.bytes(bytes) }
      do throws(ProtocolError) {
        _ = try EnrolmentCode(text: text)
        return nil
      } catch {
        return error
      }
    }
    func expect(
      _ code: ErrorCode, _ offset: Int, sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (inout [UInt8]) -> Void
    ) {
      let error = fault(change)
      #expect(error?.code == code, sourceLocation: sourceLocation)
      #expect(error?.offset == offset, sourceLocation: sourceLocation)
      #expect(error?.section == "18.1", sourceLocation: sourceLocation)
    }
    #expect(fault { _ in } == nil)
    #expect(
      fault {
        $0[45] = 1
        $0[46] = 2
      } == nil)
    let spoil: (inout [UInt8], Int) -> Void = { bytes, first in
      if first <= 33 { bytes[36] = 0 }
      if first <= 37 { bytes[37] = 0x20 }
      if first <= 45 { bytes[45] = 3 }
      bytes[46] = 3
    }
    expect(.unknownVersion, 4) {
      spoil(&$0, 0)
      $0[0] = 2
    }
    expect(.valueOutOfRange, 4 + 8 * 33 / 5) { spoil(&$0, 33) }
    expect(.valueOutOfRange, 4 + 8 * 37 / 5) { spoil(&$0, 37) }
    expect(.unknownValue, 4 + 8 * 45 / 5) { spoil(&$0, 45) }
    expect(.unknownValue, 4 + 8 * 46 / 5) { spoil(&$0, 46) }
    expect(.valueOutOfRange, 4 + 8 * 45 / 5) { $0[46] = 2 }  // a manager with a scoped grant
  }

  @Test("The keys of a code come from its secret, and are two")
  func keys() throws {
    let code = try EnrolmentCode.test()
    let (request, admission) = (try code.requestKey().array, try code.admission().array)
    #expect(request.count == 32 && admission.count == 32 && request != admission)
    #expect(request != (try EnrolmentCode.test(secret: 8).requestKey().array))
    #expect(request == (try EnrolmentCode.test(generation: 9).requestKey().array))
  }
}
