// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey

// Acts: what a person's end makes for the service.

/// Makes an act of a person's end.
private func act(
  _ owner: OpaquePointer?, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<ek_error>?,
  _ body: (inout Owner, Consent, Time, inout SystemRandom) throws -> Publication?
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let (consent, now) = (try Consent(consent), try Time(milliseconds: now))
    var random = SystemRandom()
    guard let made = try end.step({ owner in try body(&owner, consent, now, &random) }) else {
      throw Misuse.nothing
    }
    unsafe MessagesHandle(made).give(to: place)
  }
}

extension Consent {
  /// What C says that the person says.
  fileprivate init(_ given: ek_consent) throws(Misuse) {
    let words = [EK_CONSENT_IS_NEWEST, EK_CONSENT_CLOCK_IS_RIGHT, EK_CONSENT_WITHOUT_STORAGE].map(
      ek_consent.init)
    guard given & ~words.reduce(0, |) == 0 else { throw .badArgument }
    self.init(
      isNewest: given & words[0] != 0, isClockRight: given & words[1] != 0,
      withoutStorage: given & words[2] != 0)
  }

  /// The same, and that the members at `start` were shown and stay.
  fileprivate func keeping(_ start: UnsafePointer<ek_member>?, _ count: Int) throws -> Consent {
    var consent = self
    for shown in unsafe try map(start, count, { $0 }) {
      consent.staying[try AgentID(of: shown.id.bytes)] = try member(shown.kind)
    }
    return consent
  }
}

// MARK: - Codes, agents, grants

@c @implementation public func ek_owner_make_code(
  _ owner: OpaquePointer!, _ kind: UInt8, _ approval: UInt8, _ uses: UInt16, _ label: ek_bytes,
  _ expires: UInt64, _ consent: ek_consent, _ now: UInt64, _ code: UnsafeMutablePointer<OpaquePointer?>!,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe makeCode(owner, label, expires, consent, now, code, place, error) {
    let (kind, approval): (GrantKind, Approval) = (try member(kind), try member(approval))
    switch (kind, approval) {
    case (.scoped, _): return .agents(approval, uses: uses)
    case (.master, .manual): return .masterAgents(uses: uses)
    case (.master, .automatic): throw Misuse.badArgument
    }
  }
}

@c @implementation public func ek_owner_make_manager_code(
  _ owner: OpaquePointer!, _ label: ek_bytes, _ expires: UInt64, _ consent: ek_consent, _ now: UInt64,
  _ code: UnsafeMutablePointer<OpaquePointer?>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe makeCode(owner, label, expires, consent, now, code, place, error) { .manager }
}

private func makeCode(
  _ owner: OpaquePointer?, _ label: ek_bytes, _ expires: UInt64, _ consent: ek_consent, _ now: UInt64,
  _ code: UnsafeMutablePointer<OpaquePointer?>?, _ place: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<ek_error>?, _ use: () throws -> CodeUse
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    let code = unsafe try require(code)
    let made = unsafe try owner.makeCode(
      use(), label: text(label), expires: expires == 0 ? nil : Time(milliseconds: expires), consent: consent,
      now: now, using: &random)
    unsafe SecretHandle(made.code.text()).give(to: code)
    return made.publication
  }
}

@c @implementation public func ek_request_agent_id(
  _ request: ek_bytes, _ id: UnsafeMutablePointer<ek_id>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let request = try EnrolmentRequest(parsing: unsafe try array(request))
    unsafe try write(request.agentID, to: id)
  }
}

@c @implementation public func ek_owner_approve(
  _ owner: OpaquePointer!, _ request: ek_bytes, _ approved: UnsafePointer<ek_id>!, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.approve(
      array(request), approved: approvedID(approved), consent: consent, now: now, using: &random)
  }
}

/// Whom a person let in; nil for nobody.
private func approvedID(_ approved: UnsafePointer<ek_id>?) throws -> AgentID? {
  unsafe approved == nil ? nil : try AgentID(of: try value(approved).bytes)
}

