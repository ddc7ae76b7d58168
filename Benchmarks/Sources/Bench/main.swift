import Foundation

// `run` calls this with the parts to measure, and says in between how far it is. --quick: every part once, for its
// checks alone.
let parts = ["tokens", "parallel", "primitives", "texts", "accounts", "growth"]
let arguments = Set(CommandLine.arguments.dropFirst())
guard arguments.isSubset(of: parts + ["--quick"]) else {
  FileHandle.standardError.write(Data("usage: Bench [--quick] [\(parts.joined(separator: "|"))] ...\n".utf8))
  exit(64)
}
var report = Report(quick: arguments.contains("--quick"))
let chosen = arguments.subtracting(["--quick"]).isEmpty ? Set(parts) : arguments
if chosen.contains("tokens") {
  if report.isQuick { try TokenRows.checkAgreement(&report) }
  try TokenRows(count: report.isQuick ? 1_000 : 10_000).measure(&report)
}
if chosen.contains("parallel") { report = try await ParallelRows.measure(report) }
if chosen.contains("primitives") { try PrimitiveRows.measure(&report) }
if chosen.contains("texts") { try TextRows.measure(&report) }
if chosen.contains("accounts") { try AccountRows.measure(&report) }
if chosen.contains("growth") { try GrowthCurves.measure(report) }
