public import Endkey
public import EndkeyPrimitives
public import EndkeyWire

/// A person's end whose account is open, over its store and its service.
///
/// Each act takes the store's lock, is made, written ahead, sent, and remembered. A crash at any moment loses no act
/// that has returned, and makes none twice. Where another end has written the vault meanwhile, the act is merged or
/// made again.
///
/// Every act throws `refused` when the protocol does not allow it; then nothing has changed. After `service` with
/// `uncertain` the act is on this device, and is sent before anything else is done.
public actor OwnerEnd<Store: EndStore, Service: OwnerService> {
  let memory: OwnerMemory<Store>
  private let service: Service
  private let clocks: any AgentClocks
  /// What to do before an act is sent again that another end was faster than.
  private let pause: @Sendable () async -> Void
  private var owner: Owner
  /// What the account says, as the service has it.
  public private(set) var status: OwnerStatus
  /// Whether an act that was waiting here was lost to another end's, and is to be made again by the person.
  public private(set) var isActLost = false
  /// Members who have no grant of the newest state, since the service has no request of theirs.
  public private(set) var ungranted: [AgentID] = []
  /// Why this device does not remember the account as it was opened: an older one would not be noticed the next time.
  /// An act is refused for the same reason.
  public let unnoted: StoreError?
  /// How many publications the service was behind what this device has kept, as it was given again when it was
  /// opened: it was restored from a backup.
  public let behind: Int
  /// Whether something was settled that may say another retention than the service has heard:
  /// ``tellLongerRetention()``.
  public private(set) var isRetentionUntold: Bool

  init(
    _ memory: OwnerMemory<Store>, _ service: Service, _ owner: consuming Owner,
    unnoted: StoreError? = nil, behind: Int = 0, isRetentionUntold: Bool = false,
    clocks: any AgentClocks = SystemClocks(),
    pause: @escaping @Sendable () async -> Void = { await OwnerEnd.randomPause() }
  ) {
    self.memory = memory
    self.service = service
    self.clocks = clocks
    self.pause = pause
    self.unnoted = unnoted
    self.behind = behind
    self.isRetentionUntold = isRetentionUntold
    status = OwnerStatus(owner)
    self.owner = owner
  }

  /// 1 to 30 seconds, so that two ends do not meet again and again.
  private static func randomPause() async {
    do {
      try await Task.sleep(for: .milliseconds(Int.random(in: 1_000...30_000)))
    } catch {
      return
    }
  }
}

// What it has cannot be copied, and so not be reflected.
extension OwnerEnd: CustomReflectable {
  public nonisolated var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: - Beginning

extension OwnerEnd {
  /// Makes a new account at the service, and this device's memory of it in an empty store. Gives the recovery text, for
  /// paper.
  ///
  /// - Throws: `service` with `superseded` when the service has an account already.
  public static func create(
    identity: consuming Identity, credentials: consuming Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), retentionDays: RetentionDays, store: Store,
    service: Service, clocks: any AgentClocks = SystemClocks()
  ) async throws(EndError) -> NewOwnerEnd<Store, Service> {
    let account = try await prepare(
      identity: identity, credentials: credentials, iterations: iterations, retentionDays: retentionDays,
      store: store, service: service, clocks: clocks)
    let recoveryText = account.recoveryText.copy()
    return NewOwnerEnd(end: try await account.send(from: store), recoveryText: recoveryText)
  }

  /// Makes the account of `create`, and keeps it in an empty store. Nothing is sent. H-10-6
  public static func prepare(
    identity: consuming Identity, credentials: consuming Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), retentionDays: RetentionDays, store: Store,
    service: Service, clocks: any AgentClocks = SystemClocks()
  ) async throws(EndError) -> UnsentAccount<Service> {
    let lock = try await store.locked()
    let memory = try OwnerMemory(store)
    var owner = Owner.absent()
    var random = SystemRandom()
    let account: NewAccount
    do throws(ProtocolError) {
      account = try owner.create(
        identity: identity, credentials: credentials, iterations: iterations, retentionDays: retentionDays,
        now: clocks.wall(), using: &random)
    } catch {
      throw .refused(error, place: nil)
    }
    let publication = account.publication
    let recoveryText = account.recoveryText.copy()
    let beginning = try UnsentBeginning(owner, publication, keptBy: memory, for: service, clocks)
    lock.end()
    return UnsentAccount(beginning: beginning, recoveryText: recoveryText)
  }
}

