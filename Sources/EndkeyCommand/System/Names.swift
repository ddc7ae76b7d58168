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

extension AgentID: ExpressibleByArgument {
  /// 32 hexadecimal digits, as `agent id` prints it.
  public init?(argument: String) { self.init(hexadecimal: argument.lowercased()) }
}
