import Endkey
import Foundation

/// Sealing on several cores at once.
enum ParallelRows {
  static func measure(_ report: Report) async throws -> Report {
    var report = report
    let values = FlatBytes(Corpus.values(report.isQuick ? 1_000 : 200_000))
    let cores = ProcessInfo.processInfo.activeProcessorCount
    var sealer = try TokenSealer(key: TokenRows.key())
    let expected = try sealer.seal(values, field: .url)
    var (oneWall, oneBusy) = (0.0, 0.0)
    for width in 1...max(cores, 2) {
      var (wall, busy) = (Double.infinity, Double.infinity)
      for _ in 0..<(report.isQuick ? 1 : 7) {
        let (start, startBusy) = (Date(), processSeconds())
        let tokens = try await TokenSealer.sealInParallel(
          values, field: .url, key: TokenRows.key(), width: width)
        wall = min(wall, Date().timeIntervalSince(start))
        busy = min(busy, processSeconds() - startBusy)
        report.check(
          "tokens of \(width) workers", tokens.bytes == expected.bytes && tokens.count == expected.count)
      }
      guard width > 1 else {
        (oneWall, oneBusy) = (wall, busy)
        continue
      }
      let group = "Tokens in parallel, \(values.count) values, \(cores) cores"
      report.row(group, "\(width) workers ÷ one, by the clock", oneWall / wall, "×")
      report.row(group, "processor time of one ÷ of \(width)", oneBusy / busy, "×")
    }
    return report
  }

  /// The processor time of all threads.
  private static func processSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
