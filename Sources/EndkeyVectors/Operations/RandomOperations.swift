internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives

extension Operation {
  /// Operations whose randomness is the client's own. No vector can say what they give: a runner checks that no two
  /// outputs are alike, and what they hold.
  static let randomised: [Operation] = [
    choosing("salt", 24, "blob/seal-random", "blob/seal"),
    choosing("salt", 32, "person-keys/make-random", "person-keys/make"),
    choosing("nonce", 32, "enrolment/request-random", "enrolment/request"),
    choosing("oaep_seed", 20, "grant/make-random", "grant/make"),
    choosing("secret", 16, "code/random", "text/code-encode"),
  ]

  /// `base` with `key` chosen here.
  private static func choosing(_ key: String, _ count: Int, _ name: String, _ base: String) -> Operation {
    Operation(name) { fields in
      guard let operation = all[base] else { preconditionFailure("no operation \(base)") }
      var random = SystemRandom()
      var input = JSONObject()
      for member in fields.rest() { input.append(member.key, member.value.value) }
      guard input.append(key, .hex(try random.bytes(count))) else {
        throw JSONShapeError(path: key, reason: "is for \(name) to choose")
      }
      return try JSONCursor(.object(input)).object { try operation.body(&$0) }
    }
  }
}
