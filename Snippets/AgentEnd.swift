//! The agent's end: from the code to a batch of activity, and over a restart.

import Endkey

// An owner, for the agent to have somebody to answer to.
let now = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random),
  credentials: Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse")),
  using: &random)
let made = try owner.makeCode(approval: .automatic, expires: nil, now: now, using: &random)
let typed = made.code.text()

// snippet.start
let deviceKey = try LocalState.makeDeviceKey(using: &random)  // once, into the platform's key store
var stateOnDisk: [UInt8]? = nil  // nothing yet
var markStands = false  // the mark that this agent was pinned: a file of its own

var agent = try Agent(
  restoring: stateOnDisk, deviceKey: deviceKey, isMarked: markStands, using: &random)
// snippet.end

// snippet.enrol
let request = try agent.enrol(code: typed, using: &random)  // what the person typed
markStands = agent.needsMark  // the mark stands before the state
stateOnDisk = try agent.save(deviceKey: deviceKey, using: &random).serialized
// Only now: request.serialized goes to the service.
// snippet.end
precondition(markStands && agent.phase == .pinned)

let granted = try owner.approve(request.serialized, now: now, using: &random)
let (state, grant) = (account.accountState.serialized, granted.grant.serialized)

// snippet.accept
try agent.accept(state: state)
try agent.accept(grant: grant)
stateOnDisk = try agent.save(deviceKey: deviceKey, using: &random).serialized
// snippet.end
precondition(agent.phase == .active)

// snippet.activity
var sealer = try agent.tokenSealer()
let window = try sealer.seal("Quarterly report - Editor", field: .windowTitle)
let picture: [UInt8] = [0x89, 0x50, 0x4e, 0x47]
let screenshot = try agent.sealBlob(picture.span, field: .screenshot, using: &random)

let batch = try agent.signBatch([
  Record(kind: .application, start: now, duration: 60_000, items: BoundedList([.token(window)])),
  Record(kind: .screenshot, start: now, duration: 0, items: BoundedList([.blob(screenshot.reference)])),
])
stateOnDisk = try agent.save(deviceKey: deviceKey, using: &random).serialized
// Only now: batch.serialized and screenshot.blob.serialized go to the service.
// snippet.end

// snippet.stream
/// Seals a long recording, a piece at a time, and gives each piece of the blob to `send`.
func seal(
  _ pieces: some Sequence<[UInt8]>, by agent: borrowing Agent, send: ([UInt8]) -> Void
) throws -> BlobReference {
  var random = SystemRandom()
  var sealer = try agent.blobSealer(.voice, using: &random)
  var sealed: [UInt8] = []
  for piece in pieces {
    try sealer.update(piece.span, into: &sealed)
    send(sealed)
    sealed.removeAll(keepingCapacity: true)
  }
  let reference = try sealer.finish(into: &sealed)
  send(sealed)
  return reference
}
// snippet.end
var sentCount = 0
let reference = try seal([picture, [UInt8](repeating: 1, count: 40_000)], by: agent) { sentCount += $0.count }
precondition(reference.length.value == UInt64(sentCount))

// snippet.spool
var spool = try agent.spoolWriter(segment: 1)
var segment = spool.header.serialized  // the start of a file
segment += try spool.append(Array("not sent yet".utf8), using: &random)

let recovered = try SpoolRecovery(segment: segment.span, ring: try agent.keyRing())
for frame in recovered.frames { print(String(decoding: frame.payload, as: UTF8.self)) }
// snippet.end
precondition(recovered.frames.count == 1 && !recovered.isQuarantined)

// snippet.restart
agent = try Agent(restoring: stateOnDisk, deviceKey: deviceKey, isMarked: markStands, using: &random)
let lost = try Agent(restoring: nil, deviceKey: deviceKey, isMarked: markStands, using: &random)
print(agent.phase, lost.phase)  // active stopped
// snippet.end
precondition(agent.phase == .active && agent.sequence == 1 && lost.phase == .stopped)

let member = try EnrolmentRequest(parsing: request.serialized).agentID
let report = try owner.audit(member, batches: [batch.serialized], using: &random)
precondition(report.findings.isEmpty && report.totals[window] == 60_000)
