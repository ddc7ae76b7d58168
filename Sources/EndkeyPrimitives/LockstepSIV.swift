/// AES-256-SIV of many short messages, each padded to whole blocks: the bytes that `AESSIV` gives, sooner.
///
/// AES takes hardly longer for eight blocks than for one, but in a CMAC each block waits for the one before.
/// So the messages go in lock-step: the first block of each, then the second of each, and so on. Their counter
/// blocks are then a single run. Very few messages go one by one.
///
/// `AESSIV` is the plain form of the same, and the measure of this one. A value serves one thread at a time;
/// any number of them can be made from one key.
package struct LockstepSIV: ~Copyable, Sendable {
  /// Where a message is, and where it goes, in the input and the output.
  package struct Message: Sendable {
    /// The place of the plaintext.
    package let plaintext: Int
    /// The place of the ciphertext, behind V and the gap.
    package let ciphertext: Int
    /// How many bytes of plaintext are to be padded. Not looked at when opening: that writes all blocks.
    fileprivate let plaintextCount: Int32
    /// 1...256.
    package let blockCount: Int16
    /// Which of the engine's lists of associated data.
    package let associatedData: Int16

    /// A message to be opened. Numbers out of range are `invalidLength` then.
    package init(plaintext: Int, blockCount: Int, ciphertext: Int, associatedData: Int) {
      self.init(
        plaintext: plaintext, count: 0, blockCount: blockCount, ciphertext: ciphertext,
        associatedData: associatedData)
    }

    @inline(__always)
    fileprivate init(
      plaintext: Int, count plaintextCount: Int, blockCount: Int, ciphertext: Int, associatedData: Int
    ) {
      self.plaintext = plaintext
      self.ciphertext = ciphertext
      self.plaintextCount = Int32(clamping: plaintextCount)
      self.blockCount = Int16(clamping: blockCount)
      self.associatedData = Int16(clamping: associatedData)
    }

    fileprivate var byteCount: Int { 16 * Int(blockCount) }
  }

  /// Most blocks of a message.
  package static var blockMaximum: Int { 256 }
  /// Fewer messages are sooner done one by one.
  private static var laneMinimum: Int { 3 }

  /// How far before the ciphertext V stands.
  private let vDistance: Int
  private var mac: CMAC
  private var macCipher: CipherContext
  private var counterCipher: CipherContext
  /// For each list of associated data, what a message's last block is combined with: D and K1.
  private let masks: Scratch
  private let maskCount: Int
  private var schedule = LockstepSchedule()
  /// The CMAC of each lane, so far.
  private var states = Scratch(count: 16 * LockstepSchedule.laneMaximum)
  /// The keystreams of all lanes, one lane after the other.
  private var keystreams = Scratch(count: 16 * LockstepSchedule.blockMaximum)

  /// A key of 64 bytes (else `invalidKey`), the lists of associated data that messages may have, and how many
  /// bytes stand between V and the ciphertext.
  package init(
    key: borrowing SecretBytes, associatedData: [[[UInt8]]], gap: Int = 0
  ) throws(PrimitiveError) {
    precondition(gap >= 0 && associatedData.count <= 255)
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
    vDistance = AESSIV.vByteCount + gap
    self.mac = mac
    self.macCipher = macCipher
    self.counterCipher = counterCipher
    self.masks = masks
    maskCount = associatedData.count
  }

  /// Strings or records, back to back in one buffer: where the first starts, and where each ends.
  package struct Places: ~Escapable {
    fileprivate let start: Int
    fileprivate let ends: Span<Int>

    @_lifetime(copy ends)
    package init(from start: Int, endingAt ends: Span<Int>) {
      self.start = start
      self.ends = ends
    }

    @inline(__always)
    fileprivate subscript(index: Int) -> Range<Int> {
      unsafe Range(uncheckedBounds: (index == 0 ? start : ends[index &- 1], ends[index]))
    }
  }

  /// Seals each string of `input`, padded to the size of the ciphertext (ISO/IEC 7816-4: 0x80, then zeros), into
  /// a record of `output`: `prefixCount` bytes of the caller's, V, the gap, the ciphertext. Says of each string in
  /// `highBytes` whether it may have a byte above 0x7f: the bytes are at hand here.
  ///
  /// `invalidLength`, and nothing written, when there are not as many records as strings, a record reaches
  /// outside, or a string does not fit.
  package mutating func seal(
    _ strings: borrowing Places, of input: Span<UInt8>, associatedData: Int,
    into records: borrowing Places, of output: inout MutableSpan<UInt8>, prefixCount: Int,
    highBytes: inout MutableSpan<Bool>
  ) throws(PrimitiveError) {
    let count = strings.ends.count
    let headCount = prefixCount + vDistance
    guard records.ends.count == count, highBytes.count == count, 0..<maskCount ~= associatedData else {
      throw .invalidLength
    }
    var (stringEnd, recordEnd) = (strings.start, records.start)
    guard stringEnd >= 0, recordEnd >= 0 else { throw .invalidLength }
    for index in 0..<count {
      let stringCount = strings.ends[index] - stringEnd
      let ciphertextCount = records.ends[index] - recordEnd - headCount
      (stringEnd, recordEnd) = (strings.ends[index], records.ends[index])
      guard 16...16 * Self.blockMaximum ~= ciphertextCount, ciphertextCount & 15 == 0,
        0..<ciphertextCount ~= stringCount, stringEnd <= input.count, recordEnd <= output.count
      else { throw .invalidLength }
    }
    try unsafe output.withMutablePointer { (output) throws(PrimitiveError) in
      let output = UnsafeMutableRawPointer(output)
      try unsafe input.withUnsafeBytes { (input) throws(PrimitiveError) in
        var next = 0
        while next < count {
          next = schedule.plan(from: next, upTo: count) { index in
            let (string, record) = (strings[index], records[index])
            let ciphertext = record.lowerBound &+ headCount
            return Message(
              plaintext: string.lowerBound, count: string.upperBound &- string.lowerBound,
              blockCount: (record.upperBound &- ciphertext) &>> 4, ciphertext: ciphertext,
              associatedData: associatedData)
          }
          do throws(PrimitiveError) {
            try unsafe sealLanes(input, output, &highBytes)
          } catch {
            // The plaintext may be where the ciphertext should.
            let lanes = unsafe schedule.lanes
            for lane in lanes.indices {
              unsafe Sodium.wipe(output + lanes[lane].ciphertext, count: lanes[lane].byteCount)
            }
            throw error
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
        isWellFormed(message, sealedIn: input.count)
        && message.plaintext >= 0 && message.plaintext <= output.count - message.byteCount
      guard inside else { throw .invalidLength }
    }
    guard verified.count == messages.count else { throw .invalidLength }
    try unsafe output.withMutablePointer { (output) throws(PrimitiveError) in
      let output = UnsafeMutableRawPointer(output)
      try unsafe input.withUnsafeBytes { (input) throws(PrimitiveError) in
        guard let input = input.baseAddress else { return }
        var next = 0
        while next < messages.count {
          next = schedule.plan(from: next, upTo: messages.count) { messages[$0] }
          do throws(PrimitiveError) {
            try unsafe openLanes(input, output, &verified)
          } catch {
            // What was decrypted was not verified.
            let lanes = unsafe schedule.lanes
            for lane in lanes.indices {
              unsafe Sodium.wipe(output + lanes[lane].plaintext, count: lanes[lane].byteCount)
            }
            throw error
          }
        }
      }
    }
  }

  private func isWellFormed(_ message: Message, sealedIn count: Int) -> Bool {
    1...Self.blockMaximum ~= Int(message.blockCount) && 0..<maskCount ~= Int(message.associatedData)
      && message.ciphertext >= vDistance && message.ciphertext <= count - message.byteCount
  }
}

// MARK: - In lock-step

extension LockstepSIV {
  private mutating func sealLanes(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawPointer,
    _ highBytes: inout MutableSpan<Bool>
  ) throws(PrimitiveError) {
    defer { wipe() }
    let lanes = unsafe schedule.lanes
    for lane in lanes.indices {
      let message = unsafe lanes[lane]
      highBytes[schedule.index(lane)] = unsafe copyPadded(message, input, to: output + message.ciphertext)
    }
    try unsafe authenticate(lanes, output, \.ciphertext)
    for lane in lanes.indices {
      unsafe output.storeBytes(
        of: states.load(16 &* lane), toByteOffset: lanes[lane].ciphertext &- vDistance, as: Block.self)
    }
    try unsafe makeKeystreams(lanes)
    var keystream = 0
    for lane in lanes.indices {
      let target = unsafe output + lanes[lane].ciphertext
      unsafe forEachBlock(of: lanes[lane].byteCount) { offset in
        let plaintext = unsafe target.loadUnaligned(fromByteOffset: offset, as: Block.self)
        unsafe target.storeBytes(
          of: plaintext ^ keystreams.load(keystream), toByteOffset: offset, as: Block.self)
        keystream &+= 16
      }
    }
  }

  private mutating func openLanes(
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    _ verified: inout [Bool]
  ) throws(PrimitiveError) {
    defer { wipe() }
    let lanes = unsafe schedule.lanes
    for lane in lanes.indices {
      unsafe states.store(
        input.loadUnaligned(fromByteOffset: lanes[lane].ciphertext - vDistance, as: Block.self), 16 &* lane)
    }
    try unsafe makeKeystreams(lanes)
    var keystream = 0
    for lane in lanes.indices {
      let source = unsafe input + lanes[lane].ciphertext
      let target = unsafe output + lanes[lane].plaintext
      unsafe forEachBlock(of: lanes[lane].byteCount) { offset in
        let ciphertext = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
        unsafe target.storeBytes(
          of: ciphertext ^ keystreams.load(keystream), toByteOffset: offset, as: Block.self)
        keystream &+= 16
      }
    }
    try unsafe authenticate(lanes, output, \.plaintext)
    for lane in lanes.indices {
      let claimed = unsafe input.loadUnaligned(
        fromByteOffset: lanes[lane].ciphertext - vDistance, as: Block.self)
      let isVerified = unsafe ConstantTime.equal(claimed, states.load(16 &* lane))
      if !isVerified { unsafe Sodium.wipe(output + lanes[lane].plaintext, count: lanes[lane].byteCount) }
      verified[schedule.index(lane)] = isVerified
    }
  }

  /// Leaves V of each lane's plaintext, which is at `place` in `bytes`, in `states`.
  @inline(__always)
  private mutating func authenticate(
    _ lanes: UnsafeBufferPointer<Message>, _ bytes: UnsafeMutableRawPointer, _ place: (Message) -> Int
  ) throws(PrimitiveError) {
    if lanes.count < Self.laneMinimum {
      for lane in lanes.indices {
        unsafe states.store(try authenticate(lanes[lane], bytes + place(lanes[lane])), 16 &* lane)
      }
      return
    }
    for lane in lanes.indices {
      let first = unsafe bytes.loadUnaligned(fromByteOffset: place(lanes[lane]), as: Block.self)
      unsafe states.store(first, 16 &* lane)
    }
    for step in 0..<schedule.stepCount {
      let (laneCount, nextCount) = (schedule.laneCount(step), schedule.laneCount(step + 1))
      for lane in 0..<(step == 0 ? 0 : laneCount) {
        let block = unsafe bytes.loadUnaligned(
          fromByteOffset: place(lanes[lane]) &+ 16 &* step, as: Block.self)
        unsafe states.store(states.load(16 &* lane) ^ block, 16 &* lane)
      }
      for lane in nextCount..<laneCount {
        let mask = unsafe masks.block(at: 16 * Int(lanes[lane].associatedData))
        unsafe states.store(states.load(16 &* lane) ^ mask, 16 &* lane)
      }
      try unsafe macCipher.update(states.start, count: 16 * laneCount, into: states.start)
    }
  }

  /// V of one plaintext, through the chain that CBC is. Overwrites `keystreams`.
  private mutating func authenticate(
    _ message: Message, _ plaintext: UnsafeMutableRawPointer
  ) throws(PrimitiveError) -> Block {
    let count = message.byteCount
    unsafe keystreams.start.copyMemory(from: plaintext, byteCount: count)
    let mask = masks.block(at: 16 * Int(message.associatedData))
    keystreams.set(keystreams.block(at: count - 16) ^ mask, at: count - 16)
    return try unsafe mac.authenticate(masked: keystreams.start, count: count)
  }

  /// The keystreams that start at the V in `states`, RFC 5297 §2.5.
  private mutating func makeKeystreams(_ lanes: UnsafeBufferPointer<Message>) throws(PrimitiveError) {
    var place = 0
    for lane in lanes.indices {
      // With bit 31 cleared, no message is long enough for a carry beyond the last 64 bits.
      let v = unsafe states.load(16 &* lane)
      let (high, low) = (v.high, v.low & 0x7fff_ffff_7fff_ffff)
      let end = unsafe low &+ UInt64(lanes[lane].blockCount)
      var next = low
      while next != end {
        unsafe keystreams.store(Block(high: high, low: next), place)
        next &+= 1
        place &+= 16
      }
    }
    try unsafe counterCipher.update(keystreams.start, count: place, into: keystreams.start)
  }

  /// Copies a message, and pads it. Says whether it may have a byte above 0x7f.
  @inline(__always)
  private func copyPadded(
    _ message: Message, _ input: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer
  ) -> Bool {
    let (count, byteCount) = (Int(message.plaintextCount), message.byteCount)
    guard message.plaintext <= input.count - byteCount else {
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      if let start = input.baseAddress {
        unsafe target.copyMemory(from: start + message.plaintext, byteCount: count)
      }
      unsafe target.storeBytes(of: 0x80, toByteOffset: count, as: UInt8.self)
      return true
    }
    // Blocks are loaded whole, with bytes of the next messages, and masked: jumps that depend on the count, which
    // differs from message to message, would take longer. The first half needs no mask when half is filled.
    let unmasked = min(count &>> 4, byteCount &>> 5) &<< 4
    var union = Block()
    forEachBlock(of: unmasked) { offset in
      let block = unsafe input.loadUnaligned(fromByteOffset: message.plaintext &+ offset, as: Block.self)
      union |= block
      unsafe target.storeBytes(of: block, toByteOffset: offset, as: Block.self)
    }
    forEachBlock(of: byteCount, from: unmasked) { offset in
      let block = unsafe input.loadUnaligned(fromByteOffset: message.plaintext &+ offset, as: Block.self)
      let (kept, mark) = block.padded(after: count &- offset)
      union |= kept
      unsafe target.storeBytes(of: kept | mark, toByteOffset: offset, as: Block.self)
    }
    return (union.high | union.low) & 0x8080_8080_8080_8080 != 0
  }

  private func wipe() {
    unsafe Sodium.wipe(states.start, count: 16 * schedule.laneCount)
    unsafe Sodium.wipe(keystreams.start, count: 16 * schedule.blockCount)
  }
}

extension Block {
  /// The bytes before `count` and zeros; and a block with 0x80 behind them. All bytes and no 0x80 when `count` is 16
  /// or more, none and none when it is negative: the byte 0x80 is then in another block.
  @inline(__always)
  fileprivate func padded(after count: Int) -> (kept: Block, mark: Block) {
    let places = SIMD16<Int8>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let end = SIMD16<Int8>(repeating: Int8(truncatingIfNeeded: Swift.min(Swift.max(count, -1), 16)))
    let mark = Block().replacing(with: Block(repeating: 0x80), where: places .== end)
    return (replacing(with: Block(), where: places .>= end), mark)
  }
}

/// Calls `body` with the place of each block before `count`.
@inline(__always)
private func forEachBlock(of count: Int, from start: Int = 0, _ body: (Int) -> Void) {
  var offset = start
  while offset < count {
    body(offset)
    offset &+= 16
  }
}

extension Scratch {
  // Without a check of the place: a schedule knows how many lanes and blocks there are.
  @unsafe @inline(__always)
  fileprivate func load(_ offset: Int) -> Block { unsafe start.load(fromByteOffset: offset, as: Block.self) }
  @unsafe @inline(__always)
  fileprivate func store(_ block: Block, _ offset: Int) {
    unsafe start.storeBytes(of: block, toByteOffset: offset, as: Block.self)
  }
}
