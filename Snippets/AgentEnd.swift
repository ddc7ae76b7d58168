//! The agent's end: from the code to a batch of activity, and over a restart.

import Endkey

// An owner, for the agent to have somebody to answer to.
let wall = try Time(milliseconds: 1_700_000_000_000)
var random = SystemRandom()
var owner = Owner.absent()
let account = try owner.create(
  identity: .generate(using: &random),
  credentials: Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse")),
  retentionDays: RetentionDays(365), now: wall, using: &random)
try owner.stored()
let made = try owner.makeCode(.agents(.automatic), expires: nil, now: wall, using: &random)
try owner.stored()
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

// snippet.capture
let key = try agent.spoolKey(deviceKey: deviceKey)
var spool = SpoolWriter(key: key, segment: 1)
var segment = spool.header.serialized  // the start of a file

segment += try agent.capture(
  .application, start: wall, duration: 60_000,
  items: [
    CapturedItem(.windowTitle, "Quarterly report - Editor"),
    CapturedItem(.screenshot, [0x89, 0x50, 0x4e, 0x47]),
  ], into: &spool, using: &random)
// On the disk, synchronised, before anybody is told that it is kept.
// snippet.end

_ = try owner.approve(request.serialized, now: wall, using: &random)
try owner.stored()
let grants = try owner.makeGrants(for: [request.serialized], now: wall, using: &random)
guard let state = account.publication.accountState?.serialized, let grant = grants.grants.first?.serialized
else { preconditionFailure("an account without a state, or a member without a grant") }

// snippet.accept
try agent.accept(state: state)
try agent.accept(grant: grant)
stateOnDisk = try agent.save(deviceKey: deviceKey, using: &random).serialized
// snippet.end
precondition(agent.phase == .active)

// snippet.send
let recovered = try SpoolRecovery(segment: segment.span, key: key)
var sealer = try agent.captureSealer(at: wall)
var records: [Record] = []
var blobs: [SealedBlob] = []
for frame in recovered.frames {
  let sealed = try sealer.seal(frame.capture, using: &random)
  records.append(sealed.record)
  blobs += sealed.blobs
}
let batch = try agent.signBatch(records, at: wall)
stateOnDisk = try agent.save(deviceKey: deviceKey, using: &random).serialized
// Only now: the blobs, then batch.serialized go to the service, and the segment goes when it has them.
// snippet.end
precondition(records.count == 1 && blobs.count == 1 && !recovered.isQuarantined)

// snippet.stream
/// Seals a long recording, a piece at a time, and gives each piece of the blob to `send`.
func seal(
  _ pieces: some Sequence<[UInt8]>, by agent: borrowing Agent, at wall: Time, send: ([UInt8]) -> Void
) throws -> BlobReference {
  var random = SystemRandom()
  var sealer = try agent.blobSealer(.voice, at: wall, using: &random)
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
let reference = try seal([[1, 2], [UInt8](repeating: 1, count: 40_000)], by: agent, at: wall) {
  sentCount += $0.count
}
precondition(reference.length.value == UInt64(sentCount))

// snippet.clock
agent.run(milliseconds: 600_000)  // ten minutes more on a monotonic clock that counts sleep
print(agent.isExpired(at: wall))  // false
stateOnDisk = try agent.save(deviceKey: deviceKey, using: &random).serialized
// snippet.end

// snippet.restart
agent = try Agent(restoring: stateOnDisk, deviceKey: deviceKey, isMarked: markStands, using: &random)
let lost = try Agent(restoring: nil, deviceKey: deviceKey, isMarked: markStands, using: &random)
print(agent.phase, lost.phase)  // active stopped
// snippet.end
precondition(agent.phase == .active && agent.sequence == 1 && lost.phase == .stopped)

let report = try owner.audit(
  request.agentID, batches: [batch.serialized], request: request.serialized)
precondition(report.findings.isEmpty && report.counted == [batch])
