"""What a release says of itself: sums, a list of what is in it (SPDX), and how it was made (in-toto, unsigned)."""

import hashlib
import json
import subprocess
import time
from pathlib import Path
from typing import Any

from .programs import Built
from .source import Source

# The Debian packages that are linked into the programs, or that they are linked with.
LINKED = {"libssl-dev": "Apache-2.0", "libsodium-dev": "ISC", "libcurl4-openssl-dev": "curl",
          "libc6-dev": "LGPL-2.1-or-later"}
MARK = "https://endkey.invalid"


def sums(out: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(out.iterdir())}


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def materials(source: Source) -> list[dict[str, str]]:
    """What is linked into the programs, each with its version: Swift's packages, Debian's, the toolchain."""
    pins = json.loads(source.pins)["pins"] if source.pins else []
    found = [{"name": pin["identity"], "version": pin["state"]["version"], "commit": pin["state"]["revision"],
              "location": pin["location"], "license": "Apache-2.0"} for pin in pins]
    for name, licence in LINKED.items():
        found.append({"name": name, "version": output("dpkg-query", "-W", "-f", "${Version}", name),
                      "location": f"pkg:deb/debian/{name}", "license": licence})
    found.append({"name": "swift", "version": output("swift", "--version").split("\n")[0],
                  "location": "https://swift.org", "license": "Apache-2.0 WITH Swift-exception"})
    return found


def spdx(source: Source, digests: dict[str, str]) -> dict[str, Any]:
    """SPDX 2.3."""
    packages = [{
        "SPDXID": f"SPDXRef-material-{number}", "name": one["name"], "versionInfo": one["version"],
        "downloadLocation": one["location"] if "://" in one["location"] else "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION", "licenseDeclared": one["license"] if "WITH" not in one["license"] else
        "NOASSERTION", "copyrightText": "NOASSERTION"} for number, one in enumerate(materials(source))]
    files: list[dict[str, Any]] = [{
        "SPDXID": f"SPDXRef-file-{number}", "fileName": f"./{name}", "licenseConcluded": "Apache-2.0",
        "copyrightText": "NOASSERTION", "checksums": [{"algorithm": "SHA256", "checksumValue": digest}]}
        for number, (name, digest) in enumerate(digests.items())]
    relationships = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-endkey")]
    relationships += [("SPDXRef-endkey", "CONTAINS", file["SPDXID"]) for file in files]
    relationships += [("SPDXRef-endkey", "DEPENDS_ON", str(package["SPDXID"])) for package in packages]
    endkey = {
        "SPDXID": "SPDXRef-endkey", "name": "endkey", "versionInfo": source.version, "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False, "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION", "sourceInfo": f"commit {source.commit}"}
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"endkey-{source.version}", "documentNamespace": f"{MARK}/spdx/{source.commit}",
        "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(source.time)),
                         "creators": ["Tool: endkey-tools"]},
        "packages": [endkey, *packages], "files": files,
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
                          for a, kind, b in relationships]}


def provenance(source: Source, built: Built, digests: dict[str, str]) -> dict[str, Any]:
    """An in-toto statement with SLSA's provenance. Nobody has signed it."""
    resolved: list[dict[str, Any]] = [{"uri": "git+endkey", "digest": {"gitCommit": source.commit}}]
    for one in materials(source):
        digest = {"digest": {"gitCommit": one["commit"]}} if "commit" in one else {}
        about = {"uri": one["location"], "name": one["name"], "annotations": {"version": one["version"]}}
        resolved.append(about | digest)
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in digests.items()],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": f"{MARK}/release/v1",
                "externalParameters": {"commit": source.commit, "command": "tools/run release"},
                "internalParameters": {"SOURCE_DATE_EPOCH": source.time, "portable": built.is_portable},
                "resolvedDependencies": resolved},
            "runDetails": {"builder": {"id": f"{MARK}/builder/checkout"}}}}


def write(source: Source, built: Built, out: Path) -> None:
    """Of all that is in `out`: the list and the statement, then the sums of everything."""
    digests = sums(out)
    for name, content in ((f"endkey-{source.version}.spdx.json", spdx(source, digests)),
                          (f"endkey-{source.version}.intoto.json", provenance(source, built, digests))):
        (out / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums(out).items())
    (out / "SHA256SUMS").write_text(lines, encoding="utf-8")
