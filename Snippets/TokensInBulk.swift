//! Many tokens at once: flat buffers in, flat buffers out, and one sealer for each core.

import Endkey
import EndkeyBulk

let now = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random),
  credentials: Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse")),
  retentionDays: RetentionDays(365), now: now, using: &random)
try owner.stored()
let code = try owner.makeCode(.agents(.automatic), expires: nil, now: now, using: &random)
try owner.stored()
var agent = Agent(identity: try .generate(using: &random))
let request = try agent.enrol(code: code.code.text(), using: &random)
_ = try owner.approve(request.serialized, now: now, using: &random)
try owner.stored()
try agent.accept(state: account.accountState.serialized)
for grant in try owner.makeGrants(for: [request.serialized], now: now, using: &random).grants {
  try agent.accept(grant: grant.serialized)
}

// snippet.seal
let titles = FlatBytes((0..<10_000).map { "Document \($0)" })
var sealer = try BulkTokenSealer(key: agent.tokenKey(at: now))
let tokens = try sealer.seal(titles, field: .windowTitle)  // the bytes of the tokens, back to back
let texts = try sealer.sealText(titles, field: .windowTitle)  // the same as text, for a table
// snippet.end
precondition(tokens.count == titles.count && texts.count == titles.count)

// snippet.open
var opener = BulkTokenOpener(ring: try owner.keyRing())
let opened = try opener.open(texts: texts)
print(opened.values.strings[0], opened.failures.count)
// snippet.end
precondition(opened.values == titles && opened.failures.isEmpty)

// snippet.failures
var mixed = FlatBytes()
mixed.append(texts[0])
mixed.append("no token".utf8)
for failure in try opener.open(texts: mixed).failures { print(failure.index, failure.error.code) }
// snippet.end
let half = try opener.open(texts: mixed)
precondition(half.failures.map(\.index) == [1] && half.values[0] == titles[0])

// snippet.parallel
let parts = try await BulkTokenSealer.sealInParallel(
  titles, field: .windowTitle, key: try agent.tokenKey(at: now), width: 2)
// snippet.end
var joined = FlatBytes()
for part in parts { joined.append(part) }
precondition(joined == tokens)
