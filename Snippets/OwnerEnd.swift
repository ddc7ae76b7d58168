//! The owner's end: an account from its making to its recovery on another device.

import Endkey

// What stands for the service: the five messages of the account, and a grant for each member.
var stored: StoredMessages
var grants: [AgentID: [UInt8]] = [:]
let now = try Time(milliseconds: 1_700_000_000_000)

// snippet.create
var random = SystemRandom()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random), credentials: credentials, using: &random)
stored = StoredMessages(account)  // at the service, in one transaction
// snippet.end

// snippet.secret
/// Makes an account that a guessed password alone does not open, and gives the secret for the owner to keep.
func createWithSecret(_ owner: inout Owner, password: consuming SecretBytes) throws -> TypedSecret {
  var random = SystemRandom()
  let identity = try Identity.generate(using: &random)
  let secret = try TypedSecret(kind: .accountSecret, accountID: identity.accountID, using: &random)
  let credentials = Credentials(
    loginName: "ana@example.com", password: password, accountSecret: secret)
  _ = try owner.create(identity: identity, credentials: credentials, using: &random)
  return secret
}
// snippet.end
var other = Owner.absent()
let secret = try createWithSecret(&other, password: SecretBytes(utf8: "correct horse"))
precondition(other.phase == .open && secret.revealedText().hasPrefix("ekb1"))

// snippet.pins
let deviceKey = try LocalState.makeDeviceKey(using: &random)  // once, into the platform's key store
var pinsOnDisk = try owner.savePins(deviceKey: deviceKey, using: &random).serialized
// snippet.end

// snippet.code
let code = try owner.makeCode(
  approval: .manual, uses: 2, expires: now.adding(milliseconds: 24 * 60 * 60 * 1_000), now: now,
  using: &random)
stored.store(code)
print("give this to the two computers, not by the service:", code.code.revealedText())
// snippet.end

var laptop = Agent(identity: try .generate(using: &random))
var desktop = Agent(identity: try .generate(using: &random))
let requests = [
  try laptop.enrol(code: code.code.text(), using: &random).serialized,
  try desktop.enrol(code: code.code.text(), using: &random).serialized,
]

// snippet.approve
for request in requests {
  let agentID = try EnrolmentRequest(parsing: request).agentID
  print("does the computer show \(agentID)?")  // a person compares, and says yes
  let granted = try owner.approve(request, approved: agentID, now: now, using: &random)
  stored.store(granted)
  grants[agentID] = granted.grant.serialized
}
// snippet.end

try laptop.accept(state: stored.accountState)
for grant in grants.values where try Grant(parsing: grant).recipient == laptop.agentID {
  try laptop.accept(grant: grant)
}
var sealer = try laptop.tokenSealer()
let site = try sealer.seal("https://example.com", field: .url)
let batch = try laptop.signBatch([
  Record(kind: .website, start: now, duration: 90_000, items: BoundedList([.token(site)]))
]).serialized
let batches = [batch]
guard let laptopID = laptop.agentID else { preconditionFailure("an agent has an id until it stops") }

// snippet.audit
let report = try owner.audit(laptopID, batches: batches, using: &random)
stored.store(report)
for finding in report.findings { print("batch \(finding.index): \(finding.error)") }
var opener = try owner.tokenOpener()
for (token, milliseconds) in report.totals.byToken {
  print(try opener.string(of: token), milliseconds / 1_000, "s")
}
// snippet.end
precondition(report.findings.isEmpty && report.totals[site] == 90_000)

// snippet.rules
let rule = try RuleDefinition(
  field: .url, category: .productive, seen: false, value: BoundedBytes("https://example.com"))
stored.store(try owner.setRules([rule], using: &random))
// snippet.end

// snippet.revoke
stored.store(try owner.revoke(laptopID, using: &random))
if owner.phase == .rotationDue {
  let epoch = try owner.rotate(with: credentials, using: &random)
  stored.store(epoch)
  for grant in epoch.grants { grants[grant.recipient] = grant.serialized }
}
pinsOnDisk = try owner.savePins(deviceKey: deviceKey, using: &random).serialized
// snippet.end
try desktop.accept(state: stored.accountState)
for grant in grants.values where try Grant(parsing: grant).recipient == desktop.agentID {
  try desktop.accept(grant: grant)
}
precondition(desktop.phase == .active && owner.vault?.epoch == Epoch.first.next)

// snippet.open
try owner.lock()
var again = Owner.locked(pins: try OwnerPins(opening: pinsOnDisk, deviceKey: deviceKey))
try again.open(stored, with: credentials)
// snippet.end
precondition(again.phase == .open)

// snippet.recover
var fresh = Owner.locked()
try fresh.open(stored, with: credentials)
var freshOpener = try fresh.tokenOpener()
print(try freshOpener.string(of: site))  // of the first epoch
// snippet.end
precondition(fresh.accountID == account.accountState.accountID)
