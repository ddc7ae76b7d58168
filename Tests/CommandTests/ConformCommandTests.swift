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

  /// A copy of the beginning in Python.
  private static func skeleton(in folder: Scratch) throws -> String {
    let file = Binary.root.appending(path: "clients/beginnings/python/beginning.py")
    return try folder.write(Array(Data(contentsOf: file)), to: "skeleton.py")
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

  @Test("the beginning in Python passes the operations that it claims, and writes every report")
  func skeleton() throws {
    let folder = try Scratch()
    let program = try Self.skeleton(in: folder)
    let result = try Self.run(
      "--vectors", Self.vectors, "--report", "out", "--seed", "5", "--", "python3", program, in: folder)
    try #require(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.contains("client beginning-python 0, profile all, seed 5"))
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

    let told = try JSONSerialization.jsonObject(with: Data(folder.read("bad/report.json"))) as? [String: Any]
    let failing = try #require(told?["cases"] as? [[String: Any]]).filter {
      $0["verdict"] as? String == "fail"
    }
    .compactMap { $0["id"] as? String }
    .map {
      "{\"id\":\"\($0)\",\"verdict\":\"fail\",\"reason\":\"r\",\"link\":\"l\",\"expiry\":\"2999-12-31\"}"
    }
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
    let blamed = try Binary.run(["conform", "compare", "known.json", "good/report.json"], in: folder)
    #expect(
      blamed.status == 2 && blamed.error.contains("known.json: no report of conform"), "\(blamed.error)")
  }

  @Test(
    "no report of an earlier run is left by a run that does not start, and an unwritable folder is told before it"
  )
  func reports() throws {
    let folder = try Self.fewVectors()
    let program = try Self.skeleton(in: folder)
    #expect(
      try Self.run("--ops", "hash", "--report", "out", "--", "python3", program, in: folder).status == 0)
    #expect(try folder.names("out").count == 4)
    #expect(try Self.run("--ops", "hash", "--report", "out", "--", "false", in: folder).status == 3)
    #expect(try folder.names("out") == [])
    _ = try folder.write([], to: "file")
    let result = try Self.run("--report", "file/out", "--", "sh", "-c", "echo > started", in: folder)
    #expect(result.status == 2 && result.error.contains("file"), "\(result)")
    #expect(try !folder.names().contains("started"))
  }

  @Test(
    "a transcript holds what went over the wire, replaces only its like, and is told when it cannot be written"
  )
  func transcript() throws {
    let folder = try Self.fewVectors()
    let program = try Self.skeleton(in: folder)
    for _ in 0..<2 {
      let result = try Self.run("--ops", "hash", "--transcript", "wire", "--", "python3", program, in: folder)
      #expect(result.status == 0, "\(result)")
    }
    let lines = String(decoding: try folder.read("wire"), as: UTF8.self).split(separator: "\n")
    #expect(lines.first?.contains("\"sent\":\"{\\\"v\\\":1") ?? false, "\(lines.first ?? "")")
    #expect(lines.last == "{\"process\":1,\"ended\":\"it exited with status 0\"}")
    #expect(lines.count { $0.contains("\"sent\"") } == lines.count { $0.contains("\"wrote\"") } + 1)
    let refused = try Self.run("--transcript", "skeleton.py", "--", "python3", program, in: folder)
    #expect(refused.status == 2 && refused.error.contains("is no transcript"), "\(refused.error)")
    let full = try Self.run(
      "--ops", "hash", "--transcript", "/dev/full", "--", "python3", program, in: folder)
    #expect(full.status == 2 && full.output.hasSuffix(" passed, 0 failed\n"), "\(full)")
  }

  @Test("a client that claims less fails where all is required")
  func complete() throws {
    let folder = try Self.fewVectors()
    let program = try Self.skeleton(in: folder)
    let all = try Self.run("--ops", "hash", "--require-complete", "--", "python3", program, in: folder)
    #expect(all.status == 0, "\(all.output)")
    let text = String(decoding: try folder.read("skeleton.py"), as: UTF8.self)
    _ = try folder.write(
      Array(text.replacing("\"agent-id\": lambda", with: "\"agent-i\": lambda").utf8), to: "less.py")
    let few = try Self.run("--ops", "*-id", "--require-complete", "--", "python3", "less.py", in: folder)
    #expect(few.status == 1 && few.output.contains("not complete: unsupported agent-id"), "\(few.output)")
    #expect(few.output.contains("did you mean \"agent-id\"?"))
  }

  @Test("a failure that needs what came before it is shown by a command that asks that as well")
  func history() throws {
    let folder = try Self.fewVectors()
    _ = try Self.skeleton(in: folder)
    let text = String(decoding: try folder.read("skeleton.py"), as: UTF8.self)
    let late = text.replacing(
      "for line in sys.stdin:\n", with: "count = 0\nfor line in sys.stdin:\n    count += 1\n"
    )
    .replacing(
      "    print(", with: "    if count > 4 and \"out\" in answer:\n        answer[\"out\"] = {}\n    print(")
    _ = try folder.write(Array(late.utf8), to: "late.py")
    let result = try Self.run("--ops", "hash", "--deadline", "60", "--", "python3", "late.py", in: folder)
    #expect(result.status == 1)
    let again = try #require(result.output.split(separator: "again, with all of it: ").dropFirst().first)
    let words = try #require(again.split(separator: "\n").first).split(separator: " ").map(String.init)
    #expect(words.contains("--deadline") && words.contains("--until") && words.contains("--seed"), "\(words)")
    let repeated = try Binary.run(Array(words.dropFirst()), in: folder)
    let id = words[try #require(words.firstIndex(of: "--until")) + 1]
    #expect(repeated.status == 1 && repeated.output.contains(id))
    let alone = try Self.run("--repeat", id, "--", "python3", "late.py", in: folder)
    #expect(alone.status == 0)
  }

  @Test("a mistake at the start is told in a sentence that says what to do")
  func mistakes() throws {
    let folder = try Self.fewVectors()
    let program = try Self.skeleton(in: folder)
    let text = String(decoding: try folder.read("skeleton.py"), as: UTF8.self)
    for (name, head) in [
      ("crlf", "#!/usr/bin/env python3\r\n"), ("crlf2", "#!/bin/sh\r\n"), ("missing", "#!/no/such/python\n"),
      ("missing2", "#!/usr/bin/env no-such-python\n"), ("plain", ""),
    ] {
      _ = try folder.write(Array((head + text).utf8), to: name)
      #expect(unsafe chmod(folder.path(name), 0o755) == 0)
    }
    _ = try folder.write(Array(text.utf8), to: "closed")
    for (client, sentence) in [
      (["./crlf"], "ends with a carriage return"), (["./crlf2"], "ends with a carriage return"),
      (["./missing"], "names the interpreter /no/such/python, which is not here"),
      (["./missing2"], "names the interpreter no-such-python, which is not here"),
      (["./plain"], "has no #! line: write -- INTERPRETER ./plain"),
      (["python3 \(program)"], "without quotes around all of it"), (["./closed"], "chmod +x ./closed"),
      (["crlf"], "a program of this folder is ./crlf"), (["./nothing"], "no such file"),
      (["./vectors"], "a folder"),
    ] {
      let result = try Binary.run(["conform", "--"] + client, in: folder)
      #expect(result.status == 3 && result.error.contains(sentence), "\(client): \(result.error)")
    }
    let elsewhere = try Self.run("--", "true", in: Scratch())
    #expect(elsewhere.status == 2 && elsewhere.error.contains("--vectors DIR"), "\(elsewhere.error)")
    for (option, name, sentence) in [
      ("--ops", "hahs", "did you mean \"hash\"?"), ("--ops", "hash,agent_id", "did you mean \"agent-id\"?"),
      ("--repeat", "check-conducts", "did you mean \"check-conduct\"?"),
    ] {
      let result = try Self.run(option, name, "--", "true", in: folder)
      #expect(result.status == 2 && result.error.contains(sentence), "\(result.error)")
    }
    _ = try folder.write(Array("{\"E\":\"token_open_faild\"}".utf8), to: "codes.json")
    let codes = try Self.run("--codes", "codes.json", "--", "true", in: folder)
    #expect(
      codes.status == 2 && codes.error.contains("did you mean \"token_open_failed\"?"), "\(codes.error)")
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
        [Binary.path, "conform", "--deadline", "3600", "--", "sh", "client"],
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
      ["--ignore-signal=HUP", Binary.path, "conform", "--deadline", "3600"]
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
    let folder = try Scratch()
    let result = try Self.run(
      "--vectors", Self.vectors, "--ops", "agent/*,token/*,code/*,enrolment/*", "--json", "--transcript",
      "wire", "--", endkey, "respond", in: folder)
    #expect(result.status == 0, "\(result.error)")
    for part in [
      "\"schema\": \"endkey-report-1\"", "\"scenario-agent-oracle\"", "\"check-random-code-random\"",
      "\"pass\": true",
    ] {
      #expect(result.output.contains(part), "\(part)")
    }
    // Counted a second time, by the transcript.
    let recount = "Tests/EndkeyConformanceTests/Fixtures/recount.py"
    let counted = try Binary.run(
      "python3", [Binary.root.appending(path: recount).path(percentEncoded: false), Self.vectors, "wire"],
      in: folder)
    let told = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let vectors = try #require(told?["cases"] as? [[String: Any]]).filter {
      $0["kind"] as? String == "vector"
    }
    let verdicts = Set(counted.output.split(separator: "\n"))
    #expect(vectors.count > 300)
    for one in vectors {
      let line = "\(one["id"] as? String ?? "") \(one["verdict"] as? String ?? "")"
      #expect(verdicts.contains(Substring(line)), "\(line)")
    }
  }
}
