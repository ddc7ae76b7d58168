import Endkey
import EndkeyBulk
import Foundation

/// Sealing on several cores at once.
enum ParallelRows {
  private static let group = "Tokens in parallel"

  static func measure(_ report: Report) async throws -> Report {
    var report = report
    let cores = max(ProcessInfo.processInfo.activeProcessorCount, 2)
    threads(cores, &report)
    let values = FlatBytes(Corpus.values(report.isQuick ? 1_000 : 1_000_000))
    var sealer = try BulkTokenSealer(key: TokenRows.key())
    let expected = try sealer.seal(values, field: .url)
    var (oneWall, oneBusy) = (0.0, 0.0)
    for width in 1...cores {
      var (wall, busy) = (Double.infinity, Double.infinity)
      for _ in 0..<(report.isQuick ? 1 : 5) {
        let (start, startBusy) = (Date(), processSeconds())
        let tokens = try await BulkTokenSealer.sealInParallel(
          values, field: .url, key: TokenRows.key(), width: width)
        wall = min(wall, Date().timeIntervalSince(start))
        busy = min(busy, processSeconds() - startBusy)
        var whole = FlatBytes()
        for piece in tokens { whole.append(piece) }
        report.check("tokens of \(width) workers", whole == expected)
      }
      guard width > 1 else {
        (oneWall, oneBusy) = (wall, busy)
        continue
      }
      let what = "`sealInParallel` of \(values.count) values, \(width) sealers ÷ one"
      report.row(group, "\(what), by the clock", oneWall / wall, "×")
      report.row(group, "processor time of one ÷ of \(width)", oneBusy / busy, "×")
    }
    return report
  }

  /// Threads that seal the same values again and again, each with a sealer of its own: what the cores give together.
  private static func threads(_ cores: Int, _ report: inout Report) {
    let values = FlatBytes(Corpus.values(10_000))
    let rounds = report.isQuick ? 1 : 1_000
    func seconds(_ width: Int) -> Double {
      let group = DispatchGroup()
      let start = Date()
      for _ in 0..<width {
        group.enter()
        Thread.detachNewThread {
          do {
            var sealer = try BulkTokenSealer(key: TokenRows.key())
            var tokens = FlatBytes()
            for _ in 0..<rounds {
              tokens.removeAll()
              try sealer.seal(values, field: .url, into: &tokens)
            }
          } catch {
            fatalError("a sealer failed: \(error)")
          }
          group.leave()
        }
      }
      group.wait()
      return Date().timeIntervalSince(start)
    }
    let one = (0..<3).map { _ in seconds(1) }.min() ?? 0
    let all = (0..<3).map { _ in seconds(cores) }.min() ?? 1
    report.row(group, "\(cores) threads, a sealer each ÷ one thread", Double(cores) * one / all, "×")
  }

  /// The processor time of all threads.
  private static func processSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
