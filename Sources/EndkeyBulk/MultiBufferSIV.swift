internal import EndkeyPrimitives
internal import EndkeyWire

/// AES-256-SIV of many short strings, padded: the bytes that `AESSIV` gives, sooner.
///
/// AES takes hardly longer for eight blocks than for one, but in a CMAC each block waits for the one before.
/// So this is a multi-buffer engine: it takes the first block of each message, then the second of each, and so on, a
/// lane for each message. Their counter blocks are then a single run. Very few messages go one by one.
///
/// A string is padded to 16, 32, 64 ... 4,096 bytes: the byte 0x80, then zeros (ISO/IEC 7816-4). What is sealed of it
/// is a record, as a token is one (§8.3): six bytes that its kind has, V, the number of padded bytes in two bytes, the
/// ciphertext.
///
/// `AESSIV` in `EndkeyPrimitives` and `TokenCipher` in `Endkey` are the plain form of the same, and the measure of this
/// one. A value serves one thread at a time; any number of them can be made from one key.
struct MultiBufferSIV: ~Copyable, Sendable {
  /// What records have in common.
  struct Kind {
    /// What each starts with, 6 bytes.
    let prefix: [UInt8]
    let associatedData: [[UInt8]]
  }

  /// Where a record is.
  struct Record: Sendable {
    let start: Int
    /// How many bytes its ciphertext has: 16, 32, 64 ... 4,096.
    let paddedCount: Int
    let kind: Int
  }

  /// Strings back to back in one buffer: where the first starts, and where each ends.
  struct Places: ~Escapable {
    fileprivate let start: Int
    fileprivate let ends: Span<Int>

    @_lifetime(copy ends)
    init(from start: Int, endingAt ends: Span<Int>) {
      self.start = start
      self.ends = ends
    }
  }

  private static var stringMaximum: Int { MultiBufferPadding.stringMaximum }
  private static var vOffset: Int { Token.Layout.vOffset }
  private static var countOffset: Int { vOffset + AESSIV.vByteCount }
  private static var ciphertextOffset: Int { Token.Layout.headCount }
  /// Fewer messages are sooner done one by one.
  private static var laneMinimum: Int { 3 }

  private var mac: CMAC
  private var macCipher: CipherContext
  private var counterCipher: CipherContext
  /// For each kind, how a record starts, in eight bytes.
  private let prefixes: [UInt64]
  /// For each kind, what a message's last block is combined with: D and K1.
  private let masks: Scratch
  private var schedule = MultiBufferSchedule()
  /// The CMAC of each lane, so far.
  private var states = Scratch(count: 16 * MultiBufferSchedule.laneMaximum)
  /// The padded strings of all lanes, one lane after the other.
  private var plaintexts = Scratch(count: 16 * MultiBufferSchedule.blockMaximum)
  /// The keystreams of all lanes, one lane after the other.
  private var keystreams = Scratch(count: 16 * MultiBufferSchedule.blockMaximum)
  private let padding = MultiBufferPadding()
  /// How many lanes and blocks are to be wiped.
  private var used = (lanes: 0, blocks: 0)

