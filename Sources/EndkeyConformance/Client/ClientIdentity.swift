internal import EndkeyJSON
internal import EndkeySuite

/// What a client says of itself, in its hello.
struct ClientIdentity: Equatable, Sendable {
  let name: String
  let version: String
  /// The operations that it claims and the protocol has.
  let ops: Set<String>
  /// What else it claims.
  let unknown: [String]

  /// Names are the same by their bytes: Swift's `==` takes U+212A, the Kelvin sign, for a K.
  static func == (a: ClientIdentity, b: ClientIdentity) -> Bool {
    func same(_ a: some Collection<String>, _ b: some Collection<String>) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
    return same([a.name, a.version], [b.name, b.version]) && a.ops == b.ops && same(a.unknown, b.unknown)
  }

  init(name: String, version: String, claims: [String]) {
    self.name = name
    self.version = version
    var ops: Set<String> = []
    var unknown: [String] = []
    for claim in claims {
      if let known = OperationDescription.named[claim]?.name, known.utf8.elementsEqual(claim.utf8) {
        ops.insert(known)
      } else {
        unknown.append(claim)
      }
    }
    self.ops = ops
    self.unknown = unknown.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  init(parsing line: [UInt8], seq: Int) throws {
    self = try JSONCursor(JSONValue(parsing: line)).object { fields in
      _ = try fields.required("v").integer(in: 1...1)
      _ = try fields.required("seq").integer(in: seq...seq)
      let client = try fields.required("client")
      let (name, version) = try client.object { client in
        (try client.required("name").name(), try client.required("version").name())
      }
      let ops = try fields.required("ops")
      let names = try ops.array().map { try $0.string() }
      guard Set(names.map { Array($0.utf8) }).count == names.count else {
        throw ops.error("an operation stands there twice")
      }
      return ClientIdentity(name: name, version: version, claims: names)
    }
  }

  /// What is wrong with the claims; nothing if the protocol has each.
  var fault: String? {
    guard let first = unknown.first else { return nil }
    let more = unknown.count > 1 ? ", and \(unknown.count - 1) more that do not exist" : ""
    return "its hello claims \"\(first.shown)\", which is no operation"
      + Advice.suggestion(for: first, among: OperationDescription.named.keys) + more
  }
}

extension JSONCursor {
  /// A name for reports: short.
  fileprivate func name() throws -> String {
    let text = try string()
    guard text.utf8.count <= 200 else { throw error("longer than 200 bytes") }
    return text
  }
}
