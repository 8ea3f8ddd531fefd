"""Addresses of Redis and Valkey servers, with the TLS options that every client of ours must read alike."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlencode


class TlsVerify(StrEnum):
    """How far the certificate of a TLS server is checked."""

    FULL = "full"
    CA = "ca"
    """Signed by the given authority, whatever host it names."""
    NONE = "none"


def redis_address(url: str, *, tls_verify: TlsVerify = TlsVerify.FULL, ca_file: Path | None = None) -> str:
    """Return the URL with its TLS options written into it.

    Args:
        url: Any address that redis-py reads; only `rediss://` has TLS options.
        tls_verify: How far the certificate is checked.
        ca_file: Certificate of the authority that signed it; None leaves that to the system.
    """
    if not url.startswith("rediss://"):
        return url
    options: dict[str, str] = {}
    if tls_verify is TlsVerify.NONE:
        options |= {"ssl_cert_reqs": "none", "ssl_check_hostname": "false"}
    if tls_verify is TlsVerify.CA:
        options |= {"ssl_check_hostname": "false"}
    if ca_file is not None:
        options |= {"ssl_ca_certs": str(ca_file)}
    return with_options(url, options)


def with_options(url: str, options: Mapping[str, str]) -> str:
    """Return the URL with options added to its query."""
    if not options:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(options)}"
