internal import EndkeyWire

/// The counter after `counter`; `limitReached` when there is none. §2.1
func next(after counter: Counter, _ section: String) throws(ProtocolError) -> Counter {
  guard let next = counter.next else { throw ProtocolError(.limitReached, section) }
  return next
}
