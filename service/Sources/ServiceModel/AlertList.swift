internal import EndkeyJSON
public import EndkeyWire

/// What an account wants to be told of. `spec/http.md`, section 13
public struct AlertList: Sendable {
  /// The bounds of the days that sums are of, ascending, in milliseconds.
  public let days: [Int64]
  /// The alerts, each under an id of its own.
  public let items: [Alert]

  /// The bytes of the list that nobody has put yet.
  public static var none: [UInt8] { Array(#"{"days":[],"items":[]}"#.utf8) }

  /// The list that a JSON text is. Throws `malformed`.
  public init(parsing bytes: [UInt8]) throws(Problem) {
    (days, items) = try Problem.shaped(bytes) { fields in
      let days = try fields.required("days").array()
      let items = try fields.required("items").array()
      guard days.count <= 801 else { throw Problem.malformed(member: "days") }
      guard items.count <= 200 else { throw Problem.malformed(member: "items") }
      return (try days.map { try $0.integer(in: 0...timeMax) }, try items.map { try Alert($0) })
    }
    guard zip(days, days.dropFirst()).allSatisfy(<) else { throw .malformed(member: "days") }
    guard Set(items.map(\.id)).count == items.count else { throw .malformed(member: "items") }
  }
}

/// One thing that an account wants to be told of.
public struct Alert: Sendable {
  /// What tells alerts apart.
  public typealias ID = Bytes<8>

  /// What it is about.
  public enum Condition: Sendable {
    /// A sum of a day.
    case time(Sum)
    /// That nothing comes of an agent for so many milliseconds.
    case silence(Int64)
    /// That the newest state is valid for no more than so many milliseconds.
    case expiry(Int64)
  }

  /// A sum of a day, and what it is held against.
  public struct Sum: Sendable {
    /// On which side of the limit it is told.
    public enum Side: String, Sendable {
      case more
      case less
    }

    /// Whose sum it is.
    public enum Whose: String, Sendable {
      case agent
      case account
    }

    /// On which side of the limit it is told.
    public let side: Side
    /// The limit, in milliseconds.
    public let limit: Int64
    /// Whose sum it is.
    public let whose: Whose
    /// The tokens of which a record must have one; all records where empty.
    public let tokens: [Token]
    /// The categories; all where empty.
    public let categories: [Category]
  }

  /// What tells it apart.
  public let id: ID
  /// When it was made, in milliseconds: it is not about what ended before.
  public let from: Int64
  /// The agents; all where empty.
  public let agents: [AgentID]
  /// What it is about.
  public let condition: Condition

  fileprivate init(_ cursor: JSONCursor) throws {
    enum Subject: String {
      case time
      case silence
      case expiry
    }
    func list<Item>(_ cursor: JSONCursor?, _ read: (JSONCursor) throws -> Item) throws -> [Item] {
      let items = try cursor?.array() ?? []
      guard items.count <= 64 else { throw Problem.malformed(member: "items") }
      return try items.map(read)
    }
    var fields = try cursor.fields()
    guard let id = ID(digits: try fields.required("id").string()) else { throw cursor.error("not an id") }
    self.id = id
    from = try fields.required("from").integer(in: 0...timeMax)
    let subject = try fields.required("on").name(of: Subject.self)
    let milliseconds = try fields.required("ms")
    switch subject {
    case .time:
      condition = .time(
        Sum(
          side: try fields.required("is").name(), limit: try milliseconds.integer(in: 1...timeMax),
          whose: try fields.required("per").name(),
          tokens: try list(fields.optional("tokens")) { try Token(text: try $0.string()) },
          categories: try list(fields.optional("categories")) { try named($0) }))
    case .silence: condition = .silence(try milliseconds.integer(in: 3_600_000...timeMax))
    case .expiry: condition = .expiry(try milliseconds.integer(in: 86_400_000...400 * 86_400_000))
    }
    agents = subject == .expiry ? [] : try list(fields.optional("agents"), agent)
    try fields.finish()
  }
}

/// The greatest time and number of the interface.
let timeMax: Int64 = 9_007_199_254_740_991

extension Problem {
  /// What `read` gives of the members of the JSON object that `bytes` are; what it does not ask for is refused.
  static func shaped<Value>(
    _ bytes: [UInt8], _ read: (inout JSONFields) throws -> Value
  ) throws(Problem) -> Value {
    do {
      var fields = try JSONCursor(try JSONValue(parsing: bytes)).fields()
      let value = try read(&fields)
      try fields.finish()
      return value
    } catch let problem as Problem {
      throw problem
    } catch let error as JSONShapeError {
      throw .malformed(member: error.path)
    } catch {
      throw .malformed(member: "body")
    }
  }
}
