internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  /// What is published, and what became of it. §12.6, §12.8, §12.9
  static let publications: [Operation] = [
    Operation("publication/make") { fields in
      let act = try act(&fields)
      var (base, wanted) = try session(&fields)
      let accountID = base.accountID
      base.aside = try fields.nullable("aside") { cursor in
        try cursor.object { try Aside(&$0, of: accountID) }
      }
      // An act looks at their keys alone.
      let whole = Whole(
        personKeys: [], passwordWrap: nil, accountState: [], grant: nil, ownerVault: [], ruleSet: nil)
      base.ended = try fields.list("missing") { cursor in
        (whole: whole, keys: try cursor.object { try $0.pastKeys(accountID) })
      }
      let isRemembered = try fields.flag("remembered")
      let greatest = try fields.generation()
      let isDurable = try fields.flag("durable")
      var consent = try fields.required("says").object { says in
        Consent(
          isNewest: try says.flag("newest"), isClockRight: try says.flag("clock"),
          withoutStorage: try says.flag("without_storage"))
      }
      let now = try fields.time("now")
      let nextKey = try fields.optional("next_master_key").flatMap {
        try $0.value == .null ? nil : $0.hex(count: 32)
      }
      let staying = try fields.optionalList("staying") { cursor in
        try cursor.object { (try $0.agentID(), try $0.named("kind", as: GrantKind.self)) }
      }
      consent.staying = Dictionary(staying) { _, last in last }
      let ruleSet = try fields.nullable("rule_set") { try $0.hex() }
      let salt = try fields.bytes("salt", count: 24)
      let seeds = try fields.list("oaep_seeds") { try $0.hex(count: 20) }
      var random = SizedRandom(nextKey.map { [$0] } ?? [], seeds, [salt])
      let acting = Acting(
        base: base, isConfirmed: isRemembered, isDurable: isDurable, generation: greatest)
      let made = try acting.publish(
        act, vault: wanted, ruleSet: ruleSet.map { Hash(sha256: $0) }, consent: consent, at: now,
        using: &random)
      let generation = max(greatest, made.accountState?.generation ?? greatest)
      let isNewEpoch = made.ownerVault.epoch != base.epoch
      let masterKey = MasterKey(
        secret: isNewEpoch ? SecretBytes(copying: nextKey ?? []) : base.masterKey.value.copy().secret.copy(),
        accountID: base.accountID, epoch: made.ownerVault.epoch)
      return .of([
        "expect": .hexOrNull(made.expected?.bytes), "state": .hexOrNull(made.accountState?.serialized),
        "vault": .hex(made.ownerVault.serialized),
        "contents": .hex(try made.ownerVault.contents(under: masterKey)),
        "grants": .hexes(made.grants.map(\.serialized)), "generation": .integer(generation.value),
      ])
    },
    Operation("publication/settle") { fields in
      let pending = try fields.required("pending").object { pending in
        Settlement.Pending(
          vault: try pending.hash("vault"), state: try pending.nullable("state") { try $0.fixed() },
          generation: try pending.generation(), isRootAct: try pending.flag("root_act"),
          asksAboutMembers: try pending.flag("asks"))
      }
      let base = try fields.hash("base_state")
      let generation = try fields.generation()
      let answer: Settlement.Answer = try fields.required("answer").name()
      let served = try fields.nullable("served") { cursor in
        try cursor.object { served in
          Settlement.Served(
            vault: try served.hash("vault"), recent: try served.list("recent") { try $0.fixed() },
            states: try served.list("states") { try $0.fixed() })
        }
      }
      let settlement = Settlement(
        pending, base: base, generation: generation, answer: answer, served: served)
      return .of([
        "outcome": .string(settlement.outcome.rawValue),
        "generation": .integer(settlement.generation.value),
      ])
    },
    Operation("publication/merge") { fields in
      let accountID = AccountID.zero
      let base = try Vault(contents: fields.secret("base"), accountID: accountID)
      let ours = try Vault(contents: fields.secret("ours"), accountID: accountID)
      let theirs = try Vault(contents: fields.secret("theirs"), accountID: accountID)
      let merged = try VaultMerge(base: base, ours: ours, theirs: theirs)
        .publishing(over: fields.hash("expect"))
      return .of(["contents": .hex(try merged.contents().disclosed)])
    },
    Operation("account/create") { fields in
      let identity = try identity(&fields)
      let key = try fields.bytes("master_key", count: 32)
      let iterations: UInt32 = try fields.required("iterations").integer()
      let credentials = try credentials(&fields)
      let days = try RetentionDays(fields.required("retention_days").integer(in: 7...3_650))
      let now = try fields.time("now")
      var random = try FixedRandom(
        fields.bytes("salt", count: 32) + key + fields.bytes("keys_salt", count: 24)
          + fields.bytes("vault_salt", count: 24) + fields.bytes("oaep_seed", count: 20))
      var owner = Owner.absent()
      let made = try owner.create(
        identity: identity, credentials: credentials, iterations: iterations, retentionDays: days, now: now,
        using: &random)
      let whole = try founded(made.publication, key)
      var out = JSONObject.of([
        "account_id": .hex(made.publication.ownerVault.accountID.bytes),
        "recovery_text": .hex(made.recoveryText.text().disclosed),
        "grant": .hex(made.publication.grants[0].serialized),
      ])
      for member in whole.members { out.append(member.key, member.value) }
      return out
    },
    Operation("account/recover") { fields in
      let text = try RecoveryText(text: fields.secret("recovery_text"))
      let p = try fields.secret("p", count: 128)
      let q = try fields.secret("q", count: 128)
      let identity = Identity(
        rsa: try RSAPrivateKey(p: p, q: q), signing: try Ed25519.PrivateKey(seed: text.seed))
      let key = try fields.bytes("master_key", count: 32)
      let head = try fields.nullable("head") { try $0.hex() }
      let (state, vault) = (try fields.bytes("state"), try fields.bytes("vault"))
      let generation = try fields.generation()
      let isConfirmed = try fields.flag("confirmed")
      let persons = try fields.list("persons") { try $0.hex(count: EnrolmentRequest.byteCount) }
      let members = try fields.list("members") { cursor in
        try cursor.object { (try $0.agentID(), try $0.named("kind", as: GrantKind.self)) }
      }
      let iterations: UInt32 = try fields.required("iterations").integer()
      let credentials = try credentials(&fields)
      let days = try RetentionDays(fields.required("retention_days").integer(in: 7...3_650))
      let now = try fields.time("now")
      var random = try FixedRandom(
        fields.bytes("salt", count: 32) + key + fields.bytes("keys_salt", count: 24)
          + fields.bytes("vault_salt", count: 24)
          + fields.list("oaep_seeds") { try $0.hex(count: 20) }.flatMap { $0 })
      var owner = Owner.absent(generation: generation)
      guard isConfirmed else { throw ProtocolError(.approvalRequired, "12.6") }
      // The head is read behind state and vault.
      _ = try StateCheck(accountID: identity.accountID, last: nil).accept(state)
      guard try OwnerVault(parsing: vault).accountID == identity.accountID else {
        throw ProtocolError(.wrongAccount, "12.6")
      }
      let source = RecoverySource(
        accountState: state, ownerVault: vault, head: try head.map { try PasswordHeader(parsing: $0) })
      let publication = try owner.recover(
        identity: identity, source: source, isConfirmed: isConfirmed,
        staying: RecoveredMembers(persons: persons, members: Dictionary(members) { first, _ in first }),
        credentials: credentials, iterations: iterations, retentionDays: days, now: now, using: &random)
      var out = try founded(publication, key)
      out.append("grants", .hexes(publication.grants.map(\.serialized)))
      return out
    },
  ]

  private static func act(_ fields: inout JSONFields) throws -> Act {
    let name = try fields.required("act").string()
    let agents = Set(try fields.optionalList("agents") { try $0.fixed(as: AgentID.self) })
    let persons = Set(try fields.optionalList("persons") { try $0.fixed(as: AgentID.self) })
    switch name {
    case "edit": return .edit
    case "renew_certificate": return .renewCertificate
    case "rotate": return .rotate
    case "retire": return .retire(agents)
    case "remove": return .remove(agents)
    case "add_person": return .addPerson(try fields.required("person").object { try person(&$0) })
    case "remove_person": return .removePersons(persons, agents: agents)
    case "repair": return .repair(agents: agents)
    default: throw JSONShapeError(path: "act", reason: "no act is named \(name)")
    }
  }

  private static func person(_ fields: inout JSONFields) throws -> Person {
    let (modulus, verifyKey): (Modulus, VerifyKey) = (
      try fields.fixed("modulus"), try fields.fixed("verify_key")
    )
    return Person(
      personID: AgentID(modulus: modulus, verifyKey: verifyKey), role: .manager, status: .granted,
      modulus: modulus, verifyKey: verifyKey, keys: .zero, label: try BoundedBytes(fields.bytes("label")))
  }

  /// What the end has opened, and what the vault is to say. An act uses no RSA key of the person's own, and
  /// PersonKeys by their hash alone.
  private static func session(_ fields: inout JSONFields) throws -> (base: OwnerSession, wanted: Vault) {
    let seed = try fields.bytes("seed", count: 32)
    let state = AcceptedState(try AccountState(parsing: fields.bytes("state")))
    let bytes = try fields.bytes("vault")
    let secret = try fields.secret("master_key", count: 32)
    let message = try OwnerVault(parsing: bytes)
    let masterKey = MasterKey(
      secret: secret, accountID: state.state.accountID, epoch: state.state.epoch)
    let vault = try Vault(
      contents: SecretBytes(copying: message.contents(under: masterKey)), accountID: state.state.accountID)
    let wanted = try Vault(contents: fields.secret("contents"), accountID: state.state.accountID)
    let keys = try Fixture.made.get().agent
    let identity = Identity(
      rsa: try RSAPrivateKey(p: SecretBytes(copying: keys.p), q: SecretBytes(copying: keys.q)),
      signing: try Ed25519.PrivateKey(seed: SecretBytes(copying: seed)))
    let verifyKey = identity.verifyKey
    guard let person = vault.persons.first(where: { $0.verifyKey == verifyKey }) else {
      throw JSONShapeError(path: "seed", reason: "of no person of the vault")
    }
    let head = PasswordHeader(
      accountID: state.state.accountID, counter: 1, iterations: 0, accountSecret: .none, salt: .zero)
    let keysHash = (wanted[person: person.personID] ?? person).keys
    let base = OwnerSession(
      identity: Shared(identity), personID: person.personID, stretched: nil,
      personKeys: PersonKeys(head: head, sealed: .zero), keysHash: keysHash, masterKey: Shared(masterKey),
      state: state, vault: vault, vaultCounter: message.counter, vaultHash: Hash(sha256: bytes),
      vaultBytes: bytes, ruleSet: nil, hasWrap: true)
    return (base, wanted)
  }

  /// What `account/create` and `account/recover` have in common.
  private static func founded(_ publication: Publication, _ key: [UInt8]) throws -> JSONObject {
    guard let keys = publication.personKeys, let wrap = publication.passwordWrap,
      let state = publication.accountState, let login = publication.login, let proof = login.recoveryVerifier
    else { throw ProtocolError(.internalError, "12.9") }
    let masterKey = MasterKey(
      secret: SecretBytes(copying: key), accountID: state.accountID, epoch: state.epoch)
    return .of([
      "person_keys": .hex(keys.serialized), "password_wrap": .hex(wrap.serialized),
      "account_state": .hex(state.serialized), "owner_vault": .hex(publication.ownerVault.serialized),
      "contents": .hex(try publication.ownerVault.contents(under: masterKey)),
      "login_id": .hex(login.id.bytes), "login_verifier": .hex(login.verifier.bytes),
      "recovery_verifier": .hex(proof.bytes),
    ])
  }
}

extension OwnerVault {
  /// `VaultContents` of a vault under the MasterKey of its epoch.
  func contents(under masterKey: borrowing MasterKey) throws -> [UInt8] {
    let key = try masterKey.vaultKey()
    return try primitive("12.5", or: .vaultOpenFailed) { () throws(PrimitiveError) in
      try ChunkedEncryption.open(sealed.bytes, key: key, context: context)
    }
  }
}
