// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey

// A person's end: how it comes to an account, and what it does with it.

@c @implementation public func ek_owner_absent(
  _ isDurable: Bool, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    unsafe OwnerHandle(.absent(isDurable: isDurable)).give(to: try require(place))
  }
}

@c @implementation public func ek_owner_locked(
  _ pins: ek_bytes, _ deviceKey: OpaquePointer!, _ isDurable: Bool,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let bytes = unsafe try array(pins)
    guard !bytes.isEmpty else {
      return unsafe OwnerHandle(.locked(isDurable: isDurable)).give(to: place)
    }
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    let pins = try OwnerPins(opening: bytes, deviceKey: deviceKey.bytes)
    unsafe OwnerHandle(.locked(pins: pins, isDurable: isDurable)).give(to: place)
  }
}

@c @implementation public func ek_owner_phase(_ owner: OpaquePointer!) -> Int32 {
  guard let end = unsafe OwnerHandle.ifAny(owner) else { return 0 }
  let phase =
    switch end.owner.phase {
    case .absent: EK_OWNER_PHASE_ABSENT
    case .locked: EK_OWNER_PHASE_LOCKED
    case .open: EK_OWNER_PHASE_OPEN
    case .settling: EK_OWNER_PHASE_SETTLING
    }
  return Int32(phase)
}

@c @implementation public func ek_owner_account_id(
  _ owner: OpaquePointer!, _ id: UnsafeMutablePointer<ek_id>!
) -> ek_status {
  attempt(nil) { unsafe try write(try OwnerHandle.at(owner).owner.accountID, to: id) }
}

@c @implementation public func ek_owner_person_id(
  _ owner: OpaquePointer!, _ id: UnsafeMutablePointer<ek_id>!
) -> ek_status {
  attempt(nil) { unsafe try write(try OwnerHandle.at(owner).owner.personID, to: id) }
}

@c @implementation public func ek_owner_is_owner(_ owner: OpaquePointer!) -> Bool {
  unsafe OwnerHandle.ifAny(owner)?.owner.isOwner ?? false
}

@c @implementation public func ek_owner_is_root_due(_ owner: OpaquePointer!) -> Bool {
  unsafe OwnerHandle.ifAny(owner)?.owner.isRootDue ?? false
}

@c @implementation public func ek_owner_state_hash(
  _ owner: OpaquePointer!, _ hash: UnsafeMutablePointer<ek_hash>!
) -> ek_status {
  attempt(nil) { unsafe try write(try OwnerHandle.at(owner).owner.pins?.state?.hash, to: hash) }
}

// MARK: - How an end comes to an account

/// The credentials that C has; `secret`, if there is one, in the place of the account secret that C has none of.
func credentials(
  _ given: UnsafePointer<ek_credentials>?, with secret: borrowing AccountSecret? = nil
) throws -> Credentials {
  let given = unsafe try value(given)
  let loginName = unsafe try text(given.login_name)
  let password = unsafe try SecretHandle.at(given.password).bytes.copy()
  let typed = unsafe SecretHandle.ifAny(given.account_secret)
  switch secret {
  case .some(let secret):
    guard typed == nil else { throw Misuse.badArgument }
    return Credentials(loginName: loginName, password: password, accountSecret: secret)
  case .none:
    guard let typed else { return Credentials(loginName: loginName, password: password) }
    let secret = try AccountSecret(text: typed.bytes)
    return Credentials(loginName: loginName, password: password, accountSecret: secret)
  }
}

/// The iterations that C asks for: 0 is the least.
func iterationCount(_ given: UInt32) -> UInt32 { given == 0 ? UInt32(Limit.iterationsMin) : given }

@c @implementation public func ek_owner_create(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!, _ iterations: UInt32,
  _ retentionDays: UInt16, _ now: UInt64, _ accountSecret: UnsafeMutablePointer<OpaquePointer?>!,
  _ recoveryText: UnsafeMutablePointer<OpaquePointer?>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let (place, recoveryText) = unsafe (try require(place), try require(recoveryText))
    let end = unsafe try OwnerHandle.at(owner)
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    let secret: AccountSecret? =
      unsafe accountSecret == nil ? nil : try AccountSecret(accountID: identity.accountID, using: &random)
    let credentials = unsafe try credentials(given, with: secret)
    // Without a secret of the account's making there is none: its text names the account.
    guard unsafe accountSecret != nil || !credentials.hasAccountSecret else { throw Misuse.badArgument }
    let account = try end.owner.create(
      identity: identity, credentials: credentials, iterations: iterationCount(iterations),
      retentionDays: RetentionDays(Int(retentionDays)), now: Time(milliseconds: now), using: &random)
    unsafe MessagesHandle(account.publication).give(to: place)
    unsafe SecretHandle(account.recoveryText.text()).give(to: recoveryText)
    if let accountSecret = unsafe accountSecret, let text = secret?.text() {
      unsafe SecretHandle(text).give(to: accountSecret)
    }
  }
}

