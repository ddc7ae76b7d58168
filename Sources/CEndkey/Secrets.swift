// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey

// Secrets and messages.

@c @implementation public func ek_secret_from_bytes(
  _ bytes: ek_bytes, _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    unsafe SecretHandle(try secret(bytes)).give(to: place)
  }
}

@c @implementation public func ek_secret_make_device_key(
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    var random = SystemRandom()
    unsafe SecretHandle(try LocalState.makeDeviceKey(using: &random)).give(to: place)
  }
}

@c @implementation public func ek_secret_count(_ secret: OpaquePointer!) -> Int {
  unsafe SecretHandle.ifAny(secret)?.bytes.count ?? 0
}

@c @implementation public func ek_secret_reveal(
  _ secret: OpaquePointer!, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let secret = unsafe try SecretHandle.at(secret)
    try secret.bytes.withBytes { bytes throws(Misuse) in unsafe try write(bytes, to: buffer) }
  }
}

@c @implementation public func ek_secret_free(_ secret: OpaquePointer!) { unsafe SecretHandle.free(secret) }

@c @implementation public func ek_messages_count(_ messages: OpaquePointer!) -> Int {
  unsafe MessagesHandle.ifAny(messages)?.messages.count ?? 0
}

@c @implementation public func ek_messages_type(_ messages: OpaquePointer!, _ index: Int) -> Int32 {
  unsafe MessagesHandle.ifAny(messages)?[index]?.type.map { Int32($0.rawValue) } ?? 0
}

@c @implementation public func ek_messages_recipient(
  _ messages: OpaquePointer!, _ index: Int, _ id: UnsafeMutablePointer<ek_id>!
) -> ek_status {
  attempt(nil) { unsafe try write(try MessagesHandle.at(messages)[index]?.recipient, to: id) }
}

@c @implementation public func ek_messages_copy(
  _ messages: OpaquePointer!, _ index: Int, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    guard let message = unsafe try MessagesHandle.at(messages)[index] else { throw Misuse.badArgument }
    unsafe try write(message.bytes.span, to: buffer)
  }
}

@c @implementation public func ek_messages_expected(
  _ messages: OpaquePointer!, _ vault: UnsafeMutablePointer<ek_hash>!
) -> ek_status {
  attempt(nil) { unsafe try write(try MessagesHandle.at(messages).expected, to: vault) }
}

@c @implementation public func ek_messages_login(
  _ messages: OpaquePointer!, _ place: UnsafeMutablePointer<ek_login>!
) -> ek_status {
  attempt(nil) {
    let place = unsafe try require(place)
    guard let login = unsafe try MessagesHandle.at(messages).login else { throw Misuse.nothing }
    unsafe try write(login.id, to: &place.pointee.id)
    unsafe try write(login.verifier, to: &place.pointee.verifier)
    unsafe try write(login.recoveryVerifier ?? .zero, to: &place.pointee.recovery_verifier)
  }
}

@c @implementation public func ek_messages_free(_ messages: OpaquePointer!) {
  unsafe MessagesHandle.free(messages)
}
