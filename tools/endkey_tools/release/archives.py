"""Archives whose bytes depend on nothing but names, contents and the date that is given."""

import base64
import gzip
import hashlib
import io
import os
import tarfile
import time
import zipfile
from pathlib import Path

# The name in the archive, and what is there: bytes, or the target of a symbolic link.
Entries = dict[str, "bytes | str"]


def below(folder: Path, prefix: str, *, only: tuple[str, ...] = ("",)) -> Entries:
    """The files of a folder, under another name; only those whose names end so."""
    found: Entries = {}
    for path in sorted(folder.rglob("*")):
        name = f"{prefix}{path.relative_to(folder).as_posix()}"
        if "__pycache__" in path.parts or not name.endswith(only):
            continue
        if path.is_symlink():
            found[name] = os.readlink(path)
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def mode(name: str) -> int:
    """Programs may be run, and what is not below a `bin` is none."""
    return 0o755 if {"bin", "scripts"}.intersection(name.split("/")[:-1]) else 0o644


def tar_gz(out: Path, entries: Entries, when: int) -> None:
    """A .tar.gz."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(entries.items()):
            info = tarfile.TarInfo(name)
            info.mtime, info.uname, info.gname, info.mode = when, "root", "root", mode(name)
            if isinstance(content, str):
                info.type, info.linkname, info.mode = tarfile.SYMTYPE, content, 0o777
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    with out.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=when) as packed:
        packed.write(raw.getvalue())


def wheel(out_folder: Path, name: str, version: str, tag: str, entries: Entries, metadata: str, when: int) -> Path:
    """A wheel for pip, with its record; `tag` is its platform."""
    info = f"{name}-{version}.dist-info"
    pure = "true" if tag == "any" else "false"
    tags = "".join(f"Tag: py3-none-{one}\n" for one in tag.split("."))
    entries = {
        **entries, f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: endkey\nRoot-Is-Purelib: {pure}\n{tags}".encode(),
    }
    record = []
    for path, content in sorted(entries.items()):
        assert isinstance(content, bytes), f"{path}: a wheel has no links"
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record.append(f"{path},sha256={digest},{len(content)}\n")
    record.append(f"{info}/RECORD,,\n")
    out = out_folder / f"{name}-{version}-py3-none-{tag}.whl"
    date = time.gmtime(when)[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in [*sorted(entries.items()), (f"{info}/RECORD", "".join(record).encode())]:
            one = zipfile.ZipInfo(path, date)
            one.compress_type, one.create_system = zipfile.ZIP_DEFLATED, 3
            one.external_attr = (0o100000 | mode(path)) << 16
            archive.writestr(one, content)
    return out
