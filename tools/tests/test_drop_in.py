"""The drop-in's one file: modules in the order in which they need each other, and nothing that is not understood."""

import re
from pathlib import Path

import pytest

from endkey_tools import drop_in


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(drop_in, "WEB", tmp_path)
    return tmp_path


def bundle(folder: Path, **modules: str) -> str:
    for name, text in modules.items():
        (folder / f"{name}.mjs").write_text(text, encoding="utf-8")
    return drop_in.bundled(folder / "a.mjs")


def test_modules_stand_behind_those_that_they_import(folder: Path) -> None:
    text = bundle(
        folder,
        a='import { one as two } from "./b.mjs";\nimport * as c from "./c.mjs";\nexport const f = () => two + c.x;\n',
        b='// Said.\nimport { x } from "./c.mjs";\n\n/** One. */\nexport const one = x;\nexport { x };\n',
        c="const hidden = 1;\nexport const x = hidden;\n")
    assert re.findall(r"^// (\w+\.mjs)$", text, re.M) == ["c.mjs", "b.mjs", "a.mjs"]
    assert "const { one: two } = _b;\nconst c = _c;\nconst f = () => two + c.x;\nreturn { f };" in text
    assert "return { one, x };" in text and text.endswith("export const { f } = _a;\n")
    assert "Said" not in text and "One." not in text


@pytest.mark.parametrize("modules, said", [
    ({"a": 'import { x } from "./b.mjs";\n', "b": 'import { y } from "./a.mjs";\nexport const x = 1;\n'}, "each other"),
    ({"a": 'import { y } from "./b.mjs";\n', "b": "export const x = 1;\n"}, "does not export"),
    ({"a": "export let x = 1;\n"}, "export let x"),
    ({"a": "export default 1;\n"}, "export default"),
    ({"a": 'import x from "./b.mjs";\n', "b": ""}, "import x from"),
    ({"a": "await 1;\n"}, "await 1"),
])
def test_what_cannot_be_put_into_one_file_is_told(folder: Path, modules: dict[str, str], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        bundle(folder, **modules)


def test_the_drop_in_is_made_of_the_modules_and_no_other_file_is_needed(tmp_path: Path) -> None:
    drop_in.write(tmp_path / "endkey.mjs")
    text = (tmp_path / "endkey.mjs").read_text(encoding="utf-8")
    assert not re.search(r"^import\b", text, re.M) and "eval(" not in text
    assert (tmp_path / "endkey.d.mts").read_bytes() == drop_in.TYPES.read_bytes()