  /// A key of 64 bytes, else `invalidKey`.
  init(key: borrowing SecretBytes, kinds: [Kind]) throws(PrimitiveError) {
    precondition(kinds.count <= 256 && kinds.allSatisfy { $0.prefix.count == Self.vOffset })
    guard key.count == AESSIV.keyByteCount else { throw .invalidKey }
    var mac = try key.withBytes { (key) throws(PrimitiveError) in try CMAC(key: key.extracting(0..<32)) }
    let macCipher = try key.withBytes { (key) throws(PrimitiveError) in
      try CipherContext(blocksUnder: key.extracting(0..<32))
    }
    let counterCipher = try key.withBytes { (key) throws(PrimitiveError) in
      try CipherContext(blocksUnder: key.extracting(32..<64))
    }
    var masks = Scratch(count: 16 * kinds.count)
    for (index, kind) in kinds.enumerated() {
      masks.set(try mac.s2v(kind.associatedData) ^ mac.wholeKey, at: 16 * index)
    }
    prefixes = kinds.map { $0.prefix.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    self.mac = mac
    self.macCipher = macCipher
    self.counterCipher = counterCipher
    self.masks = masks
  }

  /// Appends the record of each string of `input` to `records`, and where it ends, counted from `start`, to `ends`.
  ///
  /// False when a string is longer than 4,095 bytes, or holds a byte above 0x7f and `isText` says no to it: nothing
  /// was appended to `records` then.
  mutating func seal(
    _ strings: borrowing Places, of input: Span<UInt8>, kind: Int,
    into records: inout OutputSpan<UInt8>, from base: Int, endingAt ends: inout OutputSpan<Int>,
    isText: (Span<UInt8>) -> Bool
  ) throws(PrimitiveError) -> Bool {
    defer { wipe() }
    return try unsafe records.withUnsafeMutableBufferPointer { (buffer, usedCount) throws(PrimitiveError) in
      guard let start = buffer.baseAddress else {
        precondition(strings.ends.isEmpty)
        return true
      }
      let output = UnsafeMutableRawPointer(start)
      let prefix = prefixes[kind]
      var record = usedCount
      var string = strings.start
      precondition(string >= 0)
      var next = 0
      while next < strings.ends.count {
        schedule.removeAll()
        while next < strings.ends.count {
          let end = strings.ends[next]
          let count = end - string
          guard 0...Self.stringMaximum ~= count else { return false }
          let power = MultiBufferPadding.power(count)
          guard schedule.hasRoom(power: power) else { break }
          let recordEnd = record + Self.ciphertextOffset + 16 &<< power
          precondition(end <= input.count && recordEnd <= buffer.count)
          schedule.add(
            MultiBufferSchedule.Message(string: string, count: count, record: record, kind: UInt8(kind)),
            power: power)
          // Here already: what is written in the order of its places comes sooner to the cache.
          unsafe writeHead(prefix, 16 << power, to: output + record)
          ends.append(base + recordEnd)
          (string, record) = (end, recordEnd)
          next += 1
        }
        guard try unsafe sealLanes(input, output, isText) else { return false }
      }
      usedCount = record
      return true
    }
  }

  /// Opens each of `records` in `input`. Appends the string to `strings`, and where it ends, counted from `start`, to
  /// `ends`. When V is not the one that the string has, its padding is wrong or more than it must be, or it holds a
  /// byte above 0x7f and `isText` says no to it, nothing is appended to `strings`, and `refuse` is told its index.
  mutating func open(
    _ records: Span<Record>, of input: Span<UInt8>,
    into strings: inout OutputSpan<UInt8>, from base: Int, endingAt ends: inout OutputSpan<Int>,
    isText: (Span<UInt8>) -> Bool, refuse: (Int) -> Void
  ) throws(PrimitiveError) {
    defer { wipe() }
    try unsafe strings.withUnsafeMutableBufferPointer { (buffer, usedCount) throws(PrimitiveError) in
      try unsafe input.withUnsafeBytes { (input) throws(PrimitiveError) in
        guard let source = input.baseAddress, let target = buffer.baseAddress else {
          precondition(records.isEmpty)
          return
        }
        var end = usedCount
        var next = 0
        while next < records.count {
          let first = next
          schedule.removeAll()
          while next < records.count {
            let record = records[next]
            let power = record.paddedCount.trailingZeroBitCount - 4
            precondition(
              0...MultiBufferSchedule.powerMaximum ~= power && record.paddedCount == 16 << power
                && 0..<prefixes.count ~= record.kind && record.start >= 0
                && record.start <= input.count - record.paddedCount - Self.ciphertextOffset)
            guard schedule.hasRoom(power: power) else { break }
            schedule.add(
              MultiBufferSchedule.Message(
                record: record.start, kind: UInt8(record.kind), index: UInt16(next - first)),
              power: power)
            next += 1
          }
          precondition(16 * schedule.blockCount <= buffer.count - end)
          try unsafe openLanes(source, isText)
          let places = unsafe schedule.stringEnds
          unsafe places[0] = end
          for index in 0..<schedule.laneCount {
            let count = unsafe places[index &+ 1]
            if count < 0 { refuse(first + index) } else { end += count }
            unsafe places[index &+ 1] = end
            ends.append(base + end)
          }
          unsafe copyStrings(to: UnsafeMutableRawPointer(target))
        }
        usedCount = end
      }
    }
  }

  private mutating func wipe() {
    states.wipe(count: 16 * used.lanes)
    plaintexts.wipe(count: 16 * used.blocks)
    keystreams.wipe(count: 16 * used.blocks)
    used = (0, 0)
  }
}

// MARK: - Lanes

extension MultiBufferSIV {
  private mutating func sealLanes(
    _ input: Span<UInt8>, _ output: UnsafeMutableRawPointer, _ isText: (Span<UInt8>) -> Bool
  ) throws(PrimitiveError) -> Bool {
    noteUse()
    let (plaintexts, keystreams, states) = unsafe (plaintexts.start, keystreams.start, states.start)
    var isRefused = false
    schedule.forEachLane { _, message, byteCount, place in
      let hasHighByte = unsafe input.withUnsafeBytes {
        unsafe padding.copy(message.string, message.count, of: $0, byteCount, to: plaintexts + place)
      }
      // declassified(ascii): whether a value is ASCII
      if hasHighByte, !isText(input.extracting(message.string..<message.string + message.count)) {
        isRefused = true
      }
    }
    guard !isRefused else { return false }
    try authenticate()
    schedule.forEachLane { lane, _, byteCount, place in
      unsafe Self.setCounters(states.load(16 &* lane), byteCount, at: keystreams + place)
    }
    try unsafe counterCipher.update(keystreams, count: 16 * schedule.blockCount, into: keystreams)
    schedule.forEachLane { lane, message, byteCount, place in
      unsafe Self.write(
        states.load(16 &* lane), plaintexts + place, keystreams + place, byteCount,
        to: output + message.record)
    }
    return true
  }

