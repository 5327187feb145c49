"""The static files, held in memory and named by their hash, so that a browser never asks twice for the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".toml": "text/plain; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Assets:
    """All static files by their path, and the hash of them all, which is a folder of every address.

    One hash for all of them, because scripts import each other by relative paths.
    """

    content: dict[str, bytes]
    version: str

    @classmethod
    def load(cls) -> Assets:
        """The files of this package."""
        content = dict(_files(files(__package__) / "static", ""))
        whole = hashlib.sha256()
        for path, data in sorted(content.items()):
            whole.update(path.encode() + b"\0" + data)
        return cls(content, whole.hexdigest()[:DIGITS])

    def address(self, path: str) -> str:
        """Where the browser finds the file of that path. Raises KeyError when there is no such file."""
        if path not in self.content:
            raise KeyError(path)
        return f"/static/{self.version}/{path}"

    def serve(self, request: Request) -> Response:
        """The file that the address names; 304 where the browser has it; 404 for every other address."""
        path, version = request.path_params["path"], request.path_params["version"]
        data = self.content.get(path)
        if data is None:
            return Response("There is no such file.\n", 404, media_type="text/plain")
        tag = f'"{hashlib.sha256(data).hexdigest()[:DIGITS]}"'
        # An address of another version is answered too, for a page that was open during an upgrade, but not for ever.
        kept = FOREVER if version == self.version else "no-cache"
        headers = {"ETag": tag, "Cache-Control": kept}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type=TYPES["." + path.rsplit(".", 1)[-1]])


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        elif "." + entry.name.rsplit(".", 1)[-1] in TYPES:
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
