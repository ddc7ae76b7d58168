// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey
internal import EndkeyBulk

// What a person's end reads: tokens, blobs, batches.

@c @implementation public func ek_owner_open_token(
  _ owner: OpaquePointer!, _ token: ek_bytes, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let bytes = unsafe try array(token)
    let opened = unsafe try OwnerHandle.at(owner).open { (opener) throws(ProtocolError) in
      try opener.open(parsing: bytes)
    }
    unsafe try write(opened.span, to: buffer)
  }
}

@c @implementation public func ek_owner_open_token_text(
  _ owner: OpaquePointer!, _ text: ek_bytes, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let token = try Token(text: unsafe try array(text))
    let opened = unsafe try OwnerHandle.at(owner).open { (opener) throws(ProtocolError) in
      try opener.open(token)
    }
    unsafe try write(opened.span, to: buffer)
  }
}

@c @implementation public func ek_owner_open_tokens(
  _ owner: OpaquePointer!, _ tokens: UnsafePointer<ek_bytes>!, _ count: Int,
  _ values: UnsafeMutablePointer<ek_buffer>!, _ ends: UnsafeMutablePointer<Int>!,
  _ statuses: UnsafeMutablePointer<ek_status>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe openMany(owner, tokens, count, values, ends, statuses, error) { opener, tokens in
    try opener.open(tokens)
  }
}

@c @implementation public func ek_owner_open_token_texts(
  _ owner: OpaquePointer!, _ texts: UnsafePointer<ek_bytes>!, _ count: Int,
  _ values: UnsafeMutablePointer<ek_buffer>!, _ ends: UnsafeMutablePointer<Int>!,
  _ statuses: UnsafeMutablePointer<ek_status>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe openMany(owner, texts, count, values, ends, statuses, error) { opener, texts in
    try opener.open(texts: texts)
  }
}

/// Opens many tokens, of which each has a status of its own.
private func openMany(
  _ owner: OpaquePointer?, _ tokens: UnsafePointer<ek_bytes>?, _ count: Int,
  _ values: UnsafeMutablePointer<ek_buffer>?, _ ends: UnsafeMutablePointer<Int>?,
  _ statuses: UnsafeMutablePointer<ek_status>?, _ error: UnsafeMutablePointer<ek_error>?,
  _ body: (inout BulkTokenOpener, FlatBytes) throws -> OpenedTokens
) -> ek_status {
  unsafe attempt(error) {
    let (ends, statuses) = unsafe (try require(ends), try require(statuses))
    let tokens = unsafe try flat(tokens, count)
    var opener = BulkTokenOpener(ring: unsafe try OwnerHandle.at(owner).owner.keyRing())
    let opened = try body(&opener, tokens)
    unsafe try write(opened.values, to: values, ends: ends)
    for index in 0..<tokens.count { unsafe statuses[index] = ek_status(EK_OK) }
    for failure in opened.failures { unsafe statuses[failure.index] = ek_status(failure.error.code.status) }
  }
}

@c @implementation public func ek_owner_open_blob(
  _ owner: OpaquePointer!, _ blob: ek_bytes, _ reference: UnsafePointer<ek_blob_reference>!,
  _ buffer: UnsafeMutablePointer<ek_buffer>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let blob = unsafe try array(blob)
    let reference = unsafe reference == nil ? nil : try BlobReference(try value(reference))
    var opener = unsafe try OwnerHandle.at(owner).owner.blobOpener(reference: reference)
    var content: [UInt8] = []
    try opener.update(blob.span, into: &content)
    try opener.finish(into: &content)
    unsafe try write(content.span, to: buffer)
  }
}

@c @implementation public func ek_owner_audit(
  _ owner: OpaquePointer!, _ id: UnsafePointer<ek_id>!, _ batches: UnsafePointer<ek_bytes>!, _ count: Int,
  _ request: ek_bytes, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let agentID = try AgentID(of: unsafe try value(id).bytes)
    let batches = unsafe try map(batches, count, array)
    let request = unsafe try array(request)
    let report = try end.owner.audit(agentID, batches: batches, request: request.isEmpty ? nil : request)
    unsafe AuditHandle(agentID, report).give(to: place)
  }
}

@c @implementation public func ek_audit_finding_count(_ audit: OpaquePointer!) -> Int {
  unsafe AuditHandle.ifAny(audit)?.report.findings.count ?? 0
}

@c @implementation public func ek_audit_finding(
  _ audit: OpaquePointer!, _ index: Int, _ batch: UnsafeMutablePointer<Int>!,
  _ sequence: UnsafeMutablePointer<UInt64>!, _ place: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  attempt(nil) {
    let (batch, sequence, place) = unsafe (try require(batch), try require(sequence), try require(place))
    let findings = unsafe try AuditHandle.at(audit).report.findings
    guard findings.indices.contains(index) else { throw Misuse.nothing }
    let finding = findings[index]
    var told = ek_error()
    fill(&told, finding.error)
    // SIZE_MAX where there is no batch.
    unsafe batch.pointee = finding.index ?? -1
    unsafe sequence.pointee = finding.sequence?.value ?? 0
    unsafe place.pointee = told
  }
}

@c @implementation public func ek_audit_total_count(_ audit: OpaquePointer!) -> Int {
  unsafe AuditHandle.ifAny(audit)?.totals.count ?? 0
}

@c @implementation public func ek_audit_total(
  _ audit: OpaquePointer!, _ index: Int, _ token: UnsafeMutablePointer<ek_buffer>!,
  _ milliseconds: UnsafeMutablePointer<UInt64>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let milliseconds = unsafe try require(milliseconds)
    let totals = unsafe try AuditHandle.at(audit).totals
    guard totals.indices.contains(index) else { throw Misuse.nothing }
    let total = totals[index]
    unsafe try write(total.token.span, to: token)
    unsafe milliseconds.pointee = total.milliseconds
  }
}

@c @implementation public func ek_audit_free(_ audit: OpaquePointer!) { unsafe AuditHandle.free(audit) }