// MARK: - What the account says

/// What can be told of a person's end without its secrets: an act that failed is not in it.
public struct OwnerStatus: Sendable {
  /// What the end may do now.
  public let phase: OwnerMachine.Phase
  /// The person whose end this is.
  public let personID: AgentID?
  /// Whether this person holds the root key.
  public let isOwner: Bool
  /// What the account's vault says.
  public let vault: Vault?
  /// The newest AccountState.
  public let state: AccountState?
  /// The first 8 hexadecimal digits of the state's hash, the same at every honest end: to be compared with another's.
  public let digits: String
  /// Whether a person has said here that what is shown is the newest.
  public let isConfirmed: Bool
  /// What did not fit what this device remembered, when the account was opened last.
  public let findings: [ErrorCode]
  /// Whether what is shown is the last that this device had opened, since what the service has does not open: the first
  /// finding says why.
  public let isAside: Bool
  /// Whether a root act that was lost must be followed by another one, before anything else.
  public let isRootDue: Bool
  /// How many MasterKeys this device had kept that the account lacks: the next act gives them back. R-12.7-11
  public let missingKeys: Int

  init(_ owner: borrowing Owner) {
    phase = owner.phase
    personID = owner.personID
    isOwner = owner.isOwner
    vault = owner.vault
    state = owner.state
    digits = owner.pins?.state?.hash.digits ?? ""
    isConfirmed = owner.isConfirmed
    isAside = owner.isAside
    findings = owner.findings
    isRootDue = owner.isRootDue
    missingKeys = owner.missingKeys
  }
}

extension OwnerEnd {
  /// The keys of all epochs, for whatever opens tokens, blobs and texts.
  public func keyRing() throws(EndError) -> KeyRing {
    try checked(service.name) { () throws(ProtocolError) in try owner.keyRing() }
  }

  /// What the password was stretched to, for another process of this person: it opens the account as the password does.
  package func stretchedPassword() throws(EndError) -> StretchedPassword {
    do throws(ProtocolError) {
      return try owner.stretchedPassword()
    } catch {
      throw .refused(error, place: nil)
    }
  }

  /// The root key, for paper, where the first copy is lost. R-12.6-1
  ///
  /// - Throws: `refused` with `rootRequired` at a manager's end.
  public func recoveryText() throws(EndError) -> RecoveryText {
    try checked(nil) { () throws(ProtocolError) in try owner.recoveryText() }
  }
}

// MARK: - Acts

extension OwnerEnd {
  /// Makes an act, which may be made again on an account that has changed meanwhile, and grants keys to every member
  /// that the service has none for. `place` is what the act was given, for a message.
  ///
  /// - Parameters:
  ///   - place: where what the act was given stood, for a message.
  ///   - isUrgent: whether it is sent again at once where another end was faster, as a removal is.
  ///   - make: makes the act, at a time.
  @discardableResult
  public func act(
    at place: String? = nil, isUrgent: Bool = false,
    _ make: @Sendable (inout Owner, Time, inout SystemRandom) throws(ProtocolError) -> Publication?
  ) async throws(EndError) -> Publication? {
    let lock = try await memory.store.locked()
    try await refresh()
    try await settle()
    var publication: Publication?
    var attempts = 0
    while true {
      var random = SystemRandom()
      let now = clocks.wall()
      publication = try checked(place) { () throws(ProtocolError) in try make(&owner, now, &random) }
      guard publication != nil else { break }
      guard try await send(isUrgent: isUrgent, &attempts) else { continue }
      break
    }
    status = OwnerStatus(owner)
    try await grantMissing()
    lock.end()
    return publication
  }

  /// The person says that what is shown is the newest.
  public func confirm() async throws(EndError) {
    let lock = try await memory.store.locked()
    try await refresh()
    try checked(nil) { () throws(ProtocolError) in try owner.confirm() }
    try memory.remember(&owner)
    status = OwnerStatus(owner)
    lock.end()
  }

