internal import EndkeyJSON
internal import EndkeySuite
internal import Glibc

/// What to do about a mistake that is easily made: one sentence each.
enum Advice {
  static let flush =
    "write one line an answer and flush standard output after each (python3 -u, fflush, setvbuf)"
  static let slow = "a client that is slow to start, or to answer, gets more time by --deadline SECONDS"
  static let output = "standard output is for answers alone: log to standard error"
}

// MARK: - Names

extension Advice {
  /// `; did you mean "NAME"?` with the name that is nearest to `name`; empty if none is near.
  static func suggestion(for name: String, among names: some Sequence<String>) -> String {
    nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// The name that `name` becomes by the fewest edits, case and separators aside; nothing if that is a third of it.
  static func nearest(to name: String, among names: some Sequence<String>) -> String? {
    let given = folded(name)
    guard (1...200).contains(given.count) else { return nil }
    var best: (distance: Int, name: String)?
    for candidate in names {
      let distance = edits(given, folded(candidate))
      if best.map({ (distance, candidate) < $0 }) ?? true { best = (distance, candidate) }
    }
    guard let best, best.distance <= max(1, given.count / 3) else { return nil }
    return best.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "_"), UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: ":"): UInt8(ascii: "-")
      default: byte
      }
    }
  }

  /// The number of bytes to insert, delete, replace, or swap with their neighbour.
  private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var least = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[b.count]
  }
}

// MARK: - Lines

extension Advice {
  /// What to do about a line that is no answer, or no hello.
  static func line(_ line: [UInt8], isHello: Bool = false) -> String? {
    let space: Set<UInt8> = [0x20, 0x09, 0x0d]
    let text = line.drop { space.contains($0) }
    guard let first = text.first else { return "no line may be blank: one line an answer, nothing between" }
    if text.starts(with: [0xef, 0xbb, 0xbf]) {
      return "the line begins with a byte order mark: write UTF-8 without one"
    }
    if text.starts(with: [0xff, 0xfe]) || text.starts(with: [0xfe, 0xff]) || text.contains(0) {
      return "this is UTF-16 or binary: write UTF-8"
    }
    let rest = text.dropFirst().drop { space.contains($0) }
    if first == UInt8(ascii: "["), rest.first.map({ $0 == UInt8(ascii: "{") }) ?? true {
      return "an answer is one object a line, and no list"
    }
    guard first == UInt8(ascii: "{") else { return output }
    guard case .object(let object)? = value(line) else {
      if rest.isEmpty { return "an answer is one line: write its JSON without indentation" }
      if rest.first == UInt8(ascii: "'") {
        return "JSON has its texts in double quotes: write it by a JSON library"
      }
      return nil
    }
    return member(object, isHello: isHello)
  }

  private static func member(_ object: JSONObject, isHello: Bool) -> String? {
    if object["cmd"] != nil || object["in"] != nil {
      return "this is the prompt: an answer has no cmd, op and in"
    }
    switch object["seq"] {
    case .number(let number)? where number.integer(as: Int.self) != nil: break
    case nil: return "an answer begins with the seq of its prompt"
    default: return "seq is a number: give back that of the prompt as it came"
    }
    if isHello {
      return "the answer to hello has v (1), seq, client (name and version) and ops, a list of names"
    }
    if object["layer"] != nil || object["expect"] != nil || object["twin"] != nil {
      return "this is what a vector or a report shows as expected: an answer has no expect and no layer"
    }
    if object.members.contains(where: { $0.key != "out" && $0.value == .null }) {
      return "a member that has no value is left out, and not null"
    }
    switch object["outcome"] {
    case "unsupported" where object["reason"] == nil:
      return "the outcome unsupported says why, in a member reason"
    case "error" where object["detail"] == nil:
      return "the outcome error says what went wrong, in a member detail"
    case "ok" where object["out"].map({ $0 == .null }) ?? true:
      return "the outcome ok has a member out, {} if there is nothing in it"
    case .string(let outcome)? where !["ok", "reject", "unsupported", "error"].contains(outcome):
      return "an outcome is ok, reject, unsupported or error"
    default: return nil
    }
  }

  private static func value(_ line: [UInt8]) -> JSONValue? {
    do {
      return try JSONValue(parsing: line, limits: JSONLimits(byteCount: LineSplitter.lineMaximum))
    } catch {
      return nil
    }
  }
}

// MARK: - Answers

