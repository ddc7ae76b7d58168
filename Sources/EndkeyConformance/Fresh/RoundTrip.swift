internal import EndkeyJSON
internal import EndkeySuite

/// Two operations of which one gives back what the other was given.
struct RoundTrip: Sendable {
  /// A change after which the opening operation must refuse.
  struct Spoiling: Sendable {
    let says: String
    /// None for any of the operation's.
    let codes: Set<String>
    let edit: @Sendable (inout JSONObject, inout Drawing) -> Void
  }

  let make: String
  let open: String
  let req: [String]
  /// Values that are drawn.
  var count = 10
  /// Whether `make` chooses something itself.
  var isRandomised = false
  /// The input of `make`; nil where the suite has nothing to begin with.
  let draw: @Sendable (inout Drawing, ConformanceSuite) -> JSONObject?
  /// The input of `open`, of that of `make` and what it gave.
  let opening: @Sendable (_ given: JSONObject, _ made: JSONObject, ConformanceSuite) -> JSONObject?
  /// What `open` gives back, of the input of `make` and what it gave.
  let back: @Sendable (_ given: JSONObject, _ made: JSONObject, ConformanceSuite) -> JSONObject
  let spoilings: [Spoiling]

  var check: Check {
    let name = "check-fresh-\(make.split(separator: "/").joined(separator: "-"))-and-back"
    return Check(
      name, ops: [make, open], req: req,
      "\(open) gives back what \(make) was given, of drawn values; and refuses it once it is changed."
    ) { (examination) throws(Check.Stop) in
      var drawing = examination.drawing(name)
      try examination.check(self, &drawing)
    }
  }
}

extension RoundTrip.Spoiling {
  /// One bit of a member is another.
  static func bit(of key: String, _ codes: String...) -> Self {
    Self(says: "with a bit of \(key) flipped", codes: Set(codes)) { input, drawing in
      input[key] = .hex(drawing.flipped(input.given(key)))
    }
  }

  /// A member has a byte less, or one more.
  static func size(of key: String, _ codes: String...) -> Self {
    Self(says: "with a byte of \(key) too few or too many", codes: Set(codes)) { input, drawing in
      let bytes = input.given(key)
      input[key] = .hex(drawing.isOne(in: 2) ? bytes + drawing.bytes(1) : Array(bytes.dropLast()))
    }
  }

  /// The first of the keys is another.
  static func bit(ofFirst list: String, _ key: String, _ codes: String...) -> Self {
    Self(says: "with a bit of \(list)[0].\(key) flipped", codes: Set(codes)) { input, drawing in
      guard case .array(var elements)? = input[list], case .object(var first)? = elements.first else {
        return
      }
      first[key] = .hex(drawing.flipped(first.given(key)))
      elements[0] = .object(first)
      input[list] = .array(elements)
    }
  }

  /// One character of a text is another of `alphabet`.
  static func character(of key: String, _ alphabet: String, _ codes: String...) -> Self {
    Self(says: "with a character of \(key) changed", codes: Set(codes)) { input, drawing in
      var text = input.given(key)
      let place = drawing.number(0...(max(1, text.count) - 1))
      let others = alphabet.utf8.filter { text.indices.contains(place) && $0 != text[place] }
      guard !others.isEmpty else { return }
      text[place] = drawing.element(of: others)
      input[key] = .hex(text)
    }
  }
}

extension Examination {
  fileprivate func check(_ trip: RoundTrip, _ drawing: inout Drawing) throws(Check.Stop) {
    var given: [JSONObject] = []
    for _ in 0..<trip.count {
      guard let input = trip.draw(&drawing, suite) else {
        throw .unsupported("the suite has no vector of \(trip.make) to begin with")
      }
      if !given.contains(input) { given.append(input) }
    }
    let prompts = given.map { Prompt(op: trip.make, input: $0) }
    let made = try outputs(prompts)
    var seen: Set<[UInt8]> = []
    for out in made {
      guard seen.insert(CanonicalJSON.bytes(of: .object(out))).inserted else {
        throw .fault(.fail, "\(trip.make) gives one output for two inputs")
      }
    }
    var questions: [Question] = []
    for (input, out) in zip(given, made) {
      // Asked again, among others, it is the same.
      if !trip.isRandomised, OperationDescription.named[trip.make]?.cost == 1 {
        questions.append(Question(trip.make, input, .gives(out), "asked again"))
      }
      guard let opening = trip.opening(input, out, suite) else {
        throw .unsupported("the suite has no vector of \(trip.open) for what is made")
      }
      questions.append(
        Question(trip.open, opening, .gives(trip.back(input, out, suite)), "of what \(trip.make) made"))
      for spoiling in trip.spoilings {
        var spoilt = opening
        spoiling.edit(&spoilt, &drawing)
        // Nothing to change, such as a bit of no bytes.
        guard spoilt != opening else { continue }
        questions.append(Question(trip.open, spoilt, .refused(spoiling.codes), spoiling.says))
      }
    }
    try judge(questions, &drawing)
  }
}
