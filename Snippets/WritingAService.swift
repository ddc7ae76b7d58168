//! A service in memory: login, what it keeps of an account, and totals over what it cannot read.

import Endkey

let now = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
var owner = Owner.absent()
let account = try owner.create(identity: .generate(using: &random), credentials: credentials, using: &random)
let loginKey = try StretchedPassword(credentials, head: account.passwordWrap.head).loginKey()

// snippet.account
/// What a service keeps of one account.
struct StoredAccount {
  /// Of the login key; the key itself is not kept.
  var verifier: Hash
  var messages: StoredMessages
  var grants: [AgentID: [UInt8]] = [:]
  var requests: [AgentID: [UInt8]] = [:]
  var batches: [AgentID: [[UInt8]]] = [:]
  var totals: [Totals.Group: UInt64] = [:]
}

var kept = StoredAccount(
  verifier: StretchedPassword.loginVerifier(of: loginKey), messages: StoredMessages(account))
// snippet.end

// snippet.login
/// What anybody may ask for: the head that says how to stretch the password.
func head(of account: StoredAccount) throws -> [UInt8] {
  try PasswordWrap(parsing: account.messages.passwordWrap).head.serialized
}

/// All five messages, for whoever sends the login key.
func logIn(_ account: StoredAccount, with loginKey: borrowing SecretBytes) -> StoredMessages? {
  StretchedPassword.loginVerifier(of: loginKey) == account.verifier ? account.messages : nil
}
// snippet.end

// snippet.client
let received = try PasswordHeader(parsing: try head(of: kept))
let stretched = try StretchedPassword(credentials, head: received)
if let messages = logIn(kept, with: try stretched.loginKey()) {
  var visitor = Owner.locked()
  try visitor.open(messages, with: stretched)  // stretched once, for both
}
// snippet.end

// snippet.store
extension StoredAccount {
  /// Takes a step of the owner's end, in one transaction.
  mutating func take(_ publication: borrowing some Publication & ~Copyable) {
    messages.store(publication)
    for case .grant(let grant) in publication.messages { grants[grant.recipient] = grant.serialized }
  }

  /// Takes an agent's request. Whether it is good, only the owner's end can tell.
  mutating func take(request bytes: [UInt8]) throws(WireError) {
    let request = try EnrolmentRequest(parsing: bytes)
    requests[request.agentID] = bytes
  }

  /// Takes a batch, byte for byte as it came, and adds it to the totals.
  mutating func take(batch bytes: [UInt8]) throws(WireError) {
    let batch = try RecordBatch(parsing: bytes)
    batches[batch.agentID, default: []].append(bytes)
    var sums = Totals()
    for record in batch.records { sums.add(record) }
    totals.merge(sums.byGroup) { $0 + $1 }
  }
}
// snippet.end

let code = try owner.makeCode(approval: .automatic, expires: nil, now: now, using: &random)
kept.take(code)
var agent = Agent(identity: try .generate(using: &random))
let request = try agent.enrol(code: code.code.text(), using: &random)
try kept.take(request: request.serialized)
for request in kept.requests.values { kept.take(try owner.approve(request, now: now, using: &random)) }
try agent.accept(state: kept.messages.accountState)
for grant in kept.grants.values { try agent.accept(grant: grant) }
var sealer = try agent.tokenSealer()
let token = try sealer.seal("https://example.com", field: .url)
for start in [now, try now.adding(milliseconds: 60_000)] {
  let record = try Record(
    kind: .website, start: start, duration: 60_000, items: BoundedList([.token(token)]))
  try kept.take(batch: try agent.signBatch([record]).serialized)
}
precondition(kept.totals[Totals.Group(token)] == 120_000)
guard let member = agent.agentID, let batches = kept.batches[member] else { preconditionFailure("no batch") }
let report = try owner.audit(member, batches: batches, using: &random)
precondition(report.findings.isEmpty && report.totals[token] == 120_000)
