"""`leadterm serve`: the code book in the browser, and the code sets over HTTP."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from leadterm.domain import DataMissing, InputError

from ._out import open_book, say

LOOPBACK = "127.0.0.1"
NEEDED = ("fastapi", "jinja2", "python_multipart", "uvicorn")
MOST_WORKERS = 64
# How long `--open` waits for the server before it gives up.
PATIENCE = 20.0


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at; this machine alone, if not given.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=MOST_WORKERS)] = 1,
    show: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Make a new key of the desk; the old one ends.")
    ] = False,
) -> int:
    """The code book in the browser: search, Tabular List, Alphabetic Index, PCS builder, HCPCS, releases, as of a day.

    It listens on this machine alone and asks no other machine for anything. Charts are at /desk alone, which lets in
    who opens the address that is printed. An autocomplete in the form of the NLM's service is at
    /api/icd10cm/v3/search?terms=, the answers of `lookup` and `search` are at /api.

    Examples: leadterm serve --open · leadterm serve --port 9000 --workers 2
    """
    _check_extra()
    from leadterm.app import settings
    from leadterm.app.served import is_loopback
    from leadterm.codesets.store import data_home

    home, here = data_home(), is_loopback(host)
    if not here:
        say(f"leadterm: warning: whoever reaches {host} can read this code book; it asks nobody for a password.")
        say("leadterm: warning: the desk, where charts are, stays closed: it answers on this machine alone.")
    settings.policy(), settings.edit_options(), settings.people()  # a mistake is told before anybody waits for a page
    open_book()  # compiled here, with a progress bar, so that no worker has to
    token = _token(home, here, new_token)
    port = _free(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    say(f"leadterm: the code book is at {address} (Ctrl+C ends)")
    if token:
        _tell_desk(home, f"{address}desk?token=", token)
    with _browser(home, host, port, address, token) if show else nullcontext():
        _run(host, port, workers)
    return 0


def _check_extra() -> None:
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise DataMissing(f"The code book in the browser needs {', '.join(missing)}: pip install 'leadterm[web]'")


def _run(host: str, port: int, workers: int) -> None:
    import uvicorn

    from leadterm.app import served

    served.tell(host, port)
    # No access log: an address holds what somebody looked for, and that may be a patient's trouble.
    uvicorn.run(
        "leadterm.web:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
    )


def _token(home: Path, here: bool, new: bool) -> str | None:
    """The key of the desk; None where there is no desk. Raises InputError when the key is not safely kept."""
    from leadterm.app import desk_token

    if new:
        desk_token.renew(home)
    if not here:
        return None
    if found := desk_token.read(home):
        return found
    try:
        return desk_token.kept(home)
    except InputError as error:  # the code book needs no home that can be written
        say(f"leadterm: warning: the desk stays closed. {error}")
        return None


def _tell_desk(home: Path, address: str, token: str) -> None:
    """Nothing; the way in is told, with the token only to a terminal: a log would keep it for others to read."""
    from leadterm.app.desk_token import FILE

    if sys.stderr.isatty():
        say(f"leadterm: the desk is at {address}{token}")
    else:
        say(f"leadterm: the desk is at {address}… (the token is in {home / FILE})")


@contextmanager
def _browser(home: Path, host: str, port: int, address: str, token: str | None) -> Iterator[None]:
    """Within the block the browser opens the desk, else the code book; the file that leads it there is gone after."""
    from leadterm.app import desk_token

    page = desk_token.way_in(home, f"{address}desk?token={token}") if token else None
    aim = page.resolve().as_uri() if page else address
    threading.Thread(target=_show, args=(host, port, aim), daemon=True).start()
    try:
        yield
    finally:
        if page:
            page.unlink(missing_ok=True)


def _free(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises InputError when nothing can listen there."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise InputError(
            f"Nothing can listen at {host} port {port} ({error.strerror}); choose another --port."
        ) from None


def _show(host: str, port: int, address: str) -> None:
    """Nothing; the browser opens as soon as the server answers."""
    import webbrowser

    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return
