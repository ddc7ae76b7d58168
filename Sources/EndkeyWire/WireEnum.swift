/// An enumeration of §8.2: one byte on the wire, closed.
public protocol WireEnum: RawRepresentable<UInt8>, CaseIterable, Hashable, Sendable {}

extension WireEnum {
  /// The name in the registry, in snake_case.
  public var name: String {
    var name = ""
    for character in "\(self)" {
      if character.isUppercase { name += "_" }
      name += character.lowercased()
    }
    return name
  }
}
