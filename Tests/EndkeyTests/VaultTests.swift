import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §12.5, §12.7: vaults, and what a person's end holds them against.
@Suite("Vault") struct VaultTests {
  // MARK: A vault of the tests

  private func person(_ party: Party, keys: Hash? = nil, status: PersonStatus = .granted) throws -> Person {
    let identity = try party.identity()
    return Person(
      personID: identity.agentID, role: party == .owner ? .owner : .manager, status: status,
      modulus: identity.modulus, verifyKey: identity.verifyKey, keys: keys ?? Hash(sha256: [1]), label: .empty
    )
  }

  private func vault(of line: Line = Line()) throws -> Vault {
    Vault(
      made: line.made, madeBy: try line.signer.id, state: AcceptedState(try line.state()).note,
      persons: try line.persons.map { try person($0) }, retentionDays: try RetentionDays(30),
      blobDays: try RetentionDays(7))
  }

  private func sealed(
    _ vault: Vault, _ line: Line = Line(), counter: Counter = 5, by signer: Party? = nil
  ) throws -> OwnerVault {
    var random = SystemRandom()
    return try vault.sealed(
      counter: counter, masterKey: line.masterKey(),
      signingKey: (signer ?? line.signer).identity().signing, using: &random)
  }

  private func check(_ line: Line = Line(), as party: Party = .manager) throws -> VaultCheck {
    VaultCheck(state: AcceptedState(try line.state()), personID: try party.id, keysHash: Hash(sha256: [1]))
  }

  private func member(_ number: UInt16, label: [UInt8] = []) throws -> Member {
    Member(
      agentID: try AgentID([UInt8(number >> 8), UInt8(number & 0xff)] + [UInt8](repeating: 0, count: 14)),
      label: try BoundedBytes(label), codeID: .zero, kind: .scoped, status: .granted, listed: 0,
      auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0, auditedState: 0, keptSequence: 0,
      keptHash: .zero)
  }

  private func key(_ epoch: Epoch, _ byte: UInt8) throws -> Shared<MasterKey> {
    Shared(
      MasterKey(
        secret: SecretBytes(copying: [UInt8](repeating: byte, count: 32)), accountID: try testAccount(),
        epoch: epoch))
  }

  // MARK: Writing and reading

