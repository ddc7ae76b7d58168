import Foundation
import Testing

@testable import EndkeyCommand

@Suite("Conform") struct ConformCommandTests {
  static let vectors = Binary.root.appending(path: "vectors").path(percentEncoded: false)

  private static func run(_ arguments: String..., in folder: Scratch) throws -> Binary.Result {
    try Binary.run(["conform"] + arguments, in: folder)
  }

  /// A folder with few vectors, in the place where `conform` looks for them: to read all of them takes a second.
  private static func fewVectors() throws -> Scratch {
    let folder = try Scratch()
    for name in ["hash.json", "account-id.json", "agent-id.json", "conformance/requirements.json"] {
      let target = folder.url.appending(path: "vectors/\(name)")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: URL(filePath: vectors).appending(path: name), to: target)
    }
    return folder
  }

  /// The program of clients/README.md, as it stands there.
  private static func skeleton(in folder: Scratch) throws -> String {
    let readme = try String(contentsOf: Binary.root.appending(path: "clients/README.md"), encoding: .utf8)
    let parts = readme.split(separator: "```python skeleton\n", omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let program = String(try #require(parts[1].split(separator: "```").first))
    #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count <= 45)
    return try folder.write(Array(program.utf8), to: "skeleton.py")
  }

  /// How much there is to pass for who claims these operations: their vectors, a check of fresh questions of each, one
  /// of questions asked again, and two rules of the line protocol.
  private static func checks(of operations: String...) throws -> Int {
    try operations.reduce(3) { sum, operation in
      let file = URL(filePath: vectors).appending(path: "\(operation).json")
      let content = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
      return sum + 1 + (try #require(content?["tests"] as? [Any])).count
    }
  }

  @Test("the skeleton of clients/README.md passes the operations that it claims, and writes every report")
  func skeleton() throws {
    let folder = try Scratch()
    let program = try Self.skeleton(in: folder)
    let result = try Self.run(
      "--vectors", Self.vectors, "--report", "out", "--seed", "5", "--", "python3", program, in: folder)
    try #require(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.contains("client skeleton 0, profile all, seed 5"))
    let passed = result.output.split(separator: "\n").last?.split(separator: " ").first.flatMap { Int($0) }
    #expect(result.output.hasSuffix(" passed, 0 failed\n"))
    #expect(passed == (try Self.checks(of: "hash", "hmac", "derive", "pbkdf2", "account-id", "agent-id")))
    #expect(try folder.names("out") == ["badge.svg", "index.html", "junit.xml", "report.json"])
    let same = try Binary.run(["conform", "compare", "out/report.json", "out/report.json"], in: folder)
    #expect(same.status == 0)
    #expect(same.output.hasSuffix("0 changed, 0 of them passed before\n"))
  }

  @Test("a failure is status 1, shown with the command that repeats it, and gone once it is known")
  func failing() throws {
    let folder = try Self.fewVectors()
    let program = try Self.skeleton(in: folder)
    let text = String(decoding: try folder.read("skeleton.py"), as: UTF8.self)
    let wrong = text.split(separator: "[:16]", omittingEmptySubsequences: false).joined(separator: "[1:17]")
    _ = try folder.write(Array(wrong.utf8), to: "skeleton.py")
    let result = try Self.run("--ops", "a*-id", "--report", "bad", "--", "python3", program, in: folder)
    #expect(result.status == 1)
    #expect(result.output.contains("wrong output: account_id from byte"))
    let page = String(decoding: try folder.read("bad/index.html"), as: UTF8.self)
    let quoted = try #require(page.split(separator: "<blockquote><b>").dropFirst().first)
    let words = try #require(quoted.split(separator: "</blockquote>").first)
    #expect(words.count > 40, "the requirement's text is missing")
    let id = try #require(
      result.output.split(separator: "--repeat ").dropFirst().first?.split(separator: " ").first)
    let again = try Self.run("--repeat", String(id), "--", "python3", program, in: folder)
    #expect(again.status == 1)

    let failing = result.output.split(separator: "\n").filter { $0.hasPrefix("  fail  ") }
      .map { "{\"id\":\"\($0.dropFirst(8))\",\"reason\":\"r\",\"link\":\"l\",\"expiry\":\"2999-12-31\"}" }
    _ = try folder.write(Array("[\(failing.joined(separator: ","))]".utf8), to: "known.json")
    let known = try Self.run(
      "--ops", "a*-id", "--known-failing", "known.json", "--", "python3", program, in: folder)
    #expect(known.status == 0, "\(known.output)")

    _ = try folder.write(Array(text.utf8), to: "skeleton.py")
    let fixed = try Self.run(
      "--ops", "a*-id", "--known-failing", "known.json", "--report", "good", "--", "python3", program,
      in: folder)
    #expect(fixed.status == 1)
    #expect(fixed.output.contains("passes now; take it off the list"))
    let worse = try Binary.run(["conform", "compare", "good/report.json", "bad/report.json"], in: folder)
    #expect(worse.status == 1)
    #expect(try Binary.run(["conform", "compare", "good/report.json", "none"], in: folder).status == 2)
  }

  @Test("no client is 3, bad files are 2, a wrong command line is 64")
  func statuses() throws {
    let folder = try Self.fewVectors()
    _ = try folder.write(Array("[{}]".utf8), to: "bad.json")
    try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
    #expect(try Self.run("--", "/no/such/client", in: folder).status == 3)
    #expect(try Self.run("--", "true", in: folder).status == 3)
    #expect(try Self.run("--known-failing", "bad.json", "--", "true", in: folder).status == 2)
    #expect(try Self.run("--codes", "none.json", "--", "true", in: folder).status == 2)
    #expect(try Self.run("--repeat", "no-such-case", "--", "true", in: folder).status == 2)
    #expect(try Binary.run(["conform", "--vectors", "empty", "--", "true"], in: folder).status == 2)
    #expect(try Self.run(in: folder).status == 64)
    #expect(try Self.run("--profile", "service", "--deadline", "0", "--", "true", in: folder).status == 64)
    #expect(try Self.run("--profile", "servant", "--", "true", in: folder).status == 64)
  }

  /// A client that ends at its first prompt, so that another is started; the fifth stays, and who loses the runner.
  private static let lingering = """
    stay() { exec sleep 600; }
    echo >> started
    read -r hello || stay
    seq=${hello#*'"seq":'}
    echo '{"v":1,"seq":'"${seq%%[!0-9]*}"',"client":{"name":"x","version":"1"},"ops":["hash"]}'
    read -r prompt || stay
    [ "$(grep -c '' started)" -lt 5 ] || stay
    """

  /// Told at twenty moments from its first instruction until it waits for the last client. A client is searched for in
  /// many folders, so that most of that time is spent on starting one.
  @Test("a runner that is told to end takes its clients along, whenever it is told")
  func ended() async throws {
    let path = String(repeating: "/nowhere:", count: 5000) + "/usr/bin:/bin"
    var whole = Duration.zero
    for (moment, signal) in zip(
      (0...20).reversed(), Array(repeating: [SIGTERM, SIGINT, SIGHUP], count: 7).joined())
    {
      let folder = try Self.fewVectors()
      _ = try folder.write(Array(Self.lingering.utf8), to: "client")
      let start = ContinuousClock.now
      var runner = try Binary.Running(
        ["--default-signal", Binary.path, "conform", "--deadline", "3600", "--", "sh", "client"],
        in: folder, environment: ["PATH": path])
      if whole == .zero {
        try folder.wait { (try? folder.read("started"))?.count == 5 }
        whole = start.duration(to: .now)
      } else {
        try await Task.sleep(until: start + whole * moment / 20, clock: .continuous)
      }
      runner.send(signal)
      #expect(try runner.result().status == 128 + signal)
      try folder.wait("clients are left behind, told by \(signal) at \(moment) of 20") {
        folder.processes().isEmpty
      }
    }
  }

  @Test("a signal that is ignored, as under nohup, does not end the runner while a client runs")
  func ignored() throws {
    let folder = try Self.fewVectors()
    let client = "echo > started; until [ -e go ]; do sleep 0.01; done; exit 7"
    var runner = try Binary.Running(
      ["--default-signal", "--ignore-signal=HUP", Binary.path, "conform", "--deadline", "3600"]
        + ["--", "sh", "-c", client],
      in: folder)
    try folder.wait { try folder.names().contains("started") }
    runner.send(SIGHUP)
    _ = try folder.write([], to: "go")
    let result = try runner.result()
    #expect(result.status == 3 && result.error.contains("status 7"), "\(result)")
  }

  @Test("a client sees the end of its input when the runner is killed")
  func killed() throws {
    let folder = try Self.fewVectors()
    var runner = try Binary.Running(
      [Binary.path, "conform", "--deadline", "3600"]
        + ["--", "sh", "-c", "echo > started; cat > told; echo > over"],
      in: folder)
    try folder.wait { try folder.names().contains("started") }
    runner.send(SIGKILL)
    #expect(try runner.result().status == 128 + SIGKILL)
    try folder.wait { try folder.names().contains("over") }
  }

  @Test("the reference implementation as a client: handles, scenarios and randomised operations")
  func reference() throws {
    let endkey = Binary.folder.appending(path: "endkey").path(percentEncoded: false)
    let result = try Self.run(
      "--vectors", Self.vectors, "--ops", "agent/*,token/*,code/*,enrolment/*", "--json", "--", endkey,
      "respond", in: Scratch())
    #expect(result.status == 0, "\(result.error)")
    for part in [
      "\"schema\": \"endkey-report-1\"", "\"scenario-agent-oracle\"", "\"check-random-code-random\"",
      "\"pass\": true",
    ] {
      #expect(result.output.contains(part), "\(part)")
    }
  }
}
