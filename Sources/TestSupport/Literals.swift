public import EndkeyWire

// Values of fields as literals, in tests and measurements: a literal that is no value is a slip of the pen, which ends
// them.

extension Epoch: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt32) { self = must { () throws(WireError) in try Epoch(value) } }
}

extension Generation: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt32) {
    self = must { () throws(WireError) in try Generation(value) }
  }
}

extension BoundedList: ExpressibleByArrayLiteral where Rule: ListRule, Rule.Element: WireStruct {
  public init(arrayLiteral elements: Rule.Element...) {
    self = must { () throws(WireError) in try BoundedList(elements) }
  }
}

extension BoundedBytes: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) {
    self = must { () throws(WireError) in try BoundedBytes([UInt8](text.utf8)) }
  }
}

private func must<Value>(_ body: () throws(WireError) -> Value) -> Value {
  do {
    return try body()
  } catch {
    preconditionFailure("no value of its field: \(error)")
  }
}
