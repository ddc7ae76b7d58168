/// A value that cannot be copied, shared by the copies of what holds it: one secret, in one place, for many
/// values that can then be drafted, kept or dropped as a whole.
final class Shared<Value: ~Copyable & Sendable>: Sendable {
  let value: Value

  init(_ value: consuming Value) { self.value = value }
}