@c @implementation public func ek_owner_join(
  _ owner: OpaquePointer!, _ code: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!,
  _ iterations: UInt32, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let code = unsafe try EnrolmentCode(text: try SecretHandle.at(code).bytes)
    let credentials = unsafe try credentials(given)
    var random = SystemRandom()
    let made = try end.owner.enrol(
      code: code, identity: .generate(using: &random), credentials: credentials,
      iterations: iterationCount(iterations), using: &random)
    let messages = [
      MessagesHandle.Message(type: .enrolmentRequest, bytes: made.request.serialized),
      MessagesHandle.Message(type: .personKeys, bytes: made.keys.serialized),
    ]
    let login = Publication.Login(id: made.loginID, verifier: made.loginVerifier, recoveryVerifier: nil)
    unsafe MessagesHandle(messages, login: login).give(to: place)
  }
}

@c @implementation public func ek_owner_recover(
  _ owner: OpaquePointer!, _ recoveryText: OpaquePointer!, _ accountState: ek_bytes, _ ownerVault: ek_bytes,
  _ head: ek_bytes, _ isConfirmed: Bool, _ persons: UnsafePointer<ek_bytes>!, _ personCount: Int,
  _ members: UnsafePointer<ek_id>!, _ kinds: UnsafePointer<UInt8>!, _ memberCount: Int,
  _ given: UnsafePointer<ek_credentials>!, _ iterations: UInt32, _ retentionDays: UInt16, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let recoveryText = unsafe try RecoveryText(text: try SecretHandle.at(recoveryText).bytes)
    let head = unsafe try array(head)
    let source = unsafe RecoverySource(
      accountState: try array(accountState), ownerVault: try array(ownerVault),
      head: head.isEmpty ? nil : try PasswordHeader(parsing: head))
    let agentIDs = unsafe try ids(members, memberCount)
    let grantKinds = unsafe try map(kinds, memberCount) { try member($0, of: GrantKind.self) }
    let staying = unsafe RecoveredMembers(
      persons: try map(persons, personCount, array),
      members: Dictionary(zip(agentIDs, grantKinds)) { first, _ in first })
    let credentials = unsafe try credentials(given)
    var random = SystemRandom()
    let publication = try end.owner.recover(
      identity: .recovered(from: recoveryText), source: source, isConfirmed: isConfirmed, staying: staying,
      credentials: credentials, iterations: iterationCount(iterations),
      retentionDays: RetentionDays(Int(retentionDays)), now: Time(milliseconds: now), using: &random)
    unsafe MessagesHandle(publication).give(to: place)
  }
}

// MARK: - Login, and opening

@c @implementation public func ek_credentials_login_id(
  _ given: UnsafePointer<ek_credentials>!, _ loginID: UnsafeMutablePointer<ek_hash>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let credentials = unsafe try credentials(given)
    unsafe try write(try credentials.loginID(), to: loginID)
  }
}

@c @implementation public func ek_owner_stretch(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!, _ head: ek_bytes,
  _ isPasswordChanged: Bool, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let credentials = unsafe try credentials(given)
    let stretched = unsafe try end.owner.stretch(
      credentials, for: PasswordHeader(parsing: try array(head)), isChangeConfirmed: isPasswordChanged)
    unsafe StretchedHandle(stretched).give(to: place)
  }
}

@c @implementation public func ek_stretched_login_key(
  _ stretched: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    unsafe SecretHandle(try StretchedHandle.at(stretched).stretched.loginKey()).give(to: place)
  }
}

@c @implementation public func ek_stretched_free(_ stretched: OpaquePointer!) {
  unsafe StretchedHandle.free(stretched)
}

/// What C says that the service gave.
private func whole(_ given: UnsafePointer<ek_whole>?) throws -> Whole {
  let given = unsafe try value(given)
  func ifAny(_ bytes: ek_bytes) throws(Misuse) -> [UInt8]? {
    let bytes = unsafe try array(bytes)
    return bytes.isEmpty ? nil : bytes
  }
  return unsafe Whole(
    personKeys: try array(given.person_keys), passwordWrap: try ifAny(given.password_wrap),
    accountState: try array(given.account_state), grant: try ifAny(given.grant),
    ownerVault: try array(given.owner_vault), ruleSet: try ifAny(given.rule_set))
}

@c @implementation public func ek_owner_open(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_whole>!, _ stretched: OpaquePointer!,
  _ pending: ek_bytes, _ kept: ek_bytes, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let end = unsafe try OwnerHandle.at(owner)
    let whole = unsafe try whole(given)
    let handle = unsafe try StretchedHandle.at(stretched)
    let pending = unsafe try pendingIfAny(pending)
    let kept = unsafe try keptIfAny(kept)
    try end.step { owner in
      try owner.open(whole, with: handle.stretched.copy(), pending: pending, kept: kept)
    }
  }
}

