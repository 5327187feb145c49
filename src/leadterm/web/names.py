"""The names of this server: what a Host header may say."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

LOOPBACK_NAMES = frozenset(("127.0.0.1", "localhost", "[::1]"))
HTTP_PORT = 80


@dataclass(frozen=True, slots=True)
class Names:
    """What this server is called.

    Attributes:
        hosts: Names and addresses, as a Host header writes them without the port.
        port: Where it listens.
        everywhere: It listens at every address of the machine, so any numeric one may be its own.
    """

    hosts: frozenset[str]
    port: int
    everywhere: bool = False

    @classmethod
    def of(cls, host: str, port: int) -> Names:
        """The names of a server that listens at `host`: it, its addresses, and the loopback names."""
        if _is_everywhere(host):
            return cls(LOOPBACK_NAMES | {socket.gethostname().lower()}, port, True)
        return cls(LOOPBACK_NAMES | {_written(host), *map(_written, _addresses(host))}, port)

    def hold(self, header: str) -> bool:
        """Whether a Host header is one of them, with its port; http leaves out port 80."""
        said = header.lower()
        name = said.removesuffix(f":{self.port}")
        if name == said and self.port != HTTP_PORT:
            return False
        return name in self.hosts or (self.everywhere and _is_numeric(name))


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()


def _written(host: str) -> str:
    """As a Host header writes it: IPv6 in its short form and in brackets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower()
    return f"[{address}]" if address.version == 6 else str(address)


def _is_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def _is_numeric(name: str) -> bool:
    """Whether a name is an address, which nobody can point elsewhere."""
    inner = name.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(inner)
    except ValueError:
        return False
    return _written(inner) == name and "%" not in name
