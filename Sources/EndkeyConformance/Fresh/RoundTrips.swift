internal import EndkeyJSON
internal import EndkeySuite

extension RoundTrip {
  static let all = primitives + texts + protected + passwords

  // MARK: - Primitives

  private static let primitives = [
    RoundTrip(
      make: "kw/wrap", open: "kw/unwrap", req: ["R-9.3-1"],
      draw: { drawing, _ in .of(["kek": .hex(drawing.bytes(32)), "key": .hex(drawing.bytes(32))]) },
      opening: { given, made, _ in given.only("kek").merging(made) },
      back: { given, _, _ in given.only("key") },
      spoilings: [
        .bit(of: "kek", "password_open_failed"), .bit(of: "wrapped", "password_open_failed"),
        .size(of: "wrapped", "password_open_failed"),
      ]),
    RoundTrip(
      make: "siv/seal", open: "siv/open", req: ["R-14.1-1", "R-14.2-1"],
      draw: { drawing, _ in
        .of([
          "key": .hex(drawing.bytes(64)), "ad": .hex(drawing.bytes(drawing.length())),
          // Half of the key does nothing where there is no plaintext.
          "plaintext": .hex(drawing.bytes(1 + drawing.length())),
        ])
      },
      opening: { given, made, _ in given.only("key", "ad").merging(made) },
      back: { given, _, _ in given.only("plaintext") },
      spoilings: [
        .bit(of: "key", "token_open_failed"), .bit(of: "ad", "token_open_failed"),
        .bit(of: "v", "token_open_failed"), .bit(of: "c", "token_open_failed"),
        .size(of: "ad", "token_open_failed"),
      ]),
    RoundTrip(
      make: "sealed/seal", open: "sealed/open", req: ["R-2.5-3"],
      draw: { drawing, _ in
        let long = drawing.isOne(in: 5) ? 16 << 10 : 0
        return .of([
          "key": .hex(drawing.bytes(32)), "context": .hex(drawing.bytes(drawing.length())),
          "salt": .hex(drawing.bytes(24)),
          "plaintext": .hex(drawing.bytes(max(0, long + drawing.length() - 20))),
        ])
      },
      opening: { given, made, _ in given.only("key", "context").merging(made) },
      back: { given, _, _ in given.only("plaintext") },
      spoilings: [
        .bit(of: "key", "blob_open_failed"), .bit(of: "context", "blob_open_failed"),
        .bit(of: "sealed", "blob_open_failed"), .size(of: "sealed", "blob_open_failed"),
      ]),
    RoundTrip(
      make: "ed25519/sign", open: "ed25519/verify", req: ["R-6-1"],
      draw: { drawing, _ in
        .of(["seed": .hex(drawing.bytes(32)), "message": .hex(drawing.bytes(drawing.length()))])
      },
      opening: { given, made, _ in given.only("message").merging(made) },
      back: { _, _, _ in JSONObject() },
      spoilings: [
        .bit(of: "message", "signature_invalid"), .bit(of: "signature", "signature_invalid"),
        .bit(of: "verify_key", "bad_key", "signature_invalid"), .size(of: "message", "signature_invalid"),
      ]),
  ]

  // MARK: - Texts

  private static let bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

