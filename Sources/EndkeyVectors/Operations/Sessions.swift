internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

/// Both ends as a runner takes them step by step: an end lives behind its handle from one request to the next.
final class Sessions {
  static let ops = ["agent/open", "agent/step", "agent/close", "owner/open", "owner/step", "owner/close"]

  /// A runner that never closes must not fill the memory.
  private static let openMax = 64

  private var agents: [Int: AgentBox] = [:]
  private var owners: [Int: OwnerBox] = [:]
  private var last = 0

  /// The outcome of one of these operations.
  func run(_ op: String, _ input: JSONObject) throws -> Outcome {
    return try Outcome { try JSONCursor(.object(input)).object { fields in try run(op, &fields) } }
  }

  private func run(_ op: String, _ fields: inout JSONFields) throws -> JSONObject {
    switch op {
    case "agent/open":
      let agent = AgentBox(try AgentRun(&fields))
      let handle = try newHandle()
      agents[handle] = agent
      return .of(["handle": .integer(handle), "phase": agent.run.phase])
    case "agent/step":
      let agent = try find(&fields, agents)
      return try agent.run.step(try AgentRun.Step(&fields))
    case "owner/open":
      let owner = OwnerBox(try OwnerRun(&fields))
      let handle = try newHandle()
      owners[handle] = owner
      return .of(["handle": .integer(handle), "phase": owner.run.phase])
    case "owner/step":
      let owner = try find(&fields, owners)
      return try owner.run.step(try OwnerRun.Step(&fields))
    case "agent/close", "owner/close":
      let handle = try fields.required("handle")
      let number = try handle.integer(in: 1...last)
      let known =
        op == "agent/close"
        ? agents.removeValue(forKey: number) != nil : owners.removeValue(forKey: number) != nil
      guard known else { throw handle.error("not open") }
      return JSONObject()
    default:
      throw JSONShapeError(path: "", reason: "no operation with a handle is named \(op)")
    }
  }

  private func newHandle() throws -> Int {
    guard agents.count + owners.count < Self.openMax else {
      throw JSONShapeError(path: "", reason: "more than \(Self.openMax) open handles")
    }
    last += 1
    return last
  }

  private func find<Box>(_ fields: inout JSONFields, _ boxes: [Int: Box]) throws -> Box {
    let handle = try fields.required("handle")
    guard let box = boxes[try handle.integer(in: 0...Int.max)] else { throw handle.error("not open") }
    return box
  }

  private final class AgentBox {
    var run: AgentRun
    init(_ run: consuming AgentRun) { self.run = run }
  }

  private final class OwnerBox {
    var run: OwnerRun
    init(_ run: consuming OwnerRun) { self.run = run }
  }
}
