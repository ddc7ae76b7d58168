internal import EndkeyJSON
internal import EndkeySuite

/// The intermediate values of one run, in the order in which they arise. Values of vectors are public; no other run
/// is traced.
struct Trace {
  private(set) var values = JSONObject()

  /// Notes a value under a name that the run has not used yet, and gives it back.
  @discardableResult
  mutating func note(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let isNew = values.append(name, .hex(bytes))
    precondition(isNew, "two intermediate values named \(name)")
    return bytes
  }

  /// Notes the values of one run, from the members of `in`, whose shape is right, and what the operation answered.
  ///
  /// The steps compute them anew from the input, by the formulas of the specification over hash, MAC and block cipher.
  /// They share as little with the code that answers as they can, so that each tells on the other.
  typealias Steps = @Sendable (inout JSONFields, Outcome, inout Trace) throws -> Void

  /// By the name of the operation. Operations that are not here have no values between input and output.
  static let steps = primitives.merging(ownersEnd) { $1 }.merging(agentsEnd) { $1 }
}
