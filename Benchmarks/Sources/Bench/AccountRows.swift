import Endkey
import EndkeyPrimitives
import EndkeyWire
import TestSupport

/// What an account of 10,000 computers takes of a person's end, and of one of its computers.
enum AccountRows {
  static func measure(_ report: inout Report) throws {
    let members = report.isQuick ? 100 : 10_000
    let account = try LargeAccount.make(members: members)
    let group = "Account of \(members) computers"
    report.row(
      group, "vault", Double(account.whole.ownerVault.count) / 1e6, "MB", atMost: report.isQuick ? nil : 1.5)
    try open(account, group, report)
    try accept(account, group, report)
    try rotate(account, group, &report)
  }

  /// What a login takes beside the stretching of the password.
  private static func open(_ account: LargeAccount, _ group: String, _ report: Report) throws {
    var way = Measurement()
    way.add("open") {
      var owner = Owner.locked()
      try owner.open(account.whole, with: account.stretched.value.copy())
    }
    let primes = try RSAPrivateKey.generate().copyPrimes()
    way.add("primes") {
      _ = try primes.withBytes { primes in
        try RSAPrivateKey(
          p: SecretBytes(copying: primes.extracting(0..<128)),
          q: SecretBytes(copying: primes.extracting(128..<256)))
      }
    }
    let seconds = try way.run(quick: report.isQuick)
    report.row(group, "opening it, beside PBKDF2", (seconds["open"] ?? 0) * 1e3, "ms", atMost: 10)
    report.row(
      group, "of which the keys of the owner are made of their primes", (seconds["primes"] ?? 0) * 1e3, "ms")
  }

  /// What a computer does each time that it asks for the newest state.
  private static func accept(_ account: LargeAccount, _ group: String, _ report: Report) throws {
    let first = try StateCheck(accountID: account.accountID, last: nil).accept(account.whole.accountState)
    var owner = try account.owner()
    var random = SystemRandom()
    let next = try owner.retire([account.members[0]], now: LargeAccount.now, using: &random)
    let bytes = next.accountState?.serialized ?? []
    var way = Measurement()
    way.add("accept") {
      _ = try StateCheck(accountID: account.accountID, last: first.state).accept(bytes)
    }
    let seconds = try way.run(quick: report.isQuick)["accept"] ?? 0
    report.row(group, "a computer accepts the next state", seconds * 1e3, "ms", atMost: 0.3)
  }

  /// The next epoch: a publication, and grants in pieces, of which each may be made again.
  private static func rotate(_ account: LargeAccount, _ group: String, _ report: inout Report) throws {
    var owner = try account.owner()
    var random = SystemRandom()
    var publication: Publication?
    let publishing = try Measurement.time {
      publication = try owner.rotate(now: LargeAccount.now, using: &random)
      try owner.stored()
    }
    report.check("a new epoch", publication?.accountState?.epoch == Epoch.first.next)
    var (granted, granting, longest) = (Set<AgentID>(), 0.0, 0.0)
    var rest = account.requests[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Owner.grantsMax))
      rest = rest.dropFirst(Owner.grantsMax)
      let seconds = try Measurement.time {
        let made = try owner.makeGrants(for: piece, now: LargeAccount.now, using: &random)
        granted.formUnion(made.grants.map(\.recipient))
      }
      granting += seconds
      longest = max(longest, seconds)
    }
    report.check("grants for all", granted == Set(account.members))
    report.row(
      group, "rotation, grants with it", publishing + granting, "s", atMost: report.isQuick ? nil : 4)
    report.row(group, "of which the publication", publishing * 1e3, "ms")
    report.row(group, "of which the longest piece, after which it may go on elsewhere", longest * 1e3, "ms")
  }
}

/// An account with many computers, whose keys differ in their Ed25519 key alone: to make an RSA key takes 100 ms.
private struct LargeAccount {
  static let now = Time(1_700_000_000)

  let accountID: AccountID
  let whole: Whole
  let stretched: Box<StretchedPassword>
  /// Ascending.
  let members: [AgentID]
  /// The EnrolmentRequests of the members.
  let requests: [[UInt8]]

  static func make(members count: Int) throws -> LargeAccount {
    var random = SystemRandom()
    let credentials = Credentials(loginName: "ana", password: SecretBytes(utf8: "correct horse"))
    var owner = Owner.absent()
    let account = try owner.create(
      identity: Identity(rsa: .generate(), signing: signing()), credentials: credentials,
      retentionDays: RetentionDays(365), now: now, using: &random)
    try owner.stored()
    guard let keys = account.publication.personKeys, let wrap = account.publication.passwordWrap,
      let vault = owner.vault
    else { preconditionFailure("an account without keys or vault") }
    let accountID = account.accountState.accountID
    let requests = try makeRequests(count, accountID)
    let members = requests.map(\.agentID).sorted()
    let sealed = try large(vault, members, accountID).sealed(
      counter: 2, masterKey: owner.masterKey(), signingKey: signing(), using: &random)
    let whole = Whole(
      personKeys: keys.serialized, passwordWrap: wrap.serialized,
      accountState: account.accountState.serialized, grant: nil, ownerVault: sealed.serialized, ruleSet: nil)
    return LargeAccount(
      accountID: accountID, whole: whole, stretched: Box(try owner.stretchedPassword()), members: members,
      requests: requests.map(\.serialized))
  }

  private static func signing() throws -> Ed25519.PrivateKey {
    try Ed25519.PrivateKey(seed: SecretBytes(copying: [UInt8](repeating: 5, count: 32)))
  }

  private static func makeRequests(_ count: Int, _ accountID: AccountID) throws -> [EnrolmentRequest] {
    let modulus = Modulus(unchecked: try RSAPrivateKey.generate().modulus.span)
    var numbers = Numbers(seed: 7)
    return (0..<count).map { _ in
      let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      return EnrolmentRequest(
        accountID: accountID, modulus: modulus, verifyKey: VerifyKey(unchecked: key.span), nonce: .zero)
    }
  }

  /// The same vault with these members.
  private static func large(_ vault: Vault, _ members: [AgentID], _ accountID: AccountID) throws -> Vault {
    let secrets = try vault.contents()
    var contents = try secrets.withBytes { try VaultContents(parsing: $0) }
    var list: [Member] = []
    for (index, agentID) in members.enumerated() {
      list.append(
        Member(
          agentID: agentID, label: try BoundedBytes("Computer \(index)"), codeID: .zero, kind: .scoped,
          status: .granted, listed: 0, auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0,
          auditedState: 0, keptSequence: 0, keptHash: .zero))
    }
    contents.members = try BoundedList(list)
    let changed = contents
    let written = secrets.withBytes { secrets in
      SecretBytes(count: changed.serializedCount) { bytes in
        var writer = Writer(&bytes)
        changed.serialize(into: &writer, secrets: secrets)
      }
    }
    return try Vault(contents: written, accountID: accountID)
  }

  /// The owner's end, open and confirmed.
  func owner() throws -> Owner {
    var owner = Owner.locked()
    try owner.open(whole, with: stretched.value.copy())
    try owner.confirm()
    return owner
  }
}