  /// Gives up the publication that is pending. A root act is followed by another one.
  public func discard() async throws(EndError) {
    let lock = try await memory.store.locked()
    try await refresh()
    try checked(nil) { () throws(ProtocolError) in try owner.discard() }
    try memory.remember(&owner)
    status = OwnerStatus(owner)
    lock.end()
  }

  /// Writes the pending publication ahead and sends it until it is settled; false when it is dead, and the act is to be
  /// made again.
  private func send(isUrgent: Bool, _ attempts: inout Int) async throws(EndError) -> Bool {
    while let pending = owner.pending, let personID = owner.personID {
      try memory.remember(&owner)
      attempts += 1
      do {
        try await signedIn { (service) throws(ServiceError) in
          try await service.publish(pending.publication, by: personID)
        }
      } catch {
        guard case .service(.superseded) = error, attempts < Self.attemptsMax else { throw error }
        if !isUrgent { await pause() }
        switch try await lose() {
        case .stored: return true
        case .merged: continue
        case .dead: return false
        }
      }
      try memory.keep(pending, by: personID)
      try checked(nil) { () throws(ProtocolError) in try owner.stored() }
      try memory.remember(&owner)
    }
    return true
  }

  /// Another end was faster.
  private func lose() async throws(EndError) -> Owner.Loss {
    let whole = try await service.whole(of: try loginKey())
    let (kept, before) = (try memory.account(), owner.pending)
    var random = SystemRandom()
    let loss = try checked(service.name) { () throws(ProtocolError) in
      try owner.lost(to: whole, kept: kept, using: &random)
    }
    if loss == .stored, let before, let personID = owner.personID { try memory.keep(before, by: personID) }
    try memory.keep(whole, openedBy: owner)
    try memory.remember(&owner)
    status = OwnerStatus(owner)
    return loss
  }

  /// What `ask` asks the service, the person signed in where the service wants that.
  private func signedIn<Output: Sendable>(
    _ ask: @Sendable (Service) async throws(ServiceError) -> Output
  ) async throws(EndError) -> Output {
    do throws(ServiceError) {
      return try await ask(service)
    } catch {
      guard case .signInRequired = error else { throw .service(error) }
    }
    let key = try loginKey()
    do throws(ServiceError) {
      try await service.signIn(key.loginID, loginKey: key.secret)
      return try await ask(service)
    } catch {
      throw .service(error)
    }
  }

  private func loginKey() throws(EndError) -> LoginKey {
    try checked(nil) { () throws(ProtocolError) in LoginKey(try owner.loginID(), try owner.loginKey()) }
  }

  /// Where another process of this device has worked on the store, what it remembers counts, and the account is opened
  /// anew.
  private func refresh() async throws(EndError) {
    let disk = try memory.remembered()
    guard disk.pins?.writes != owner.pins?.writes else { return }
    let whole = try await service.whole(of: try loginKey())
    let kept = try memory.account()
    try checked(service.name) { () throws(ProtocolError) in
      var fresh = Owner.locked(pins: disk.pins)
      try fresh.open(whole, with: try owner.stretchedPassword(), pending: disk.file?.pending, kept: kept)
      owner = fresh
    }
    try memory.keep(whole, openedBy: owner)
    try memory.remember(&owner)
    status = OwnerStatus(owner)
  }

  /// Sends what is pending from before.
  private func settle() async throws(EndError) {
    guard owner.pending != nil else { return }
    var attempts = 0
    if try await !send(isUrgent: true, &attempts) { isActLost = true }
    isRetentionUntold = true
    status = OwnerStatus(owner)
  }

