"""`spec/openapi.yaml`, and every answer of every test held against it."""

import functools
import re
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from endkey_client.over_http.service import Answer, Problem, Service

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = yaml.safe_load((ROOT / "spec/openapi.yaml").read_text(encoding="utf-8"))
METHODS = ("get", "put", "post", "delete", "head", "patch")


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the description stands for."""
    while "$ref" in part:
        found: Any = DESCRIPTION
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/")]
        part = found
    return part


@functools.cache
def operations() -> dict[str, tuple[re.Pattern[str], dict[str, Any]]]:
    """The operations by method and path, each with what matches its path."""
    return {
        f"{method.upper()} {path}": (re.compile(re.sub(r"\{.\}", "[^/]+", path)), item[method])
        for path, item in DESCRIPTION["paths"].items() for method in METHODS if method in item
    }


def check(method: str, path: str, answer: Answer) -> None:
    """Fails unless the description allows the answer."""
    names = [name for name, (pattern, _) in operations().items()
             if name.split()[0] == method and pattern.fullmatch(path.split("?")[0])]
    if not names:
        assert answer.status in (404, 405)
        return
    name = min(names, key=lambda one: one.count("{"))
    responses = operations()[name][1]["responses"]
    response = resolved(responses.get(str(answer.status)) or responses[f"{answer.status // 100}XX"])
    for header in ("date", "endkey-store", "request-id"):
        assert header in answer.headers, f"{name}: no {header}"
    assert answer.headers["cache-control"] == ("public, max-age=300" if ".well-known" in path else "no-store")
    content = response.get("content", {})
    type = answer.headers.get("content-type")
    if method == "HEAD" or not answer.body:
        return
    assert type in content, f"{name}: {answer.status} is {type}, not {list(content)}"
    schema = content[type]["schema"]
    if "json" in (type or ""):
        rooted = {**schema, "components": DESCRIPTION["components"]}
        jsonschema.Draft202012Validator(rooted).validate(answer.json())


class CheckedService(Service):
    """A service whose answers are held against the description."""

    def request(self, method: str, path: str, *arguments: Any, **options: Any) -> Answer:
        try:
            answer = super().request(method, path, *arguments, **options)
        except Problem as problem:
            check(method, path, problem.answer)
            raise
        check(method, path, answer)
        return answer
