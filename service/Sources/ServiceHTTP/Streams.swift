internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import ServiceModel
internal import ServiceStore
internal import Synchronization

/// The answers that go on. H-13.2-3
final class Streams: Sendable {
  private static let mostOfSession = 4
  private static let mostOfAccount = 64
  private static let most = 1_024

  private struct State {
    /// The answers of each session, the oldest first.
    var sessions: [Hash: [Int]] = [:]
    var accounts: [AccountID: Int] = [:]
    var count = 0
    var next = 0
  }

  private let state = Mutex(State())

  /// One that goes on until this goes.
  final class Stream: Sendable {
    private let streams: Streams
    private let number: Int
    private let session: Hash
    private let account: AccountID

    fileprivate init(_ streams: Streams, _ number: Int, _ session: Hash, _ account: AccountID) {
      (self.streams, self.number, self.session, self.account) = (streams, number, session, account)
    }

    deinit { streams.end(number, of: session, in: account) }

    /// Whether it has not given way to a newer one.
    var goesOn: Bool { streams.state.withLock { $0.sessions[session]?.contains(number) == true } }
  }

  /// Begins one, in the place of the session's oldest if need be. Throws `slow-down` where others have all.
  func begin(_ session: Hash, of account: AccountID) throws(Problem) -> Stream {
    let number: Int? = state.withLock { state in
      let own = state.sessions[session, default: []]
      guard own.count >= Self.mostOfSession || state.accounts[account, default: 0] < Self.mostOfAccount,
        state.count < Self.most
      else { return nil }
      state.next += 1
      state.sessions[session] = own.suffix(Self.mostOfSession - 1) + [state.next]
      state.accounts[account, default: 0] += 1
      state.count += 1
      return state.next
    }
    guard let number else { throw Problem(.slowDown, retryAfter: 30) }
    return Stream(self, number, session, account)
  }

  private func end(_ number: Int, of session: Hash, in account: AccountID) {
    state.withLock { state in
      let left = state.sessions[session]?.filter { $0 != number } ?? []
      state.sessions[session] = left.isEmpty ? nil : left
      let ofAccount = (state.accounts[account] ?? 1) - 1
      state.accounts[account] = ofAccount == 0 ? nil : ofAccount
      state.count -= 1
    }
  }
}

extension Answer {
  /// How often it is looked whether there is something to tell.
  private static let step = Duration.seconds(1)
  /// After how many looks without an event a line is sent all the same, so that each end sees that the other is there.
  private static let quietest = 15

  /// Events of an account behind an ordinal, as long as the session goes on. `spec/http.md`, section 13.2
  static func events(
    after: Int64?, for session: Session, of store: Store, on stream: Streams.Stream
  ) -> Answer {
    var answer = Answer(status: .ok)
    answer.headers[.contentType] = MediaType.events.rawValue
    // Proxies hold back what they gather.
    answer.headers[.accelBuffering] = "no"
    answer.content = .stream(
      ResponseBody { writer in
        var told: (ordinal: Int64, vault: Hash)?
        var quiet = 0
        while stream.goesOn, !Task.isShuttingDownGracefully, let news = try await store.news(for: session) {
          quiet += 1
          if told.map({ $0 != (news.ordinal, news.vault) }) ?? true {
            let lists = (told?.ordinal ?? after).map { news.lists(after: $0) } ?? []
            try await writer.write(ByteBuffer(string: news.event(lists)))
            (told, quiet) = ((news.ordinal, news.vault), 0)
          } else if quiet == Self.quietest {
            try await writer.write(ByteBuffer(string: ":\n\n"))
            quiet = 0
          }
          try await Task.sleep(for: Self.step)
        }
        try await writer.finish(nil)
      })
    return answer
  }
}

extension News {
  fileprivate func event(_ lists: [List]) -> String {
    let data = JSONValue.object(
      .of(["lists": .array(lists.map { .string($0.rawValue) }), "vault": .hex(vault.bytes)]))
    return
      "id: \(ordinal)\nevent: changed\ndata: \(String(decoding: data.serialized(.compact), as: UTF8.self))\n\n"
  }
}
