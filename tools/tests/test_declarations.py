"""What a product module may declare, on planted declarations."""

from pathlib import Path

from endkey_tools.declarations import Declarations, access_of
from endkey_tools.index import Declaration

STRUCT, METHOD = 6, 16


def declaration(name: str, *files: str, path: str = "Sources/Endkey/A.swift", kind: int = METHOD) -> Declaration:
    return Declaration(Path(path), 1, name, kind, files={Path(file) for file in files})


def fault(access: str, one: Declaration) -> str | None:
    return Declarations({"usr": one}, {"usr": access}).fault("usr")


def test_what_a_product_uses_is_right() -> None:
    for user in ("Sources/Endkey/B.swift", "Sources/EndkeyCommand/C.swift", "Sources/EndkeyVectors/Operations/O.swift"):
        assert fault("internal", declaration("A.f()", user)) is None


def test_what_only_tests_fuzzers_or_generators_use_is_apparatus() -> None:
    for user in ("Tests/EndkeyTests/T.swift", "Sources/TestSupport/S.swift", "Sources/EndkeyFuzzProtocol/F.swift",
                 "Sources/EndkeyVectors/Generators/G.swift"):
        for access in ("internal", "package", "private"):
            assert fault(access, declaration("A.f()", user)) == "no product uses it"


def test_what_is_for_users_needs_no_use() -> None:
    primitive = "Sources/EndkeyPrimitives/P.swift"
    assert fault("public", declaration("A.f()")) is None
    assert fault("public", declaration("SecretBytes.init(utf8:)", path=primitive)) is None
    assert fault("public", declaration("AES.f()", path=primitive)) == "no product uses it"


def test_package_needs_another_module_that_is_no_test() -> None:
    own, other = "Sources/Endkey/B.swift", "Sources/EndkeyStore/S.swift"
    assert fault("package", declaration("A.f()", own, other)) is None
    assert fault("package", declaration("A.f()", own, "Sources/EndkeyFuzzProtocol/F.swift")) is None
    for test in ("Tests/EndkeyTests/T.swift", "Sources/TestSupport/S.swift", "Sources/TestPrimitives/S.swift"):
        assert fault("package", declaration("A.f()", own, test)) == "package, and no other module needs it"


def test_a_type_is_needed_by_what_names_it() -> None:
    own, other = "Sources/Endkey/B.swift", "Sources/EndkeyStore/S.swift"
    result = declaration("Result", own, kind=STRUCT)
    result.users = {"method"}
    for user, expected in ((other, None), (own, "package, and no other module needs it")):
        built = Declarations({"type": result, "method": declaration("A.f()", own, user)},
                             {"type": "package", "method": "package"})
        assert built.fault("type") == expected


def test_exceptions_are_exact() -> None:
    built = Declarations({"usr": declaration("A.f()")}, {"usr": "internal"})
    assert built.faults({}) == ["Sources/Endkey/A.swift:1: A.f(): no product uses it"]
    assert built.faults({"A.f()": "because"}) == []
    assert built.faults({"A.f()": "because", "A.g()": "because"}) == ["EXCEPTIONS: A.g() is none"]


def test_access_is_what_stands_before_the_name() -> None:
    assert access_of("  package static func f() {") == "package"
    assert access_of("@safe public struct S {  // package") == "public"
    assert access_of("  private(set) var x = 1") == "internal"
    assert access_of("  public private(set) var x = 1") == "public"