  /// Grants keys to every member of whom the service has no grant of the newest state, and makes the owner's wrap where
  /// it is missing. What an end may not sign yet is left to another.
  private func grantMissing() async throws(EndError) {
    guard let state = owner.state, let vault = owner.vault, status.isConfirmed else { return }
    let (epoch, commitment) = (state.epoch, state.commitment)
    let granted = try await signedIn { (service) throws(ServiceError) in
      try await service.recipients(of: epoch, commitment)
    }
    let missing = Set(vault.grantedMembers.map(\.agentID)).subtracting(granted)
    var requests: [AgentID: [UInt8]] = [:]
    if !missing.isEmpty {
      for (id, request) in try await requestsByID() where missing.contains(id) { requests[id] = request }
    }
    ungranted = missing.filter { requests[$0] == nil }.sorted()
    var rest = Array(requests.values)[...]
    while !rest.isEmpty {
      var random = SystemRandom()
      let now = clocks.wall()
      let grants = try checked(nil) { () throws(ProtocolError) in
        try owner.makeGrants(for: Array(rest.prefix(Owner.grantsMax)), now: now, using: &random).grants
      }
      try await signedIn { (service) throws(ServiceError) in try await service.put(grants) }
      rest = rest.dropFirst(Owner.grantsMax)
    }
    let now = clocks.wall()
    let wrap = try checked(nil) { () throws(ProtocolError) in try owner.makeWrap(now: now) }
    guard let wrap, let keys = owner.keysHash else { return }
    try await signedIn { (service) throws(ServiceError) in try await service.put(wrap, madeWith: keys) }
  }

  private func requestsByID() async throws(EndError) -> [AgentID: [UInt8]] {
    let requests = try await signedIn { (service) throws(ServiceError) in try await service.requests() }
    var byID: [AgentID: [UInt8]] = [:]
    for request in requests {
      if let id = EnrolmentRequest(reading: request.bytes)?.agentID { byID[id] = request.bytes }
    }
    return byID
  }

  /// How often an act is sent when other ends publish at the same time. §12.8
  private static var attemptsMax: Int { 5 }
}

// MARK: - Requests and audits

extension OwnerEnd {
  /// The requests of agents that wait: those of `agentID`, or of all that are no members. One that cannot be read is
  /// among the latter, to be refused with its fault. §10.2
  public func waitingRequests(of agentID: AgentID? = nil) async throws(EndError) -> [ReceivedMessage] {
    let requests = try await signedIn { (service) throws(ServiceError) in try await service.requests() }
    let known = Set((status.vault?.members ?? []).map(\.agentID))
    return requests.filter { request in
      guard let id = EnrolmentRequest(reading: request.bytes)?.agentID else { return agentID == nil }
      return agentID.map { $0 == id } ?? !known.contains(id)
    }
  }

  /// Why a request that waits is not let in as it is; nil for one that is. `approvalRequired` and `rootRequired` say
  /// that a person must, or the owner: with any other code nobody can let it in any more. §10.2
  public func obstacle(to waiting: ReceivedMessage) throws(EndError) -> ProtocolError? {
    let bytes = PersonRequest(reading: waiting.bytes)?.request.serialized ?? waiting.bytes
    let now = clocks.wall()
    return try checked(waiting.place) { () throws(ProtocolError) in try owner.obstacle(to: bytes, now: now) }
  }

  /// Has the service forget the request of a computer or a person that waits. Whoever has a code that lives can ask
  /// again.
  public func refuse(requestOf id: AgentID) async throws(EndError) {
    try await signedIn { (service) throws(ServiceError) in try await service.refuse(requestOf: id) }
  }

  /// The requests of persons who wait to join.
  public func waitingPersons() async throws(EndError) -> [ReceivedMessage] {
    let requests = try await signedIn { (service) throws(ServiceError) in
      try await service.personRequests()
    }
    let known = Set((status.vault?.persons ?? []).map(\.personID))
    return requests.filter { request in
      PersonRequest(reading: request.bytes).map { !known.contains($0.request.agentID) } ?? true
    }
  }

