"""What `leadterm code` and `leadterm recode` answer, over HTTP: files in as they are, nothing of them kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from leadterm.app.settings import edit_options, policy
from leadterm.codesets import CodeBook
from leadterm.domain import ClaimType, InputError, Setting, Sex
from leadterm.pipeline import Coder
from leadterm.records import BadRow, Joining, Overrides, read_sent, read_uploads
from leadterm.records import decode as text_of
from leadterm.schemas import decode, encode
from leadterm.schemas.encode_recoding import recoding

from . import asking
from .desk import fields
from .uploads import Sent, of_program

Text = Annotated[str, Query(max_length=asking.LONGEST_TEXT)]
CODED = "coded"
NOTHING = "Nothing was sent: send a file as the body, or files as multipart/form-data."
NO_CODING = "Send what `leadterm code --json` wrote of one encounter as the part `coded`, beside the late files."
ONE_WAY = "Say together or apart, not both."
FILES = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
        },
    }
}
LATE_FILES = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [CODED, "file"],
                    "properties": {
                        CODED: {"type": "string", "format": "binary"},
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                }
            }
        },
    }
}


def _overrides(setting: Text = "", claim_type: Text = "", age: Text = "", sex: Text = "", date: Text = "") -> Overrides:
    """What is said of the charts, by the names of the options of `leadterm code`."""
    said = {"setting": setting, "claim_type": claim_type, "age": age, "sex": sex, "date": date}
    return Overrides(
        fields.choice(said, "setting", Setting),
        fields.choice(said, "claim_type", ClaimType),
        fields.age(said),
        fields.choice(said, "sex", Sex),
        day=fields.day(said, "date"),
    )


def _joining(together: bool = False, apart: bool = False) -> Joining:
    """How files come together, as `leadterm code --together` and `--apart` say it."""
    if together and apart:
        raise InputError(ONE_WAY)
    return Joining.TOGETHER if together else Joining.APART if apart else Joining.BY_NUMBERS


def router(book: CodeBook) -> APIRouter:
    """The REST addresses that code charts."""
    api = APIRouter(prefix="/api")

    @cache
    def coder() -> Coder:
        return Coder(book, policy=policy(), options=edit_options())

    @api.post("/code", summary="Files of any format coded, as leadterm.coded/1", openapi_extra=FILES)
    async def code(
        request: Request,
        overrides: Annotated[Overrides, Depends(_overrides)],
        joining: Annotated[Joining, Depends(_joining)],
        name: Annotated[Text, Query(description="Name of the file that is the body.")] = "",
        encoding: Text = "",
    ) -> Any:
        """One object for one encounter, else a list; a row that cannot be read stands in it as its id and its error."""
        sent = await of_program(request)
        return await run_in_threadpool(_coded, coder, sent, overrides, joining)

    @api.post("/recode", summary="What late files change of a coding, as leadterm.recoding/1", openapi_extra=LATE_FILES)
    async def recode(request: Request, together: bool = False, encoding: Text = "") -> Any:
        """The coding comes as the part `coded`, the late files beside it; `coded` of the answer is the new one."""
        sent = await of_program(request)
        return await run_in_threadpool(_recoded, coder, sent)

    return api


def _coded(coder: Callable[[], Coder], sent: Sent, overrides: Overrides, joining: Joining) -> JSONResponse:
    if not sent.files:
        raise InputError(NOTHING)
    charts = (chart.content for chart in read_uploads(sent.files, overrides, sent.encoding, joining))
    told = list(_answers(coder(), charts))
    if len(told) == 1 and set(told[0]) == {"id", "error"}:
        raise InputError(told[0]["error"])
    return JSONResponse(told[0] if len(told) == 1 else told)


def _answers(coder: Coder, charts: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for content in charts:
        if isinstance(content, BadRow):
            yield {"id": content.id, "error": content.error}
            continue
        try:
            yield encode.coded(coder.code(content))
        except InputError as error:
            yield {"id": content.id, "error": str(error)}


def _recoded(coder: Callable[[], Coder], sent: Sent) -> JSONResponse:
    written = [part.content for part in sent.parts if part.field == CODED]
    given = sent.fields.get(CODED, "").encode("utf-8", "surrogatepass")
    if len(written) + bool(given) != 1:
        raise InputError(NO_CODING)
    before = decode.coded(_parsed((written or [given])[0]))
    late = [part for part in sent.parts if part.field != CODED]
    if not late:
        raise InputError(NOTHING)
    records = [each for part in late for each in read_sent(part.name, part.content, sent.encoding)]
    after, changed = coder().recode(before, records, together=sent.says("together"))
    return JSONResponse(recoding(changed, after))


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(text_of(content, "The part coded"))
    except (ValueError, RecursionError):
        raise InputError(NO_CODING) from None
