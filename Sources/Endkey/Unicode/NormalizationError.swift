/// Why a password or a login name has no normal form (§9.1). Never tells which character it was, or where:
/// the text may be secret.
package enum NormalizationError: Error, Equatable, CaseIterable {
  /// Not UTF-8: an overlong form, a surrogate, a value above U+10FFFF, a stray or a missing byte.
  case illFormed
  /// U+0000.
  case nul
  /// A code point of general category Cn in Unicode 17.0.0, noncharacters included.
  case unassigned
  /// No code point at all.
  case empty
  /// The normal form has more bytes than are allowed.
  case tooLong
}
