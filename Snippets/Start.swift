//! An account, an agent, and a token that only the owner can read.

import Endkey

let now: UInt64 = 1_700_000_000_000  // milliseconds since 1970-01-01T00:00:00Z
// snippet.start
var random = SystemRandom()
var owner = Owner.absent()
let credentials = Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
let account = try owner.create(
  identity: .generate(using: &random), credentials: credentials, using: &random)
let code = try owner.makeCode(approval: .automatic, expires: nil, now: now, using: &random)

var agent = Agent(identity: try .generate(using: &random))
let request = try agent.enrol(code: code.code.text(), using: &random)  // for the service, to the owner
let granted = try owner.approve(request.serialized, now: now, using: &random)
try agent.accept(state: account.accountState.serialized)  // from the owner, by the service
try agent.accept(grant: granted.grant.serialized)

var sealer = try agent.tokenSealer()
let token = try sealer.seal("Quarterly report", field: .windowTitle)  // all that the service sees
var opener = try owner.tokenOpener()
print(token.text, try opener.string(of: token))
// snippet.end
let value = try opener.string(of: token)
precondition(value == "Quarterly report")
