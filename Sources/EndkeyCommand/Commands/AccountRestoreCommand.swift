internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Give a service that was restored from a backup the account that it lost.",
    discussion: """
      This device keeps the account as it has seen it last. That is put back where the service has an older one: \
      nothing changes for computers and persons. What the service had besides is not here: batches that came after \
      the backup are shown as missing by each audit, and computers that asked to be let in ask again.
      """)

  @OptionGroup var account: AccountOptions

  func run() async throws {
    let store = try account.folder.store(as: .owner)
    let credentials = try account.password.credentials(login: store.login)
    switch try await putBack(store, credentials) {
    case .unknown:
      throw CommandError(
        .checkFailed, store.service, "what the service has is not what this account was before",
        next: "see it with `endkey account open --restored`, then `endkey account repair` begins anew")
    case .done(let owner, let behind):
      // Members whose keys are newer than the backup get them again.
      try await owner.act { (_, _, _) throws(ProtocolError) in nil }
      guard !account.output.json else { return try Console.print(["behind": .integer(behind)]) }
      try Console.print(
        behind == 0
          ? "the service has lost nothing of the account"
          : "the service has the account again: it was \(counted(behind, "change")) behind")
      try await account.report(owner)
    }
  }

  private func putBack(
    _ store: EndFolder, _ credentials: consuming Credentials
  ) async throws -> PutBack<EndFolder, ServicePlace> {
    var progress = Progress()
    progress.show("stretching the password ...")
    defer { progress.clear() }
    return try await LockedOwner.putBack(
      store: store, service: try store.personsService(), credentials: credentials)
  }
}