@c @implementation public func ek_owner_make_grants(
  _ owner: OpaquePointer!, _ requests: UnsafePointer<ek_bytes>!, _ count: Int, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let requests = unsafe try map(requests, count, array)
    var random = SystemRandom()
    let grants = try end.owner.makeGrants(
      for: requests, consent: Consent(consent), now: Time(milliseconds: now), using: &random
    ).grants
    unsafe MessagesHandle(grants.map(MessagesHandle.Message.init)).give(to: place)
  }
}

@c @implementation public func ek_owner_make_wrap(
  _ owner: OpaquePointer!, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let wrap = try end.owner.makeWrap(consent: Consent(consent), now: Time(milliseconds: now))
    guard let wrap else { throw Misuse.nothing }
    unsafe MessagesHandle(.passwordWrap, wrap.serialized).give(to: place)
  }
}

@c @implementation public func ek_owner_retire(
  _ owner: OpaquePointer!, _ agentIDs: UnsafePointer<ek_id>!, _ count: Int, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.retire(Set(ids(agentIDs, count)), consent: consent, now: now, using: &random)
  }
}

@c @implementation public func ek_owner_remove(
  _ owner: OpaquePointer!, _ agentIDs: UnsafePointer<ek_id>!, _ count: Int,
  _ staying: UnsafePointer<ek_member>!, _ stayingCount: Int, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.remove(
      Set(ids(agentIDs, count)), consent: consent.keeping(staying, stayingCount), now: now, using: &random)
  }
}

@c @implementation public func ek_owner_rotate(
  _ owner: OpaquePointer!, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    try owner.rotate(consent: consent, now: now, using: &random)
  }
}

@c @implementation public func ek_owner_renew(
  _ owner: OpaquePointer!, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    try owner.renew(consent: consent, now: now, using: &random)
  }
}

@c @implementation public func ek_owner_member_count(_ owner: OpaquePointer!) -> Int {
  unsafe OwnerHandle.ifAny(owner)?.owner.vault?.members.count ?? 0
}

@c @implementation public func ek_owner_member(
  _ owner: OpaquePointer!, _ index: Int, _ place: UnsafeMutablePointer<ek_member>!,
  _ label: UnsafeMutablePointer<ek_buffer>!
) -> ek_status {
  attempt(nil) {
    let place = unsafe try require(place)
    guard let members = unsafe try OwnerHandle.at(owner).owner.vault?.members,
      members.indices.contains(index)
    else { throw Misuse.nothing }
    let member = members[index]
    unsafe try write(member.label.span, to: label)
    unsafe try write(member.agentID, to: &place.pointee.id)
    unsafe place.pointee.status = member.status.rawValue
    unsafe place.pointee.kind = member.kind.rawValue
    unsafe withUnsafeMutableBytes(of: &place.pointee.code_id) { bytes in
      unsafe bytes.copyBytes(from: member.codeID.bytes)
    }
    unsafe place.pointee.audited_sequence = member.auditedSequence.value
  }
}

@c @implementation public func ek_owner_label_member(
  _ owner: OpaquePointer!, _ id: UnsafePointer<ek_id>!, _ label: ek_bytes, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.setLabel(
      text(label), ofMember: AgentID(of: value(id).bytes), consent: consent, now: now, using: &random)
  }
}

// MARK: - Persons

@c @implementation public func ek_owner_person_count(_ owner: OpaquePointer!) -> Int {
  unsafe OwnerHandle.ifAny(owner)?.owner.vault?.persons.count ?? 0
}

@c @implementation public func ek_owner_person(
  _ owner: OpaquePointer!, _ index: Int, _ place: UnsafeMutablePointer<ek_person>!,
  _ label: UnsafeMutablePointer<ek_buffer>!
) -> ek_status {
  attempt(nil) {
    let place = unsafe try require(place)
    guard let persons = unsafe try OwnerHandle.at(owner).owner.vault?.persons,
      persons.indices.contains(index)
    else { throw Misuse.nothing }
    let person = persons[index]
    unsafe try write(person.label.span, to: label)
    unsafe try write(person.personID, to: &place.pointee.id)
    unsafe place.pointee.role = person.role.rawValue
    unsafe place.pointee.status = person.status.rawValue
  }
}

