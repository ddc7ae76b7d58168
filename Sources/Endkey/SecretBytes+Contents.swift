internal import EndkeyPrimitives
internal import EndkeyWire

// Contents that hold keys are read from, and written into, guarded memory: no copy stays behind. §8.4

extension SecretBytes {
  /// `count` bytes that `write` writes, field by field.
  init<Failure: Error>(
    count: Int, writing write: (inout Writer) throws(Failure) -> Void
  ) throws(Failure) {
    try self.init(count: count) { (bytes: inout MutableSpan<UInt8>) throws(Failure) in
      var writer = Writer(&bytes)
      try write(&writer)
    }
  }

  /// The bytes of `contents`, whose secret fields are places in `secrets`.
  init(_ contents: some SecretContents, secrets: borrowing SecretBytes) {
    self = secrets.withBytes { secrets in
      SecretBytes(count: contents.serializedCount) { writer in
        contents.serialize(into: &writer, secrets: secrets)
      }
    }
  }

  /// A copy of the bytes at a place that a parser of these bytes gave.
  func copy<let count: Int>(_ place: SecretPlace<count>) -> SecretBytes {
    withBytes { SecretBytes(copying: $0.extracting(place.range)) }
  }

  /// Whether these bytes come before `other`, in lexicographic order. The time shows where they differ: for
  /// secrets of the same holder only.
  func precedes(_ other: borrowing SecretBytes) -> Bool {
    withBytes { own in
      other.withBytes { other in
        for index in 0..<min(own.count, other.count) where own[index] != other[index] {
          return own[index] < other[index]
        }
        return own.count < other.count
      }
    }
  }
}

extension Writer {
  /// The bytes of a secret. The memory behind the writer must be as guarded as theirs.
  mutating func secret(_ secret: borrowing SecretBytes) {
    secret.withBytes { bytes($0) }
  }
}