  /// Audits all batches of all members, by this computer's time. Nothing is written: ``note(_:)`` does that. Of members
  /// in `recounted` all batches are counted anew, whatever their marks say, as for a repair.
  public func audit(recounting recounted: Set<AgentID> = []) async throws(EndError) -> AccountAudit {
    var audit = AccountAudit()
    guard let vault = status.vault else { return audit }
    let requests = try await requestsByID()
    var batches: [AgentID: [ReceivedMessage]] = [:]
    try await forEachBatch { author, batch in
      // Whose a batch is stands in it; the name says so of one that cannot be read. R-16.2-5
      let ids = [batch.author, AgentID(hexadecimal: author)].compactMap { $0 }
      if let id = ids.first(where: { vault[member: $0] != nil }) {
        batches[id, default: []].append(batch)
      } else {
        audit.refuse([batch])
      }
    }
    let now = clocks.wall()
    for member in vault.members {
      let given = batches[member.agentID] ?? []
      let report = try checked(service.name) { () throws(ProtocolError) in
        try owner.audit(
          member.agentID, batches: given.map(\.bytes), request: requests[member.agentID], now: now,
          isRecount: recounted.contains(member.agentID))
      }
      audit.take(report, of: member.agentID, given)
    }
    return audit
  }

  /// The batches that the service has, as it gives them: none is checked. With each the name under which it is kept,
  /// which is that of its agent where the service is honest.
  public func unverifiedBatches() async throws(EndError) -> [(author: String, batch: ReceivedMessage)] {
    var batches: [(author: String, batch: ReceivedMessage)] = []
    try await forEachBatch { batches.append(($0, $1)) }
    return batches
  }

  private func forEachBatch(_ body: (String, ReceivedMessage) -> Void) async throws(EndError) {
    let authors = try await signedIn { (service) throws(ServiceError) in try await service.batchAuthors() }
    for author in authors {
      let given = try await signedIn { (service) throws(ServiceError) in
        try await service.batches(of: author)
      }
      for batch in given { body(author, batch) }
    }
  }

  /// Notes in the vault how far an audit came, what retention took, and which rules' values it saw: one publication, or
  /// none when there was nothing new. For an audit that a person asked for: a program that audits by itself calls this
  /// at most once in 20 hours. §16.2
  public func note(_ audit: AccountAudit) async throws(EndError) {
    let reports = audit.reports.filter { !$0.value.counted.isEmpty || $0.value.kept != nil }
    guard !reports.isEmpty else { return }
    try await act { (owner, now, random) throws(ProtocolError) in
      try owner.note(reports, now: now, using: &random)
    }
  }
}

extension OwnerEnd {
  /// Adds a finding to an audit for each blob that a counted batch names and the service has not, unless it is as
  /// old as the vault says that blobs go. What is there is not fetched, and may be anything: who opens it sees that.
  /// §16.2
  public func lookingForBlobs(in audit: AccountAudit) async throws(EndError) -> AccountAudit {
    guard let vault = status.vault else { return audit }
    var audit = audit
    let kept = clocks.wall().subtracting(days: vault.blobDays.value) ?? 0
    for blob in audit.blobs(since: kept) {
      let isThere = try await signedIn { (service) throws(ServiceError) in
        try await service.hasBlob(blob.reference, of: blob.agentID)
      }
      if !isThere { audit.miss(blob) }
    }
    return audit
  }

  /// The blob that a counted batch of an agent names, as the service has it; nil when it has none. §15
  public func blob(
    _ reference: BlobReference, of agentID: AgentID
  ) async throws(EndError) -> ReceivedMessage? {
    try await signedIn { (service) throws(ServiceError) in try await service.blob(reference, of: agentID) }
  }
}

// MARK: - Erasing. §16.5

extension OwnerEnd {
  /// Has batches of a member erased before their time, with the blobs that they name. They are audited first; the
  /// service is asked once the vault notes it (R-16.5-2), and asked again with the next call if that was interrupted.
  ///
  /// - Parameters:
  ///   - first: the number of the first batch; the oldest that there is when nil.
  ///   - last: the number of the last batch.
  ///   - agentID: the member.
  ///   - consent: what the owner says.
  /// - Returns: the number of batches that the service was asked to erase.
  /// - Throws: `refused` with `sequenceGap` for a number that no audit has counted, `rootRequired` at a manager's end.
  public func erase(
    from first: Counter? = nil, through last: Counter, of agentID: AgentID, consent: Consent = .none
  ) async throws(EndError) -> Int {
    let audit = try await audit()
    try await note(audit)
    if let report = audit.reports[agentID], !report.erased.contains(where: { $0.contains(last) }) {
      let erasure = try checked(nil) { () throws(ProtocolError) in
        try Erasure(from: first, through: last, of: agentID, in: report)
      }
      try await act { (owner, now, random) throws(ProtocolError) in
        try owner.erase([erasure], consent: consent, now: now, using: &random)
      }
    }
    return try await eraseNoted(of: agentID)
  }

