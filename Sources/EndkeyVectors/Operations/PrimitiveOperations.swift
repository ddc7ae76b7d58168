internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  /// The primitives, as the protocol uses them. A failure has the code of the operation that the primitive serves.
  static let primitives: [Operation] = [
    Operation("hash") { fields in
      let label: Label.Hashed = try fields.required("label").name()
      return .of("hash", label.hash(of: try fields.bytes("data")).bytes)
    },
    Operation("derive") { fields in
      let cursor = try fields.required("label")
      let label: Label.Derived = try cursor.name()
      let key = try fields.secret("key")
      let context = try fields.bytes("context", count: label.contextCount)
      return .of("key", try label.derive(from: key, context: context).disclosed)
    },
    Operation("pbkdf2") { fields in
      let password = try fields.secret("password")
      let salt = try fields.bytes("salt")
      let iterations: UInt32 = try fields.required("iterations").integer(in: 1...10_000_000)
      let key = try PBKDF2.hmacSHA256(password: password, salt: salt, iterations: iterations, count: 32)
      return .of("key", key.disclosed)
    },
    Operation("hmac") { fields in
      let key = try fields.secret("key")
      return .of("mac", try HMACSHA256.authenticate(fields.bytes("data"), key: key))
    },
    Operation("kw/wrap") { fields in
      let kek = try fields.secret("kek", count: 32)
      let key = try fields.secret("key", count: 32)
      return .of("wrapped", try AESKeyWrap.wrap(key, kek: kek))
    },
    Operation("kw/unwrap") { fields in
      let kek = try fields.secret("kek", count: 32)
      let wrapped = try fields.bytes("wrapped")
      let key = try primitive("9.3", or: .passwordOpenFailed) { () throws(PrimitiveError) in
        try AESKeyWrap.unwrap(wrapped, kek: kek)
      }
      return .of("key", key.disclosed)
    },
    Operation("oaep/encrypt") { fields in
      let modulus = try fields.bytes("modulus")
      var seed = FixedRandom(try fields.bytes("seed", count: 20))
      let message = try fields.secret("message")
      let key = try primitive("6", or: .badKey) { () throws(PrimitiveError) in
        try RSAPublicKey(modulus: modulus)
      }
      return .of("ciphertext", try key.wrap(message, using: &seed))
    },
    Operation("oaep/decrypt") { fields in
      let p = try fields.secret("p", count: 128)
      let q = try fields.secret("q", count: 128)
      let ciphertext = try fields.bytes("ciphertext")
      let key = try primitive("6", or: .badKey) { () throws(PrimitiveError) in try RSAPrivateKey(p: p, q: q) }
      let message = try primitive("11", or: .grantOpenFailed) { () throws(PrimitiveError) in
        try key.unwrap(ciphertext)
      }
      return .of("message", message.disclosed)
    },
    Operation("rsa/check") { fields in
      let modulus = try fields.bytes("modulus")
      _ = try primitive("6", or: .badKey) { () throws(PrimitiveError) in try RSAPublicKey(modulus: modulus) }
      return JSONObject()
    },
    Operation("ed25519/sign") { fields in
      let seed = try fields.secret("seed", count: 32)
      let message = try fields.bytes("message")
      let key = try Ed25519.PrivateKey(seed: seed)
      return .of(["verify_key": .hex(key.publicKey.bytes), "signature": .hex(key.sign(message))])
    },
    Operation("ed25519/verify") { fields in
      let verifyKey = try fields.bytes("verify_key")
      let message = try fields.bytes("message")
      let signature = try fields.bytes("signature")
      let key = try primitive("6", or: .badKey) { () throws(PrimitiveError) in
        try Ed25519.PublicKey(verifyKey)
      }
      guard key.verify(signature, message: message) else { throw ProtocolError(.signatureInvalid, "6") }
      return JSONObject()
    },
    Operation("siv/seal") { fields in
      let key = try fields.secret("key", count: 64)
      let ad = try fields.bytes("ad")
      let plaintext = try fields.bytes("plaintext")
      var siv = try AESSIV(key: key)
      let (v, c) = try siv.seal(plaintext, associatedData: [ad])
      return .of(["v": .hex(v), "c": .hex(c)])
    },
    Operation("siv/open") { fields in
      let key = try fields.secret("key", count: 64)
      let ad = try fields.bytes("ad")
      let v = try fields.bytes("v")
      let c = try fields.bytes("c")
      var siv = try AESSIV(key: key)
      do throws(PrimitiveError) {
        return .of("plaintext", try siv.open(v: v, ciphertext: c, associatedData: [ad]))
      } catch {
        throw ProtocolError(error, as: .tokenOpenFailed, "14.2")
      }
    },
    Operation("sealed/seal") { fields in
      let key = try fields.secret("key", count: 32)
      let context = try fields.bytes("context")
      var salt = FixedRandom(try fields.bytes("salt", count: 24))
      let plaintext = try fields.bytes("plaintext")
      return .of(
        "sealed", try ChunkedEncryption.seal(plaintext, key: key, context: context, using: &salt))
    },
    Operation("sealed/open") { fields in
      let key = try fields.secret("key", count: 32)
      let context = try fields.bytes("context")
      let sealed = try fields.bytes("sealed")
      let plaintext = try primitive("2.5", or: .blobOpenFailed) { () throws(PrimitiveError) in
        try ChunkedEncryption.open(sealed, key: key, context: context)
      }
      return .of("plaintext", plaintext)
    },
    Operation("normal/password") { fields in
      let password = try fields.secret("password")
      do throws(NormalizationError) {
        let normal = try password.withBytes { (utf8) throws(NormalizationError) in
          try NormalForm.password(utf8)
        }
        return .of("normal", normal.disclosed)
      } catch {
        throw ProtocolError(.badPassword, "9.1")
      }
    },
    Operation("normal/login-name") { fields in
      let name = try fields.bytes("login_name")
      do throws(NormalizationError) {
        return .of("normal", try NormalForm.loginName(name.span))
      } catch {
        throw ProtocolError(.badLoginName, "9.1")
      }
    },
    Operation("keys") { fields in
      let master = try masterKey(&fields)
      let agent = try master.agentKey(for: try fields.agentID())
      return .of([
        "token_key": .hex(try master.tokenKey().secret.disclosed), "agent_key": .hex(agent.secret.disclosed),
        "vault_key": .hex(try master.vaultKey().disclosed), "commitment": .hex(try master.commitment().bytes),
        "blob_key": .hex(try agent.blobKey().disclosed),
      ])
    },
    Operation("account-id") { fields in
      .of("account_id", AccountID(verifyKey: try fields.fixed("root_key")).bytes)
    },
    Operation("agent-id") { fields in
      let modulus: Modulus = try fields.fixed("modulus")
      return .of("agent_id", AgentID(modulus: modulus, verifyKey: try fields.fixed("verify_key")).bytes)
    },
  ]

  /// Tokens and blobs.
  static let activity: [Operation] = [
    Operation("token/seal") { fields in
      let secret = try fields.secret("token_key", count: 64)
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let field: TokenField = try fields.named("field")
      let value = try fields.bytes("value")
      var sealer = try TokenSealer(key: TokenKey(secret: secret, accountID: accountID, epoch: epoch))
      return .of("token", try sealer.seal(value, field: field).serialized)
    },
    Operation("token/open") { fields in
      let accountID = try fields.accountID()
      let ring = try tokenKeys(&fields, accountID)
      var opener = TokenOpener(ring: ring)
      let token = try Token(parsing: fields.bytes("token"))
      let value = try opener.open(token)
      return .of([
        "field": .string(token.field.name), "epoch": .integer(token.epoch.value), "value": .hex(value),
      ])
    },
    Operation("blob/seal") { fields in
      let key = try agentKey(&fields)
      let field: BlobField = try fields.named("field")
      var salt = FixedRandom(try fields.bytes("salt", count: 24))
      let content = try fields.bytes("content")
      let blob = try SealedBlob(sealing: content.span, key: key, field: field, using: &salt)
      return .of("blob", blob.serialized)
    },
    Operation("blob/open") { fields in
      let accountID = try fields.accountID()
      var ring = KeyRing(accountID: accountID, holder: .owner)
      for cursor in try fields.required("keys").array() {
        try cursor.object { key in
          let epoch = try key.epoch()
          let agentID = try key.agentID()
          let secret = try key.secret("agent_key", count: 32)
          ring.add(AgentKey(secret: secret, accountID: accountID, epoch: epoch, agentID: agentID))
        }
      }
      let bytes = try fields.nullable("blob") { try $0.hex() }
      let reference = try fields.nullable("reference") { cursor in
        try cursor.object { reference in
          let field: BlobField = try reference.named("field")
          return BlobReference(
            field: field, length: try reference.counter("length"), digest: try reference.hash("digest"))
        }
      }
      guard let bytes else { throw ProtocolError(.blobMissing, "15") }
      let blob = try SealedBlob(parsing: bytes)
      let content = try blob.open(with: ring, reference: reference)
      return .of([
        "field": .string(blob.field.name), "agent_id": .hex(blob.agentID.bytes), "content": .hex(content),
      ])
    },
    Operation("capture/value") { fields in .of("value", CapturedText.repaired(try fields.bytes("text"))) },
    Operation("capture/seal") { fields in
      let tokenSecret = try fields.secret("token_key", count: 64)
      let key = try agentKey(&fields)
      let captures = try fields.list("captures") { try $0.hex() }
      var salts = FixedRandom(try fields.list("salts") { try $0.hex(count: 24) }.flatMap { $0 })
      var sealer = try CaptureSealer(
        keys: AgentKeys(
          tokenKey: TokenKey(secret: tokenSecret, accountID: key.accountID, epoch: key.epoch),
          agentKey: key.copy()))
      let sealed = try captures.map { try sealer.seal(Capture(parsing: $0), using: &salts) }
      return .of([
        "records": .hexes(sealed.map(\.record.serialized)),
        "blobs": .hexes(sealed.flatMap { $0.blobs.map(\.serialized) }),
      ])
    },
  ]

  /// `master_key`, `account_id` and `epoch`.
  static func masterKey(_ fields: inout JSONFields) throws -> MasterKey {
    let secret = try fields.secret("master_key", count: 32)
    let accountID = try fields.accountID()
    return MasterKey(secret: secret, accountID: accountID, epoch: try fields.epoch())
  }

  /// `keys`: token keys by their epochs.
  static func tokenKeys(_ fields: inout JSONFields, _ accountID: AccountID) throws -> KeyRing {
    var ring = KeyRing(accountID: accountID, holder: .owner)
    for cursor in try fields.required("keys").array() {
      try cursor.object { key in
        let epoch = try key.epoch()
        ring.add(
          TokenKey(secret: try key.secret("token_key", count: 64), accountID: accountID, epoch: epoch))
      }
    }
    return ring
  }

  /// `agent_key`, `account_id`, `epoch` and `agent_id`.
  static func agentKey(_ fields: inout JSONFields) throws -> AgentKey {
    let secret = try fields.secret("agent_key", count: 32)
    let accountID = try fields.accountID()
    let epoch = try fields.epoch()
    return AgentKey(secret: secret, accountID: accountID, epoch: epoch, agentID: try fields.agentID())
  }
}
