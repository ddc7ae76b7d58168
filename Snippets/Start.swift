//! An account, an agent, and a token that only the owner can read.

// snippet.start
import Endkey

let now = try Time(milliseconds: 1_700_000_000_000)  // since 1970
var random = SystemRandom()

// The owner makes an account, and a code for a computer.
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random),
  credentials: Credentials(
    loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse")),
  retentionDays: RetentionDays(365), now: now, using: &random)
try owner.stored()  // the service has account.publication
let code = try owner.makeCode(
  .agents(.automatic), expires: nil, now: now, using: &random)
try owner.stored()  // and code.publication

// The computer's agent asks to be let in, and the owner grants it keys.
var agent = Agent(identity: try .generate(using: &random))
let request = try agent.enrol(code: code.code.text(), using: &random)
_ = try owner.approve(request.serialized, now: now, using: &random)
try owner.stored()
let (grants, _) = try owner.makeGrants(
  for: [request.serialized], now: now, using: &random)
try agent.accept(state: account.accountState.serialized)
for grant in grants { try agent.accept(grant: grant.serialized) }

// All that the service sees is the token.
var sealer = try agent.tokenSealer(at: now)
let token = try sealer.seal("Quarterly report", field: .windowTitle)
var opener = try owner.tokenOpener()
print(token.text, try opener.string(of: token))
// snippet.end
let value = try opener.string(of: token)
precondition(value == "Quarterly report")