  private static let texts = [
    RoundTrip(
      make: "text/token-encode", open: "text/token", req: ["R-14.3-1"],
      draw: { drawing, _ in .of(["bytes": .hex(PublicForms.token(&drawing))]) },
      opening: { _, made, _ in made }, back: { given, _, _ in given },
      spoilings: [.size(of: "text", "truncated", "trailing_bytes", "bad_base64url", "length_out_of_range")]),
    RoundTrip(
      make: "text/blob-encode", open: "text/blob", req: ["R-15.1-1"],
      draw: { drawing, _ in .of(["bytes": .hex(PublicForms.blob(&drawing))]) },
      opening: { _, made, _ in made }, back: { given, _, _ in given },
      spoilings: [.size(of: "text", "truncated", "trailing_bytes", "bad_base64url")]),
    RoundTrip(
      make: "text/code-encode", open: "text/code", req: ["R-18.1-1"],
      draw: { drawing, _ in
        let isManager = drawing.isOne(in: 2)
        return .of([
          "account_id": .hex(drawing.bytes(16)), "secret": .hex(drawing.bytes(16)),
          "generation": .integer(drawing.edge(1...Int(UInt32.max))),
          "made": .integer(drawing.edge(0...(1 << 53 - 1))),
          "kind": .string(isManager || drawing.isOne(in: 2) ? "master" : "scoped"),
          "role": .string(isManager ? "manager" : "agent"),
        ])
      },
      opening: { _, made, _ in made }, back: { given, _, _ in given },
      spoilings: [
        .character(of: "text", bech32, "bad_bech32m", "bad_prefix"), .size(of: "text", "bad_bech32m"),
      ]),
    RoundTrip(
      make: "text/account-secret-encode", open: "text/account-secret", req: ["R-18.1-1"],
      draw: { drawing, _ in .of(["account_id": .hex(drawing.bytes(16)), "secret": .hex(drawing.bytes(16))]) },
      opening: { _, made, _ in made }, back: { given, _, _ in given },
      spoilings: [
        .character(of: "text", bech32, "bad_bech32m", "bad_prefix"), .size(of: "text", "bad_bech32m"),
      ]),
    RoundTrip(
      make: "text/recovery-encode", open: "text/recovery", req: ["R-18.1-1"],
      draw: { drawing, _ in .of(["seed": .hex(drawing.bytes(32))]) },
      opening: { _, made, _ in made }, back: { given, _, _ in given },
      spoilings: [
        .character(of: "text", bech32, "bad_bech32m", "bad_prefix"), .size(of: "text", "bad_bech32m"),
      ]),
  ]

  // MARK: - Tokens, blobs, rules, grants, requests