  /// Writes what stands before V and between V and the ciphertext.
  @unsafe @inline(__always)
  private func writeHead(_ prefix: UInt64, _ byteCount: Int, to record: UnsafeMutableRawPointer) {
    unsafe record.storeBytes(of: prefix.littleEndian, as: UInt64.self)
    unsafe record.storeBytes(
      of: UInt16(truncatingIfNeeded: byteCount).bigEndian, toByteOffset: Self.countOffset, as: UInt16.self)
  }

  /// Writes V, and the ciphertext of a string and its keystream.
  @unsafe @inline(__always)
  private static func write(
    _ v: Block, _ plaintext: UnsafeMutableRawPointer, _ keystream: UnsafeMutableRawPointer, _ byteCount: Int,
    to record: UnsafeMutableRawPointer
  ) {
    unsafe record.storeBytes(of: v, toByteOffset: vOffset, as: Block.self)
    let target = unsafe record + ciphertextOffset
    forEachBlock(of: byteCount) { offset in
      let block = unsafe plaintext.load(offset) ^ keystream.load(offset)
      unsafe target.storeBytes(of: block, toByteOffset: offset, as: Block.self)
    }
  }

  /// Leaves in the schedule, instead of its end, how many bytes each string has, and -1 for those refused.
  private mutating func openLanes(
    _ input: UnsafeRawPointer, _ isText: (Span<UInt8>) -> Bool
  ) throws(PrimitiveError) {
    noteUse()
    let (plaintexts, keystreams, states) = unsafe (plaintexts.start, keystreams.start, states.start)
    schedule.forEachLane { _, message, byteCount, place in
      let v = unsafe input.loadUnaligned(fromByteOffset: message.record + Self.vOffset, as: Block.self)
      unsafe Self.setCounters(v, byteCount, at: keystreams + place)
    }
    try unsafe counterCipher.update(keystreams, count: 16 * schedule.blockCount, into: keystreams)
    schedule.forEachLane { _, message, byteCount, place in
      let source = unsafe input + message.record + Self.ciphertextOffset
      forEachBlock(of: byteCount) { offset in
        let ciphertext = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
        unsafe plaintexts.store(ciphertext ^ keystreams.load(place &+ offset), place &+ offset)
      }
    }
    try authenticate()
    let counts = unsafe schedule.stringEnds + 1
    schedule.forEachLane { lane, message, byteCount, place in
      let v = unsafe input.loadUnaligned(fromByteOffset: message.record + Self.vOffset, as: Block.self)
      var count = -1
      // declassified(verdict): whether V is right
      if unsafe ConstantTime.equal(v, states.load(16 &* lane)) {
        let string = unsafe MultiBufferPadding.string(plaintexts + place, byteCount)
        count = string.count
        // declassified(ascii): whether a value is ASCII
        if string.hasHighByte, !(self.plaintexts.withBytes(place..<place + count) { isText($0) }) {
          count = -1
        }
      }
      unsafe counts[Int(message.index)] = count
    }
  }

