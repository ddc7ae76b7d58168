// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey

// Blobs in pieces, and the spool.

@c @implementation public func ek_piece_room(_ count: Int) -> Int {
  pieceRoom(count) ?? Int.max
}

/// The most that comes of a piece: what was held back, a chunk at most, and the piece, each chunk with its tag; before
/// them the head of a blob. Nil when no memory has so much room.
private func pieceRoom(_ count: Int) -> Int? {
  guard count >= 0 else { return nil }
  let (room, overflow) = count.addingReportingOverflow(count / 1_024 + 16_640)
  return overflow ? nil : room
}

/// Takes a piece and writes what comes of it, if there is room for whatever may come.
private func pass(
  _ piece: ek_bytes, to buffer: UnsafeMutablePointer<ek_buffer>?,
  _ body: (_ piece: [UInt8], _ output: inout [UInt8]) throws -> Void
) throws {
  let buffer = unsafe try require(buffer)
  let piece = unsafe try array(piece)
  guard let room = pieceRoom(piece.count), unsafe buffer.pointee.data != nil else { throw Misuse.badArgument }
  guard unsafe buffer.pointee.capacity >= room else {
    unsafe buffer.pointee.count = room
    throw Misuse.bufferTooSmall
  }
  var output: [UInt8] = []
  try body(piece, &output)
  unsafe try write(output.span, to: buffer)
}

// MARK: - Sealing

@c @implementation public func ek_agent_start_blob(
  _ agent: OpaquePointer!, _ field: UInt8, _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let field = try member(field, of: BlobField.self)
    let now = try Time(milliseconds: now)
    var random = SystemRandom()
    let sealer = unsafe try AgentHandle.at(agent).agent.blobSealer(field, at: now, using: &random)
    unsafe BlobSealerHandle(sealer).give(to: place)
  }
}

@c @implementation public func ek_blob_sealer_update(
  _ sealer: OpaquePointer!, _ content: ek_bytes, _ blob: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let handle = unsafe try BlobSealerHandle.at(sealer)
    unsafe try pass(content, to: blob) { piece, output in
      guard var sealer = handle.sealer.take() else { throw Misuse.nothing }
      try sealer.update(piece.span, into: &output)
      handle.sealer = consume sealer
    }
  }
}

@c @implementation public func ek_blob_sealer_finish(
  _ sealer: OpaquePointer!, _ blob: UnsafeMutablePointer<ek_buffer>!,
  _ place: UnsafeMutablePointer<ek_blob_reference>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let handle = unsafe try BlobSealerHandle.at(sealer)
    let place = unsafe try require(place)
    unsafe try pass(ek_bytes(), to: blob) { _, output in
      guard let sealer = handle.sealer.take() else { throw Misuse.nothing }
      unsafe write(try sealer.finish(into: &output), to: place)
    }
  }
}

@c @implementation public func ek_blob_sealer_free(_ sealer: OpaquePointer!) {
  unsafe BlobSealerHandle.free(sealer)
}

// MARK: - Opening

@c @implementation public func ek_owner_start_blob(
  _ owner: OpaquePointer!, _ reference: UnsafePointer<ek_blob_reference>!,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let reference = unsafe reference == nil ? nil : try BlobReference(try value(reference))
    let opener = unsafe try OwnerHandle.at(owner).owner.blobOpener(reference: reference)
    unsafe BlobOpenerHandle(opener).give(to: place)
  }
}

@c @implementation public func ek_blob_opener_update(
  _ opener: OpaquePointer!, _ blob: ek_bytes, _ content: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let handle = unsafe try BlobOpenerHandle.at(opener)
    unsafe try pass(blob, to: content) { piece, output in
      guard var opener = handle.opener.take() else { throw Misuse.nothing }
      // Also after an error, which it throws again.
      do {
        try opener.update(piece.span, into: &output)
      } catch {
        handle.opener = consume opener
        throw error
      }
      handle.opener = consume opener
    }
  }
}

@c @implementation public func ek_blob_opener_finish(
  _ opener: OpaquePointer!, _ content: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let handle = unsafe try BlobOpenerHandle.at(opener)
    unsafe try pass(ek_bytes(), to: content) { _, output in
      guard let opener = handle.opener.take() else { throw Misuse.nothing }
      try opener.finish(into: &output)
    }
  }
}

@c @implementation public func ek_blob_opener_free(_ opener: OpaquePointer!) {
  unsafe BlobOpenerHandle.free(opener)
}

// MARK: - Spool

@c @implementation public func ek_agent_start_spool(
  _ agent: OpaquePointer!, _ deviceKey: OpaquePointer!, _ segment: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let key = unsafe try spoolKey(agent, deviceKey)
    unsafe SpoolHandle(SpoolWriter(key: key, segment: try Counter(segment))).give(to: place)
  }
}

