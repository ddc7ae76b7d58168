internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import Foundation

struct AccountUnlockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "Ask for the password once, for all commands of a while.",
    discussion: """
      A process of yours holds what opens the account, in memory that is never written to a disk, until the time is up \
      or `account lock` ends it. `account password` and `account recovery` ask for the password all the same.
      """)

  @Option(
    name: .customLong("for"), parsing: .unconditional,
    help: ArgumentHelp("For how long, 1s to 24h: 30s, 15m, 8h. (default: 15m)", valueName: "duration"),
    transform: seconds)
  var seconds: UInt32 = 900
  @OptionGroup var account: AccountOptions

  @Sendable private static func seconds(_ word: String) throws -> UInt32 {
    guard case .milliseconds(let count)? = Lifetime(argument: word), count <= 86_400_000 else {
      throw UnusableValue(description: "give 1s to 24h, such as 30s, 15m or 8h")
    }
    return UInt32(count / 1_000)
  }

  func run() async throws {
    let owner = try await account.open(isFresh: true)
    let secret = try await owner.stretchedPassword().handedOver()
    try Session.begin(account.folder.dir, secret, seconds: seconds)
    let end = now().adding(milliseconds: UInt64(seconds) * 1_000)
    if account.output.json {
      try Console.print(["until": .integer(end.milliseconds)])
    } else {
      try Console.print("\(account.folder.dir): open until \(end.text), or `endkey account lock`")
    }
  }
}

struct AccountLockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "End what `account unlock` began, and the session at a server: the password is asked for again."
  )

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let store = try folder.store(as: .owner)
    let wasOpen = try Session.end(folder.dir)
    if output.json {
      try Console.print(["wasOpen": .bool(wasOpen)])
    } else {
      try Console.print("\(folder.dir): \(wasOpen ? "locked" : "was locked")")
    }
    // Here it is locked by now, whatever the server answers.
    try await store.personsService().signOut()
  }
}

/// What `account unlock` starts: no command for people.
struct AccountHoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Hold what opens an account; `account unlock` starts it.",
    shouldDisplay: false)

  @OptionGroup var folder: FolderArgument
  @Option var seconds: UInt32

  func run() throws {
    let secret = try Descriptor.input.secret(limit: 4_096)
    try Session.hold(folder.dir, secret, seconds: seconds)
  }
}
