/// AES-256-SIV of many short messages, each padded to whole blocks: the bytes that `AESSIV` gives, sooner.
///
/// AES takes hardly longer for eight blocks than for one, but in a CMAC each block waits for the one before.
/// So the messages go in lock-step: the first block of each, then the second of each, and so on. Their counter
/// blocks are then a single run. Very few messages go one by one.
///
/// `AESSIV` is the plain form of the same, and the measure of this one. A value serves one thread at a time;
/// any number of them can be made from one key.
package struct LockstepSIV: ~Copyable, Sendable {
  /// Where the parts of a message are, or go, in the input and the output.
  package struct Message: Sendable {
    /// `seal` reads `plaintextCount` bytes and pads them (ISO/IEC 7816-4: 0x80, then zeros); `open` writes all
    /// blocks, padding and all, and ignores the count.
    package let plaintext: Int
    package let plaintextCount: Int
    /// 1...256, and when sealing more than the plaintext fills.
    package let blockCount: Int
    package let v: Int
    package let ciphertext: Int
    /// Which of the engine's lists of associated data.
    package let associatedData: Int

    package init(
      plaintext: Int, count plaintextCount: Int = 0, blockCount: Int, v: Int, ciphertext: Int,
      associatedData: Int
    ) {
      self.plaintext = plaintext
      self.plaintextCount = plaintextCount
      self.blockCount = blockCount
      self.v = v
      self.ciphertext = ciphertext
      self.associatedData = associatedData
    }
  }

  /// Most blocks of a message.
  package static var blockMaximum: Int { 256 }
  /// Fewer messages are sooner done one by one.
  private static var laneMinimum: Int { 3 }

  private var mac: CMAC
  private var macCipher: CipherContext
  private var counterCipher: CipherContext
  /// For each list of associated data, what a message's last block is combined with: D and K1.
  private let masks: Scratch
  private let maskCount: Int
  private var schedule = LockstepSchedule()
  // Blocks lie by step and lane: in the order in which they are needed.
  private var plaintexts = Scratch(count: 16 * LockstepSchedule.blockMaximum)
  private var keystreams = Scratch(count: 16 * LockstepSchedule.blockMaximum)
  private var states = Scratch(count: 16 * LockstepSchedule.laneMaximum)

  /// A key of 64 bytes (else `invalidKey`), and the lists of associated data that messages may have.
  package init(key: borrowing SecretBytes, associatedData: [[[UInt8]]]) throws(PrimitiveError) {
    guard key.count == AESSIV.keyByteCount else { throw .invalidKey }
    var mac = try key.withBytes { (key) throws(PrimitiveError) in try CMAC(key: key.extracting(0..<32)) }
    let macCipher = try key.withBytes { (key) throws(PrimitiveError) in
      try CipherContext(.aes256ECB, key: key.extracting(0..<32), .encrypt)
    }
    let counterCipher = try key.withBytes { (key) throws(PrimitiveError) in
      try CipherContext(.aes256ECB, key: key.extracting(32..<64), .encrypt)
    }
    var masks = Scratch(count: 16 * associatedData.count)
    for (index, elements) in associatedData.enumerated() {
      masks.set(try mac.s2v(elements) ^ mac.wholeKey, at: 16 * index)
    }
    self.mac = mac
    self.macCipher = macCipher
    self.counterCipher = counterCipher
    self.masks = masks
    maskCount = associatedData.count
  }

  /// Seals each message of `input`: writes its V and ciphertext to `output`. `invalidLength`, and nothing
  /// written, when a message reaches outside.
  package mutating func seal(
    _ messages: [Message], from input: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(PrimitiveError) {
    for message in messages {
      let inside =
        isWellFormed(message) && 0..<16 * message.blockCount ~= message.plaintextCount
        && fits(message.plaintextCount, at: message.plaintext, in: input.count)
        && fits(16, at: message.v, in: output.count)
        && fits(16 * message.blockCount, at: message.ciphertext, in: output.count)
      guard inside else { throw .invalidLength }
    }
    try unsafe output.withMutablePointer { (output) throws(PrimitiveError) in
      let output = UnsafeMutableRawPointer(output)
      try unsafe input.withUnsafeBytes { (input) throws(PrimitiveError) in
        var next = 0
        while next < messages.count {
          let start = next
          next = schedule.plan(messages, from: start)
          if schedule.laneCount < Self.laneMinimum {
            for index in start..<next { try unsafe seal(messages[index], input, output) }
          } else {
            try unsafe sealLanes(of: messages, input, output)
          }
        }
      }
    }
  }

  /// Opens each message of `input`. Writes its padded plaintext to `output` and true to its place in
  /// `verified`, which is as long as `messages`; or zeros and false, when V is not the one that the plaintext
  /// has. `invalidLength`, and nothing written, when a message reaches outside.
  package mutating func open(
    _ messages: [Message], from input: Span<UInt8>, into output: inout MutableSpan<UInt8>,
    verified: inout [Bool]
  ) throws(PrimitiveError) {
    for message in messages {
      let inside =
        isWellFormed(message) && fits(16 * message.blockCount, at: message.plaintext, in: output.count)
        && fits(16, at: message.v, in: input.count)
        && fits(16 * message.blockCount, at: message.ciphertext, in: input.count)
      guard inside else { throw .invalidLength }
    }
    guard verified.count == messages.count else { throw .invalidLength }
    try unsafe output.withMutablePointer { (output) throws(PrimitiveError) in
      let output = UnsafeMutableRawPointer(output)
      try unsafe input.withUnsafeBytes { (input) throws(PrimitiveError) in
        guard let input = input.baseAddress else { return }
        var next = 0
        while next < messages.count {
          let start = next
          next = schedule.plan(messages, from: start)
          if schedule.laneCount < Self.laneMinimum {
            for index in start..<next { verified[index] = try unsafe open(messages[index], input, output) }
          } else {
            try unsafe openLanes(of: messages, input, output, &verified)
          }
        }
      }
    }
  }

  private func isWellFormed(_ message: Message) -> Bool {
    1...Self.blockMaximum ~= message.blockCount && 0..<maskCount ~= message.associatedData
  }

  private func fits(_ count: Int, at offset: Int, in bound: Int) -> Bool {
    offset >= 0 && count <= bound && offset <= bound - count
  }
}

// MARK: - In lock-step

extension LockstepSIV {
  private mutating func sealLanes(
    of messages: [Message], _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) {
    defer { wipe(blockCount: schedule.blockCount) }
    for lane in 0..<schedule.laneCount {
      unsafe copyPadded(messages[schedule.order[lane]], input) { step in schedule.block(step, lane) }
    }
    try authenticateLanes(of: messages)
    for lane in 0..<schedule.laneCount {
      let message = messages[schedule.order[lane]]
      let v = states.block(at: 16 * lane)
      unsafe output.storeBytes(of: v, toByteOffset: message.v, as: Block.self)
      setCounters(from: v, count: message.blockCount) { step in schedule.block(step, lane) }
    }
    try unsafe counterCipher.update(keystreams.start, count: 16 * schedule.blockCount, into: keystreams.start)
    for lane in 0..<schedule.laneCount {
      let message = messages[schedule.order[lane]]
      for step in 0..<message.blockCount {
        let offset = 16 * schedule.block(step, lane)
        let block = unsafe plaintexts.load(offset) ^ keystreams.load(offset)
        unsafe output.storeBytes(of: block, toByteOffset: message.ciphertext + 16 * step, as: Block.self)
      }
    }
  }

  private mutating func openLanes(
    of messages: [Message], _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    _ verified: inout [Bool]
  ) throws(PrimitiveError) {
    defer { wipe(blockCount: schedule.blockCount) }
    for lane in 0..<schedule.laneCount {
      let message = messages[schedule.order[lane]]
      let v = unsafe input.loadUnaligned(fromByteOffset: message.v, as: Block.self)
      setCounters(from: v, count: message.blockCount) { step in schedule.block(step, lane) }
    }
    try unsafe counterCipher.update(keystreams.start, count: 16 * schedule.blockCount, into: keystreams.start)
    for lane in 0..<schedule.laneCount {
      let message = messages[schedule.order[lane]]
      for step in 0..<message.blockCount {
        let offset = 16 * schedule.block(step, lane)
        let block = unsafe input.loadUnaligned(
          fromByteOffset: message.ciphertext + 16 * step, as: Block.self)
        unsafe plaintexts.store(block ^ keystreams.load(offset), offset)
      }
    }
    try authenticateLanes(of: messages)
    for lane in 0..<schedule.laneCount {
      let index = schedule.order[lane]
      let message = messages[index]
      let claimed = unsafe input.loadUnaligned(fromByteOffset: message.v, as: Block.self)
      verified[index] = ConstantTime.equal(claimed, states.block(at: 16 * lane))
      for step in 0..<message.blockCount {
        let block = verified[index] ? unsafe plaintexts.load(16 * schedule.block(step, lane)) : Block()
        unsafe output.storeBytes(of: block, toByteOffset: message.plaintext + 16 * step, as: Block.self)
      }
    }
  }

  /// Leaves V of each lane's plaintext in `states`.
  private mutating func authenticateLanes(of messages: [Message]) throws(PrimitiveError) {
    for lane in 0..<schedule.laneCount { unsafe states.store(Block(), 16 * lane) }
    for step in 0..<schedule.stepCount {
      let laneCount = schedule.laneCount(step)
      let start = 16 * schedule.block(step, 0)
      for lane in 0..<laneCount {
        unsafe states.store(states.load(16 * lane) ^ plaintexts.load(start + 16 * lane), 16 * lane)
      }
      for lane in schedule.laneCount(step + 1)..<laneCount {
        let mask = masks.block(at: 16 * messages[schedule.order[lane]].associatedData)
        unsafe states.store(states.load(16 * lane) ^ mask, 16 * lane)
      }
      try unsafe macCipher.update(states.start, count: 16 * laneCount, into: states.start)
    }
  }
}

// MARK: - One by one

extension LockstepSIV {
  private mutating func seal(
    _ message: Message, _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) {
    defer { wipe(blockCount: message.blockCount) }
    unsafe copyPadded(message, input) { $0 }
    let v = try authenticate(message)
    unsafe output.storeBytes(of: v, toByteOffset: message.v, as: Block.self)
    setCounters(from: v, count: message.blockCount) { $0 }
    try unsafe counterCipher.update(keystreams.start, count: 16 * message.blockCount, into: keystreams.start)
    for step in 0..<message.blockCount {
      let block = unsafe plaintexts.load(16 * step) ^ keystreams.load(16 * step)
      unsafe output.storeBytes(of: block, toByteOffset: message.ciphertext + 16 * step, as: Block.self)
    }
  }

  private mutating func open(
    _ message: Message, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) -> Bool {
    defer { wipe(blockCount: message.blockCount) }
    let claimed = unsafe input.loadUnaligned(fromByteOffset: message.v, as: Block.self)
    setCounters(from: claimed, count: message.blockCount) { $0 }
    try unsafe counterCipher.update(keystreams.start, count: 16 * message.blockCount, into: keystreams.start)
    for step in 0..<message.blockCount {
      let block = unsafe input.loadUnaligned(fromByteOffset: message.ciphertext + 16 * step, as: Block.self)
      unsafe plaintexts.store(block ^ keystreams.load(16 * step), 16 * step)
    }
    let verified = ConstantTime.equal(claimed, try authenticate(message))
    for step in 0..<message.blockCount {
      let block = verified ? unsafe plaintexts.load(16 * step) : Block()
      unsafe output.storeBytes(of: block, toByteOffset: message.plaintext + 16 * step, as: Block.self)
    }
    return verified
  }

  /// V of the plaintext at the start of `plaintexts`. Overwrites `keystreams`.
  private mutating func authenticate(_ message: Message) throws(PrimitiveError) -> Block {
    for step in 0..<message.blockCount { unsafe keystreams.store(plaintexts.load(16 * step), 16 * step) }
    let last = 16 * (message.blockCount - 1)
    keystreams.set(keystreams.block(at: last) ^ masks.block(at: 16 * message.associatedData), at: last)
    return try unsafe mac.authenticate(masked: keystreams.start, count: 16 * message.blockCount)
  }
}

// MARK: - Blocks

extension LockstepSIV {
  /// Copies a message and its padding to `plaintexts`, each block to where `place` says.
  @inline(__always)
  private func copyPadded(_ message: Message, _ input: UnsafeRawBufferPointer, _ place: (Int) -> Int) {
    let whole = message.plaintextCount / 16
    for step in 0..<whole {
      let block = unsafe input.loadUnaligned(fromByteOffset: message.plaintext + 16 * step, as: Block.self)
      unsafe plaintexts.store(block, 16 * place(step))
    }
    let rest = message.plaintextCount % 16
    let start = message.plaintext + 16 * whole
    // The block may be loaded whole, with bytes of the next message, when the input has so many.
    let block = if start <= input.count - 16 {
      unsafe Block(padding: input.loadUnaligned(fromByteOffset: start, as: Block.self), keeping: rest)
    } else {
      unsafe Block(padding: input[start..<start + rest])
    }
    unsafe plaintexts.store(block, 16 * place(whole))
    for step in whole + 1..<message.blockCount { unsafe plaintexts.store(Block(), 16 * place(step)) }
  }

  /// Sets the counter blocks of RFC 5297 §2.5 in `keystreams`, each at where `place` says.
  @inline(__always)
  private func setCounters(from v: Block, count: Int, _ place: (Int) -> Int) {
    // With bit 31 cleared, no message is long enough for a carry beyond the last 64 bits.
    let (high, low) = (v.high, v.low & 0x7fff_ffff_7fff_ffff)
    for step in 0..<count {
      unsafe keystreams.store(Block(high: high, low: low + UInt64(step)), 16 * place(step))
    }
  }

  private func wipe(blockCount: Int) {
    unsafe Sodium.wipe(plaintexts.start, count: 16 * blockCount)
    unsafe Sodium.wipe(keystreams.start, count: 16 * blockCount)
  }
}

extension Block {
  /// The first `count` bytes of `block`, fewer than 16, then 0x80 and zeros.
  @inline(__always)
  fileprivate init(padding block: Block, keeping count: Int) {
    let places = Block(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let end = Block(repeating: UInt8(truncatingIfNeeded: count))
    self = block.replacing(with: Block(), where: places .>= end)
      .replacing(with: Block(repeating: 0x80), where: places .== end)
  }

  @inline(__always)
  fileprivate init(padding bytes: Slice<UnsafeRawBufferPointer>) {
    self.init()
    for place in unsafe 0..<bytes.count { unsafe self[place] = bytes[bytes.startIndex + place] }
    unsafe self[bytes.count] = 0x80
  }
}

extension Scratch {
  // Without a check of the place: every one comes from a schedule, which knows how many blocks fit.
  @unsafe @inline(__always)
  fileprivate func load(_ offset: Int) -> Block { unsafe start.load(fromByteOffset: offset, as: Block.self) }
  @unsafe @inline(__always)
  fileprivate func store(_ block: Block, _ offset: Int) {
    unsafe start.storeBytes(of: block, toByteOffset: offset, as: Block.self)
  }
}
