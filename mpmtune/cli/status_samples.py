"""Asking mod_status again and again, for ``workload --status``."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from mpmtune.detect.status import parse_status
from mpmtune.errors import HttpdError, UsageError
from mpmtune.host.doorway import Absent
from mpmtune.model.sizes import parse_time
from mpmtune.report.safe_text import printable
from mpmtune.workload.sampling import samples_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.host.doorway import Host
    from mpmtune.model.server import StatusSample
    from mpmtune.model.workload import StatusSamples

# Only this machine is asked, whatever a name would resolve to.
_URL = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::(\d{1,5}))?(/[!-~]{0,500})?")
_MOST_SAMPLES = 3600
_LONGEST = 7 * 86_400
_HTTP_OK = 200


def sample_status(
    host: Host, url: str, seconds: float, seen: Callable[[int], None]
) -> StatusSamples:
    """Ask once a second, or less often when that would be more than 3,600 times.

    Args:
        host: The machine.
        url: ``http://127.0.0.1/server-status``.
        seconds: How long.
        seen: Is told the seconds gone since the last time.

    Raises:
        UsageError: when the URL is not of this machine.
        HttpdError: when mod_status does not answer.
    """
    port, target = _address(url)
    pause = max(1.0, seconds / _MOST_SAMPLES)
    answers = [_ask(host, port, target)]
    start = time.monotonic()
    while (gone := time.monotonic() - start) + pause <= seconds:
        time.sleep(max(0.0, len(answers) * pause - gone))
        answers.append(_ask(host, port, target))
        seen(int(pause))
    return samples_of(answers)


def _address(url: str) -> tuple[int, str]:
    match = _URL.fullmatch(url)
    if match is None:
        raise UsageError(
            f"--status {printable(url)} is no address of this machine.",
            "Give it as http://127.0.0.1/server-status or http://127.0.0.1:8080/server-status.",
        )
    target = (match[2] or "/server-status").partition("?")[0]
    return int(match[1] or 80), f"{target}?auto"


def seconds_of(length: str) -> float:
    """Read ``--for``; give seconds.

    Raises:
        UsageError: when it is no time, or a very long one.
    """
    try:
        seconds = float(parse_time(length))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST:
        raise UsageError(
            f"--for {printable(length)} is no time from 1s to 168h.", "Write it as 30s or 10min."
        )
    return seconds


def _ask(host: Host, port: int, target: str) -> StatusSample:
    url = f"http://127.0.0.1:{port}{target}"
    answer = host.loopback_get(port, target)
    if isinstance(answer, Absent):
        why = answer.why
    elif answer.status != _HTTP_OK:
        why = f"it answered with status {answer.status}"
    else:
        sample = parse_status(url, answer.stdout)
        if sample is not None:
            return sample
        why = "it answered with something else"
    raise HttpdError(
        f"mod_status at {url} could not be asked: {why}.",
        "Allow it: <Location /server-status> SetHandler server-status, Require local.",
    )
