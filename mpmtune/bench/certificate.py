"""A certificate for a private server, made by openssl."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from mpmtune.bench.processes import answer
from mpmtune.bench.programs import Need
from mpmtune.errors import HttpdError

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.bench.programs import Programs


def make_certificate(root: Path, programs: Programs) -> ssl.SSLContext:
    """Write key and certificate, ``server.pem``; give what clients need to speak to it.

    Raises:
        HttpdError: when openssl cannot do it.
    """
    file = root / "server.pem"
    argv = [
        programs.path(Need.OPENSSL),
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-keyout", str(file), "-out", str(root / "certificate.pem"), "-days", "2"),
        *("-subj", "/CN=localhost"),
    ]
    code, said = answer(argv, root)
    if code:
        last = (said.strip().splitlines() or ["nothing"])[-1]
        raise HttpdError(f"openssl could not make a certificate: {last}.")
    with file.open("ab") as pem:
        pem.write((root / "certificate.pem").read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(file)
    return context
