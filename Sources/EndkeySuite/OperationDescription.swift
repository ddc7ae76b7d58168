public import EndkeyJSON

/// An operation of the client protocol, as `spec/operations.json` describes it.
public struct OperationDescription: Sendable {
  /// What a member of `in` or `out` may be.
  public indirect enum ValueType: Sendable {
    /// Bytes in lower-case hex, so many of them.
    case hex(ClosedRange<Int>)
    case text
    case number(ClosedRange<Int>)
    case boolean
    /// One of these names.
    case name([String])
    /// One of the operation's codes.
    case code
    /// At least `from` elements.
    case list(ValueType, from: Int)
    /// All of these members, and no others.
    case object([Member])
    /// Exactly one of these members.
    case either([Member])
  }

  /// A named value of an object.
  public struct Member: Sendable {
    public let name: String
    public let type: ValueType
    public let isNullable: Bool
    /// It is there exactly when another member has one of these values.
    let condition: (member: String, values: [String])?

    init(
      _ name: String, _ type: ValueType, isNullable: Bool = false, when condition: (String, [String])? = nil
    ) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
      self.condition = condition.map { (member: $0.0, values: $0.1) }
    }
  }

  /// As in `op` of the files, such as `token/open`.
  public let name: String
  /// One sentence for the head of a vector file, with the section.
  public let about: String
  /// The kinds of clients that need it.
  public let profiles: Set<Profile>
  /// By how much the deadline for an answer is multiplied.
  public let cost: Int
  public let input: [Member]
  public let output: [Member]
  /// The codes that it may give, as a rejection or within its output.
  public let codes: Set<String>

  init(
    _ name: String, _ about: String, _ profiles: Set<Profile>, cost: Int, in input: [Member],
    out output: [Member], codes: Set<String>
  ) {
    self.name = name
    self.about = about
    self.profiles = profiles
    self.cost = cost
    self.input = input
    self.output = output
    self.codes = codes
  }

  /// Every operation, by name.
  public static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

extension OperationDescription {
  /// Refuses an `in` that is none of this operation.
  public func checkInput(_ input: JSONObject) throws(JSONShapeError) {
    try check(JSONCursor(.object(input)), .object(self.input))
  }

  /// Refuses an `out` that is none of this operation.
  public func checkOutput(_ output: JSONObject) throws(JSONShapeError) {
    try check(JSONCursor(.object(output)), .object(self.output))
  }

  private func check(_ cursor: JSONCursor, _ type: ValueType) throws(JSONShapeError) {
    switch type {
    case .hex(let range):
      let count = try cursor.hex().count
      guard range.contains(count) else { throw cursor.error("\(count) bytes, which is none of \(range)") }
    case .text: _ = try cursor.string()
    case .number(let range): _ = try cursor.integer(in: range)
    case .boolean: _ = try cursor.bool()
    case .name(let names): try check(cursor, isOneOf: names)
    case .code: try check(cursor, isOneOf: codes)
    case .list(let element, let least):
      let elements = try cursor.array()
      guard elements.count >= least else { throw cursor.error("fewer than \(least) elements") }
      for one in elements { try check(one, element) }
    case .object(let members): try check(cursor, members)
    case .either(let members):
      var fields = try cursor.fields()
      let there = fields.rest()
      guard there.count == 1, let member = members.first(where: { $0.name == there[0].key }) else {
        throw cursor.error("not exactly one of \(members.map(\.name).joined(separator: ", "))")
      }
      try check(there[0].value, member.type)
    }
  }

  private func check(_ cursor: JSONCursor, _ members: [Member]) throws(JSONShapeError) {
    var fields = try cursor.fields()
    for member in members {
      if let condition = member.condition {
        let decided = try fields.required(condition.member).string()
        guard condition.values.contains(decided) else { continue }
      }
      let value = try fields.required(member.name)
      if member.isNullable, case .null = value.value { continue }
      try check(value, member.type)
    }
    try fields.finish()
  }

  private func check(_ cursor: JSONCursor, isOneOf names: some Collection<String>) throws(JSONShapeError) {
    let name = try cursor.string()
    guard names.contains(name) else { throw cursor.error("\"\(name)\" is no name that may stand here") }
  }
}