  /// Tells the service the retention that a person has set here, which it cannot read in the vault: it erases what is
  /// older by itself. Does nothing at a manager's end, to which no service listens here. §16.5
  public func tellRetention() async throws(EndError) {
    guard let vault = status.vault, status.isOwner else { return }
    try await tell(KeptDays(batches: vault.retentionDays, blobs: vault.blobDays))
  }

  /// Tells the service what the vault says of retention where no person has set it just now: whoever may sign can write
  /// that, so that the service is told no fewer days than it has. Gives what it keeps to. H-10-8
  public func tellLongerRetention() async throws(EndError) -> KeptDays? {
    guard let vault = status.vault, status.isOwner else { return nil }
    let kept = try await signedIn { (service) throws(ServiceError) in try await service.retention() }
    let days = KeptDays(
      batches: vault.retentionDays.orLonger(kept?.batches), blobs: vault.blobDays.orLonger(kept?.blobs))
    if days != kept { try await tell(days) }
    isRetentionUntold = false
    return days
  }

  private func tell(_ days: KeptDays) async throws(EndError) {
    try await signedIn { (service) throws(ServiceError) in
      try await service.retain(days.batches, blobs: days.blobs)
    }
    isRetentionUntold = false
  }

  /// Asks the service to erase what the vault notes as erased, as far as it still has it.
  private func eraseNoted(of agentID: AgentID) async throws(EndError) -> Int {
    guard let vault = status.vault else { return 0 }
    let erasures = vault.erasures.filter { $0.agentID == agentID }
    var (batches, blobs): ([Hash], [Hash]) = ([], [])
    let all = try await signedIn { (service) throws(ServiceError) in
      try await service.batches(of: "\(agentID)")
    }
    for given in all {
      guard let batch = RecordBatch(reading: given.bytes), batch.agentID == agentID,
        erasures.contains(where: { ($0.first...$0.last).contains(batch.sequence) })
      else { continue }
      batches.append(Hash(sha256: given.bytes))
      blobs += batch.blobs
    }
    let (goingBatches, goingBlobs) = (batches, blobs)
    if !batches.isEmpty {
      try await signedIn { (service) throws(ServiceError) in
        try await service.erase(batches: goingBatches, blobs: goingBlobs, of: agentID)
      }
    }
    return batches.count
  }
}

extension Erasure {
  /// Of batches that an audit counts. `sequenceGap` where it counts the first or the last one not.
  fileprivate init(
    from first: Counter?, through last: Counter, of agentID: AgentID, in report: AuditReport
  ) throws(ProtocolError) {
    let batches = (report.history + report.counted).sorted { $0.sequence < $1.sequence }
    guard let first = first ?? batches.first?.sequence, first <= last,
      let firstBatch = batches.first(where: { $0.sequence == first }),
      let lastBatch = batches.first(where: { $0.sequence == last })
    else { throw ProtocolError(.sequenceGap, "16.5") }
    self.init(
      agentID: agentID, first: first, last: last, beforeHash: firstBatch.previous,
      lastHash: Hash(sha256: lastBatch.serialized))
  }
}

/// An account that was made, open.
public struct NewOwnerEnd<Store: EndStore, Service: OwnerService>: ~Copyable, Sendable {
  /// The owner's end.
  public let end: OwnerEnd<Store, Service>
  /// The root key, for paper: authority, not content. R-12.6-1
  public let recoveryText: RecoveryText
}

extension RetentionDays {
  /// These days, or others if they are more.
  fileprivate func orLonger(_ other: RetentionDays?) -> RetentionDays {
    guard let other, other.value > value else { return self }
    return other
  }
}