  private static let protected =
    [
      RoundTrip(
        make: "token/seal", open: "token/open", req: ["R-14.1-1", "R-14.2-1"],
        draw: { drawing, _ in
          .of([
            "token_key": .hex(drawing.bytes(64)), "account_id": .hex(drawing.bytes(16)),
            "epoch": .integer(drawing.edge(1...Int(UInt32.max))),
            "field": .string(drawing.element(of: names("token/seal", "field"))),
            "value": .hex(drawing.text(0...drawing.length(to: 4095))),
          ])
        },
        opening: { given, made, _ in
          .of([
            "account_id": given["account_id"] ?? .null,
            "keys": [.object(given.only("epoch", "token_key"))], "token": made["token"] ?? .null,
          ])
        },
        back: { given, _, _ in given.only("field", "epoch", "value") },
        spoilings: [
          .bit(of: "token"), .size(of: "token"), .bit(of: "account_id", "token_open_failed"),
          .bit(ofFirst: "keys", "token_key", "token_open_failed"),
        ]),
      RoundTrip(
        make: "blob/seal", open: "blob/open", req: ["R-15-1", "R-15-2"],
        draw: { drawing, _ in
          .of([
            "agent_key": .hex(drawing.bytes(32)), "account_id": .hex(drawing.bytes(16)),
            "epoch": .integer(drawing.edge(1...Int(UInt32.max))), "agent_id": .hex(drawing.bytes(16)),
            "field": .string(drawing.element(of: names("blob/seal", "field"))),
            "salt": .hex(drawing.bytes(24)), "content": .hex(drawing.bytes(drawing.length(to: 2000))),
          ])
        },
        opening: { given, made, _ in
          .of([
            "account_id": given["account_id"] ?? .null,
            "keys": [.object(given.only("epoch", "agent_id", "agent_key"))], "blob": made["blob"] ?? .null,
            "reference": .null,
          ])
        },
        back: { given, _, _ in given.only("field", "agent_id", "content") },
        spoilings: [
          .bit(of: "blob"), .size(of: "blob"), .bit(of: "account_id", "wrong_account"),
          .bit(ofFirst: "keys", "agent_key", "blob_open_failed"),
        ]),
      RoundTrip(
        make: "rules/make", open: "rules/open", req: ["R-16.4-1"], count: 6,
        draw: { drawing, suite in
          guard let example = suite.accepted("rules/make").first(where: { $0["definitions"] != .array([]) }),
            let epoch = example["epoch"]
          else { return nil }
          var values: Set<[UInt8]> = []
          let definitions = (0..<drawing.number(1...5)).compactMap { _ -> JSONValue? in
            let value = drawing.text(1...40)
            guard values.insert(value).inserted else { return nil }
            return [
              "field": .string(drawing.element(of: names("token/seal", "field"))),
              "category": .string(drawing.element(of: ["productive", "neutral", "unproductive"])),
              "value": .hex(value), "seen": true, "past": [],
            ]
          }
          let key: JSONValue = ["epoch": epoch, "token_key": .hex(drawing.bytes(64))]
          return example.with([
            "account_id": .hex(drawing.bytes(16)), "keys": [key], "definitions": .array(definitions),
          ])
        },
        opening: { given, made, _ in
          given.only("account_id", "epoch").merging(
            .of([
              "expected_hash": .hex(Digest.sha256(made.given("rule_set"))),
              "rule_set": made["rule_set"] ?? .null,
            ]))
        },
        back: { _, _, _ in JSONObject() },
        spoilings: [
          .bit(of: "rule_set", "chain_broken"), .bit(of: "expected_hash", "chain_broken"),
          .bit(of: "account_id", "wrong_account"),
        ]),
      RoundTrip(
        make: "grant/make", open: "grant/open", req: ["R-11-3"], count: 4,
        draw: { drawing, suite in
          let examples = suite.accepted("grant/make").filter { suite.grantOpening(of: $0) != nil }
          guard !examples.isEmpty else { return nil }
          return drawing.element(of: examples).with(["oaep_seed": .hex(drawing.bytes(20))])
        },
        opening: { given, made, suite in
          suite.grantOpening(of: given)?.input.with(["grant": made["grant"] ?? .null, "keys_held": false])
        },
        back: { given, _, _ in given.only("kind").merging(.of(["master_key": given["master_key"] ?? .null]))
        },
        spoilings: [.bit(of: "grant"), .size(of: "grant", "truncated", "trailing_bytes")]),
    ]
    + ["enrolment/request", "enrolment/request-random"].map { make in
      RoundTrip(
        make: make, open: "enrolment/verify", req: ["R-10.2-1"], count: make == "enrolment/request" ? 4 : 1,
        isRandomised: make != "enrolment/request",
        draw: { drawing, suite in
          suite.requested.map { (input, _) in
            make == "enrolment/request"
              ? input.with(["nonce": .hex(drawing.bytes(32))]) : input.without("nonce")
          }
        },
        opening: { _, made, suite in
          suite.requested?.verifying.input.with(["request": made["request"] ?? .null])
        },
        back: { _, _, suite in
          guard case .ok(let out)? = suite.requested?.verifying.expect else { return JSONObject() }
          return out
        },
        spoilings: [.bit(of: "request"), .size(of: "request", "truncated", "trailing_bytes")])
    }

  // MARK: - Passwords

