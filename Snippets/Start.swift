//! An account, an agent, and a token that only the owner can read.

// snippet.start
import Endkey

let now = try Time(milliseconds: 1_700_000_000_000)  // since 1970
var random = SystemRandom()
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random),
  credentials: Credentials(
    loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse")),
  using: &random)
let code = try owner.makeCode(
  approval: .automatic, expires: nil, now: now, using: &random)

// The request goes to the owner by the service, state and grant come back.
var agent = Agent(identity: try .generate(using: &random))
let request = try agent.enrol(code: code.code.text(), using: &random)
let granted = try owner.approve(request.serialized, now: now, using: &random)
try agent.accept(state: account.accountState.serialized)
try agent.accept(grant: granted.grant.serialized)

// All that the service sees is the token.
var sealer = try agent.tokenSealer()
let token = try sealer.seal("Quarterly report", field: .windowTitle)
var opener = try owner.tokenOpener()
print(token.text, try opener.string(of: token))
// snippet.end
let value = try opener.string(of: token)
precondition(value == "Quarterly report")
