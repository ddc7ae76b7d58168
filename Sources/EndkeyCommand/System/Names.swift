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

  /// The ids that the service of a folder on the command line knows: without a key, and so without names.
  public static var defaultCompletionKind: CompletionKind { known(in: ["requests", "batches"]) }

  /// The same of persons.
  static var persons: CompletionKind { known(in: ["person-requests"]) }

  private static func known(in folders: [String]) -> CompletionKind {
    .custom { arguments, _, _ in Set(arguments.flatMap { ids(in: folders, knownTo: $0) }).sorted() }
  }

  private static func ids(in folders: [String], knownTo folder: String) -> [String] {
    // What cannot be read completes nothing.
    do {
      let service = try EndFolder(folder).service
      let folders = folders.map { "\(service)/\($0)" }
      let names = try folders.filter(OutputFile.exists).flatMap { try Folder.names(in: $0) }
      return Set(names.compactMap { AgentID(hexadecimal: $0.prefix(32)) }).map(\.description)
    } catch {
      return []
    }
  }
}
