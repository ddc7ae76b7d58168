import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §12.1: the checks of an AccountState, in their order.
@Suite("Account state") struct StateTests {
  /// That was accepted last.
  static let last = Line(generation: 3, counter: 5, epoch: 4, master: 4)

  private func accept(
    _ bytes: [UInt8], last: AcceptedState? = nil, leastGeneration: Generation = 1, account: AccountID? = nil
  ) throws -> StateCheck.Acceptance {
    try StateCheck(
      accountID: account ?? testAccount(), last: last, leastGeneration: leastGeneration
    ).accept(bytes)
  }

  private func after(_ line: Line = last) throws -> AcceptedState { AcceptedState(try line.state()) }

  // MARK: What passes

  @Test("A state of any signer is accepted, whatever its numbers, where none was before")
  func first() throws {
    for signer in [Party.owner, .manager, .second] {
      let line = Line(generation: 9, counter: 77, epoch: 12, signer: signer)
      let accepted = try accept(line.bytes())
      #expect(accepted.state.state == (try line.state()))
      #expect(accepted.state.hash == Hash(sha256: try line.bytes()))
      #expect(accepted.order == .beginning)
    }
  }

  @Test("Within a generation counters go up, with gaps; epochs go up or stay with their key")
  func continuing() throws {
    let changes: [(inout Line) -> Void] = [
      { _ in }, { $0.counter = 900 },
      {
        $0.epoch = 5
        $0.master = 5
      },
      {
        $0.epoch = 9
        $0.master = 4
      },
      { $0.signer = .manager }, { $0.revoked = [.agent, .otherAgent] }, { $0.made = day(1) },
    ]
    for change in changes {
      let line = Self.last.next(change)
      #expect(try accept(line.bytes(), last: after()).order == .continuing)
    }
  }

  @Test("The state accepted last is accepted without effect")
  func repeated() throws {
    let accepted = try accept(Self.last.bytes(), last: after())
    #expect(accepted.order == .repeated)
    #expect(accepted.state == (try after()))
  }

  @Test("R-12.1-6: only a greater generation heals: it is accepted whatever counter, epoch and key it has")
  func greaterGeneration() throws {
    let changes: [(inout Line) -> Void] = [
      { $0.counter = 1 }, { $0.epoch = 1 }, { $0.master = 99 }, { $0.made = day(1) },
      { $0.persons = [.owner] },
    ]
    for change in changes {
      let line = Self.last.next {
        change(&$0)
        $0.generation = 4
      }
      #expect(try accept(line.bytes(), last: after()).order == .beginning)
    }
  }

  // MARK: The order of the checks

  /// What is wrong with a state behind `last`, in the order of the steps.
  enum Fault: Int, CaseIterable {
    case format, account, key, certificate, signature, validity, generation
  }

  /// A state that has this fault and all later ones.
  private func state(from first: Fault) throws -> [UInt8] {
    var line = Self.last
    line.generation = 2  // the last fault
    if first.rawValue <= Fault.validity.rawValue { line.validDays = 91 }
    var state = try line.state()
    if first.rawValue <= Fault.signature.rawValue { state.signature = .zero }
    if first.rawValue <= Fault.certificate.rawValue { state.certificate = .zero }
    if first.rawValue <= Fault.key.rawValue {
      state.signers = try BoundedList([Signer(verifyKey: .zero, personID: .zero)] + state.signers)
    }
    if first.rawValue <= Fault.account.rawValue { state.accountID = .zero }
    return first == .format ? [UInt8](state.serialized.dropLast()) : state.serialized
  }

  @Test("R-12.1-4: of several faults the first step's is told", arguments: Fault.allCases)
  func order(_ fault: Fault) throws {
    let codes: [ErrorCode] = [
      .truncated, .wrongAccount, .badKey, .certificateInvalid, .signatureInvalid, .badValidity,
      .generationRollback,
    ]
    expect(codes[fault.rawValue]) { _ = try accept(try state(from: fault), last: after()) }
  }

  @Test("R-12.1-8: without a state before, the generation of the code is the least")
  func leastGeneration() throws {
    let bytes = try Self.last.bytes()
    for least in [1, 2, 3] as [Generation] { _ = try accept(bytes, leastGeneration: least) }
    expect(.generationRollback) { _ = try accept(bytes, leastGeneration: 4) }
    // With one, the code has said what it had to say.
    _ = try accept(Self.last.next().bytes(), last: after(), leastGeneration: 4)
  }

  @Test("R-12.1-1: within a generation nothing goes back, and no number has two states")
  func rollback() throws {
    func refused(_ code: ErrorCode, _ change: (inout Line) -> Void) throws {
      let line = Self.last.next(change)
      expect(code) { _ = try accept(line.bytes(), last: after()) }
    }
    try refused(.generationRollback) {
      $0.generation = 2
      $0.counter = 1
      $0.epoch = 1
    }
    try refused(.counterRollback) {
      $0.counter = 4
      $0.epoch = 3
    }
    try refused(.counterFork) {
      $0.counter = 5
      $0.epoch = 3
    }
    try refused(.epochRollback) {
      $0.epoch = 3
      $0.master = 9
    }
    try refused(.epochFork) { $0.master = 9 }
  }

  // MARK: Account, keys, list, signature

