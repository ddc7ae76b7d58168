import Endkey
import EndkeyBulk
import EndkeyPrimitives
import EndkeyWire
import TestSupport

/// Time against size: each should grow no faster than the work.
enum GrowthCurves {
  static func measure(_ report: Report) throws {
    try tokens(report)
    try blobs(report)
    try audit(report)
    scan(report)
  }

  /// The shortest of a few runs: of one big run, there is no median.
  private static func best(_ runs: Int, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs { best = min(best, try Measurement.time(body)) }
    return best
  }

  private static func tokens(_ report: Report) throws {
    let most = report.isQuick ? 1_000 : 1_000_000
    let strings = Corpus.values(most)
    var sealer = try BulkTokenSealer(key: TokenRows.key())
    // Kept: the system takes as long to hand out a page as sealing takes to fill it.
    var tokens = FlatBytes()
    var count = 1
    while count <= most {
      let values = FlatBytes(strings[..<count])
      let repetitions = max(1, 10_000 / count)
      let seconds = try best(3) {
        for _ in 0..<repetitions {
          tokens.removeAll()
          try sealer.seal(values, field: .url, into: &tokens)
        }
      }
      report.point("tokens (values)", count, seconds / Double(repetitions))
      count *= 10
    }
  }

  private static func blobs(_ report: Report) throws {
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    let key = SecretBytes(copying: [UInt8](repeating: 9, count: 32))
    var random = SystemRandom()
    var output: [UInt8] = []
    var count = 1 << 10
    while count <= (report.isQuick ? 1 << 16 : 1 << 30) {
      let repetitions = max(1, (1 << 22) / count)
      let seconds = try best(count > 1 << 26 ? 1 : 3) {
        for _ in 0..<repetitions {
          var sealer = try ChunkedEncryption.Sealer(key: key, context: [], using: &random)
          var done = 0
          while done < count {
            let step = min(count - done, piece.count)
            output.removeAll(keepingCapacity: true)
            try sealer.update(piece.span.extracting(0..<step), into: &output)
            done += step
          }
          try sealer.finish(into: &output)
        }
      }
      report.point("blob (bytes)", count, seconds / Double(repetitions))
      count *= 4
    }
  }

  /// Batches of at most 1,000 records, with two tokens each of 100 titles.
  private static func audit(_ report: Report) throws {
    let most = report.isQuick ? 100 : 1_000_000
    let masterKey = MasterKey(
      secret: SecretBytes(copying: [UInt8](repeating: 9, count: 32)), accountID: .zero, epoch: .first)
    let signing = try Ed25519.PrivateKey(seed: SecretBytes(copying: [UInt8](repeating: 2, count: 32)))
    let modulus = [UInt8](repeating: 0xff, count: 256)
    let request = EnrolmentRequest(
      accountID: .zero, modulus: Modulus(unchecked: modulus.span), verifyKey: signing.verifyKey, nonce: .zero)
    let member = Member(
      agentID: request.agentID, label: .empty, codeID: .zero, kind: .scoped, status: .granted, listed: 0,
      auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0, auditedState: 0, keptSequence: 0,
      keptHash: .zero)
    let note = StateNote(
      generation: .first, counter: 1, epoch: .first, made: 0, hash: Hash(sha256: [UInt8]()))
    var ring = KeyRing(accountID: .zero, holder: .owner)
    ring.add(Shared(masterKey.copy()))
    var sealer = try TokenSealer(key: masterKey.tokenKey())
    let application = try sealer.seal("editor", field: .applicationName)
    let titles = try (0..<100).map { try sealer.seal("title \($0)", field: .windowTitle) }
    let records = try (0..<1_000).map { index in
      try Record(
        kind: .application, start: Time(milliseconds: UInt64(index)), duration: 1_000,
        items: [.token(application), .token(titles[index % 100])])
    }
    var chain = BatchChain(agentID: request.agentID)
    var batches: [[UInt8]] = []
    var made = 0
    var count = 1
    while count <= most {
      // Those made for a smaller count go on being the start of the chain.
      while made < count {
        let step = min(count - made, records.count)
        batches.append(
          try chain.append(
            Array(records[..<step]), accountID: .zero, under: note, made: 1, signingKey: signing
          ).serialized)
        made += step
      }
      let seconds = best(count > 10_000 ? 1 : 3) {
        let audit = Audit(
          accountID: .zero, member: member, members: [member.agentID], request: request,
          notes: StateNotes([note]), ring: ring)
        let found = audit.report(on: batches)
        precondition(found.findings.isEmpty && found.counted.count == batches.count)
      }
      report.point("audit (records)", count, seconds)
      if count == 1_000_000 {
        report.row("Audit", "1,000,000 records in 1,000 batches", seconds, "s", atMost: 1)
      }
      count *= 10
    }
  }

  private static func scan(_ report: Report) {
    let text = TextRows.prose(report.isQuick ? 1 << 16 : 1 << 28)
    var count = 1 << 10
    while count <= text.count {
      let part = Array(text[..<count])
      let repetitions = max(1, (1 << 22) / count)
      let seconds = best(3) {
        for _ in 0..<repetitions { precondition(TextRows.scan(part).matches == 0) }
      }
      report.point("scan (bytes)", count, seconds / Double(repetitions))
      count *= 4
    }
  }
}
