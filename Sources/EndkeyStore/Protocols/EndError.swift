public import Endkey

/// Why a step of an end over its store and service was not done.
public enum EndError: Error, Equatable, Sendable {
  /// The protocol refused a message, a text or a step. `place` says whose fault it is, for a message; nil when it is
  /// what the caller gave.
  case refused(ProtocolError, place: String?)
  /// What this end keeps could not be read or written.
  case store(StoreError)
  /// The service did not do it.
  case service(ServiceError)
  /// The state of an agent that was pinned is missing or damaged, so that the agent has stopped for good. R-13.1-4
  case stopped(place: String)
  /// This agent has made no request to be enrolled.
  case noRequest(place: String)

  /// The file, address or other place at fault, for a message.
  public var place: String? {
    switch self {
    case .refused(_, let place): place
    case .store(let error): error.place
    case .service(let error): error.place
    case .stopped(let place), .noRequest(let place): place
    }
  }
}

extension EndError {
  /// When to ask again at the earliest, in seconds, as the service says.
  var retryAfter: UInt64? {
    if case .service(let error) = self { error.retryAfter } else { nil }
  }
}

extension EndError: CustomStringConvertible {
  /// What happened, and what to do next, in words for a person; without the place.
  public var meaning: String {
    switch self {
    case .refused(let error, _): "\(error)"
    case .store(let error): error.meaning
    case .service(let error): error.meaning
    case .stopped:
      "the state of an enrolled agent is missing or damaged, so it has stopped; whoever administers this computer can "
        + "remove its folder and enrol it anew"
    case .noRequest: "this agent has made no request"
    }
  }

  public var description: String { place.map { "\($0): \(meaning)" } ?? meaning }
}

// The errors of each layer, as those of an end.

func stored<Value: ~Copyable>(_ body: () throws(StoreError) -> Value) throws(EndError) -> Value {
  do {
    return try body()
  } catch {
    throw .store(error)
  }
}

func checked<Value: ~Copyable>(
  _ place: String?, _ body: () throws(ProtocolError) -> Value
) throws(EndError) -> Value {
  do {
    return try body()
  } catch {
    throw .refused(error, place: place)
  }
}

extension EndStore {
  /// `lock`, its error as that of an end.
  func locked() async throws(EndError) -> StoreLock {
    do {
      return try await lock()
    } catch {
      throw .store(error)
    }
  }
}
