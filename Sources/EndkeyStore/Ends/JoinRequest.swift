public import Endkey
public import EndkeyPrimitives
public import EndkeyWire

/// What asks to let a person join, with the secrets that go with it: the same whenever it is sent. §10.2
public struct JoinRequest: ~Copyable, Sendable {
  /// The request.
  public let request: PersonRequest
  /// What lets it in: the admission key of its code, 32 bytes.
  public let admission: SecretBytes
  /// What the service knows again who asked by: 32 bytes of the end's own making.
  public let credential: SecretBytes

  init(
    _ request: PersonRequest, under code: borrowing EnrolmentCode, using random: inout SystemRandom
  ) throws(ProtocolError) {
    let admission = try code.admission()
    let credential: SecretBytes
    do throws(PrimitiveError) {
      credential = try random.secret(Self.secretCount)
    } catch {
      throw ProtocolError(error, as: .internalError, "10.2")
    }
    self.init(request, admission: admission, credential: credential)
  }

  private init(_ request: PersonRequest, admission: consuming SecretBytes, credential: consuming SecretBytes)
  {
    self.request = request
    self.admission = admission
    self.credential = credential
  }

  private static var secretCount: Int { 32 }

  /// The bytes that an end keeps, sealed.
  var kept: SecretBytes {
    .concatenating(.concatenating(admission, credential), SecretBytes(copying: request.serialized))
  }

  /// Nil when `kept` is not such bytes.
  init?(kept: borrowing SecretBytes) {
    guard kept.count == 2 * Self.secretCount + PersonRequest.byteCount else { return nil }
    let admission = kept.withBytes { SecretBytes(copying: $0.extracting(first: Self.secretCount)) }
    let credential = kept.withBytes {
      SecretBytes(copying: $0.extracting(Self.secretCount..<2 * Self.secretCount))
    }
    let request = kept.withBytes { bytes in
      PersonRequest(reading: (2 * Self.secretCount..<bytes.count).map { bytes[$0] })
    }
    guard let request else { return nil }
    self.init(request, admission: admission, credential: credential)
  }
}

extension OwnerEnd {
  /// Asks to join an account as a manager, under a code that its owner has made. The request waits at the service; the
  /// owner lets the person in by the id that both see, and then `LockedOwner` opens the account.
  ///
  /// - Throws: `refused` with `wrongRecipient` for an agent's code.
  public static func join(
    code: borrowing EnrolmentCode, identity: borrowing Identity, credentials: borrowing Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), store: Store, service: Service
  ) async throws(EndError) -> PersonRequest {
    let request = try prepareToJoin(
      code: code, identity: identity, credentials: credentials, iterations: iterations, store: store)
    _ = try await askToJoin(store: store, service: service)
    return request
  }

  /// Makes the request of `join`, and keeps it in an empty store. Nothing is sent. H-10-6
  public static func prepareToJoin(
    code: borrowing EnrolmentCode, identity: borrowing Identity, credentials: borrowing Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), store: Store
  ) throws(EndError) -> PersonRequest {
    let memory = try OwnerMemory(store)
    var owner = Owner.absent()
    var random = SystemRandom()
    let joining: JoinRequest
    do throws(ProtocolError) {
      let request = try owner.enrol(
        code: code, identity: identity, credentials: credentials, iterations: iterations, using: &random)
      joining = try JoinRequest(request, under: code, using: &random)
    } catch {
      throw .refused(error, place: nil)
    }
    let kept = joining.kept
    try stored { () throws(StoreError) in try store.keep(kept, as: .joining) }
    try memory.remember(&owner)
    return joining.request
  }

  /// Sends the request to join that a store keeps: after a lost answer, the same bytes again. Nil where the store keeps
  /// none, as once the account has opened.
  public static func askToJoin(store: Store, service: Service) async throws(EndError) -> PersonRequest? {
    let kept = try stored { () throws(StoreError) in try store.secret(.joining) }
    guard let kept, let joining = JoinRequest(kept: kept) else { return nil }
    do {
      try await service.put(joining)
    } catch {
      throw .service(error)
    }
    return joining.request
  }
}
