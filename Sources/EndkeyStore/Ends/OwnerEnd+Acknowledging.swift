internal import Endkey
internal import EndkeyWire

// What was found once is found by every audit from then on. A person who has seen it, and done what there is to do,
// says so on this device.

extension AccountAudit.Finding {
  /// What names it for good, whatever else is found next time.
  var name: String {
    let parts = [agentID?.description, sequence?.description, batch?.description].map { $0 ?? "-" }
    return ([error.code.rawValue] + parts + [blob?.description].compactMap(\.self)).joined(separator: " ")
  }
}

extension OwnerEnd {
  /// Those of an audit's findings that nobody has acknowledged on this device.
  public func unknown(in audit: AccountAudit) throws(EndError) -> [AccountAudit.Finding] {
    let known = try acknowledged()
    return audit.findings.filter { !known.contains($0.name) }
  }

  /// Notes on this device that a person knows of an audit's findings, and of what they lead the next one to find.
  public func acknowledge(_ audit: AccountAudit) async throws(EndError) {
    let lock = try await memory.store.locked()
    let names = try acknowledged().union((audit.findings + audit.consequences).map(\.name))
    let lines = names.sorted().map { $0 + "\n" }.joined()
    try stored { () throws(StoreError) in try memory.store.write(Array(lines.utf8), as: .acknowledged) }
    lock.end()
  }

  /// A line that names no finding is of no use, and does no harm.
  private func acknowledged() throws(EndError) -> Set<String> {
    let bytes = try stored { () throws(StoreError) in try memory.store.read(.acknowledged) } ?? []
    return Set(bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
  }
}
