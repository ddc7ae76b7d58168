//! The owner's end: an account from its making to its recovery, with a second person.

import Endkey

/// What stands for the service: it replaces all that is published at once, and only the vault that is expected.
struct Service {
  var ownerVault: [UInt8]?
  var accountState: [UInt8] = []
  var ruleSet: [UInt8]?
  var passwordWrap: [UInt8]?
  var personKeys: [AgentID: [UInt8]] = [:]
  var grants: [AgentID: [UInt8]] = [:]
  var requests: [AgentID: [UInt8]] = [:]
  var batches: [AgentID: [[UInt8]]] = [:]

  mutating func take(_ publication: Publication, by personID: AgentID) -> Bool {
    guard publication.expected == ownerVault.map({ Hash(sha256: $0) }) else { return false }
    ownerVault = publication.ownerVault.serialized
    if let state = publication.accountState { accountState = state.serialized }
    if let rules = publication.ruleSet { ruleSet = rules.serialized }
    if let wrap = publication.passwordWrap { passwordWrap = wrap.serialized }
    if let keys = publication.personKeys { personKeys[personID] = keys.serialized }
    take(publication.grants)
    return true
  }

  mutating func take(_ grants: [Grant]) {
    for grant in grants { self.grants[grant.recipient] = grant.serialized }
  }

  func whole(of personID: AgentID) -> Whole {
    Whole(
      personKeys: personKeys[personID] ?? [], passwordWrap: passwordWrap, accountState: accountState,
      grant: grants[personID], ownerVault: ownerVault ?? [], ruleSet: ruleSet)
  }

  func head(of personID: AgentID) throws -> PasswordHeader {
    try PersonKeys(parsing: personKeys[personID] ?? []).head
  }
}

var service = Service()
let now = try Time(milliseconds: 1_700_000_000_000)

// snippet.create
var random = SystemRandom()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random), credentials: credentials, retentionDays: RetentionDays(365), now: now,
  using: &random)
print("for paper, not for a disk:", account.recoveryText.revealedText())
// snippet.end
guard let ownerID = owner.personID else { preconditionFailure("an account without an owner") }

// snippet.publish
/// What the device keeps. Pins and publication are replaced in one step.
struct Disk: ~Copyable {
  let deviceKey: SecretBytes  // in the platform's key store
  var pins: [UInt8] = []
  var pending: [UInt8] = []

  mutating func remember(_ owner: inout Owner) throws {
    var random = SystemRandom()
    pins = try owner.savePins(deviceKey: deviceKey, using: &random).serialized
    pending = owner.pending?.serialized ?? []
  }
}

/// Sends what an act has made, until it is known what became of it. False when the act is to be made again.
func publish(_ owner: inout Owner, _ disk: inout Disk, at service: inout Service) throws -> Bool {
  var random = SystemRandom()
  var isKept = true
  while let pending = owner.pending, let personID = owner.personID {
    try disk.remember(&owner)  // before the first byte leaves
    if service.take(pending.publication, by: personID) {
      try owner.stored()
    } else {  // another end was faster
      let loss = try owner.lost(to: service.whole(of: personID), using: &random)
      isKept = loss != .dead
    }
  }
  try disk.remember(&owner)
  return isKept
}

var disk = Disk(deviceKey: try LocalState.makeDeviceKey(using: &random))
var isPublished = try publish(&owner, &disk, at: &service)
// snippet.end
precondition(isPublished && owner.phase == .open)

// snippet.secret
/// Makes an account that a guessed password alone does not open, and gives the secret for the owner to keep.
func createWithSecret(
  _ owner: inout Owner, password: consuming SecretBytes, at now: Time
) throws -> AccountSecret {
  var random = SystemRandom()
  let identity = try Identity.generate(using: &random)
  let secret = try AccountSecret(accountID: identity.accountID, using: &random)
  let credentials = Credentials(
    loginName: "ana@example.com", password: password, accountSecret: secret)
  _ = try owner.create(
    identity: identity, credentials: credentials, retentionDays: RetentionDays(365), now: now, using: &random)
  return secret
}
// snippet.end
var other = Owner.absent()
let secret = try createWithSecret(&other, password: SecretBytes(utf8: "correct horse"), at: now)
precondition(other.phase == .settling && secret.revealedText().hasPrefix("ekb1"))

// snippet.code
let code = try owner.makeCode(
  .agents(.manual, uses: 2), label: "Studio", expires: now.adding(days: 1), now: now, using: &random)
isPublished = try publish(&owner, &disk, at: &service)
print("give this to the two computers, not by the service:", code.code.revealedText())
// snippet.end

var laptop = Agent(identity: try .generate(using: &random))
var desktop = Agent(identity: try .generate(using: &random))
let requests = [
  try laptop.enrol(code: code.code.text(), using: &random),
  try desktop.enrol(code: code.code.text(), using: &random),
]
for request in requests { service.requests[request.agentID] = request.serialized }

// snippet.approve
for (agentID, request) in service.requests {
  print("does the computer show \(agentID)?")  // a person compares, and says yes
  _ = try owner.approve(request, approved: agentID, now: now, using: &random)
  isPublished = try publish(&owner, &disk, at: &service)
}
// Grants are no part of a publication: the service takes them at any time.
service.take(try owner.makeGrants(for: Array(service.requests.values), now: now, using: &random).grants)
// snippet.end

