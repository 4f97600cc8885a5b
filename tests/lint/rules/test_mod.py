"""Rules of MOD in the cases that their examples are not about."""

from __future__ import annotations

from dataclasses import replace

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.targets import find_target
from mpmtune.lint.engine import Checks, Reading, check
from mpmtune.lint.registry import listings
from mpmtune.model.finding import Severity

CONF = "/usr/local/apache2/conf/httpd.conf"


def test_a_module_that_some_distribution_compiles_in_is_missed_softly() -> None:
    """Debian compiles mod_log_config in; httpd built from source loads it."""
    target = find_target("source")
    assert target is not None
    text = b"ServerName www.example.com\nCustomLog logs/access common\nExpiresActive On\n"
    tree = evaluate(
        MemoryFiles({CONF: text}), Start(CONF, replace(target, version=(2, 4, 71)), here=False)
    )
    known = listings()
    only = tuple(listing for listing in known if listing.code == "MOD113")
    report = check([Reading((tree,))], Checks(only, known))
    said = [(f.line, f.severity, f.message) for f in report.findings]
    assert said == [
        (
            2,
            Severity.WARNING,
            "CustomLog needs log_config_module, which is not loaded; where it is compiled in, say so with --target",
        ),
        (3, Severity.ERROR, "ExpiresActive needs expires_module, which is not loaded"),
    ]