/// What was saved of a publication; nil for no bytes, and for others a bad argument.
private func pendingIfAny(_ given: ek_bytes) throws -> PendingPublication? {
  let bytes = unsafe try array(given)
  guard !bytes.isEmpty else { return nil }
  guard let pending = PendingPublication(parsing: bytes) else { throw Misuse.badArgument }
  return pending
}

/// What an end keeps; nil for no bytes, and for others a bad argument.
private func keptIfAny(_ given: ek_bytes) throws -> KeptAccount? {
  let bytes = unsafe try array(given)
  guard !bytes.isEmpty else { return nil }
  guard let kept = KeptAccount(parsing: bytes) else { throw Misuse.badArgument }
  return kept
}

@c @implementation public func ek_owner_keep(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_whole>!, _ before: ek_bytes,
  _ buffer: UnsafeMutablePointer<ek_buffer>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let end = unsafe try OwnerHandle.at(owner)
    let whole = unsafe try whole(given)
    let before = unsafe try keptIfAny(before)
    guard let kept = try end.owner.keeping(whole, after: before) else { throw Misuse.nothing }
    unsafe try write(kept.serialized.span, to: buffer)
  }
}

@c @implementation public func ek_kept_after(
  _ kept: ek_bytes, _ pending: ek_bytes, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    guard let kept = unsafe try keptIfAny(kept), let pending = unsafe try pendingIfAny(pending) else {
      throw Misuse.badArgument
    }
    guard let after = kept.after(pending) else { throw Misuse.nothing }
    unsafe try write(after.serialized.span, to: buffer)
  }
}

@c @implementation public func ek_owner_is_aside(_ owner: OpaquePointer!) -> Bool {
  unsafe OwnerHandle.ifAny(owner)?.owner.isAside ?? false
}

@c @implementation public func ek_owner_missing_keys(_ owner: OpaquePointer!) -> Int {
  unsafe OwnerHandle.ifAny(owner)?.owner.missingKeys ?? 0
}

@c @implementation public func ek_owner_finding_count(_ owner: OpaquePointer!) -> Int {
  unsafe OwnerHandle.ifAny(owner)?.owner.findings.count ?? 0
}

@c @implementation public func ek_owner_finding(_ owner: OpaquePointer!, _ index: Int) -> ek_status {
  guard let findings = unsafe OwnerHandle.ifAny(owner)?.owner.findings, findings.indices.contains(index)
  else {
    return ek_status(EK_OK)
  }
  return ek_status(findings[index].status)
}

@c @implementation public func ek_owner_is_confirmed(_ owner: OpaquePointer!) -> Bool {
  unsafe OwnerHandle.ifAny(owner)?.owner.isConfirmed ?? false
}

@c @implementation public func ek_owner_confirm(
  _ owner: OpaquePointer!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try OwnerHandle.at(owner).owner.confirm() }
}

@c @implementation public func ek_owner_lock(
  _ owner: OpaquePointer!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try OwnerHandle.at(owner).step { owner in try owner.lock() } }
}

@c @implementation public func ek_owner_save_pins(
  _ owner: OpaquePointer!, _ deviceKey: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    var random = SystemRandom()
    let pins = try end.owner.savePins(deviceKey: deviceKey.bytes, using: &random)
    unsafe MessagesHandle(.ownerState, pins.serialized).give(to: place)
  }
}

// MARK: - Publications

@c @implementation public func ek_owner_save_pending(
  _ owner: OpaquePointer!, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    guard let pending = unsafe try OwnerHandle.at(owner).owner.pending else { throw Misuse.nothing }
    unsafe try write(pending.serialized.span, to: buffer)
  }
}

@c @implementation public func ek_owner_stored(
  _ owner: OpaquePointer!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try OwnerHandle.at(owner).step { owner in try owner.stored() } }
}

@c @implementation public func ek_owner_send_again(
  _ owner: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    unsafe MessagesHandle(try OwnerHandle.at(owner).owner.noAnswer()).give(to: place)
  }
}

@c @implementation public func ek_owner_lost(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_whole>!, _ kept: ek_bytes,
  _ loss: UnsafeMutablePointer<Int32>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let (loss, place) = unsafe (try require(loss), try require(place))
    let end = unsafe try OwnerHandle.at(owner)
    let whole = unsafe try whole(given)
    let kept = unsafe try keptIfAny(kept)
    var random = SystemRandom()
    switch try end.step({ owner in try owner.lost(to: whole, kept: kept, using: &random) }) {
    case .stored: unsafe loss.pointee = Int32(EK_LOSS_STORED)
    case .merged(let publication):
      unsafe MessagesHandle(publication).give(to: place)
      unsafe loss.pointee = Int32(EK_LOSS_MERGED)
    case .dead: unsafe loss.pointee = Int32(EK_LOSS_DEAD)
    }
  }
}

@c @implementation public func ek_owner_discard(
  _ owner: OpaquePointer!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try OwnerHandle.at(owner).step { owner in try owner.discard() } }
}

@c @implementation public func ek_owner_free(_ owner: OpaquePointer!) { unsafe OwnerHandle.free(owner) }