  /// Leaves V of each lane's plaintext in `states`.
  private mutating func authenticate() throws(PrimitiveError) {
    let (plaintexts, states, masks) = unsafe (plaintexts.start, states.start, masks.start)
    self.states.wipe(count: 16 * schedule.laneCount)
    var step = 0
    for power in 0...MultiBufferSchedule.powerMaximum {
      let laneCount = schedule.laneCount(power: power)
      guard laneCount >= Self.laneMinimum else { return try chain(laneCount, from: step) }
      while step < 1 << power {
        // Each lane's block at this step.
        schedule.forEachPower(downTo: power) { power, lanes, place in
          var place = place &+ 16 &* step
          for lane in lanes {
            unsafe states.store(states.load(16 &* lane) ^ plaintexts.load(place), 16 &* lane)
            place &+= 16 &<< power
          }
        }
        step += 1
        if step == 1 << power {
          schedule.forEachKind(power: power) { lane, kind in
            let mask = unsafe masks.load(16 &* Int(kind))
            unsafe states.store(states.load(16 &* lane) ^ mask, 16 &* lane)
          }
        }
        try unsafe macCipher.update(states, count: 16 * laneCount, into: states)
      }
    }
  }

  /// Goes on with the first lanes one by one.
  private mutating func chain(_ laneCount: Int, from step: Int) throws(PrimitiveError) {
    for lane in 0..<laneCount {
      let (message, byteCount, place) = schedule.lane(lane)
      let (state, mask) = (states.block(at: 16 * lane), masks.block(at: 16 * Int(message.kind)))
      let v = try chain(place + 16 * step, count: byteCount - 16 * step, state: state, mask: mask)
      states.set(v, at: 16 * lane)
    }
  }

  /// Goes on from `state` with the `count` bytes at `place`, through the chain that CBC is. Overwrites `keystreams`.
  private mutating func chain(
    _ place: Int, count: Int, state: Block, mask: Block
  ) throws(PrimitiveError) -> Block {
    unsafe keystreams.start.copyMemory(from: plaintexts.start + place, byteCount: count)
    keystreams.set(keystreams.block(at: 0) ^ state, at: 0)
    keystreams.set(keystreams.block(at: count - 16) ^ mask, at: count - 16)
    return try unsafe mac.authenticate(masked: keystreams.start, count: count)
  }

  /// Writes as many counters as `byteCount` bytes need, from `v` on, RFC 5297 §2.5.
  @unsafe @inline(__always)
  private static func setCounters(_ v: Block, _ byteCount: Int, at target: UnsafeMutableRawPointer) {
    // With bit 31 cleared, no message is long enough for a carry beyond the last 64 bits, and few have one beyond the
    // last byte.
    let (high, low) = (v.high, v.low & 0x7fff_ffff_7fff_ffff)
    var counter = Block(high: high, low: low)
    // declassified(counter, maybe): V, which is public: where its counter blocks end
    if low & 0xff &+ UInt64(byteCount &>> 4) <= 0x100 {
      let one = Block(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
      forEachBlock(of: byteCount) { offset in
        unsafe target.store(counter, offset)
        counter &+= one
      }
    } else {
      forEachBlock(of: byteCount) { offset in
        unsafe target.store(Block(high: high, low: low &+ UInt64(offset &>> 4)), offset)
      }
    }
  }

  /// Notes how much is to be wiped for these lanes.
  private mutating func noteUse() {
    used = (max(used.lanes, schedule.laneCount), max(used.blocks, schedule.blockCount))
  }

  /// Copies the strings of all lanes to where they go. Lane by lane: jumps are the same for many.
  private func copyStrings(to output: UnsafeMutableRawPointer) {
    let plaintexts = unsafe plaintexts.start
    let places = unsafe schedule.stringEnds
    schedule.forEachLane { _, message, byteCount, place in
      let start = unsafe places[Int(message.index)]
      let count = unsafe places[Int(message.index) &+ 1] &- start
      let (source, target) = unsafe (plaintexts + place, output + start)
      if count >= 16 {
        // All blocks; those beyond the string, as its last 16 bytes again.
        forEachBlock(of: byteCount) { offset in
          let offset = min(offset, count &- 16)
          let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
          unsafe target.storeBytes(of: block, toByteOffset: offset, as: Block.self)
        }
      } else if count >= 8 {
        let (first, last) = unsafe (source.loadWord(0), source.loadWord(count &- 8))
        unsafe target.storeBytes(of: first.littleEndian, as: UInt64.self)
        unsafe target.storeBytes(of: last.littleEndian, toByteOffset: count &- 8, as: UInt64.self)
      } else {
        unsafe target.copyMemory(from: source, byteCount: count)
      }
    }
  }
}