private func spoolKey(_ agent: OpaquePointer?, _ deviceKey: OpaquePointer?) throws -> SpoolKey {
  let end = unsafe try AgentHandle.at(agent)
  return try end.agent.spoolKey(deviceKey: unsafe try SecretHandle.at(deviceKey).bytes)
}

@c @implementation public func ek_spool_header(
  _ spool: OpaquePointer!, _ header: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    unsafe try write(try SpoolHandle.at(spool).writer.header.serialized.span, to: header)
  }
}

@c @implementation public func ek_agent_capture(
  _ agent: OpaquePointer!, _ spool: OpaquePointer!, _ capture: UnsafePointer<ek_capture>!,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try AgentHandle.at(agent)
    let handle = unsafe try SpoolHandle.at(spool)
    let capture = unsafe try value(capture)
    let items = unsafe try map(capture.items, capture.item_count) { (item: ek_captured) in
      guard let field = unsafe CapturedField(rawValue: item.field) else { throw Misuse.badArgument }
      return try CapturedItem(field, unsafe try array(item.content))
    }
    var random = SystemRandom()
    let frame = unsafe try end.agent.capture(
      try member(capture.kind), start: try Time(milliseconds: capture.start), duration: capture.duration,
      items: items, into: &handle.writer, using: &random)
    unsafe MessagesHandle(nil, frame).give(to: place)
  }
}

@c @implementation public func ek_spool_free(_ spool: OpaquePointer!) { unsafe SpoolHandle.free(spool) }

@c @implementation public func ek_agent_recover_spool(
  _ agent: OpaquePointer!, _ deviceKey: OpaquePointer!, _ segment: ek_bytes,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let key = unsafe try spoolKey(agent, deviceKey)
    let segment = unsafe try array(segment)
    unsafe RecoveryHandle(try SpoolRecovery(segment: segment.span, key: key)).give(to: place)
  }
}

@c @implementation public func ek_recovery_refusal(
  _ recovery: OpaquePointer!, _ place: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  attempt(nil) {
    let place = unsafe try require(place)
    guard let refusal = unsafe try RecoveryHandle.at(recovery).found.refusal else { throw Misuse.nothing }
    var told = ek_error()
    fill(&told, refusal)
    unsafe place.pointee = told
  }
}

@c @implementation public func ek_recovery_frame_count(_ recovery: OpaquePointer!) -> Int {
  unsafe RecoveryHandle.ifAny(recovery)?.found.frames.count ?? 0
}

@c @implementation public func ek_recovery_frame(
  _ recovery: OpaquePointer!, _ index: Int, _ number: UnsafeMutablePointer<UInt32>!,
  _ breaksChain: UnsafeMutablePointer<Bool>!, _ capture: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let (number, breaksChain) = unsafe (try require(number), try require(breaksChain))
    let frames = unsafe try RecoveryHandle.at(recovery).found.frames
    guard frames.indices.contains(index) else { throw Misuse.nothing }
    let frame = frames[index]
    unsafe try write(frame.capture.serialized.span, to: capture)
    unsafe number.pointee = frame.index
    unsafe breaksChain.pointee = frame.breaksChain
  }
}

@c @implementation public func ek_recovery_damage_count(_ recovery: OpaquePointer!) -> Int {
  unsafe RecoveryHandle.ifAny(recovery)?.found.damage.count ?? 0
}

@c @implementation public func ek_recovery_damage(
  _ recovery: OpaquePointer!, _ index: Int, _ offset: UnsafeMutablePointer<Int>!,
  _ length: UnsafeMutablePointer<Int>!, _ code: UnsafeMutablePointer<ek_status>!
) -> ek_status {
  attempt(nil) {
    let (offset, length, code) = unsafe (try require(offset), try require(length), try require(code))
    let damage = unsafe try RecoveryHandle.at(recovery).found.damage
    guard damage.indices.contains(index) else { throw Misuse.nothing }
    unsafe offset.pointee = damage[index].offset
    unsafe length.pointee = damage[index].length
    unsafe code.pointee = ek_status(damage[index].code.status)
  }
}

@c @implementation public func ek_recovery_torn_offset(
  _ recovery: OpaquePointer!, _ place: UnsafeMutablePointer<Int>!
) -> ek_status {
  attempt(nil) {
    let place = unsafe try require(place)
    guard let offset = unsafe try RecoveryHandle.at(recovery).found.tornOffset else { throw Misuse.nothing }
    unsafe place.pointee = offset
  }
}

@c @implementation public func ek_recovery_free(_ recovery: OpaquePointer!) {
  unsafe RecoveryHandle.free(recovery)
}
