"""What `leadterm serve` and the processes that it starts agree on: where they listen.

The host and the port go by the environment; the token of the desk, which must not, by its file (`desk_token`).
"""

from __future__ import annotations

import ipaddress
import os

HOST, PORT = "LEADTERM_SERVE_HOST", "LEADTERM_SERVE_PORT"
LOOPBACK, USUAL_PORT = "127.0.0.1", 8000


def tell(host: str, port: int) -> None:
    """Nothing; processes that are started from now on know where they listen, whatever the environment said before."""
    os.environ.update({HOST: host, PORT: str(port)})


def told() -> tuple[str, int]:
    """Host and port as `serve` told them; its usual ones in a process that it did not start."""
    return os.environ.get(HOST, LOOPBACK), int(os.environ.get(PORT, USUAL_PORT))


def is_loopback(host: str) -> bool:
    """Whether that is an address of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