  @Test("R-12.1-4: header and root key are those of the account that is pinned")
  func account() throws {
    let bytes = try Self.last.bytes()
    expect(.wrongAccount) { _ = try accept(bytes, account: .zero) }
    expect(.wrongAccount) { _ = try accept(bytes.flipping(at: 4)) }
    // A stranger's list under this account's id, all of it signed by the stranger.
    var state = try Line(persons: [.stranger], signer: .stranger).state()
    let list = try Certificate.make(
      generation: 1, from: state.certificateFrom, until: state.certificateUntil,
      signers: [Party.stranger.signer], rootKey: Party.stranger.identity().signing)
    state.rootKey = list.rootKey
    state.certificate = list.signature
    let forged = state.signed(by: try Party.stranger.identity().signing)
    expect(.wrongAccount) { _ = try accept(forged.serialized) }
  }

  @Test("A signer's key that is none is found at every place of the list", arguments: 0..<3)
  func badKey(_ place: Int) throws {
    var state = try Self.last.state()
    var signers = Array(state.signers)
    // Points of small order, and bytes that are no point: none may be used as a key.
    let bad = try VerifyKey(
      [[UInt8](repeating: 0, count: 32), Self.noPoint, [UInt8](repeating: 0, count: 31) + [0x80]][place])
    signers[place].verifyKey = bad
    state.signers = try BoundedList(signers.sorted { $0.verifyKey < $1.verifyKey })
    expect(.badKey) { _ = try accept(state.serialized) }
  }

  /// 2 is the y of no point of the curve.
  static let noPoint: [UInt8] = [2] + [UInt8](repeating: 0, count: 31)

  @Test("R-12.1-5: the list is what the root key has signed, in every byte")
  func certificate() throws {
    let state = try Self.last.state()
    func refused(_ change: (inout AccountState) throws -> Void) throws {
      var forged = state
      try change(&forged)
      let signed = forged.signed(by: try Party.owner.identity().signing)
      expect(.certificateInvalid) { _ = try accept(signed.serialized) }
    }
    try refused { $0.generation = 4 }
    try refused { $0.certificateFrom = day(99) }
    try refused { $0.certificateUntil = day(191) }
    try refused { $0.signers = try BoundedList($0.signers.dropLast()) }
    try refused { state in
      let more = try Array(state.signers) + [Party.stranger.signer]
      state.signers = try BoundedList(more.sorted { $0.verifyKey < $1.verifyKey })
    }
    try refused { state in
      var signers = Array(state.signers)
      signers[0].personID = .zero
      state.signers = try BoundedList(signers)
    }
    try refused { state in
      var bytes = state.certificate.bytes
      bytes[63] ^= 1
      state.certificate = try Signature(bytes)
    }
    // A list of another person, and one without its root key.
    try refused { state in
      state.certificate = try Line(generation: 3, root: .manager).list().signature
    }
    expect(.certificateInvalid) {
      _ = try accept(Line(persons: [.manager, .second], signer: .manager).bytes())
    }
  }

  @Test("Only who is on the list signs, and signs every byte")
  func signature() throws {
    let state = try Self.last.state()
    expect(.signatureInvalid) { _ = try accept(Line(signer: .stranger).bytes()) }
    expect(.signatureInvalid) { _ = try accept(Line(persons: [.owner], signer: .manager).bytes()) }
    // Signed by one, said to be by another, both on the list.
    var other = state
    other.signer = try Party.manager.verifyKey
    expect(.signatureInvalid) { _ = try accept(other.serialized) }
    var later = state
    later.validUntil = day(161)
    expect(.signatureInvalid) { _ = try accept(later.serialized) }
    expect(.signatureInvalid) { _ = try accept(state.serialized.flipping(at: state.serializedCount - 1)) }
  }

  @Test("R-12.1-7: times are in order, and not more than 401 days from `made`")
  func validity() throws {
    let good: [Line] = [
      Line(validDays: 1, certificateDays: 1), Line(validDays: 401, certificateDays: 401),
      Line(from: day(1)), Line(validDays: 90),
    ]
    for line in good { _ = try accept(line.bytes()) }
    let bad: [Line] = [
      Line(validDays: 0), Line(validDays: 91), Line(from: day(101)), Line(from: day(100, hours: 1)),
      Line(validDays: 60, certificateDays: 402), Line(validDays: 402, certificateDays: 402),
      Line(validDays: 0, certificateDays: 0),
    ]
    for line in bad { expect(.badValidity, "\(line)") { _ = try accept(line.bytes()) } }
    // At the end of time nothing overflows.
    var state = try Line().state()
    state.made = .max
    state.validUntil = .max
    let list = try Certificate.make(
      generation: 1, from: 0, until: .max, signers: Array(state.signers),
      rootKey: Party.owner.identity().signing)
    state.certificateFrom = 0
    state.certificateUntil = .max
    state.certificate = list.signature
    let signed = state.signed(by: try Party.owner.identity().signing)
    expect(.badValidity) { _ = try accept(signed.serialized) }
  }

  @Test("R-12.1-3: no bytes after the grammar, no other type and no version say that encryption has ended")
  func noEnd() throws {
    let bytes = try Self.last.bytes()
    expect(.trailingBytes) { _ = try accept(bytes + [1]) }
    for type in UInt8(0)...20 where type != 6 {
      var other = bytes
      other[3] = type
      expect(.unexpectedType) { _ = try accept(other) }
    }
    var version = bytes
    version[2] = 2
    expect(.unknownVersion) { _ = try accept(version) }
  }
}
