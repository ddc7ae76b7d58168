public import ArgumentParser
internal import EndkeyJSON
internal import EndkeyWire
internal import Foundation
internal import Hummingbird
internal import ServiceHTTP
internal import ServiceHash
public import ServiceStore
public import ServiceWebhook
internal import StoreSQLite

@main
struct EndkeyService: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endkey-service",
    abstract: "The reference service of Endkey: stores and relays what it cannot read.",
    subcommands: [Serve.self, Resources.self], defaultSubcommand: Serve.self)
}

struct Resources: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Prints the methods and paths that are answered.")

  func run() {
    for resource in ServiceResponder.resources { print(resource) }
  }
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answers requests until it is stopped.",
    discussion: """
      All data lies in one folder: the database, and the key with which heads of unknown logins are made. Both are \
      made where there are none. HTTP alone is spoken: on another address than this computer's own a proxy with TLS \
      must stand before it.
      """)

  @Option(help: ArgumentHelp("Where the data lies.", valueName: "folder"))
  var data = "endkey-service-data"

  @Option(help: ArgumentHelp("The address to listen at.", valueName: "host"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The port to listen at; 0 takes a free one.", valueName: "port"))
  var port = 8480

  @Option(
    help: ArgumentHelp(
      "The origin that clients use; that of the listening address if there is none.",
      valueName: "url"))
  var origin: String?

  @Option(help: ArgumentHelp("Who may make an account: open, or closed.", valueName: "who"))
  var signup: Store.Signup = .closed

  @Option(
    help: ArgumentHelp(
      "The folder of the owner's application; none is served without it.", valueName: "folder"))
  var pages: String?

  @Option(
    help: ArgumentHelp(
      "Connections at a time; of one address a quarter of them, without a proxy.", valueName: "count"))
  var connections = 4_096

  @Option(
    help: ArgumentHelp("How long a peer may rest until its connection is closed.", valueName: "seconds"))
  var patience = 30

  @Option(
    help: ArgumentHelp(
      "How much of the disk uploads leave free, so that persons can still act and erase.", valueName: "MiB"))
  var reserve = 256

  @Option(
    help: ArgumentHelp(
      "Where webhooks may lead: none; public, by https to public addresses; local, by http and to private ones too.",
      valueName: "where"))
  var webhooks: WebhookPolicy = .none

  @Flag(help: "A proxy with TLS stands before this program.")
  var behindProxy = false

  func validate() throws {
    guard 0...65_535 ~= port else { throw ValidationError("A port is 0 to 65535.") }
    guard 1...1_000_000 ~= connections else { throw ValidationError("Connections are 1 to 1000000.") }
    guard 0...1_000_000_000 ~= reserve else { throw ValidationError("The reserve is 0 to 1000000000 MiB.") }
    guard 1...3_600 ~= patience else { throw ValidationError("Patience is 1 to 3600 seconds.") }
    let loopback = ["127.0.0.1", "::1", "localhost"]
    guard behindProxy || loopback.contains(host) else {
      throw ValidationError(
        "Without TLS only this computer may ask: use --behind-proxy if a proxy speaks TLS.")
    }
  }

  func run() async throws {
    // What is made here is readable for this user alone.
    umask(0o077)
    let folder = URL(fileURLWithPath: data)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = folder.appendingPathComponent("service.sqlite").path
    let headKey = try headKey(
      folder.appendingPathComponent("head.key"), isFirst: !FileManager.default.fileExists(atPath: file))
    let database = try SQLiteDatabase(path: file, store: randomBytes(16), reserve: Int64(reserve) << 20)
    let store = try await Store(
      database, headKey: headKey, signup: signup,
      clock: { Int64(Date().timeIntervalSince1970 * 1_000) })
    try await store.checkWritable()
    let (host, port, origin) = (host, port, origin)
    let connections = Connections(
      most: mostConnections(), patience: patience, isBehindProxy: behindProxy)
    let application = Application(
      responder: ServiceResponder(
        store, origin: origin, isBehindProxy: behindProxy, pages: try pages.map(pages(in:)) ?? .none,
        webhooks: webhooks),
      server: connections.server,
      configuration: .init(
        address: .hostname(host, port: port), availableConnectionsDelegate: connections.available),
      onServerRunning: { channel in
        let bound = channel.localAddress?.port ?? port
        print("endkey-service: at \(origin ?? "http://\(host.contains(":") ? "[\(host)]" : host):\(bound)")")
        fflush(nil)
      })
    let sweeping = Task {
      await again(every: 600, "what has ended is not dropped") { try await store.sweep() }
    }
    let judging = Task {
      var looks = 0
      await again(every: 1, "alerts are not judged") {
        defer { looks += 1 }
        try await store.judge(isAll: looks % 30 == 0)
      }
    }
    let policy = webhooks
    let calling = Task {
      guard policy != .none else { return }
      await again(every: 1, "webhooks are not called") { try await callWebhooks(of: store, within: policy) }
    }
    defer {
      calling.cancel()
      sweeping.cancel()
      judging.cancel()
    }
    try await application.runService()
  }

  /// The connections that were asked for, or as many as there are descriptors for.
  private func mostConnections() -> Int {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0 else { return connections }
    limit.rlim_cur = limit.rlim_max
    guard setrlimit(kind, &limit) == 0, limit.rlim_cur < UInt(connections + 256) else { return connections }
    return max(1, Int(limit.rlim_cur) - 256)
  }

  /// The application's files, read once.
  private func pages(in folder: String) throws -> Pages {
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    guard FileManager.default.fileExists(atPath: root.appendingPathComponent(Pages.document).path) else {
      throw ValidationError("\(folder): holds no \(Pages.document)")
    }
    let listed = try FileManager.default.contentsOfDirectory(atPath: root.path)
    let inFolders = try Pages.folders.flatMap { name in
      try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(name).path)
        .map { "\(name)/\($0)" }
    }
    var contents: [String: [UInt8]] = [:]
    for path in listed.filter({ $0.hasSuffix(".html") }) + inFolders where path.contains(".") {
      contents[path] = Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }
    return Pages(contents)
  }

  /// Calls the webhooks whose turn it is, all at once: one that is slow holds up none but those after it.
  private func callWebhooks(of store: Store, within policy: WebhookPolicy) async throws {
    try await withThrowingTaskGroup { group in
      for webhook in try await store.dueWebhooks() {
        group.addTask {
          let call = WebhookCall(webhook, at: store.now)
          let isTold = await ServiceWebhook.call(
            webhook.url, call.body, headers: call.headers, within: policy)
          try await store.note(webhook, isTold: isTold)
        }
      }
      try await group.waitForAll()
    }
  }

  /// Does something again and again. What the store hinders is said, once in ten minutes, and tried again.
  private func again(every seconds: Int, _ what: String, _ act: () async throws -> Void) async {
    var said: ContinuousClock.Instant?
    while !Task.isCancelled {
      do {
        try await act()
      } catch is CancellationError {
        return
      } catch {
        if said.map({ .now - $0 >= .seconds(600) }) ?? true {
          print("endkey-service: \(what): \((error as? StoreFailure)?.reason ?? "\(type(of: error))")")
          fflush(nil)
          said = .now
        }
      }
      do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
    }
  }

  /// The 32 bytes of a file, which is made at the first start. Another key would change the heads of logins that nobody
  /// has, and show so which are real.
  private func headKey(_ file: URL, isFirst: Bool) throws -> [UInt8] {
    if !FileManager.default.fileExists(atPath: file.path) {
      guard isFirst else {
        throw ValidationError(
          "\(file.path): is lost, though the database is there; put it back from the backup")
      }
      let made = FileManager.default.createFile(
        atPath: file.path, contents: Data(randomBytes(32)), attributes: [.posixPermissions: 0o600])
      guard made else { throw ValidationError("\(file.path): cannot be written") }
    }
    let key = Array(try Data(contentsOf: file))
    guard key.count == 32 else {
      throw ValidationError("\(file.path): a head key has 32 bytes, not \(key.count)")
    }
    return key
  }
}

extension Store.Signup: ExpressibleByArgument {}
extension WebhookPolicy: ExpressibleByArgument {}

/// What a webhook is called with: that something fired, and nothing of what. Its signature is that of Standard
/// Webhooks.
private struct WebhookCall {
  let body: [UInt8]
  let headers: [String]

  init(_ webhook: DueWebhook, at now: Int64) {
    let account = Hex.encode(webhook.account.bytes)
    body = Array(#"{"account":"\#(account)","firing":\#(webhook.firing)}"#.utf8)
    let (id, seconds) = ("\(account)-\(webhook.firing)", now / 1_000)
    let mac = hmac(webhook.secret.bytes, Array("\(id).\(seconds).".utf8) + body)
    headers = [
      "Content-Type: application/json", "webhook-id: \(id)", "webhook-timestamp: \(seconds)",
      "webhook-signature: v1,\(Data(mac).base64EncodedString())",
    ]
  }
}
