"""Loaded by Python before a test or the Azure CLI: names below "localhost" are
loopback, as RFC 6761 asks of resolvers, and no other name is looked up at all,
so that nothing leaves this machine."""
import socket

_lookup = socket.getaddrinfo


def _lookup_local(host, *rest, **named):
    name = host.decode() if isinstance(host, bytes) else host
    if name and name.lower().endswith(".localhost"):
        name = "127.0.0.1"
    if name not in (None, "", "localhost", "127.0.0.1", "::1"):
        raise socket.gaierror(socket.EAI_NONAME, f"{name} is not on loopback")
    return _lookup(name, *rest, **named)


socket.getaddrinfo = _lookup_local
