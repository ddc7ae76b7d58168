import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §12.8: what becomes of a publication that was sent.
@Suite("Settling") struct SettlingTests {
  // MARK: Answers

  @Test("R-11-13: what is sent is remembered before, and settled by the answer; no answer sends it again")
  func stored() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let before = try owner.remembered()
    let sent = try owner.rotate(now: world.now, using: &world.random)
    let pins = try owner.remembered()
    #expect(pins.pending?.vault == sent.vaultHash && pins.vaultHash == before.vaultHash)
    #expect(pins.pending?.state == sent.accountState.map { Hash(sha256: $0.serialized) })
    #expect(pins.state == before.state)
    #expect(try owner.noAnswer() == sent)
    expect(.unsettled) { _ = try owner.rotate(now: world.now, using: &world.random) }
    expect(.unsettled) { try owner.confirm() }
    expect(.unsettled) { _ = try owner.makeGrants(for: [], now: world.now, using: &world.random) }
    _ = try owner.keyRing()
    try world.settle(sent, &owner)
    let after = try owner.remembered()
    #expect(after.pending == nil && after.vaultHash == sent.vaultHash)
    #expect(after.state?.state == sent.accountState && after.vaultCounter == before.vaultCounter.next)
    expect(.alreadyPinned) { _ = try owner.noAnswer() }
  }

  @Test(
    "R-12.8-2: after a crash behind the sending the same bytes go again, and the service that has them says so",
    arguments: [true, false])
  func crash(_ isStored: Bool) throws {
    var world = try World()
    var owner = try world.end(.owner)
    let sent = try owner.rotate(now: world.now, using: &world.random)
    let (pins, pending) = (try owner.remembered(), try #require(try owner.sending()))
    if isStored { #expect(try world.shelf.store(sent, by: Party.owner.id)) }

    var again = Owner.locked(pins: pins)
    try world.open(&again, as: .owner, pending: pending)
    let phase = again.phase
    #expect(phase == (isStored ? .open : .settling))
    if !isStored {
      #expect(try again.noAnswer() == sent)
      try world.settle(sent, &again)
    }
    let state = again.state
    let isSettled = try again.remembered().pending == nil
    #expect(isSettled && state == sent.accountState)
    try world.settle(again.rotate(now: world.now, using: &world.random), &again)
  }

  @Test("Pins alone settle what the service has stored, without any key")
  func settledPins() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let sent = try owner.rotate(now: world.now, using: &world.random)
    let settled = try owner.remembered().settled(sent)
    try world.settle(sent, &owner)
    let pins = try owner.remembered()
    #expect(settled == pins)
  }

  // MARK: Lost to a vault of the same state

  @Test("Lost to the same state: our state's bytes stay, theirs stays in the vault, and both acts are in it")
  func merge() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    var manager = try world.end(.manager)
    let agentID = try Party.agent.id
    let rotation = try owner.rotate(now: world.now, using: &world.random)
    try world.settle(
      manager.setLabel("theirs", ofMember: agentID, now: world.now, using: &world.random), &manager)

    guard case .merged(let again) = try world.lose(&owner) else { throw Missing() }
    #expect(again.accountState == rotation.accountState && again.grants == rotation.grants)
    #expect(again.passwordWrap == rotation.passwordWrap && again.vaultHash != rotation.vaultHash)
    #expect(again.expected == Hash(sha256: world.shelf.vault))
    try world.settle(again, &owner)
    let (member, epoch) = (try #require(try owner.openVault()[member: agentID]), owner.state?.epoch)
    #expect(epoch == 2 && member.label.bytes == [UInt8]("theirs".utf8))
    // It is a whole that every person opens.
    try manager.lock()
    try world.open(&manager, as: .manager)
    _ = try world.end(.owner, isFresh: true)
  }

  @Test("A merge after a crash is the same: all it needs lies on the disk")
  func mergeAfterCrash() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    var manager = try world.end(.manager)
    let rotation = try owner.rotate(now: world.now, using: &world.random)
    let (pins, pending) = (try owner.remembered(), try #require(try owner.sending()))
    try world.settle(
      manager.setLabel("x", ofMember: Party.agent.id, now: world.now, using: &world.random), &manager)
    var again = Owner.locked(pins: pins)
    try world.open(&again, as: .owner, pending: pending)
    guard case .merged(let merged) = try world.lose(&again) else { throw Missing() }
    #expect(merged.accountState == rotation.accountState)
    try world.settle(merged, &again)
    #expect(try again.openVault()[member: Party.agent.id]?.label.bytes == [0x78])
    let epoch = again.state?.epoch
    #expect(epoch == 2)
  }

  /// The acts that ask about members, of an account with one computer, which stays or goes.
  static let asking: [@Sendable (inout Owner, Consent, inout World) throws -> Publication] = [
    { try $0.remove([Party.agent.id], consent: $1, now: $2.now, using: &$2.random) },
    { try $0.repair(removing: [], consent: $1, now: $2.now, using: &$2.random) },
    { try $0.removePersons([Party.manager.id], removing: [], consent: $1, now: $2.now, using: &$2.random) },
  ]

  @Test(
    "R-12.8-9: an act that asks about members is never merged, and each time asks about those that are there")
  func asked() throws {
    for act in Self.asking {
      var world = try World()
      var owner = try world.end(.owner)
      try world.enrol(.agent, by: &owner)
      var manager = try world.end(.manager)
      let shown = Consent().keeping(try owner.openVault().grantedMembers)
      expect(.approvalRequired) {
        var other = shown
        other.staying[try Party.agent.id] = .master
        _ = try owner.repair(removing: [], consent: other, now: world.now, using: &world.random)
      }
      let sent = try act(&owner, shown, &world)
      // The other end lets a computer in under the same code, without a name.
      try world.enrol(.otherAgent, by: &manager, label: "")
      #expect(try world.lose(&owner) == .dead)
      expect(.approvalRequired) { _ = try act(&owner, shown, &world) }
      #expect(try owner.remembered().pending == nil)
      let again = try act(&owner, shown.keeping(try owner.openVault().grantedMembers), &world)
      #expect(again.accountState != sent.accountState)
      try world.settle(again, &owner)
      #expect(try owner.openVault()[member: Party.otherAgent.id]?.status == .granted)
    }
  }

  @Test("R-12.9-2: a person whose adding died is on no list of a number that is in use")
  func deadAddition() throws {
    for isDiscarded in [true, false] {
      var world = try World()
      var owner = try world.end(.owner)
      try world.enrol(.agent, by: &owner)
      let code = try owner.makeCode(.manager, expires: nil, now: world.now, using: &world.random)
      try world.settle(code.publication, &owner)
      var joining = Owner.absent()
      let request = try joining.enrol(
        code: code.code, identity: Party.second.identity(), credentials: Base.credentials(),
        using: &world.random
      ).request.serialized
      var manager = try world.end(.manager)
      func add(_ owner: inout Owner, _ consent: Consent = .none) throws -> Publication {
        try owner.addPerson(
          request, approved: Party.second.id, consent: consent, now: world.now, using: &world.random)
      }
      let dead = try #require(try add(&owner).accountState)
      if isDiscarded {
        try owner.discard()
      } else {
        try world.settle(manager.rotate(now: world.now, using: &world.random), &manager)
        #expect(try world.lose(&owner) == .dead)
      }
      let due = owner.isRootDue
      #expect(due)
      expect(.unsettled) { _ = try owner.rotate(now: world.now, using: &world.random) }
      // Now it makes a generation, and asks about all members.
      expect(.approvalRequired) { _ = try add(&owner) }
      let again = try add(&owner, Consent().keeping(try owner.openVault().grantedMembers))
      #expect(try #require(again.accountState).generation > dead.generation)
      try world.settle(again, &owner)
      let stillDue = owner.isRootDue
      #expect(!stillDue)
    }
  }

  @Test("Two ends let one computer each in under a code of one use: one of them is left out")
  func oneUse() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let code = try owner.makeCode(.agents(.automatic), expires: nil, now: world.now, using: &world.random)
    try world.settle(code.publication, &owner)
    var manager = try world.end(.manager)
    var requests: [[UInt8]] = []
    for party in [Party.agent, .otherAgent] {
      var agent = Agent(identity: try party.identity())
      requests.append(try agent.enrol(code: code.code.text(), using: &world.random).serialized)
    }
    _ = try owner.approve(requests[0], now: world.now, using: &world.random)
    try world.settle(manager.approve(requests[1], now: world.now, using: &world.random), &manager)
    guard case .merged(let again) = try world.lose(&owner) else { throw Missing() }
    try world.settle(again, &owner)
    #expect(try owner.openVault().members.map(\.agentID) == [Party.otherAgent.id])
  }

  @Test("Lost again and again: each merge starts from what is held now")
  func again() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    var manager = try world.end(.manager)
    let sent = try owner.retire([Party.agent.id], now: world.now, using: &world.random)
    for label in ["a", "b", "c"] {
      try world.settle(
        manager.setLabel(label, ofMember: Party.agent.id, now: world.now, using: &world.random), &manager)
      guard case .merged(let again) = try world.lose(&owner) else { throw Missing() }
      #expect(again.accountState == sent.accountState)
    }
    try world.settle(owner.noAnswer(), &owner)
    let member = try #require(try owner.openVault()[member: Party.agent.id])
    #expect(member.status == .retired && member.label.bytes == [0x63])
  }

  @Test("An answer may be late: the vault that is held is ours")
  func late() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let sent = try owner.rotate(now: world.now, using: &world.random)
    #expect(try world.shelf.store(sent, by: Party.owner.id))
    #expect(try world.lose(&owner) == .stored)
    let phase = owner.phase
    #expect(phase == .open)
  }

  // MARK: Lost to another state

  @Test("R-12.8-3, R-12.8-4: lost to another state, nothing is kept; the act is made again with another key")
  func dead() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    var manager = try world.end(.manager)
    let lost = try owner.remove([Party.agent.id], now: world.now, using: &world.random)
    try world.settle(manager.rotate(now: world.now, using: &world.random), &manager)
    #expect(try world.lose(&owner) == .dead)
    let (phase, due, pending) = (owner.phase, owner.isRootDue, try owner.remembered().pending)
    #expect(phase == .open && !due && pending == nil)
    #expect(try owner.openVault()[member: Party.agent.id]?.status == .granted)
    let again = try owner.remove([Party.agent.id], now: world.now, using: &world.random)
    #expect(again.accountState?.epoch == 3 && again.accountState?.commitment != lost.accountState?.commitment)
    try world.settle(again, &owner)
  }

  @Test("R-12.9-2: a root act that died or was given up is followed by another, of a greater number")
  func deadRootAct() throws {
    for isDiscarded in [true, false] {
      var world = try World()
      var owner = try world.end(.owner)
      var manager = try world.end(.manager)
      let lost = try owner.removePersons(
        [Party.manager.id], removing: [], now: world.now, using: &world.random)
      let dead = try #require(lost.accountState).generation
      if isDiscarded {
        try owner.discard()
      } else {
        try world.settle(manager.rotate(now: world.now, using: &world.random), &manager)
        #expect(try world.lose(&owner) == .dead)
      }
      let (due, generation) = (owner.isRootDue, try owner.remembered().generation)
      #expect(due && generation > dead)
      expect(.unsettled) { _ = try owner.rotate(now: world.now, using: &world.random) }
      expect(.unsettled) {
        _ = try owner.setLabel("x", ofPerson: Party.owner.id, now: world.now, using: &world.random)
      }
      let repair = try owner.repair(removing: [], now: world.now, using: &world.random)
      let made = try #require(repair.accountState)
      #expect(made.generation > dead && made.generation > generation)
      try world.settle(repair, &owner)
      let stillDue = owner.isRootDue
      #expect(!stillDue)
      try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
    }
  }

  @Test("A dead root act is due after a restart, with its messages or without them")
  func dueAfterRestart() throws {
    var world = try World()
    var owner = try world.end(.owner)
    _ = try owner.repair(removing: [], now: world.now, using: &world.random)
    let pins = try owner.remembered()
    var again = Owner.locked(pins: pins)
    try world.open(&again, as: .owner)
    let (phase, due) = (again.phase, again.isRootDue)
    #expect(phase == .open && due)
    try again.lock()
    var third = Owner.locked(pins: try again.remembered())
    try world.open(&third, as: .owner)
    let stillDue = third.isRootDue
    #expect(stillDue)
    try world.settle(third.repair(removing: [], now: world.now, using: &world.random), &third)
  }

  @Test("A person who is added while a root act is due takes a new generation and epoch")
  func addPersonWhileDue() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let code = try owner.makeCode(.manager, expires: nil, now: world.now, using: &world.random)
    try world.settle(code.publication, &owner)
    var joining = Owner.absent()
    let request = try joining.enrol(
      code: code.code, identity: Party.second.identity(), credentials: Base.credentials(),
      using: &world.random
    ).request.serialized
    let before = try owner.openState()
    _ = try owner.repair(removing: [], now: world.now, using: &world.random)
    try owner.discard()
    let added = try owner.addPerson(
      request, approved: Party.second.id, now: world.now, using: &world.random)
    let state = try #require(added.accountState)
    #expect(state.generation > before.generation && state.epoch == 2 && state.signers.count == 3)
    #expect(added.grants.count == 3)
    try world.settle(added, &owner)
    #expect(try owner.openVault().codes.isEmpty)
  }

  @Test("A dead creation leaves no account; the next one takes a greater number")
  func deadCreation() throws {
    var random = SystemRandom()
    var owner = Owner.absent()
    func create(_ owner: inout Owner) throws -> Generation? {
      try owner.create(
        identity: Party.stranger.identity(), credentials: Base.credentials(),
        retentionDays: Base.retention(), now: day(100), using: &random
      ).publication.accountState?.generation
    }
    let first = try #require(try create(&owner))
    try owner.discard()
    let (phase, pins) = (owner.phase, owner.pins)
    #expect(phase == .absent && pins == nil)
    #expect(try create(&owner) == first.next)
  }

  // MARK: Locking and pins

  @Test("R-10.4-2: locking keeps what is on the disk")
  func locking() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let sent = try owner.rotate(now: world.now, using: &world.random)
    let pending = try owner.sending()
    try owner.lock()
    let phase = owner.phase
    #expect(phase == .locked)
    try world.open(&owner, as: .owner, pending: pending)
    #expect(try owner.noAnswer() == sent)
  }

  @Test("R-10.4-2: what is pending outlives another whole of its base, a lock and a restart")
  func restarts() throws {
    var world = try World()
    var owner = try world.end(.owner)
    var manager = try world.end(.manager)
    world.now = day(101)
    let sent = try owner.setLabel(
      "mine", ofPerson: Party.owner.id, now: world.now, using: &world.random)
    #expect(sent.accountState != nil)
    let pending = try owner.sending()
    try owner.lock()
    let theirs = try manager.setLabel(
      "theirs", ofPerson: Party.manager.id, now: day(100, hours: 2), using: &world.random)
    try world.settle(theirs, &manager)
    try world.open(&owner, as: .owner, pending: pending)
    let opened = owner.phase
    #expect(opened == .settling)
    // The disk, as it stands now.
    let (pins, kept) = (try owner.remembered(), try owner.sending())
    var again = Owner.locked(pins: pins)
    try world.open(&again, as: .owner, pending: kept)
    let phase = again.phase
    #expect(phase == .settling && kept == pending)
    guard case .merged(let merged) = try world.lose(&again) else { throw Missing() }
    #expect(merged.accountState == sent.accountState)
    try world.settle(merged, &again)
  }

  @Test("R-12.9-2: a root act that another one of its number has won is known for lost, over a restart too")
  func sameNumber() throws {
    var world = try World()
    var owner = try world.end(.owner)
    var other = try world.end(.owner)
    let lost = try owner.removePersons([Party.manager.id], removing: [], now: world.now, using: &world.random)
    let pending = try owner.sending()
    try world.settle(other.repair(removing: [], now: world.now, using: &world.random), &other)
    let number = try #require(lost.accountState).generation
    #expect(try other.openState().generation == number)
    var again = Owner.locked(pins: try owner.remembered())
    try world.open(&again, as: .owner, pending: pending)
    var third = Owner.locked(pins: try again.remembered())
    try world.open(&third, as: .owner, pending: pending)
    #expect(try world.lose(&third) == .dead)
    let (due, generation) = (third.isRootDue, try third.remembered().generation)
    #expect(due && generation > number)
    #expect(try world.lose(&owner) == .dead)
    let isDue = owner.isRootDue
    #expect(isDue)
  }

  @Test("Pins survive the disk; what does not fit is not opened")
  func pins() throws {
    var world = try World()
    var owner = try world.end(.owner)
    _ = try owner.rotate(now: world.now, using: &world.random)
    let key = SecretBytes(copying: [UInt8](repeating: 3, count: 32))
    let sealed = try owner.savePins(deviceKey: key, using: &world.random)
    let read = try OwnerPins(opening: sealed.serialized, deviceKey: key)
    let pins = try owner.remembered()
    #expect(read == pins && read.writes == 1)
    let other = SecretBytes(copying: [UInt8](repeating: 4, count: 32))
    expect(.localStateOpenFailed) { _ = try OwnerPins(opening: sealed.serialized, deviceKey: other) }
    expect(.localStateOpenFailed) {
      _ = try OwnerPins(opening: sealed.serialized.flipped(at: 26), deviceKey: key)
    }

    func refused(_ change: (inout OwnerContents) -> Void) throws {
      var contents = OwnerContents(
        head: pins.head, state: pins.state?.state, generation: pins.generation, confirmed: true,
        vaultCounter: 1, vaultHash: Hash(sha256: [1]), pendingVault: .zero, pendingState: .zero,
        pendingRuleSet: .zero)
      change(&contents)
      let state = try LocalState.seal(
        SecretBytes(copying: contents.serialized), type: .ownerState, accountID: testAccount(), epoch: 1,
        writes: 1, deviceKey: key, using: &world.random)
      _ = try OwnerPins(opening: state.serialized, deviceKey: key)
    }
    try refused { _ in }
    let changes: [(inout OwnerContents) -> Void] = [
      { $0.head.accountID = .zero }, { $0.state = nil }, { $0.vaultHash = .zero },
      { $0.generation = .first }, { $0.pendingState = Hash(sha256: [1]) },
      { $0.pendingRuleSet = Hash(sha256: [1]) }, { $0.state?.accountID = .zero }, { $0.state?.epoch = 2 },
    ]
    for change in changes { expect(.localStateOpenFailed) { try refused(change) } }
  }
}

extension Owner {
  /// What this end remembers.
  borrowing func remembered() throws -> OwnerPins {
    guard let pins else { throw Missing() }
    return pins
  }

  /// What lies beside the pins.
  borrowing func sending() throws -> PendingPublication? { pending }
}