let (laptopID, desktopID) = (requests[0].agentID, requests[1].agentID)
try laptop.accept(state: service.accountState)
try laptop.accept(grant: service.grants[laptopID] ?? [])
var sealer = try laptop.tokenSealer(at: now)
let site = try sealer.seal("https://example.com", field: .url)
let record = Record(kind: .website, start: now, duration: 90_000, items: try BoundedList([.token(site)]))
service.batches[laptopID] = [try laptop.signBatch([record], at: now).serialized]

// snippet.audit
let report = try owner.audit(
  laptopID, batches: service.batches[laptopID] ?? [], request: service.requests[laptopID])
for finding in report.findings { print("batch \(finding.index ?? 0): \(finding.error)") }
var opener = try owner.tokenOpener()
for (key, milliseconds) in report.totals.sums {
  print(try opener.string(of: key.token), milliseconds / 1_000, "s")
}
_ = try owner.note([laptopID: report], now: now, using: &random)  // where the next audit begins
isPublished = try publish(&owner, &disk, at: &service)
// snippet.end
precondition(report.findings.isEmpty && report.totals[site] == 90_000)

// snippet.rules
let rule = try RuleDefinition(
  field: .url, category: .productive, seen: false, value: BoundedBytes("https://example.com"))
_ = try owner.setRules([rule], now: now, using: &random)
isPublished = try publish(&owner, &disk, at: &service)
// snippet.end

// snippet.remove
let asked = owner.vault?.suspects(of: [laptopID]) ?? []
for member in asked { print("do you know \(member.agentID)?") }  // it came by the same code
_ = try owner.remove([laptopID], consent: Consent().keeping(asked), now: now, using: &random)
isPublished = try publish(&owner, &disk, at: &service)
service.take(try owner.makeGrants(for: Array(service.requests.values), now: now, using: &random).grants)
// snippet.end
try desktop.accept(state: service.accountState)
try desktop.accept(grant: service.grants[desktopID] ?? [])
try laptop.accept(state: service.accountState)
precondition(desktop.phase == .active && laptop.phase == .revoked)

// snippet.manager
let invitation = try owner.makeCode(.manager, label: "Ben", expires: nil, now: now, using: &random)
isPublished = try publish(&owner, &disk, at: &service)

// Ben types the code, and a password of his own.
var manager = Owner.absent()
let joining = try manager.enrol(
  code: invitation.code, identity: .generate(using: &random),
  credentials: Credentials(loginName: "ben@example.com", password: SecretBytes(utf8: "battery staple")),
  using: &random)

// The owner compares the id with the one that Ben sees.
let benID = joining.request.agentID
_ = try owner.addPerson(joining.request.serialized, approved: benID, now: now, using: &random)
isPublished = try publish(&owner, &disk, at: &service)
service.personKeys[benID] = joining.keys.serialized
// snippet.end
precondition(owner.vault?.persons.count == 2)

// snippet.open
try owner.lock()
owner = .locked(pins: try OwnerPins(opening: disk.pins, deviceKey: disk.deviceKey))
try owner.open(
  service.whole(of: ownerID), with: owner.stretch(credentials, for: service.head(of: ownerID)),
  pending: PendingPublication(parsing: disk.pending))
print(owner.findings)  // what did not fit what this device remembers
// snippet.end
precondition(owner.phase == .open && owner.findings.isEmpty)

// snippet.fresh
let bens = Credentials(loginName: "ben@example.com", password: SecretBytes(utf8: "battery staple"))
try manager.open(
  service.whole(of: benID), with: manager.stretch(bens, for: service.head(of: benID)))
var managerOpener = try manager.tokenOpener()
print(try managerOpener.string(of: site))  // of the first epoch

// Before Ben changes anything he compares what he sees with what the owner sees.
for state in [manager.pins?.state, owner.pins?.state].compactMap(\.self) {
  print(state.hash.description.prefix(8))
}
try manager.confirm()
// snippet.end
precondition(manager.pins?.state == owner.pins?.state && !manager.isOwner)

// snippet.recover
/// The owner has lost the password: the recovery text gives the account another list, under new keys.
func recover(
  _ text: borrowing RecoveryText, password: consuming SecretBytes, at service: Service, of ownerID: AgentID,
  staying: RecoveredMembers, now: Time
) throws -> Publication {
  var random = SystemRandom()
  var owner = Owner.absent()
  return try owner.recover(
    identity: .recovered(from: text),
    source: RecoverySource(
      accountState: service.accountState, ownerVault: service.ownerVault ?? [],
      head: service.head(of: ownerID)),
    isConfirmed: true,  // the person has looked at what is shown, and at who stays
    staying: staying, credentials: Credentials(loginName: "ana@example.com", password: password),
    retentionDays: RetentionDays(365), now: now, using: &random)
}
// snippet.end
let recovered = try recover(
  account.recoveryText, password: SecretBytes(utf8: "another horse"), at: service, of: ownerID,
  staying: RecoveredMembers(persons: [joining.request.serialized], members: [desktopID: .scoped]), now: now)
precondition(service.take(recovered, by: ownerID))
try desktop.accept(state: service.accountState)
precondition(desktop.phase == .waiting)
