/// Where a value stands in its document, such as `tests[3].in.key`.
public indirect enum JSONPath: Sendable, CustomStringConvertible {
  case root
  case key(String, of: JSONPath)
  case index(Int, of: JSONPath)

  public var description: String {
    switch self {
    case .root: ""
    case .key(let key, of: .root): key
    case .key(let key, of: let parent): "\(parent).\(key)"
    case .index(let index, of: let parent): "\(parent)[\(index)]"
    }
  }
}
