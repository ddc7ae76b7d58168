import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// What a service, a thief or a removed person can show to a person's end, and what becomes of it.
@Suite("Attacks on a person's end") struct PersonAttackTests {
  /// An end that remembers what `shelf` shows.
  private func end(_ party: Party, remembering shelf: Shelf) throws -> Owner {
    var world = try World()
    world.shelf = shelf
    var end = try world.end(party)
    try end.lock()
    return end
  }

  /// What an end answers when it is shown `shelf`; nil when it opens it.
  private func answer(_ end: consuming Owner, to shelf: Shelf, as party: Party) throws -> ErrorCode? {
    var world = try World()
    world.shelf = shelf
    var end = end
    do {
      try world.open(&end, as: party)
      return nil
    } catch let error as ProtocolError {
      return error.code
    }
  }

  /// What an account shows after each of some acts.
  private func history() throws -> [Shelf] {
    var world = try World()
    var owner = try world.end(.owner)
    var shelves = [world.shelf]
    try world.settle(
      owner.setLabel("a", ofPerson: Party.owner.id, now: world.now, using: &world.random), &owner)
    shelves.append(world.shelf)
    try world.settle(
      owner.setRules(
        [RuleDefinition(field: .url, category: .neutral, seen: true, value: try BoundedBytes([0x61]))],
        now: world.now, using: &world.random), &owner)
    shelves.append(world.shelf)
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
    shelves.append(world.shelf)
    world.now = day(102)
    _ = try owner.renew(now: world.now, using: &world.random).map { try world.settle($0, &owner) }
    shelves.append(world.shelf)
    try world.settle(owner.repair(removing: [], now: world.now, using: &world.random), &owner)
    shelves.append(world.shelf)
    return shelves
  }

  @Test("Attack 6: an old whole is refused by every end that has seen a newer one; a newer one is taken")
  func oldWholes() throws {
    let shelves = try history()
    for (seen, remembered) in shelves.enumerated() {
      for (shown, shelf) in shelves.enumerated() {
        let code = try answer(try end(.owner, remembering: remembered), to: shelf, as: .owner)
        if shown >= seen {
          #expect(code == nil, "\(shown) after \(seen)")
        } else {
          let codes: [ErrorCode] = [.generationRollback, .counterRollback]
          #expect(code.map(codes.contains) == true, "\(shown) after \(seen): \(code?.rawValue ?? "opened")")
        }
      }
    }
  }

  @Test("Attack 6: no mixture of two wholes opens, for a fresh end either, but what is one of the two wholes")
  func mixtures() throws {
    let shelves = try history()
    let (old, new) = (shelves[2], shelves[3])
    let owner = try Party.owner.id
    for choice in 0..<32 {
      var mixed = old
      if choice & 1 != 0 { mixed.state = new.state }
      if choice & 2 != 0 { mixed.vault = new.vault }
      if choice & 4 != 0 { mixed.ruleSet = new.ruleSet }
      if choice & 8 != 0 { mixed.wrap = new.wrap }
      if choice & 16 != 0 { mixed.grants[owner] = new.grants[owner] }
      let code = try answer(.locked(), to: mixed, as: .owner)
      let isOld = choice & 7 == 0
      let isNew = choice & 7 == 7
      // Wrap or grant may be missing, or of the other epoch: one that fits is enough.
      let hasKey = isOld ? choice & 24 != 24 : choice & 24 != 0
      #expect((code == nil) == ((isOld || isNew) && hasKey), "\(choice): \(code?.rawValue ?? "opened")")
    }
  }

