internal import CEndkeyHeader
internal import Endkey
internal import EndkeyBulk

// What comes from C and goes there. Here alone a pointer is followed.

/// An error of this interface, as its number in C.
struct Misuse: Error {
  let status: Int

  static let badArgument = Misuse(status: EK_BAD_ARGUMENT)
  static let nothing = Misuse(status: EK_NOTHING)
  static let bufferTooSmall = Misuse(status: EK_BUFFER_TOO_SMALL)
}

/// Gives what comes of `body` as a status, and writes why it failed to `error`, if that is asked for.
func attempt(_ error: UnsafeMutablePointer<ek_error>?, _ body: () throws -> Void) -> ek_status {
  var reason = ek_error()
  reason.offset = -1
  do {
    try body()
  } catch let refusal as ProtocolError {
    fill(&reason, refusal)
  } catch let refusal as WireError {
    fill(&reason, ProtocolError(refusal))
  } catch let misuse as Misuse {
    reason.status = ek_status(misuse.status)
  } catch {
    reason.status = ek_status(EK_INTERNAL_ERROR)
  }
  if let error = unsafe error { unsafe error.pointee = reason }
  return reason.status
}

/// Writes a refusal to `error`, whose section is of zeros.
func fill(_ error: inout ek_error, _ refusal: ProtocolError) {
  error.status = ek_status(refusal.code.status)
  error.offset = refusal.offset.map(Int64.init) ?? -1
  unsafe withUnsafeMutableBytes(of: &error.section) { section in
    // One byte stays for the NUL.
    for (place, character) in refusal.section.utf8.prefix(section.count - 1).enumerated() {
      unsafe section[place] = character
    }
  }
}

// MARK: - In

/// A copy of the bytes.
func array(_ bytes: ek_bytes) throws(Misuse) -> [UInt8] {
  let count = unsafe bytes.count
  guard count >= 0 else { throw .badArgument }
  guard count > 0 else { return [] }
  guard let data = unsafe bytes.data else { throw .badArgument }
  return unsafe [UInt8](UnsafeBufferPointer(start: data, count: count))
}

/// A copy of the bytes, in guarded memory.
func secret(_ bytes: ek_bytes) throws(Misuse) -> SecretBytes {
  let count = unsafe bytes.count
  guard count >= 0 else { throw .badArgument }
  guard count > 0 else { return SecretBytes(copying: []) }
  guard let data = unsafe bytes.data else { throw .badArgument }
  return unsafe SecretBytes(copying: Span(_unsafeStart: data, count: count))
}

/// What is made of each of the `count` elements at `start`.
func map<Element, Value>(
  _ start: UnsafePointer<Element>?, _ count: Int, _ body: (Element) throws -> Value
) throws -> [Value] {
  guard count >= 0 else { throw Misuse.badArgument }
  guard count > 0 else { return [] }
  guard let start = unsafe start else { throw Misuse.badArgument }
  return unsafe try UnsafeBufferPointer(start: start, count: count).map(body)
}

/// Copies of many byte strings, back to back.
func flat(_ start: UnsafePointer<ek_bytes>?, _ count: Int) throws -> FlatBytes {
  var flat = FlatBytes()
  for bytes in unsafe try map(start, count, array) { flat.append(bytes) }
  return flat
}

/// What stands at `pointer`.
func value<Value>(_ pointer: UnsafePointer<Value>?) throws(Misuse) -> Value {
  guard let pointer = unsafe pointer else { throw .badArgument }
  return unsafe pointer.pointee
}

/// The value of an enumeration that a number stands for.
func member<Enumeration: WireEnum>(_ number: UInt8, of type: Enumeration.Type = Enumeration.self)
  throws(Misuse)
  -> Enumeration
{
  guard let value = Enumeration(rawValue: number) else { throw .badArgument }
  return value
}

/// The text whose UTF-8 the bytes are.
func text(_ bytes: ek_bytes) throws(Misuse) -> String {
  guard let text = String(validating: unsafe try array(bytes), as: UTF8.self) else { throw .badArgument }
  return text
}

/// The ids at `start`.
func ids(_ start: UnsafePointer<ek_id>?, _ count: Int) throws -> [AgentID] {
  unsafe try map(start, count) { (id: ek_id) in try AgentID(of: id.bytes) }
}

extension FixedBytes {
  /// The id or hash whose bytes `value` holds: a struct of C with nothing but them.
  init<Value: BitwiseCopyable>(of value: Value) throws {
    var value = value
    let bytes = unsafe withUnsafeBytes(of: &value) { unsafe [UInt8]($0) }
    try self.init(bytes)
  }
}

// MARK: - Out

/// Throws unless there is a place to write to: asked before a step, so that none happens in vain.
func require<Value>(_ pointer: UnsafeMutablePointer<Value>?) throws(Misuse) -> UnsafeMutablePointer<Value> {
  guard let pointer = unsafe pointer else { throw .badArgument }
  return unsafe pointer
}

/// Writes bytes to the caller's buffer, or how many they are if it is too small.
func write(_ bytes: Span<UInt8>, to buffer: UnsafeMutablePointer<ek_buffer>?) throws(Misuse) {
  let buffer = unsafe try require(buffer)
  let capacity = unsafe buffer.pointee.capacity
  guard capacity >= 0 else { throw .badArgument }
  guard bytes.count <= capacity else {
    unsafe buffer.pointee.count = bytes.count
    throw .bufferTooSmall
  }
  if capacity > 0 {
    guard let data = unsafe buffer.pointee.data else { throw .badArgument }
    unsafe bytes.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { unsafe data.update(from: start, count: bytes.count) }
    }
  }
  unsafe buffer.pointee.count = bytes.count
}

/// Writes an id, or throws that there is none.
func write(_ id: (some FixedBytes)?, to place: UnsafeMutablePointer<ek_id>?) throws(Misuse) {
  let place = unsafe try require(place)
  guard let id else { throw .nothing }
  unsafe withUnsafeMutableBytes(of: &place.pointee.bytes) { bytes in unsafe bytes.copyBytes(from: id.bytes) }
}

/// Writes a hash, or throws that there is none.
func write(_ hash: Hash?, to place: UnsafeMutablePointer<ek_hash>?) throws(Misuse) {
  let place = unsafe try require(place)
  guard let hash else { throw .nothing }
  unsafe withUnsafeMutableBytes(of: &place.pointee.bytes) { bytes in unsafe bytes.copyBytes(from: hash.bytes)
  }
}

/// Writes what a record says of a blob.
func write(_ reference: BlobReference, to place: UnsafeMutablePointer<ek_blob_reference>) {
  unsafe place.pointee.field = reference.field.rawValue
  unsafe place.pointee.length = reference.length.value
  unsafe withUnsafeMutableBytes(of: &place.pointee.digest) { digest in
    unsafe digest.copyBytes(from: reference.digest.bytes)
  }
}

/// Writes many values back to back, and where each ends.
func write(
  _ values: FlatBytes, to buffer: UnsafeMutablePointer<ek_buffer>?, ends: UnsafeMutablePointer<Int>
) throws(Misuse) {
  unsafe try write(values.bytes.span, to: buffer)
  for index in 0..<values.count { unsafe ends[index] = values.range(index).upperBound }
}
