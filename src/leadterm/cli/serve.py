"""`leadterm serve`: the code book in the browser, and the code sets over HTTP."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from importlib.util import find_spec
from typing import Annotated

import typer

from leadterm.domain import DataMissing, InputError

from ._out import open_book, say

LOOPBACK = "127.0.0.1"
NEEDED = ("fastapi", "jinja2", "uvicorn")
MOST_WORKERS = 64
# How long `--open` waits for the server before it gives up.
PATIENCE = 20.0


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at; this machine alone, if not given.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=MOST_WORKERS)] = 1,
    show: Annotated[bool, typer.Option("--open", help="Open the browser at the code book.")] = False,
) -> int:
    """The code book in the browser: search, Tabular List, Alphabetic Index, PCS builder, HCPCS, releases, as of a day.

    It listens on this machine alone, asks no other machine for anything and holds no patient data. An autocomplete in
    the form of the NLM's service is at /api/icd10cm/v3/search?terms=, the answers of `lookup` and `search` are at /api.

    Examples: leadterm serve --open · leadterm serve --port 9000 --workers 2
    """
    _check_extra()
    if not _is_loopback(host):
        say(f"leadterm: warning: whoever reaches {host} can read this code book; it asks nobody for a password.")
    open_book()  # compiled here, with a progress bar, so that no worker has to
    port = _free(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    say(f"leadterm: the code book is at {address} (Ctrl+C ends)")
    if show:
        threading.Thread(target=_show, args=(host, port, address), daemon=True).start()
    _run(host, port, workers)
    return 0


def _check_extra() -> None:
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise DataMissing(f"The code book in the browser needs {', '.join(missing)}: pip install 'leadterm[web]'")


def _run(host: str, port: int, workers: int) -> None:
    import uvicorn

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
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