@c @implementation public func ek_owner_add_person(
  _ owner: OpaquePointer!, _ request: ek_bytes, _ approved: UnsafePointer<ek_id>!, _ label: ek_bytes,
  _ staying: UnsafePointer<ek_member>!, _ stayingCount: Int, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.addPerson(
      array(request), approved: approvedID(approved), label: text(label),
      consent: consent.keeping(staying, stayingCount), now: now, using: &random)
  }
}

@c @implementation public func ek_owner_remove_persons(
  _ owner: OpaquePointer!, _ personIDs: UnsafePointer<ek_id>!, _ personCount: Int,
  _ agentIDs: UnsafePointer<ek_id>!, _ agentCount: Int, _ staying: UnsafePointer<ek_member>!,
  _ stayingCount: Int, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.removePersons(
      Set(ids(personIDs, personCount)), removing: Set(ids(agentIDs, agentCount)),
      consent: consent.keeping(staying, stayingCount), now: now, using: &random)
  }
}

@c @implementation public func ek_owner_repair(
  _ owner: OpaquePointer!, _ agentIDs: UnsafePointer<ek_id>!, _ count: Int,
  _ staying: UnsafePointer<ek_member>!, _ stayingCount: Int, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    unsafe try owner.repair(
      removing: Set(ids(agentIDs, count)), consent: consent.keeping(staying, stayingCount), now: now,
      using: &random)
  }
}

@c @implementation public func ek_owner_renew_certificate(
  _ owner: OpaquePointer!, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    try owner.renewCertificate(consent: consent, now: now, using: &random)
  }
}

@c @implementation public func ek_owner_change_password(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!, _ iterations: UInt32,
  _ consent: ek_consent, _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    let credentials = unsafe try credentials(given)
    return try owner.changePassword(
      to: credentials, iterations: iterationCount(iterations), consent: consent, now: now, using: &random)
  }
}

// MARK: - Data

@c @implementation public func ek_owner_set_retention(
  _ owner: OpaquePointer!, _ retentionDays: UInt16, _ blobDays: UInt16, _ consent: ek_consent, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    try owner.setRetention(
      RetentionDays(Int(retentionDays)), blobs: RetentionDays(Int(blobDays)), consent: consent, now: now,
      using: &random)
  }
}

@c @implementation public func ek_owner_set_rules(
  _ owner: OpaquePointer!, _ rules: UnsafePointer<ek_rule>!, _ count: Int, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    let rules = unsafe try map(rules, count) { (rule: ek_rule) in
      unsafe RuleDefinition(
        field: try member(rule.field), category: try member(rule.category), seen: false,
        value: try BoundedBytes(try array(rule.value)))
    }
    return try owner.setRules(rules, consent: consent, now: now, using: &random)
  }
}

@c @implementation public func ek_owner_note(
  _ owner: OpaquePointer!, _ audits: UnsafePointer<OpaquePointer?>!, _ count: Int, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    let audits = unsafe try map(audits, count) { (audit: OpaquePointer?) in unsafe try AuditHandle.at(audit) }
    let reports = Dictionary(audits.map { ($0.agentID, $0.report) }) { first, _ in first }
    guard reports.count == audits.count else { throw Misuse.badArgument }
    return try owner.note(reports, consent: consent, now: now, using: &random)
  }
}

@c @implementation public func ek_owner_erase(
  _ owner: OpaquePointer!, _ erasures: UnsafePointer<ek_erasure>!, _ count: Int, _ consent: ek_consent,
  _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe act(owner, consent, now, place, error) { owner, consent, now, random in
    let erasures = unsafe try map(erasures, count) { (erasure: ek_erasure) in
      Erasure(
        agentID: try AgentID(of: erasure.agent_id.bytes), first: try Counter(erasure.first),
        last: try Counter(erasure.last), beforeHash: try Hash(of: erasure.before_hash.bytes),
        lastHash: try Hash(of: erasure.last_hash.bytes))
    }
    return try owner.erase(erasures, consent: consent, now: now, using: &random)
  }
}
