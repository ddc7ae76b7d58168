internal import HTTPTypes
internal import ServiceModel
internal import ServiceStore

/// A method of a resource.
struct Route {
  let method: HTTPRequest.Method
  /// The segments of the path; one in braces stands for a value.
  let path: [Substring]
  let who: Who
  let answer: @Sendable (Exchange) async throws -> Answer

  init(
    _ method: HTTPRequest.Method, _ path: String, _ who: Who,
    _ answer: @escaping @Sendable (Exchange) async throws -> Answer
  ) {
    self.method = method
    self.path = path.split(separator: "/", omittingEmptySubsequences: false)
    self.who = who
    self.answer = answer
  }

  /// What stands in the places of names, if `segments` are this path.
  func parameters(of segments: [Substring]) -> [String: String]? {
    guard segments.count == path.count else { return nil }
    var parameters: [String: String] = [:]
    for (name, segment) in zip(path, segments) {
      if name.hasPrefix("{") {
        parameters[String(name.dropFirst().dropLast())] = String(segment)
      } else if name != segment {
        return nil
      }
    }
    return parameters
  }
}

/// Who may ask. `spec/http.md`, section 7
enum Who {
  /// Whoever it is: the resource looks for itself.
  case anybody
  /// An agent, or a person who may still wait.
  case agentOrPerson
  /// An agent that may upload.
  case uploader
  /// An agent: the resource looks whose a thing is.
  case agent
  /// An agent, or a person whom the state names.
  case agentOrActive
  /// A person, who may still wait.
  case person
  /// A person whom the state names.
  case active
  /// The owner.
  case owner
  /// The owner, who has signed in just now.
  case freshOwner

  /// Throws what a caller lacks who may not.
  func check(_ caller: Caller, at now: Int64) throws(Problem) {
    switch (self, caller) {
    case (.anybody, _), (.agentOrPerson, _), (.agentOrActive, .agent), (.agent, .agent), (.person, .person):
      return
    case (.uploader, .agent(_, _, let isGranted, let isListed)):
      if isListed { throw Problem(.agentListed) }
      if !isGranted { throw Problem(.notGranted) }
    case (.agentOrActive, .person(let session)), (.active, .person(let session)):
      if !session.isActive { throw Problem(.notAllowed) }
    case (.owner, .person(let session)):
      if !session.isOwner { throw Problem(.ownerRequired) }
    case (.freshOwner, .person(let session)):
      if !session.isOwner { throw Problem(.ownerRequired) }
      if session.freshUntil <= now { throw Problem(.freshRequired) }
    default: throw Problem(.notAllowed)
    }
  }
}
