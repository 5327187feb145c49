"""Files that a form or a program sends: their bytes as they came, told apart by what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from starlette.datastructures import UploadFile
from starlette.requests import Request

# A pasted text may be as long as a file.
MOST_BYTES = 64_000_000
MOST_FILES = 200
MULTIPART = "multipart/form-data"
UNNAMED = "chart"
YES = frozenset({"yes", "true", "1", "on"})


@dataclass(frozen=True, slots=True)
class Part:
    """A file that was sent: the field that it came in, its name without folders, its bytes."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: fields, and files."""

    fields: Mapping[str, str]
    parts: tuple[Part, ...]

    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        """Names and bytes of the files."""
        return tuple((part.name, part.content) for part in self.parts)

    @property
    def encoding(self) -> str | None:
        """How text files are encoded, where the sender says so."""
        return self.fields.get("encoding", "").strip() or None

    def says(self, name: str) -> bool:
        """Whether a field is ticked."""
        return self.fields.get(name, "").strip().lower() in YES


async def of_form(request: Request) -> Sent:
    """The fields and files of a form. Raises HTTPException where it cannot be read."""
    async with request.form(max_files=MOST_FILES, max_part_size=MOST_BYTES) as form:
        items = form.multi_items()
        fields = {name: value for name, value in items if isinstance(value, str)}
        given = [(name, value) for name, value in items if isinstance(value, UploadFile)]
        parts = [(file.filename, Part(name, own_name(file.filename), await file.read())) for name, file in given]
    # A field for files in which nothing was chosen comes as a file without name or content.
    return Sent(fields, tuple(part for named, part in parts if named or part.content))


async def of_program(request: Request) -> Sent:
    """The same of a program, which may also send one file as the body, and fields as parameters of the address."""
    asked = dict(request.query_params)
    if request.headers.get("content-type", "").lower().startswith(MULTIPART):
        sent = await of_form(request)
        return Sent(asked | dict(sent.fields), sent.parts)
    body = await request.body()
    return Sent(asked, (Part("file", own_name(asked.get("name")), body),) if body else ())


def own_name(given: str | None) -> str:
    """The name of a file without its folders."""
    return PurePath((given or "").replace("\\", "/")).name or UNNAMED