  @Test("PersonKeys of another time are told by the vault, even where they open")
  func oldPersonKeys() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let old = world.shelf
    // The same head and keys, sealed anew.
    let keys = try PersonKeys.seal(
      Party.owner.identity(), with: world.stretched(.owner), using: &world.random)
    world.shelf.keys[try Party.owner.id] = keys.serialized
    #expect(try answer(.locked(), to: world.shelf, as: .owner) == .chainBroken)
    world.shelf = old
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
  }

  @Test("Attack 8: ends that were led along two lines find out as soon as one is shown the other's")
  func twoLines() throws {
    var left = try World()
    var right = left
    var owner = try left.end(.owner)
    var manager = try right.end(.manager)
    // The service tells both that it has stored theirs.
    try left.settle(owner.setLabel("a", ofPerson: Party.owner.id, now: left.now, using: &left.random), &owner)
    try right.settle(
      manager.setLabel("b", ofPerson: Party.owner.id, now: right.now, using: &right.random), &manager)
    let forked = left.shelf
    #expect(try answer(try end(.manager, remembering: right.shelf), to: forked, as: .manager) == .counterFork)
    // One more on top of it.
    try left.settle(owner.setLabel("c", ofPerson: Party.owner.id, now: left.now, using: &left.random), &owner)
    #expect(
      try answer(try end(.manager, remembering: right.shelf), to: left.shelf, as: .manager) == .counterFork)
    // Two rotations into one epoch.
    try left.settle(owner.rotate(now: left.now, using: &left.random), &owner)
    try right.settle(manager.rotate(now: right.now, using: &right.random), &manager)
    let code = try answer(try end(.manager, remembering: right.shelf), to: left.shelf, as: .manager)
    #expect(code == .counterFork || code == .counterRollback)
    // The owner's repair heals it, and says what was there.
    try left.settle(owner.repair(removing: [], now: left.now, using: &left.random), &owner)
    var healed = try end(.manager, remembering: right.shelf)
    try left.open(&healed, as: .manager)
    let (findings, confirmed) = (healed.findings, healed.pins?.isConfirmed)
    #expect(findings == [.counterFork, .stateFork] && confirmed == false)
    expect(.approvalRequired) { _ = try healed.rotate(now: left.now, using: &left.random) }
  }

  @Test(
    "Attack 10: a removed person's whole is refused by who knows the new list; a fresh end waits for a word")
  func removedPerson() throws {
    var world = try World()
    var manager = try world.end(.manager)
    var owner = try world.end(.owner)
    var theirs = world
    try world.settle(
      owner.removePersons([Party.manager.id], removing: [], now: world.now, using: &world.random), &owner)
    try theirs.settle(manager.rotate(now: theirs.now, using: &theirs.random), &manager)
    #expect(
      try answer(try end(.owner, remembering: world.shelf), to: theirs.shelf, as: .owner)
        == .generationRollback)
    var fresh = try theirs.end(.owner, isFresh: true)
    expect(.approvalRequired) { _ = try fresh.rotate(now: theirs.now, using: &theirs.random) }
    // Shown the newest, it takes it; it had nothing of its own.
    try fresh.lock()
    try world.open(&fresh, as: .owner)
    let generation = fresh.state?.generation
    #expect(try generation == owner.openState().generation)
  }

  /// A whole of a thief who has a manager's signing key and knows no MasterKey: an own one, an own member.
  private func stolen(_ shelf: Shelf, notes: Vault, epoch: Epoch) throws -> Shelf {
    var random = SystemRandom()
    var forged = shelf
    let state = try AccountState(parsing: shelf.state)
    let masterKey = try MasterKey(accountID: testAccount(), epoch: epoch, using: &random)
    let made = try AccountState.make(
      counter: try #require(state.counter.next), made: state.made, validUntil: state.validUntil,
      masterKey: masterKey, list: state.list, revoked: [], signingKey: Party.manager.identity().signing)
    var vault = notes
    vault.pastKeys = []
    vault.codes = []
    vault.rules = []
    vault.ruleSet = .zero
    vault.note(AcceptedState(made).note)
    vault.madeBy = try Party.manager.id
    vault.recent = []
    try vault.set(
      Member(
        agentID: Party.stranger.id, label: .empty, codeID: .zero, kind: .scoped, status: .granted, listed: 0,
        auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0, auditedState: 0, keptSequence: 0,
        keptHash: .zero))
    forged.state = made.serialized
    forged.vault = try vault.sealed(
      counter: try Counter(OwnerVault(parsing: shelf.vault).counter.value + 300), masterKey: masterKey,
      signingKey: Party.manager.identity().signing, using: &random
    ).serialized
    for party in [Party.owner, .manager] {
      forged.grants[try party.id] = try Grant.make(
        .master, to: party.id, modulus: party.identity().modulus, masterKey: masterKey,
        signingKey: Party.manager.identity().signing, using: &random
      ).serialized
    }
    return forged
  }

  @Test("A thief of a signing key who has no MasterKey is refused, and after a root act not believed")
  func stolenSigningKey() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let before = world.shelf
    let forged = try stolen(before, notes: owner.openVault(), epoch: 9)
    #expect(try answer(try end(.owner, remembering: before), to: forged, as: .owner) == .stateFork)

    // The owner's next root act lists the manager still; an end that was away is shown a whole on top of it.
    try world.settle(owner.repair(removing: [], now: world.now, using: &world.random), &owner)
    let later = try stolen(world.shelf, notes: owner.openVault(), epoch: 9)
    var away = try end(.owner, remembering: before)
    var thieves = world
    thieves.shelf = later
    try thieves.open(&away, as: .owner)
    let (findings, confirmed) = (away.findings, away.pins?.isConfirmed)
    #expect(findings == [.stateFork] && confirmed == false)
    expect(.approvalRequired) { _ = try away.rotate(now: world.now, using: &world.random) }
    expect(.approvalRequired) { _ = try away.makeGrants(for: [], now: world.now, using: &world.random) }
  }

  @Test("A thief who signs an honest vault again, or whoever has the MasterKey alone, is refused")
  func signedAgain() throws {
    var world = try World()
    let owner = try world.end(.owner)
    var vault = try OwnerVault(parsing: world.shelf.vault)
    // The manager has made it.
    vault.signer = try Party.owner.verifyKey
    world.shelf.vault = try vault.signed(by: Party.owner.identity().signing).serialized
    #expect(try answer(.locked(), to: world.shelf, as: .owner) == .chainBroken)
    vault.signer = try Party.stranger.verifyKey
    world.shelf.vault = try vault.signed(by: Party.stranger.identity().signing).serialized
    #expect(try answer(.locked(), to: world.shelf, as: .owner) == .signatureInvalid)
    let phase = owner.phase
    #expect(phase == .open)
  }

  @Test("R-12.7-3: a wrap that does not fit is as none, and the grant is taken; without both there is no key")
  func wraps() throws {
    var world = try World()
    let owner = try Party.owner.id
    let masterKey = try MasterKey(accountID: testAccount(), epoch: 1, using: &world.random)
    let other = try world.stretched(.owner).wrap(masterKey).serialized
    let good = try #require(world.shelf.wrap)
    var next = try PasswordWrap(parsing: good)
    next.epoch = 2
    let wraps: [[UInt8]?] = [nil, other, good.flipped(at: 95), good.flipped(at: 30), next.serialized]
    for wrap in wraps {
      world.shelf.wrap = wrap
      #expect(try answer(.locked(), to: world.shelf, as: .owner) == nil)
      var without = world.shelf
      without.grants[owner] = nil
      #expect(try answer(.locked(), to: without, as: .owner) == .noMasterKey)
    }
    world.shelf.wrap = good.flipped(at: 5)
    #expect(try answer(.locked(), to: world.shelf, as: .owner) == .wrongAccount)
    world.shelf.wrap = Array(good.dropLast())
    #expect(try answer(.locked(), to: world.shelf, as: .owner) == .truncated)
    // A manager looks at no wrap.
    #expect(try answer(.locked(), to: world.shelf, as: .manager) == nil)
    world.shelf.grants[try Party.manager.id] = world.shelf.grants[owner]
    #expect(try answer(.locked(), to: world.shelf, as: .manager) == .wrongRecipient)
  }

  @Test(
    "Attack 17: R-12.9-1, R-12.9-3: a manager who drives all numbers to their ends gains nothing against a root act"
  )
  func numbers() throws {
    var world = try World()
    let manager = try world.end(.manager)
    let session = try manager.opened()
    let masterKey = try MasterKey(
      accountID: testAccount(), epoch: Epoch(.max), using: &world.random)
    let state = try AccountState.make(
      counter: .max, made: world.now, validUntil: day(160), masterKey: masterKey,
      list: session.state.state.list, revoked: [], signingKey: Party.manager.identity().signing)
    var vault = session.vault
    try vault.keep(session.masterKey)
    vault.note(AcceptedState(state).note)
    vault.madeBy = try Party.manager.id
    vault.follow(session.vaultHash)
    world.shelf.state = state.serialized
    world.shelf.vault = try vault.sealed(
      counter: .max, masterKey: masterKey, signingKey: Party.manager.identity().signing,
      using: &world.random
    ).serialized
    for party in [Party.owner, .manager] {
      world.shelf.grants[try party.id] = try Grant.make(
        .master, to: party.id, modulus: party.identity().modulus, masterKey: masterKey,
        signingKey: Party.manager.identity().signing, using: &world.random
      ).serialized
    }

    var owner = try world.end(.owner)
    expect(.limitReached) { _ = try owner.rotate(now: world.now, using: &world.random) }
    expect(.limitReached) {
      _ = try owner.setLabel("x", ofPerson: Party.owner.id, now: world.now, using: &world.random)
    }
    let evil = world.shelf
    let repair = try owner.repair(removing: [], now: world.now, using: &world.random)
    let made = try #require(repair.accountState)
    #expect(made.epoch == 2 && made.counter == 1 && repair.ownerVault.counter == 1)
    try world.settle(repair, &owner)
    #expect(try answer(try end(.manager, remembering: evil), to: world.shelf, as: .manager) == nil)
    #expect(
      try answer(try end(.owner, remembering: Base.shared.get().shelf), to: world.shelf, as: .owner) == nil)
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
    // The last generation there is.
    expect(.limitReached) {
      _ = try Founding.generation(after: Generation(.max), at: world.now)
    }
    #expect(try Founding.generation(after: nil, at: day(1)).value == 1_440)
    #expect(try Founding.generation(after: Generation(9_999), at: day(1)).value == 10_000)
    #expect(try Founding.generation(after: nil, at: 0).value == 1)
    // A clock that is ahead of all minutes must not use up the last number.
    expect(.limitReached) { _ = try Founding.generation(after: nil, at: .max) }
    let last = UInt64(UInt32.max) * 60_000
    #expect(try Founding.generation(after: nil, at: Time(milliseconds: last + 59_999)).value == .max)
    expect(.limitReached) { _ = try Founding.generation(after: nil, at: Time(milliseconds: last + 60_000)) }
    expect(.limitReached) { _ = try Time.max.end(after: 1) }
    #expect(try Time(milliseconds: Time.max.milliseconds - 86_400_000).end(after: 1) == .max)
  }

  @Test("A clock that was ahead stops acts, not the owner's repair, which sets it right")
  func clockAhead() throws {
    var world = try World()
    var owner = try world.end(.owner)
    var ahead = world
    ahead.now = day(180)
    var manager = try ahead.end(.manager)
    _ = try manager.renew(consent: Consent(isNewest: true), now: ahead.now, using: &ahead.random).map {
      try ahead.settle($0, &manager)
    }
    world.shelf = ahead.shelf
    try owner.lock()
    try world.open(&owner, as: .owner)
    expect(.clockWrong) { _ = try owner.rotate(now: world.now, using: &world.random) }
    expect(.clockWrong) { _ = try owner.repair(removing: [], now: world.now, using: &world.random) }
    let consent = Consent(isClockRight: true)
    let repair = try owner.repair(removing: [], consent: consent, now: world.now, using: &world.random)
    #expect(repair.accountState?.made == world.now && repair.accountState?.certificateFrom == world.now)
    try world.settle(repair, &owner)
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
  }

  @Test(
    "Attack 16: R-8.4-2: 4,096 past epochs open without a derivation, and one more is not made; 20,000 are no vault"
  )
  func pastEpochs() throws {
    var world = try World()
    let owner = try world.end(.owner)
    let session = try owner.opened()
    var vault = session.vault
    for number in 2...UInt32(Limit.pastKeysMax + 1) {
      try vault.keep(
        Shared(
          MasterKey(
            secret: SecretBytes(copying: [UInt8](repeating: 1, count: 32)), accountID: testAccount(),
            epoch: Epoch(number))))
    }
    vault.follow(session.vaultHash)
    vault.madeBy = try Party.owner.id
    let counter = try #require(session.vaultCounter.next)
    world.shelf.vault = try vault.sealed(
      counter: counter, masterKey: session.masterKey.value, signingKey: Party.owner.identity().signing,
      using: &world.random
    ).serialized
    var again = try world.end(.owner)
    expect(.limitReached) { _ = try again.rotate(now: world.now, using: &world.random) }
    expect(.limitReached) { _ = try again.repair(removing: [], now: world.now, using: &world.random) }
    let ring = try again.keyRing()
    #expect(ring.hasTokenKey(epoch: 4_097) && !ring.hasTokenKey(epoch: 4_098))
    vault.pastKeys += vault.pastKeys + vault.pastKeys + vault.pastKeys + vault.pastKeys
    expect(.limitReached) {
      _ = try vault.sealed(
        counter: counter, masterKey: session.masterKey.value, signingKey: Party.owner.identity().signing,
        using: &world.random)
    }
  }

  @Test("R-12.2-3: two lines used one epoch: what was made with either key opens")
  func twoKeysOfAnEpoch() throws {
    var ring = KeyRing(accountID: try testAccount(), holder: .owner)
    var tokens: [Token] = []
    for byte: UInt8 in [1, 2] {
      var line = Line()
      line.master = byte
      var sealer = try TokenSealer(key: try line.masterKey().tokenKey())
      tokens.append(try sealer.seal([byte, 0x61], field: .url))
      ring.add(Shared(try line.masterKey()))
    }
    var opener = TokenOpener(ring: ring)
    #expect(try tokens.map { try opener.open($0) } == [[1, 0x61], [2, 0x61]])
    var line = Line()
    line.master = 3
    var sealer = try TokenSealer(key: try line.masterKey().tokenKey())
    let other = try sealer.seal([1], field: .url)
    expect(.tokenOpenFailed) { _ = try opener.open(other) }

    for byte: UInt8 in [1, 2, 3] {
      line.master = byte
      var blob: [UInt8] = []
      var random = SystemRandom()
      var sealer = try BlobSealer(
        key: try line.masterKey().agentKey(for: Party.agent.id), field: .clipboard, using: &random)
      try sealer.update([byte].span, into: &blob)
      _ = try sealer.finish(into: &blob)
      if byte < 3 {
        #expect(try SealedBlob(parsing: blob).open(with: ring) == [byte])
      } else {
        expect(.blobOpenFailed) { _ = try SealedBlob(parsing: blob).open(with: ring) }
      }
    }
  }

  // MARK: Recovery. §12.6

  @Test("PBKDF2: R-12.6-2, a recovery text makes a new list under a new key, which all accept, not content")
  func recovery() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    let before = try owner.openState()
    let text = try Base.shared.get().recovery
    func recover(_ end: inout Owner, isConfirmed: Bool, persons: [[UInt8]]) throws -> Publication {
      try end.recover(
        identity: .recovered(from: text.value),
        source: RecoverySource(
          accountState: world.shelf.state, ownerVault: world.shelf.vault, head: owner.remembered().head),
        isConfirmed: isConfirmed,
        staying: RecoveredMembers(persons: persons, members: [Party.agent.id: .scoped]),
        credentials: Base.credentials("new"), retentionDays: Base.retention(), now: world.now,
        using: &world.random)
    }
    var fresh = Owner.absent()
    let manager = try #require(world.shelf.requests[Party.manager.id])
    expect(.approvalRequired) { _ = try recover(&fresh, isConfirmed: false, persons: [manager]) }
    let agent = try #require(world.shelf.requests[Party.agent.id])
    expect(.unknownAgent) { _ = try recover(&fresh, isConfirmed: true, persons: [agent]) }
    let made = try recover(&fresh, isConfirmed: true, persons: [manager])
    let state = try #require(made.accountState)
    #expect(state.generation > before.generation && state.epoch == 2 && state.signers.count == 2)
    #expect(made.personKeys?.head.counter == 2 && made.grants.count == 2)
    let id = fresh.personID
    let person = try #require(id)
    #expect(try person != Party.owner.id)
    let isStored = world.shelf.store(made, by: person)
    #expect(isStored)
    try fresh.stored()
    #expect(try fresh.openVault().members.map(\.agentID) == [Party.agent.id])
    #expect(try fresh.openVault().pastEpochs.isEmpty)
    // The manager's end takes it, says what is missing, and waits for a word.
    var theirs = try end(.manager, remembering: Base.shared.get().shelf)
    try world.open(&theirs, as: .manager)
    let (findings, confirmed) = (theirs.findings, theirs.pins?.isConfirmed)
    #expect(findings.contains(.stateFork) && confirmed == false)
    // A text of another account.
    var stranger = Owner.absent()
    expect(.wrongAccount) {
      _ = try stranger.recover(
        identity: Party.stranger.identity(),
        source: RecoverySource(accountState: world.shelf.state, ownerVault: world.shelf.vault, head: nil),
        isConfirmed: true, staying: RecoveredMembers(), credentials: Base.credentials(),
        retentionDays: Base.retention(), now: world.now, using: &world.random)
    }
  }
}

extension Owner {
  /// What is open.
  borrowing func opened() throws -> OwnerSession {
    guard let session else { throw Missing() }
    return session
  }
}