  private static let passwords = [
    RoundTrip(
      make: "password/wrap", open: "password/open", req: ["R-9.3-1"], count: 1,
      draw: { drawing, suite in
        suite.accepted("password/wrap").first?.with([
          "login_name": .hex(drawing.text(1...40)), "password": .hex(drawing.text(1...40)),
          "master_key": .hex(drawing.bytes(32)),
        ])
      },
      opening: { given, made, _ in
        given.only("head").merging(made).merging(given.only("login_name", "password", "account_secret"))
      },
      back: { given, _, _ in given.only("master_key") },
      spoilings: [
        Spoiling(
          says: "with a bit of the commitment or the wrapped key flipped", codes: ["password_open_failed"]
        ) {
          let wrap = $0.given("wrap")
          // Behind the header, whose faults come first.
          $0["wrap"] = .hex($1.flipped(wrap, in: min(24, wrap.count)..<wrap.count))
        },
        Spoiling(says: "with another password", codes: ["password_open_failed"]) { input, _ in
          input["password"] = .hex(input.given("password") + [UInt8(ascii: "x")])
        },
      ]),
    RoundTrip(
      make: "person-keys/make", open: "person-keys/open", req: ["R-9.5-1"], count: 1,
      draw: { drawing, suite in
        suite.accepted("person-keys/make").first?.with([
          "login_name": .hex(drawing.text(1...40)), "password": .hex(drawing.text(1...40)),
          "account_id": .hex(drawing.bytes(16)), "salt": .hex(drawing.bytes(32)),
          "seal_salt": .hex(drawing.bytes(24)), "seed": .hex(drawing.bytes(32)),
        ])
      },
      opening: { given, made, _ in
        .of(["head": .hex(made.given("keys").prefix(69)), "keys": made["keys"] ?? .null])
          .merging(given.only("login_name", "password", "account_secret"))
      },
      back: { given, made, _ in given.only("p", "q", "seed").merging(made.only("person_id")) },
      spoilings: [
        Spoiling(says: "with a bit of the sealed keys flipped", codes: ["person_keys_open_failed"]) {
          let keys = $0.given("keys")
          $0["keys"] = .hex($1.flipped(keys, in: min(69, keys.count)..<keys.count))
        }
      ]),
  ]

  /// The names that a member of an input may have.
  static func names(_ op: String, _ member: String) -> [String] {
    guard
      case .name(let names)? = OperationDescription.named[op]?.input.first(where: { $0.name == member })?.type
    else { return [] }
    return names
  }
}

extension JSONObject {
  /// Those of these members that there are.
  func only(_ keys: String...) -> JSONObject {
    var object = JSONObject()
    for key in keys {
      if let value = self[key] { object.append(key, value) }
    }
    return object
  }

  /// These members, and the other's after them.
  func merging(_ other: JSONObject) -> JSONObject {
    var object = self
    for member in other.members { object[member.key] = member.value }
    return object
  }
}

extension ConformanceSuite {
  /// The inputs of the vectors of `op` that are accepted, in the order of the file, but for those that take long.
  func accepted(_ op: String) -> [JSONObject] { acceptedVectors(op).map(\.input) }

  func acceptedVectors(_ op: String) -> [Vector] {
    vectors.filter { $0.op == op && !$0.expect.isRejection && !$0.flags.contains("Slow") }
  }

  /// A vector that opens the master Grant of an input of grant/make, up to its ciphertext. What a scoped one gives are
  /// derived keys.
  func grantOpening(of input: JSONObject) -> Vector? {
    guard input["kind"] == "master",
      let made = acceptedVectors("grant/make").first(where: {
        $0.input.without("oaep_seed") == input.without("oaep_seed")
      }), case .ok(let out) = made.expect
    else { return nil }
    let head = out.given("grant").prefix(105)
    return acceptedVectors("grant/open").first {
      guard case .ok(let opened) = $0.expect else { return false }
      return $0.input.given("grant").prefix(105) == head && opened["kind"] == "master"
    }
  }

  /// An input of enrolment/request, and a vector of enrolment/verify that takes what it makes.
  var requested: (input: JSONObject, verifying: Vector)? {
    for verifying in acceptedVectors("enrolment/verify") {
      let making = acceptedVectors("enrolment/request").first {
        guard case .ok(let out) = $0.expect else { return false }
        return out["request"] == verifying.input["request"]
      }
      if let making { return (making.input, verifying) }
    }
    return nil
  }
}