  @Test("What is written is what is read, and a multiple of 4,096 bytes before it is sealed")
  func whole() throws {
    var vault = try vault()
    for number: UInt16 in [9, 300, 2, 77] { try vault.set(member(number, label: [0x61])) }
    for epoch: Epoch in [3, 1, 2] { try vault.keep(key(epoch, 1)) }
    try vault.keep(key(2, 0))
    vault.follow(Hash(sha256: [4]))
    try vault.add(
      LiveCode(
        id: try Bytes([UInt8](repeating: 3, count: 8)),
        secret: SecretBytes(copying: [UInt8](repeating: 5, count: 16)), label: .empty, role: .agent,
        kind: .master, approval: .manual, usesLeft: 4, expires: 9, nonces: [Hash(sha256: [6])]), now: 1)
    try vault.add(Erasure(agentID: .zero, first: 1, last: 2, beforeHash: .zero, lastHash: .zero))
    try vault.setRules([
      RuleDefinition(field: .url, category: .neutral, seen: true, value: try BoundedBytes([2])),
      RuleDefinition(field: .url, category: .neutral, seen: true, value: try BoundedBytes([1])),
    ])
    let bytes = try sealed(vault).serialized
    #expect(try ChunkedEncryption.plaintextCount(of: bytes.count - 131) % 4_096 == 0)
    let (message, read) = try check().open(bytes, with: Line().masterKey())
    #expect(message.counter == 5)
    #expect(
      read.members == vault.members && read.members.map(\.agentID) == vault.members.map(\.agentID).sorted())
    #expect(read.pastEpochs == [1, 2, 2, 3])
    #expect(read.pastKeys.map { $0.value.secret.array[0] } == [1, 0, 1, 1])
    #expect(read.codes[0].secret.array == vault.codes[0].secret.array && read.codes[0].expires == 9)
    #expect(read.rules == vault.rules && read.rules.map(\.value.bytes) == [[1], [2]])
    #expect(read.recent == vault.recent && read.erasures == vault.erasures && read.states == vault.states)
    #expect(read.made == vault.made && read.blobDays == vault.blobDays && read.persons == vault.persons)
  }

  @Test("A key is kept once; 4,096 are kept and no more")
  func pastKeys() throws {
    var vault = try vault()
    for number in 1...UInt32(Limit.pastKeysMax) { try vault.keep(key(Epoch(number), 1)) }
    try vault.keep(key(7, 1))
    #expect(vault.pastKeys.count == Limit.pastKeysMax)
    expect(.limitReached) { try vault.keep(key(7, 2)) }
    _ = try sealed(vault)
  }

  @Test("R-12.5-7: the oldest notes and hashes go; persons and codes are full at their limits")
  func limits() throws {
    var vault = try vault()
    for number in 0..<300 { vault.follow(Hash(sha256: [UInt8(number & 0xff), UInt8(number >> 8)])) }
    #expect(vault.recent.count == 256 && vault.recent.last == Hash(sha256: [43, 1]))
    var note = vault.newest
    for number: UInt32 in 2...5_000 {
      note.counter = try Counter(UInt64(number))
      vault.note(note)
    }
    #expect(vault.states.count == Limit.stateNotesMax && vault.states[0].counter == 905)
    _ = try sealed(vault)

    func code(_ number: Int, uses: UInt16 = 1) throws -> LiveCode {
      LiveCode(
        id: try Bytes([UInt8(number >> 8), UInt8(number & 0xff), 0, 0, 0, 0, 0, 0]),
        secret: SecretBytes(copying: [UInt8](repeating: 1, count: 16)), label: .empty, role: .agent,
        kind: .scoped, approval: .manual, usesLeft: uses, expires: nil)
    }
    for number in 0..<Limit.codesMax { try vault.add(code(number, uses: number == 9 ? 0 : 1), now: 1) }
    try vault.add(code(1_000), now: 1)
    #expect(vault.codes.count == Limit.codesMax && !vault.codes.contains { $0.id.bytes[1] == 9 })
    expect(.limitReached) { try vault.add(code(1_001), now: 1) }
  }

  @Test("R-12.5-7: a vault that is too long is not made")
  func tooLong() throws {
    var vault = try vault()
    let value = [UInt8](repeating: 0x61, count: 4_090)
    vault.rules = try (0..<4_093).map { number in
      RuleDefinition(
        field: .url, category: .neutral, seen: false,
        value: try BoundedBytes([UInt8(number >> 8), UInt8(number & 0xff)] + value))
    }
    expect(.limitReached) { _ = try sealed(vault) }
  }

  @Test("Members are found by bisection, at the first, middle and last place")
  func members() throws {
    var vault = try vault()
    for number: UInt16 in [5, 1, 3] { try vault.set(member(number)) }
    for number: UInt16 in [1, 3, 5] {
      #expect(try vault[member: member(number).agentID] == (member(number)))
    }
    for number: UInt16 in [0, 2, 4, 6] { #expect(vault[member: try member(number).agentID] == nil) }
    try vault.set(member(3, label: [1]))
    #expect(try vault.members.count == 3 && vault[member: member(3).agentID]?.label.bytes == [1])
  }

  // MARK: The check against a state

  @Test("R-12.5-3, R-12.5-4, R-12.5-5, R-12.5-6: each fault of a vault by itself")
  func faults() throws {
    let line = Line()
    let good = try vault()
    func refused(
      _ code: ErrorCode?, _ comment: Comment, by signer: Party = .owner, as party: Party = .manager,
      sealedIn line: Line = Line(), _ change: (inout Vault) throws -> Void = { _ in }
    ) {
      expect(code, comment) {
        var vault = good
        try change(&vault)
        let bytes = try sealed(vault, line, by: signer).serialized
        _ = try check(as: party).open(bytes, with: Line().masterKey())
      }
    }
    refused(nil, "good")
    refused(.chainBroken, "signed by another person", by: .manager)
    refused(nil, "made and signed by a manager", by: .manager) { $0.madeBy = try Party.manager.id }
    refused(.signatureInvalid, "signed by nobody on the list", by: .stranger)
    refused(.epochMismatch, "of another epoch", sealedIn: line.next { $0.epoch = 2 })
    refused(.vaultOpenFailed, "under another key", sealedIn: line.next { $0.master = 2 })
    refused(.chainBroken, "of another state") { $0.states[0].hash = .zero }
    refused(.chainBroken, "of another time") { $0.states[0].made = day(99) }
    refused(.chainBroken, "of another counter") { $0.states[0].counter = 2 }
    refused(.chainBroken, "a later note") {
      var note = $0.newest
      note.counter = 2
      $0.note(note)
    }
    for place in 0..<3 {
      refused(.chainBroken, "a person less at \(place)") { $0.persons.remove(at: place) }
      refused(.chainBroken, "an id of other keys at \(place)") {
        $0.persons[place].modulus = try Party.stranger.identity().modulus
      }
    }
    refused(.chainBroken, "a person more") {
      try $0.set(person(.stranger))
    }
    refused(nil, "a removed person more") { try $0.set(person(.stranger, status: .removed)) }
    refused(.chainBroken, "a removed person of other keys") {
      var removed = try person(.stranger, status: .removed)
      removed.modulus = try Party.agent.identity().modulus
      try $0.set(removed)
    }
    refused(.chainBroken, "the owner without keys") { try $0.set(person(.owner, keys: .zero)) }
    refused(.chainBroken, "two owners") {
      var other = try person(.second)
      other.role = .owner
      try $0.set(other)
    }
    refused(.chainBroken, "no owner") {
      var owner = try person(.owner)
      owner.role = .manager
      try $0.set(owner)
    }
    refused(.unknownAgent, "opened by nobody of it", as: .stranger)
    refused(.revoked, "opened by who was removed", as: .stranger) {
      try $0.set(person(.stranger, status: .removed))
    }
    refused(nil, "opened by who has not yet opened") { try $0.set(person(.manager, keys: .zero)) }
    refused(.chainBroken, "other keys of the opener") {
      try $0.set(person(.manager, keys: Hash(sha256: [2])))
    }
  }

  @Test("R-8.4-2: bytes that are not the ones that were signed do not open")
  func bytes() throws {
    let bytes = try sealed(vault()).serialized
    let masterKey = try Line().masterKey()
    for index in [30, 40, 100, bytes.count - 1, bytes.count - 65] {
      expect(.signatureInvalid) { _ = try check().open(bytes.flipped(at: index), with: masterKey) }
    }
    expect(.wrongAccount) { _ = try check().open(bytes.flipped(at: 5), with: masterKey) }
    expect(.trailingBytes) { _ = try check().open(bytes + [0], with: masterKey) }
  }

  @Test("R-8.4-4: padding that is not all zeros, or of another length, does not open")
  func padding() throws {
    var random = SystemRandom()
    let line = Line()
    let contents = try ChunkedEncryption.openSecret(
      sealed(vault()).sealed.bytes, key: line.masterKey().vaultKey(),
      context: OwnerVault.context(
        header: OwnerVault.header(accountID: testAccount(), epoch: 1), counter: 5)
    ).array
    for changed in [
      contents.flipped(at: contents.count - 1), Array(contents.dropLast(4_096)), contents + [0],
    ] {
      let sealed = try ChunkedEncryption.seal(
        SecretBytes(copying: changed), key: line.masterKey().vaultKey(),
        context: OwnerVault.context(
          header: OwnerVault.header(accountID: testAccount(), epoch: 1), counter: 5), using: &random)
      let vault = OwnerVault(
        accountID: try testAccount(), epoch: 1, counter: 5, sealed: try Sealed(sealed),
        signer: try Party.owner.verifyKey
      ).signed(by: try Party.owner.identity().signing)
      expect(.vaultOpenFailed) { _ = try check().open(vault.serialized, with: line.masterKey()) }
    }
  }

  // MARK: The check against what is remembered

  /// What a line shows, with a vault on top of the first one.
  private func whole(
    _ line: Line, counter: Counter, hash: UInt8, after notes: [Line] = [Line()], recent: [UInt8] = [0],
    past: [Shared<MasterKey>] = []
  ) throws -> LineCheck.Whole {
    var vault = try vault(of: line)
    vault.states = try (notes + [line]).map { AcceptedState(try $0.state()).note }
    vault.recent = recent.map { Hash(sha256: [$0]) }
    vault.pastKeys = past
    return LineCheck.Whole(
      state: AcceptedState(try line.state()), vault: vault, vaultCounter: counter,
      vaultHash: Hash(sha256: [hash]))
  }

  /// What is remembered: the first state, vault 5.
  private func pinned() throws -> LineCheck {
    LineCheck(state: AcceptedState(try Line().state()), vaultCounter: 5, vaultHash: Hash(sha256: [0]))
  }

  @Test("R-12.5-2, R-12.7-4: each fault of a line in the pinned generation is refused")
  func line() throws {
    let check = try pinned()
    let next = Line().next()
    func refused(_ code: ErrorCode?, _ comment: Comment, _ whole: LineCheck.Whole) {
      expect(code, comment) {
        let findings = try check.findings(whole)
        #expect(findings == [])
      }
    }
    refused(nil, "the same", try whole(Line(), counter: 5, hash: 0, after: []))
    refused(.counterFork, "another of the same counter", try whole(Line(), counter: 5, hash: 1, after: []))
    refused(.counterRollback, "older", try whole(Line(), counter: 4, hash: 1, after: []))
    refused(nil, "the next", try whole(next, counter: 6, hash: 1))
    refused(.counterFork, "the next of another", try whole(next, counter: 6, hash: 1, recent: [9]))
    refused(nil, "the third", try whole(next, counter: 8, hash: 1, recent: [0, 1, 2]))
    for place in 0..<2 {
      var recent: [UInt8] = [7, 8, 9]
      recent[place + 1] = 0
      refused(.counterFork, "the third of another", try whole(next, counter: 8, hash: 1, recent: recent))
    }
    refused(.counterFork, "too few told", try whole(next, counter: 9, hash: 1, recent: [7, 8, 9]))
    refused(.counterFork, "none told", try whole(next, counter: 6, hash: 1, recent: []))
    refused(.counterFork, "256 on", try whole(next, counter: 261, hash: 1, recent: [7, 8, 9]))
    refused(nil, "further than can be told", try whole(next, counter: 262, hash: 1, recent: [7, 8, 9]))
    refused(nil, "far", try whole(next, counter: .max, hash: 1, recent: [7, 8, 9]))
    let fork = Line().next { $0.counter = 1 }
    refused(.stateFork, "another state of its counter", try whole(next, counter: 6, hash: 1, after: [fork]))
    let later = Line().next { $0.counter = 3 }
    refused(nil, "notes from later on", try whole(later, counter: 6, hash: 1, after: [next]))
    let between = Line().next { ($0.counter, $0.generation) = (9, 1) }
    refused(
      .stateFork, "no note, though an older one is there",
      LineCheck.Whole(
        state: AcceptedState(try between.state()),
        vault: try {
          var vault = try whole(between, counter: 6, hash: 1).vault
          vault.states[0].counter = 0
          return vault
        }(), vaultCounter: 6, vaultHash: .zero))
  }

  @Test("The pinned MasterKey must be kept, where another one is in its place")
  func keys() throws {
    let check = try pinned()
    let rotated = Line().next { ($0.epoch, $0.master) = (2, 2) }
    func refused(_ code: ErrorCode?, _ past: [Shared<MasterKey>]) throws {
      let whole = try whole(rotated, counter: 6, hash: 1, past: past)
      expect(code) {
        let findings = try check.findings(whole)
        #expect(findings == [])
      }
    }
    try refused(.stateFork, [])
    try refused(.stateFork, [key(1, 2)])
    try refused(.stateFork, [key(2, 1)])
    try refused(nil, [key(1, 1)])
    try refused(nil, [key(1, 0), key(1, 1), key(1, 3)])
  }

  @Test("R-12.7-5: in a greater generation all of it is a finding, each code once")
  func findings() throws {
    let check = try pinned()
    let root = Line().next { ($0.generation, $0.epoch, $0.master, $0.counter) = (2, 1, 9, 1) }
    func findings(_ whole: LineCheck.Whole) throws -> [ErrorCode] { try check.findings(whole) }
    #expect(try findings(whole(root, counter: 6, hash: 1, past: [key(1, 1)])) == [])
    #expect(try findings(whole(root, counter: 6, hash: 1)) == [.stateFork])
    let fork = Line().next { $0.counter = 1 }
    #expect(try findings(whole(root, counter: 6, hash: 1, after: [fork])) == [.stateFork])
    #expect(
      try findings(whole(root, counter: 1, hash: 1, after: [fork], recent: [9]))
        == [.counterRollback, .stateFork])
    #expect(
      try findings(whole(root, counter: 6, hash: 1, recent: [9], past: [key(1, 1)])) == [.counterFork])
    #expect(
      try findings(whole(root, counter: 5, hash: 1, past: [key(1, 1)])) == [.counterFork])
  }
}
