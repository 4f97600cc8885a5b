"""A running httpd recorded and replayed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mpmtune.cli.app import run
from mpmtune.model.server import Mpm
from tests.live.private_httpd import PrivateHttpd, binary

pytestmark = pytest.mark.httpd

DIRECTIVES = """\
ServerAdmin jane@corp.net
StartServers 2
ThreadsPerChild 5
MaxRequestWorkers 20
SetEnvIf Host . KEY=S3CRET-7
<VirtualHost 127.0.0.1>
  ServerName shop.corp.net
</VirtualHost>
"""


@pytest.mark.parametrize("mpm", list(Mpm))
def test_a_running_httpd_is_replayed_to_the_last_byte(
    mpm: Mpm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "snap"
    directives = DIRECTIVES
    if mpm is Mpm.PREFORK:
        directives = directives.replace("ThreadsPerChild 5\n", "")
    with PrivateHttpd(mpm, directives, ("setenvif",)) as httpd:
        httpd.start()
        which = ["--httpd", binary(), "--conf", str(httpd.conf)]
        assert run(["snapshot", str(directory), "-q", *which]) == 0
        pid = httpd.pid
    capsys.readouterr()
    # It has ended; its record has not.
    assert run(["detect", "--host", str(directory), "-f", "json", *which]) == 0
    said = capsys.readouterr().out
    assert said == (directory / "facts.json").read_text("utf-8")
    facts = json.loads(said)
    assert facts["httpd"]["parent_pid"] == pid
    assert facts["httpd"]["mpm"] == mpm.value
    assert facts["httpd"]["effective"]["MaxRequestWorkers"] == 20
    everything = "\n".join(
        Path(above, name).read_text("latin-1")
        for above, _, files in os.walk(directory)
        for name in files
    )
    for secret in ("S3CRET", "corp.net", "jane", *map("{0[0]}={0[1]}".format, os.environ.items())):
        assert secret not in everything, secret
