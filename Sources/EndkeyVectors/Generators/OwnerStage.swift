internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

/// What the service gives to persons' ends as an account goes on: wholes that fit together, each made on top of
/// another.
struct OwnerStage {
  let persons: PersonStage
  /// The first that the scenarios know: made by the owner, of epoch 1.
  let base: PersonStage.Opening

  var fixture: Fixture { persons.fixture }

  init() throws {
    persons = try PersonStage()
    base = try persons.owner()
  }

  /// The whole that an act makes on top of `last`, as the owner's end is given it. A new epoch keeps the key of the one
  /// before.
  func next(
    _ last: PersonStage.Opening, state edit: (inout FixtureState) -> Void = { _ in }, counter: UInt64? = nil,
    contents editContents: (inout FixtureContents) -> Void = { _ in }
  ) throws -> PersonStage.Opening {
    let state = last.state.edited {
      ($0.counter, $0.made) = ($0.counter + 1, $0.made + Fixture.hour)
      edit(&$0)
    }
    var contents = try persons.contents(state)
    contents.states = last.contents.states + [try state.note()]
    contents.recent = last.contents.recent + [SHA256.hash(last.vault)]
    (contents.codes, contents.members) = (last.contents.codes, last.contents.members)
    contents.pastKeys = last.contents.pastKeys
    if state.epoch != last.state.epoch || state.line != last.state.line {
      let key = be(last.state.epoch, 4) + Fixture.masterKey(last.state.epoch, last.state.line)
      contents.pastKeys = PublicationStage.sorted(contents.pastKeys + [key])
    }
    editContents(&contents)
    return try persons.owner(state, contents, counter: counter ?? last.counter + 1)
  }

  /// The same whole as the manager's end is given it.
  func managers(_ whole: PersonStage.Opening) throws -> PersonStage.Opening {
    try persons.manager(whole.state, whole.contents, counter: whole.counter)
  }

  /// A root act on top of `last`: the list of one more generation.
  func healed(
    _ last: PersonStage.Opening, counter: UInt64? = nil, state edit: (inout FixtureState) -> Void = { _ in },
    contents editContents: (inout FixtureContents) -> Void = { _ in }
  ) throws -> PersonStage.Opening {
    try next(
      last,
      state: {
        ($0.generation, $0.epoch) = ($0.generation + 1, $0.epoch &+ 1)
        edit(&$0)
      }, counter: counter,
      contents: {
        $0.codes = []
        editContents(&$0)
      })
  }

  /// A root act on top of `last` that removes the manager.
  func managerRemoved(_ last: PersonStage.Opening) throws -> PersonStage.Opening {
    let id = fixture.manager.agentID
    return try healed(
      last, state: { $0.persons = [fixture.account] },
      contents: { contents in
        contents.persons = contents.persons.map { $0.starts(with: id) ? $0.with([3], at: 17) : $0 }
      })
  }

  func open(_ password: FixturePassword? = nil, isDurable: Bool = true) -> JSONObject {
    let password = password ?? persons.password
    return .of([
      "login_name": .hex(password.loginName), "password": .hex(password.password),
      "account_secret": .hexOrNull(password.accountSecret), "durable": .bool(isDurable),
    ])
  }
}
