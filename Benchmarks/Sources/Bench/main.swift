import Foundation

// `run` calls this. Without an argument: the rows. --growth: the curves. --quick: every part once, for its checks alone.
let arguments = Set(CommandLine.arguments.dropFirst())
guard arguments.isSubset(of: ["--quick", "--growth"]) else {
  FileHandle.standardError.write(Data("usage: Bench [--quick] [--growth]\n".utf8))
  exit(64)
}
var report = Report(quick: arguments.contains("--quick"))
if report.isQuick { try TokenRows.checkAgreement(&report) }
try TokenRows(count: report.isQuick ? 1_000 : 10_000).measure(&report)
try PrimitiveRows.measure(&report)
try TextRows.measure(&report)
if arguments.contains("--growth") || report.isQuick { try GrowthCurves.measure(report) }
