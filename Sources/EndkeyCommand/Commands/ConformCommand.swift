internal import ArgumentParser
internal import EndkeyConformance
internal import EndkeyJSON
internal import Foundation

struct ConformCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conform", abstract: "Judge any client by the test vectors.",
    discussion: """
      TODO
      """)

  @Option(help: ArgumentHelp("Only operations that match, separated by commas.", valueName: "glob,..."))
  var ops: String?
  @Option(
    help: ArgumentHelp("What kind of client: agent, owner, service or all.", valueName: "profile"),
    transform: { try Self.named($0) })
  var profile: Profile = .all
  @Option(help: ArgumentHelp("The folder of the vectors.", valueName: "dir"))
  var vectors = "vectors"
  @Option(help: ArgumentHelp("Order of the prompts; a random one is taken and printed.", valueName: "n"))
  var seed: UInt64?
  @Option(
    help: ArgumentHelp(
      "Time for one answer; password operations have six times as much.", valueName: "seconds"))
  var deadline: Double = 10
  @Option(name: .customLong("repeat"), help: ArgumentHelp("Only this case, with its twin.", valueName: "id"))
  var only: String?
  @OptionGroup var output: OutputOptions
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The client and its arguments, after --.", valueName: "client"))
  var client: [String]

  func run() throws {
    let suite = try SuiteFolder(path: vectors).read()
    var options = ExaminationOptions(seed: seed ?? UInt64.random(in: 0..<1 << 32), today: "2026-01-01")
    options.ops = ops.map { $0.split(separator: ",").map(String.init) } ?? []
    options.profile = profile
    options.only = only
    options.deadline = deadline
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    let report: Report
    do {
      report = try Examination.run(suite, ClientCommand(client, environment: environment), options)
    } catch {
      switch error {
      case .noClient(let reason): throw CommandError(.badInput, client.first, reason)
      case .unknownCase(let id): throw CommandError(.badInput, nil, "no case \(id)")
      }
    }
    for line in report.summary(repeating: client) { try Console.print(line) }
    if !report.isPass { throw ExitStatus.checkFailed }
  }
}

extension ConformCommand {
  fileprivate static func named(_ name: String) throws -> Profile {
    guard let profile = Profile(rawValue: name) else {
      throw ValidationError("no profile \(name): \(Profile.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return profile
  }
}

/// A folder of vectors as the runner reads it.
struct SuiteFolder {
  let path: String

  func read() throws -> ConformanceSuite {
    let names = try Folder.names(in: path).filter {
      $0.hasSuffix(".json") && !ConformanceSuite.companions.contains($0)
    }
    let files = try names.map { (name: $0, bytes: try Descriptor(reading: "\(path)/\($0)").rest()) }
    do {
      return try ConformanceSuite(
        files: files, scenarios: try companion("conformance/scenarios.json"),
        requirements: try companion("conformance/requirements.json"), answers: try companion("answers.json"))
    } catch let fault as ConformanceSuite.Fault {
      throw CommandError(.badInput, path, fault.description)
    }
  }

  private func companion(_ name: String) throws -> [UInt8]? {
    guard OutputFile.exists("\(path)/\(name)") else { return nil }
    return try Descriptor(reading: "\(path)/\(name)").rest()
  }
}
