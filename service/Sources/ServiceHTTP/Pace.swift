public import HummingbirdCore
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// How many connections there may be, and how long their peers may rest. `spec/http.md`, section 4.4
public struct Connections: Sendable {
  /// Connections at a time.
  let most: Int
  /// Connections of one address at a time.
  let mostOfAddress: Int
  /// How long a peer may rest.
  let patience: TimeAmount

  /// Limits, of which one address gets a quarter of the connections, or all of them where they come from a proxy.
  public init(most: Int, patience seconds: Int, isBehindProxy: Bool) {
    self.most = most
    mostOfAddress = isBehindProxy ? most : max(1, most / 4)
    patience = .seconds(Int64(seconds))
  }

  /// The server that keeps these limits.
  public var server: HTTPServerBuilder {
    let peers = Peers(mostOfAddress)
    let patience = patience
    return .http1(configuration: .init(additionalChannelHandlers: [Pace(patience, peers)]))
  }

  /// What stops accepting connections where there are as many as there may be.
  public var available: any AvailableConnectionsDelegate { MaximumAvailableConnections(most) }
}

/// The connections of each address.
private final class Peers: Sendable {
  private let most: Int
  private let counts = Mutex<[[UInt8]: Int]>([:])

  init(_ most: Int) { self.most = most }

  /// Counts a connection; false where there are as many as there may be.
  func begin(_ address: [UInt8]) -> Bool {
    counts.withLock { counts in
      guard counts[address, default: 0] < most else { return false }
      counts[address, default: 0] += 1
      return true
    }
  }

  func end(_ address: [UInt8]) {
    counts.withLock { counts in
      let left = (counts[address] ?? 1) - 1
      counts[address] = left == 0 ? nil : left
    }
  }
}

/// Closes a connection whose peer rests: it keeps a descriptor, and what it has sent so far.
///
/// The time that the service itself takes does not count.
private final class Pace: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart

  /// The least bytes of a body in a second.
  private static let leastRate: Int64 = 1_024
  /// How many times `patience` a whole body may take.
  private static let bodyLongest: Int64 = 20

  private let patience: TimeAmount
  private let peers: Peers
  private var address: [UInt8]?
  private var ticking: RepeatedTask?
  private var checked = NIODeadline.now()
  /// Requests whose answers have not ended.
  private var owed = 0
  /// Since when nothing is owed.
  private var restsSince = NIODeadline.now()
  /// Whether a request has begun and not ended.
  private var isReceiving = false
  /// Whether more was asked for than has come.
  private var isAwaited = false
  private var bodySince = NIODeadline.now()
  /// How long the body may still rest.
  private var credit: TimeAmount = .zero
  /// Parts of answers that the peer has not taken.
  private var unsent = 0
  private var sentAt = NIODeadline.now()

  init(_ patience: TimeAmount, _ peers: Peers) {
    self.patience = patience
    self.peers = peers
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  private func begin(_ context: ChannelHandlerContext) {
    guard address == nil else { return }
    let address = context.channel.remoteAddress.peer
    guard peers.begin(address) else { return context.close(promise: nil) }
    self.address = address
    (checked, restsSince) = (.now(), .now())
    let step = TimeAmount.nanoseconds(patience.nanoseconds / 8)
    let context = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    ticking = context.value.context.eventLoop.scheduleRepeatedTask(initialDelay: step, delay: step) { _ in
      context.value.handler.check(context.value.context)
    }
  }

  private func end() {
    ticking?.cancel()
    ticking = nil
    if let address { peers.end(address) }
    address = nil
  }

  private func check(_ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    let elapsed = now - checked
    checked = now
    let isLate: Bool
    if unsent > 0 {
      isLate = now - sentAt > patience
    } else if owed > 0, isReceiving {
      if isAwaited { credit = credit - elapsed }
      isLate = credit <= .zero || now - bodySince > patience * Int(Self.bodyLongest)
    } else {
      // Before a whole head has come, and while more of a body comes that was refused.
      isLate = owed == 0 && now - restsSince > patience
    }
    if isLate { context.close(promise: nil) }
  }

  func read(context: ChannelHandlerContext) {
    isAwaited = true
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      owed += 1
      isReceiving = true
      (bodySince, credit) = (.now(), patience)
    case .body(let bytes):
      let earned = TimeAmount.nanoseconds(Int64(bytes.readableBytes) * (1_000_000_000 / Self.leastRate))
      credit = min(patience, credit + earned)
    case .end: isReceiving = false
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isAwaited = false
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let isSent = promise ?? context.eventLoop.makePromise(of: Void.self)
    if unsent == 0 { sentAt = .now() }
    unsent += 1
    isSent.futureResult.assumeIsolated().whenComplete { _ in
      self.unsent -= 1
      self.sentAt = .now()
    }
    if case .end = unwrapOutboundIn(data) {
      owed -= 1
      restsSince = .now()
    }
    context.write(data, promise: isSent)
  }
}