extension Advice {
  /// What to do about a wrong answer to a vector.
  static func answer(_ answer: Answer, expected: Outcome, codes: CodeMap) -> String? {
    switch (expected, answer) {
    case (.ok(let right), .ok(let out, _)): return output(out, right)
    case (_, .reject(let rejection)):
      if let code = rejection.code {
        guard Layer.of(code) == nil else { return nil }
        return "the specification has no code \"\(code.shown)\"\(suggestion(for: code, among: Layer.codes))"
      }
      guard let native = rejection.native else {
        return "a rejection names a code, or a native error for --codes"
      }
      return "no code is known for \"\(native.shown)\": a line of --codes FILE gives it one"
        + suggestion(for: native, among: codes.natives)
    default: return nil
    }
  }

  /// What to do about an output that is right but for how it is written.
  private static func output(_ out: JSONObject, _ right: JSONObject) -> String? {
    guard out != right else { return nil }
    if alike(.object(out), .object(right), { lowered($0) == $1 }) {
      return "bytes are written in lower-case hex"
    }
    if alike(.object(out), .object(right), { Base64.hex($0) == $1 }) {
      return "bytes are written in lower-case hex, not in base64"
    }
    return nil
  }

  private static func lowered(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// Whether two values are the same where texts may also be so by `same`.
  private static func alike(
    _ got: JSONValue, _ right: JSONValue, _ same: (String, String) -> Bool
  ) -> Bool {
    switch (got, right) {
    case (.string(let a), .string(let b)): got == right || same(a, b)
    case (.array(let a), .array(let b)):
      a.count == b.count && zip(a, b).allSatisfy { alike($0, $1, same) }
    case (.object(let a), .object(let b)):
      a.members.count == b.members.count
        && a.members.allSatisfy { member in b[member.key].map { alike(member.value, $0, same) } ?? false }
    default: got == right
    }
  }
}

/// Reads base64 of either alphabet, to recognise it.
private enum Base64 {
  /// The bytes of `text` in hex; nothing if it is no base64.
  static func hex(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var (bits, count) = (0, 0)
    for character in text.utf8 where character != UInt8(ascii: "=") {
      guard let value = value(of: character) else { return nil }
      bits = (bits << 6 | value) & 0xffff
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return Hex.encode(bytes)
  }

  private static func value(of character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character) + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

// MARK: - Starting

extension Advice {
  /// What to do about a program that the system does not start, or that ended at once with this status of a shell.
  static func start(_ arguments: [String], failure: Int32?, status: Int32? = nil) -> String? {
    guard let program = arguments.first else { return nil }
    if status == 0 {
      return "it read no prompt: a client answers each line of its standard input until bye (docker run -i)"
    }
    let file = ChildProcess.file(of: program)
    if file == nil, arguments.count == 1, program.utf8.contains(UInt8(ascii: " ")) {
      return
        "program and arguments are words of their own: write -- \(program.shown), without quotes around all of it"
    }
    guard failure == ENOENT || failure == ENOEXEC || failure == EACCES || status == 126 || status == 127
    else {
      return nil
    }
    // An interpreter that is given a script, as by `python3 client.py`, says itself what is wrong.
    guard let file else {
      return program.utf8.contains(UInt8(ascii: "/"))
        ? "there is no such file: is the path right from here?"
        : "no folder of PATH has it: a program of this folder is ./\(program.shown)"
    }
    switch file.kind {
    case .folder: return "this is a folder: name the program in it"
    case .notExecutable: return "the file may not be executed: chmod +x \(program.shown)"
    case .script(let line):
      let words = line.dropFirst(2).split { $0 == 0x20 || $0 == 0x09 }
      if line.last == UInt8(ascii: "\r") {
        return "its first line ends with a carriage return, so that no interpreter has that name: "
          + "save the file with line ends of Unix (sed -i 's/\\r$//' \(program.shown))"
      }
      let interpreter = words.first.map { Array($0).excerpt } ?? ""
      guard failure == nil else {
        return "its first line names the interpreter \(interpreter), which is not here"
      }
      // `#!/usr/bin/env NAME` starts, and ends with this status.
      return words.count > 1 && status == 127
        ? "its first line names the interpreter \(Array(words[1]).excerpt), which is not here" : nil
    case .other:
      return failure == ENOEXEC
        ? "the file is no program and has no #! line: write -- INTERPRETER \(program.shown)" : nil
    }
  }
}
