internal import ServiceModel
internal import Synchronization

/// The memory that bodies of requests and answers may take together, while they come and go. Where there is no more,
/// whoever has most of it gives way.
final class Memory: Sendable {
  /// 96 MiB.
  private static let most = 96 << 20

  private struct Share {
    let whose: [UInt8]
    let giveWay: @Sendable () -> Void
    var count = 0
  }

  private struct State {
    var shares: [Int: Share] = [:]
    var total = 0
    var next = 0
  }

  private let state = Mutex(State())

  /// A piece of memory, which is free again when this goes.
  final class Piece: Sendable {
    private let memory: Memory
    private let number: Int

    fileprivate init(_ memory: Memory, _ number: Int) {
      self.memory = memory
      self.number = number
    }

    deinit { memory.drop(number) }

    /// Takes more. Throws `slow-down` where this piece has to give way.
    func take(_ count: Int) throws(Problem) { try memory.take(count, for: number) }

    /// Gives some of it back.
    func give(_ count: Int) { memory.give(count, of: number) }
  }

  /// A piece of no bytes for an account or an address. `giveWay` ends what it is used for.
  func piece(for whose: [UInt8], giveWay: @escaping @Sendable () -> Void) -> Piece {
    state.withLock { state in
      state.next += 1
      state.shares[state.next] = Share(whose: whose, giveWay: giveWay)
      return Piece(self, state.next)
    }
  }

  private func take(_ count: Int, for number: Int) throws(Problem) {
    let (isThere, toGo) = state.withLock { state -> (Bool, [@Sendable () -> Void]) in
      guard state.shares[number] != nil else { return (false, []) }
      state.shares[number]?.count += count
      state.total += count
      var toGo: [@Sendable () -> Void] = []
      while state.total > Self.most, let greatest = Self.greatest(of: state.shares) {
        if greatest != number, let share = state.shares[greatest] { toGo.append(share.giveWay) }
        Self.drop(greatest, of: &state)
      }
      return (state.shares[number] != nil, toGo)
    }
    for giveWay in toGo { giveWay() }
    guard isThere else { throw Problem(.slowDown, retryAfter: 10) }
  }

  /// The greatest share of whoever has most.
  private static func greatest(of shares: [Int: Share]) -> Int? {
    var sums: [[UInt8]: Int] = [:]
    for share in shares.values { sums[share.whose, default: 0] += share.count }
    let most = sums.values.max() ?? 0
    return shares.filter { sums[$0.value.whose] == most && $0.value.count > 0 }
      .max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.key
  }

  private func give(_ count: Int, of number: Int) {
    state.withLock { state in
      guard state.shares[number] != nil else { return }
      state.shares[number]?.count -= count
      state.total -= count
    }
  }

  private func drop(_ number: Int) { state.withLock { Self.drop(number, of: &$0) } }

  private static func drop(_ number: Int, of state: inout State) {
    guard let share = state.shares.removeValue(forKey: number) else { return }
    state.total -= share.count
  }
}
