import Endkey
import EndkeyJSON
import EndkeyPrimitives
import EndkeySuite
import Foundation
import TestPrimitives
import Testing

@testable import EndkeyVectors

@Suite("Traces") struct TraceTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "vectors")

  static func bytes(_ op: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: VectorFile.name(of: op))))
  }

  static func file(_ op: String) throws -> VectorFile { try VectorFile(parsing: bytes(op)) }

  /// A vector's bytes by name.
  struct Values {
    let vector: Vector

    func callAsFunction(_ name: String) throws -> [UInt8] { try Self.find(name, in: vector.trace) }
    func input(_ name: String) throws -> [UInt8] { try Self.find(name, in: vector.input) }
    func out(_ name: String) throws -> [UInt8] {
      guard case .ok(let out) = vector.expect else { return [] }
      return try Self.find(name, in: out)
    }

    private static func find(_ name: String, in object: JSONObject) throws -> [UInt8] {
      try JSONCursor(try #require(object[name], "\(name)")).hex()
    }
  }

  /// What an accepted vector's trace must agree with: its output, or its input where it is opened.
  static let links: [String: @Sendable (Values) throws -> Bool] = [
    "hash": { try SHA256.hash($0("input")) == $0.out("hash") },
    "kw/wrap": { try $0("a_5") == [UInt8]($0.out("wrapped").prefix(8)) },
    "kw/unwrap": { try $0("a_0") == [UInt8](repeating: 0xa6, count: 8) },
    "oaep/encrypt": {
      try RawRSA.encrypt($0("em"), modulus: $0.input("modulus")) == $0.out("ciphertext")
    },
    "oaep/decrypt": {
      let (message, db): ([UInt8], [UInt8]) = try ([1] + $0.out("message"), $0("db"))
      return try [UInt8](db.suffix(message.count)) == message && [UInt8](db.prefix(20)) == $0("l_hash")
    },
    "siv/seal": { try $0("v") == $0.out("v") },
    "siv/open": {
      let start = try [UInt8]($0.out("plaintext").prefix(16))
      return try $0("v_expected") == $0.input("v") && $0("p_start") == start
    },
    "sealed/seal": { try $0("commitment") == [UInt8]($0.out("sealed")[24..<56]) },
    "sealed/open": { try $0("commitment") == [UInt8]($0.input("sealed")[24..<56]) },
    "keys": {
      for name in ["token_key", "agent_key", "vault_key", "commitment", "blob_key"] {
        guard try $0(name) == $0.out(name) else { return false }
      }
      return true
    },
    "account-id": { try [UInt8]($0("hash").prefix(16)) == $0.out("account_id") },
    "agent-id": { try [UInt8]($0("hash").prefix(16)) == $0.out("agent_id") },
    "token/seal": { try $0("v") == [UInt8]($0.out("token")[6..<22]) },
    "token/open": { try $0("v_expected") == [UInt8]($0.input("token")[6..<22]) },
    "blob/seal": {
      let head: [UInt8] = try $0("context") + $0.input("salt") + $0("commitment")
      return try [UInt8]($0.out("blob").prefix(97)) == head
    },
    "blob/open": { try $0("commitment") == [UInt8]($0.input("blob")[65..<97]) },
    "password/wrap": {
      let wrapped: [UInt8] = try $0("commitment") + $0("a_5")
      return try wrapped == [UInt8]($0.out("wrap")[24..<64])
    },
    "password/login": { try $0("login_key") == $0.out("login_key") },
    "password/open": {
      let commitment = try [UInt8]($0.input("wrap")[24..<56])
      return try $0("commitment") == commitment && $0("a_0") == [UInt8](repeating: 0xa6, count: 8)
    },
    "person-keys/make": {
      let commitment = try [UInt8]($0.out("keys")[93..<125])
      return try $0("commitment") == commitment && $0("login_key") == $0.out("login_key")
    },
    "person-keys/open": { try $0("commitment") == [UInt8]($0.input("keys")[93..<125]) },
    "vault/make": { try $0("commitment") == [UInt8]($0.out("vault")[59..<91]) },
    "vault/open": { try $0("commitment") == [UInt8]($0.input("vault")[59..<91]) },
    "local-state/open": { try $0("commitment") == [UInt8]($0.input("message")[59..<91]) },
    "enrolment/request": { try $0("mac") == [UInt8]($0.out("request")[344..<376]) },
    "grant/make": {
      try RawRSA.encrypt($0("em"), modulus: $0.input("modulus")) == [UInt8]($0.out("grant")[105..<361])
    },
    "state/make": { try $0("commitment") == [UInt8]($0.out("state")[48..<80]) },
  ]

  @Test("the values of accepted vectors end in what the vector says", arguments: links.keys.sorted())
  func linked(_ op: String) throws {
    let link = try #require(Self.links[op])
    // Where one of several keys opens, the trace is empty.
    let accepted = try Self.file(op).tests.filter { !$0.expect.isRejection && !$0.trace.members.isEmpty }
    #expect(!accepted.isEmpty)
    for vector in accepted { #expect(try link(Values(vector: vector)), "\(vector.id)") }
  }

  @Test("where a comparison fails, the trace shows the two values that differ")
  func rejected() throws {
    for vector in try Self.file("siv/open").tests where vector.trace["v_expected"] != nil {
      let values = Values(vector: vector)
      #expect(try (values("v_expected") == values.input("v")) == !vector.expect.isRejection, "\(vector.id)")
    }
    for vector in try Self.file("kw/unwrap").tests where vector.trace["a_0"] != nil {
      let isRight = try Values(vector: vector)("a_0") == [UInt8](repeating: 0xa6, count: 8)
      #expect(isRight == !vector.expect.isRejection, "\(vector.id)")
    }
  }

  @Test("nothing arises before the checks that come first")
  func early() throws {
    for op in ["password/open", "grant/open", "state/accept", "token/open", "blob/open"] {
      for vector in try Self.file(op).tests {
        guard let code = vector.expect.code else { continue }
        if code.layer == .format || (code.layer == .policy && ![.badKey, .badValidity].contains(code)) {
          #expect(vector.trace.members.isEmpty, "\(vector.id)")
        }
        if code == .signatureInvalid { #expect(vector.trace["em"] == nil, "\(vector.id)") }
      }
    }
  }

  @Test("every trace is of an operation, and shows in its vectors")
  func complete() throws {
    for op in Trace.steps.keys.sorted() {
      #expect(Operation.all[op] != nil, "\(op)")
      #expect(try Self.file(op).tests.contains { !$0.trace.members.isEmpty }, "\(op)")
    }
  }

  @Test(
    "the first wrong value is told, not a later one",
    arguments: [["d_1"], ["t_end", "d_1"], ["v", "t_end"], ["q_end"]])
  func firstDifference(_ names: [String]) throws {
    var file = try Self.file("siv/seal")
    let index = try #require(file.tests.firstIndex { $0.id == "siv-seal-33-bytes" })
    var trace = file.tests[index].trace
    for name in names { trace[name] = .hex(try Values(vector: file.tests[index])(name).map { ~$0 }) }
    file.tests[index] = file.tests[index].with(trace: trace)
    let report = try Verifier.verify(file.serialized)
    #expect(report.failures.map(\.id) == ["siv-seal-33-bytes"])
    let difference = try #require(report.failures.first?.firstDifference)
    #expect(difference.name == trace.members.first { names.contains($0.key) }?.key)
    #expect(difference.got != difference.expected)
  }

  @Test("a value that does not arise is a difference")
  func unknownValue() throws {
    var file = try Self.file("hash")
    var trace = file.tests[0].trace
    trace.append("other", "00")
    file.tests[0] = file.tests[0].with(trace: trace)
    let failure = try #require(try Verifier.verify(file.serialized).failures.first)
    #expect(failure.firstDifference?.description == "other: expected 00, got none")
  }

  @Test("the responder gives the trace with its answer")
  func responder() throws {
    let vector = try #require(try Self.file("hash").tests.first)
    let request: JSONValue = ["seq": 1, "cmd": "run", "op": "hash", "in": .object(vector.input)]
    let line = try #require(Responder(version: "0").answer(to: request.serialized(.compact)))
    var answer = try JSONCursor(JSONValue(parsing: line)).fields()
    #expect(try answer.required("trace").value == .object(vector.trace))
  }
}

extension Vector {
  fileprivate func with(trace: JSONObject) -> Vector {
    Vector(
      op: op, id: id, since: since, level: level, req: req, flags: flags, comment: comment, input: input,
      expect: expect, trace: trace, twin: twin)
  }
}
