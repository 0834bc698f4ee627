"""Files that pages load: read once, compressed once, and named by what is in them, so that a browser keeps them for good."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}
_FOREVER = "public, max-age=31536000, immutable"
_COMPRESSED = frozenset({".woff2"})
"""Compressed in themselves."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; `zipped` is None where compressing gains nothing."""

    media_type: str
    plain: bytes
    zipped: bytes | None


@dataclass(frozen=True, slots=True)
class Assets:
    """All files of a folder, under one version: a change in any of them gives all a new address."""

    version: str
    files: Mapping[str, Asset]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Assets:
        """Reads and compresses every file of a known type in the folder."""
        files, digest = {}, sha256()
        for path in sorted(folder.rglob("*")):
            if path.suffix not in _TYPES:
                continue
            name, plain = path.relative_to(folder).as_posix(), path.read_bytes()
            digest.update(name.encode() + b"\0" + plain)
            zipped = None if path.suffix in _COMPRESSED else gzip.compress(plain, 9, mtime=0)
            files[name] = Asset(_TYPES[path.suffix], plain, zipped)
        return cls(digest.hexdigest()[:12], files)

    def url(self, name: str) -> str:
        """The address of a file; `KeyError` where there is none of that name."""
        self.files[name]
        return f"{PREFIX}/{self.version}/{name}"

    def router(self) -> APIRouter:
        """Serves them. An address of an older version gets the present file, and keeps it for no time."""
        router = APIRouter(include_in_schema=False)

        @router.get(PREFIX + "/{version}/{name:path}")
        async def read(version: str, name: str, request: Request) -> Response:
            asset = self.files.get(name)
            if asset is None:
                raise HTTPException(404)
            headers = {
                "Cache-Control": _FOREVER if version == self.version else "no-cache",
                "Vary": "Accept-Encoding",
                "X-Content-Type-Options": "nosniff",
            }
            body = asset.plain
            if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
                body, headers["Content-Encoding"] = asset.zipped, "gzip"
            return Response(body, media_type=asset.media_type, headers=headers)

        return router
