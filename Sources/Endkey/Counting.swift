internal import EndkeyWire

/// The counter after `counter`; `limitReached` when there is none. §2.1
func next(after counter: UInt64, _ section: String) throws(ProtocolError) -> UInt64 {
  guard counter < Limit.counterMax else { throw ProtocolError(.limitReached, section) }
  return counter + 1
}
