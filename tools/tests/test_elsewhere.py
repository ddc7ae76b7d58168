"""That `.ci/test --elsewhere` is elsewhere, and finds what depends on where it runs."""

import datetime
import os

import pytest

from endkey_tools.ci.elsewhere import PROBE, Elsewhere, elsewhere
from endkey_tools.processes import Failed
from endkey_tools.repository import ENDKEY


@pytest.fixture(scope="module")
def there():
    if not ENDKEY.exists():
        pytest.skip("not built")
    with elsewhere() as place:
        yield place


def test_it_is_as_it_says(there: Elsewhere) -> None:
    today = datetime.date.today().isoformat()
    assert "8 passed, 0 failed" in there.run("python3", "-c", PROBE, today, os.getsid(0), there.user)


def test_the_document_renders(there: Elsewhere) -> None:
    assert "1 passed, 0 failed" in there.run("tools/run", "spec", "--only", "render")


def test_a_renderer_that_compares_the_date_with_today_is_found(there: Elsewhere, capfd) -> None:
    """The fault that every checkout had when it was older than three days."""
    module = there.root / "tools/endkey_tools/spec/document.py"
    sound = module.read_text(encoding="utf-8")
    assert '"--silence",' in sound
    module.write_text(sound.replace('AGE = "The document date"', 'AGE = "nothing"'), encoding="utf-8")
    try:
        with pytest.raises(Failed):
            there.run("tools/run", "spec", "--only", "render")
        assert "more than 3 days away from today" in capfd.readouterr().out
    finally:
        module.write_text(sound, encoding="utf-8")


@pytest.mark.parametrize(
    "fault",
    [
        'test "$(date +%Z)" = UTC', 'test -r /etc/shadow', "ls $PWD", 'test -t 0', 'test "$(locale charmap)" = ASCII',
        'touch new && test "$(stat -c %a new)" = 644',
    ],
)
def test_what_depends_on_the_place_is_found(there: Elsewhere, fault: str) -> None:
    if "shadow" in fault and there.user is None and os.geteuid() == 0:
        pytest.skip("this checkout is not readable for others")
    with pytest.raises(Failed):
        there.run("sh", "-c", fault)
