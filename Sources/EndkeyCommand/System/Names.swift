public import ArgumentParser
public import Endkey
internal import EndkeyStore
public import EndkeyWire

// Enumerations of §8.2 as arguments, under their names in the registry.

extension WireEnum {
  init?(name: String) {
    guard let value = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = value
  }
}

extension Role: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public static var allValueDescriptions: [String: String] { [:] }
  public var defaultValueDescription: String { name }
}

extension Approval: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public static var allValueDescriptions: [String: String] { [:] }
  public var defaultValueDescription: String { name }
}

extension GrantKind: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public static var allValueDescriptions: [String: String] { [:] }
  public var defaultValueDescription: String { name }
}

extension TokenField: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public static var allValueDescriptions: [String: String] { [:] }
  public var defaultValueDescription: String { name }
}

extension BlobField: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public static var allValueDescriptions: [String: String] { [:] }
  public var defaultValueDescription: String { name }
}

extension ActivitySums.Dimension: ExpressibleByArgument {}

extension AgentID: WordArgument {
  static func fault(_ word: String) -> String {
    "an id has 32 hexadecimal digits, as `endkey agent id` and `endkey account agents` print it"
  }

  /// 32 hexadecimal digits, as `agent id` prints it.
  public init?(argument: String) { self.init(hexadecimal: argument.lowercased()) }

  /// The ids that the service of a folder on the command line knows, where that is a folder, and those of the account
  /// where `account unlock` holds it open.
  public static var defaultCompletionKind: CompletionKind {
    .known { store in
      try ids(in: ["requests", "batches"], knownTo: store)
        + (keptVault(in: store)?.members.map(\.agentID) ?? [])
    }
  }

  /// The same of persons.
  static var persons: CompletionKind {
    .known { store in
      try ids(in: ["person-requests"], knownTo: store) + (keptVault(in: store)?.persons.map(\.personID) ?? [])
    }
  }

  private static func ids(in folders: [String], knownTo store: EndFolder) throws -> [AgentID] {
    let folders = folders.map { "\(store.service)/\($0)" }
    let names = try folders.filter(OutputFile.exists).flatMap { try Folder.names(in: $0) }
    return names.compactMap { AgentID(hexadecimal: $0.prefix(32)) }
  }
}

extension CompletionKind {
  /// What the folders of ends on the command line know.
  static func known(_ ids: @escaping @Sendable (EndFolder) throws -> [some CustomStringConvertible])
    -> CompletionKind
  {
    .custom { arguments, _, _ in
      let known = arguments.flatMap { folder in
        // What cannot be read completes nothing.
        do { return try ids(try EndFolder(folder)).map(\.description) } catch { return [] }
      }
      return Set(known).sorted()
    }
  }
}

/// The vault as a person's folder has it, where `account unlock` holds its account open; nil elsewhere. Nothing is
/// asked of the service.
func keptVault(in store: EndFolder) throws -> Vault? {
  guard store.role == .owner, let secret = try Session.secret(of: store.path) else { return nil }
  return try LockedOwner<EndFolder, ServicePlace>.keptVault(in: store, openedWith: secret)
}
