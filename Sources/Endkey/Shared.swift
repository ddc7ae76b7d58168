/// A value that cannot be copied, shared by the copies of what holds it: one secret, in one place, for many
/// values that can then be drafted, kept or dropped as a whole.
package final class Shared<Value: ~Copyable & Sendable>: Sendable {
  package let value: Value

  package init(_ value: consuming Value) { self.value = value }
}

// A program that dumps what it holds, or a logger that does, must neither see a secret nor end: to reflect a class
// copies its values, and traps on one that cannot be copied.
extension Shared: CustomReflectable where Value: ~Copyable {
  package var customMirror: Mirror { Mirror(self, children: []) }
}
