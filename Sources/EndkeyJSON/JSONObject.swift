/// The members of a JSON object, in order. No two have the same key.
public struct JSONObject: Sendable {
  /// A key and its value.
  public struct Member: Sendable {
    public let key: String
    public fileprivate(set) var value: JSONValue
  }

  /// The members, in the order in which they were read or added.
  public private(set) var members: [Member] = []
  /// Where each key stands, once a search from the start would be slow.
  private var positions: [ExactKey: Int] = [:]
  private static var searchMaximum: Int { 8 }

  public init() {}

  /// An object of these members, in their order. A key twice is a programmer's mistake, and stops.
  public static func of(_ members: KeyValuePairs<String, JSONValue>) -> JSONObject {
    var object = JSONObject()
    for (key, value) in members {
      let isNew = object.append(key, value)
      precondition(isNew, "two members named \(key)")
    }
    return object
  }

  /// Adds a member at the end. Does nothing, and says `false`, when the key is there.
  @discardableResult
  public mutating func append(_ key: String, _ value: JSONValue) -> Bool {
    guard position(of: key) == nil else { return false }
    members.append(Member(key: key, value: value))
    if members.count == Self.searchMaximum + 1 {
      for (index, member) in members.enumerated() { positions[ExactKey(text: member.key)] = index }
    } else if members.count > Self.searchMaximum {
      positions[ExactKey(text: key)] = members.count - 1
    }
    return true
  }

  /// The value of `key`. Setting replaces it in its place, or adds it at the end; `nil` changes nothing.
  public subscript(_ key: String) -> JSONValue? {
    get { position(of: key).map { members[$0].value } }
    set {
      guard let newValue else { return }
      guard let index = position(of: key) else {
        append(key, newValue)
        return
      }
      members[index].value = newValue
    }
  }

  private func position(of key: String) -> Int? {
    guard members.count <= Self.searchMaximum else { return positions[ExactKey(text: key)] }
    return members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }
}

extension JSONObject: Equatable {
  /// Whether both have the same keys with equal values, in any order.
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.count == b.members.count && a.members.allSatisfy { b[$0.key] == $0.value }
  }
}

/// A string that equals only itself, byte for byte.
private struct ExactKey: Hashable, Sendable {
  let text: String

  static func == (a: ExactKey, b: ExactKey) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
