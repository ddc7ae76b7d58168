//! A service in memory: login, what it keeps of an account, and totals over what it cannot read.

import Endkey

let now = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random), credentials: credentials, retentionDays: RetentionDays(365), now: now,
  using: &random)
guard let ownerID = owner.personID else { preconditionFailure("an account without an owner") }

// snippet.account
/// What a service keeps of one account.
struct StoredAccount {
  var ownerVault: [UInt8]?
  var accountState: [UInt8] = []
  var ruleSet: [UInt8]?
  var passwordWrap: [UInt8]?
  var persons: [AgentID: StoredPerson] = [:]
  var grants: [AgentID: [UInt8]] = [:]
  var requests: [AgentID: [UInt8]] = [:]
  var batches: [AgentID: [[UInt8]]] = [:]
  var totals = Totals()
}

/// What it keeps of one person.
struct StoredPerson {
  var personKeys: [UInt8]
  /// By which the person is found. The login name itself is not kept, and neither is the login key.
  var loginID: Hash
  var loginVerifier: Hash
}
// snippet.end

// snippet.publish
extension StoredAccount {
  /// Takes what a person's end publishes, all of it or nothing: false where this account has another vault than the end
  /// expects, since another end was faster.
  mutating func take(_ publication: Publication, by personID: AgentID) -> Bool {
    guard publication.expected == ownerVault.map({ Hash(sha256: $0) }) else {
      return publication.vaultHash == ownerVault.map { Hash(sha256: $0) }  // it is stored already
    }
    ownerVault = publication.ownerVault.serialized
    if let state = publication.accountState { accountState = state.serialized }
    if let rules = publication.ruleSet { ruleSet = rules.serialized }
    if let wrap = publication.passwordWrap { passwordWrap = wrap.serialized }
    if let keys = publication.personKeys, let login = publication.login {
      persons[personID] = StoredPerson(
        personKeys: keys.serialized, loginID: login.id, loginVerifier: login.verifier)
    }
    for grant in publication.grants { grants[grant.recipient] = grant.serialized }
    return true
  }
}
// snippet.end

var kept = StoredAccount()
precondition(kept.take(account.publication, by: ownerID))
try owner.stored()

// snippet.login
extension StoredAccount {
  /// What anybody may ask for: the head that says how to stretch the password.
  func head(of loginID: Hash) throws(WireError) -> PasswordHeader? {
    guard let person = persons.values.first(where: { $0.loginID == loginID }) else { return nil }
    return try PersonKeys(parsing: person.personKeys).head
  }

  /// The account, for whoever sends the login key.
  func whole(of loginID: Hash, loginKey: borrowing SecretBytes) -> Whole? {
    let verifier = StretchedPassword.loginVerifier(of: loginKey)
    guard let ownerVault,
      let (id, person) = persons.first(where: {
        $0.value.loginID == loginID && $0.value.loginVerifier == verifier
      })
    else { return nil }
    return Whole(
      personKeys: person.personKeys, passwordWrap: passwordWrap, accountState: accountState,
      grant: grants[id], ownerVault: ownerVault, ruleSet: ruleSet)
  }
}
// snippet.end

// snippet.client
var visitor = Owner.locked()
let loginID = try credentials.loginID()
if let head = try kept.head(of: loginID) {
  let stretched = try visitor.stretch(credentials, for: head)  // once, for login and account
  if let whole = kept.whole(of: loginID, loginKey: try stretched.loginKey()) {
    try visitor.open(whole, with: stretched)
  }
}
// snippet.end
precondition(visitor.phase == .open)

// snippet.agents
extension StoredAccount {
  /// Takes an agent's request. Whether it is good, only a person's end can tell.
  mutating func take(request bytes: [UInt8]) throws(WireError) {
    let request = try EnrolmentRequest(parsing: bytes)
    requests[request.agentID] = bytes
  }

  /// Takes a batch, byte for byte as it came, and adds it to the totals.
  mutating func take(batch bytes: [UInt8]) throws(WireError) {
    let batch = try RecordBatch(parsing: bytes)
    batches[batch.agentID, default: []].append(bytes)
    totals.add(batch)
  }
}
// snippet.end

let code = try owner.makeCode(.agents(.automatic), expires: nil, now: now, using: &random)
precondition(kept.take(code.publication, by: ownerID))
try owner.stored()
var agent = Agent(identity: try .generate(using: &random))
let request = try agent.enrol(code: code.code.text(), using: &random)
try kept.take(request: request.serialized)
for request in kept.requests.values {
  let publication = try owner.approve(request, now: now, using: &random)
  precondition(kept.take(publication, by: ownerID))
  try owner.stored()
}
for grant in try owner.makeGrants(for: Array(kept.requests.values), now: now, using: &random).grants {
  kept.grants[grant.recipient] = grant.serialized
}
try agent.accept(state: kept.accountState)
if let grant = kept.grants[request.agentID] { try agent.accept(grant: grant) }
var sealer = try agent.tokenSealer(at: now)
let token = try sealer.seal("https://example.com", field: .url)
for start in [now, now.adding(milliseconds: 60_000)] {
  let record = try Record(
    kind: .website, start: start, duration: 60_000, items: BoundedList([.token(token)]))
  try kept.take(batch: try agent.signBatch([record], at: now).serialized)
}
precondition(kept.totals[token] == 120_000)
let report = try owner.audit(
  request.agentID, batches: kept.batches[request.agentID] ?? [], request: kept.requests[request.agentID])
precondition(report.findings.isEmpty && report.totals[token] == 120_000)
