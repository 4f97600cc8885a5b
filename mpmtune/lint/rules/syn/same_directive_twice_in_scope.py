"""A directive that takes one value is written twice in the same section, with different values.

## What it does
Reports the second of two lines in one section, or outside of all, that set the same single value
differently. Only directives of which httpd keeps the last one count: those that collect, such as
``ServerAlias``, ``Alias`` or ``Require``, and those of the MPM, which have a rule of their own,
do not. ``<IfModule>`` and its like are sections too, so a default that a condition overrides is
not reported. Two files that set the same value outside of all sections are information only.

## Why it matters
The last line wins, and nothing says so. Whoever changes the first one changes nothing.

## When to ignore it
Where a file that is included later is meant to override another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Over, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.config import Occurrence, Tree

# Each keeps one value for a section: a slot of one string, number or flag.
_SINGLE = (
    # server
    *("servername", "serveradmin", "documentroot", "serverpath", "errorlog", "pidfile"),
    *("timeout", "keepalive", "keepalivetimeout", "maxkeepaliverequests"),
    *("user", "group", "serversignature", "servertokens", "traceenable", "hostnamelookups"),
    *("usecanonicalname", "usecanonicalphysicalport", "limitrequestline"),
    *("limitrequestfieldsize", "limitrequestfields", "extendedstatus"),
    # directory
    *("acceptpathinfo", "allowencodedslashes", "limitrequestbody", "forcetype", "sethandler"),
    *("adddefaultcharset", "enablemmap", "enablesendfile", "directoryslash", "defaultlanguage"),
    *("authtype", "authname", "authuserfile", "authgroupfile", "satisfy", "rewritebase"),
    *("rewriteengine", "expiresactive", "expiresdefault"),
    # TLS and proxy
    *("sslengine", "sslprotocol", "sslhonorcipherorder", "sslverifyclient", "sslverifydepth"),
    *("sslsessioncache", "sslsessiontickets", "sslcompression", "sslcacertificatefile"),
    *("sslproxyengine", "sslusestapling", "sslstaplingcache"),
    *("proxyrequests", "proxypreservehost", "proxytimeout", "proxyvia"),
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that overrides another of its section."""
    del tree
    for found in hits.by_name.values():
        if len(found) > 1:
            yield from _overridden(found)


def _overridden(found: Sequence[Occurrence]) -> Iterator[Violation]:
    last: dict[int, Occurrence] = {}
    for hit in found:
        section = id(hit.enclosing) if hit.enclosing else 0
        before = last.get(section)
        last[section] = hit
        if before is None or _value(before) == _value(hit):
            continue
        same_file = before.source is hit.source
        yield Violation(
            hit,
            f"{hit.item.spelling} is set twice in this section: only this last value counts",
            severity=None if same_file else Severity.INFO,
            related=(before,),
        )


def _value(hit: Occurrence) -> list[str]:
    return [word.lower() for word in split(hit.args)]


RULE = Rule(
    code="SYN914",
    name="same-directive-twice-in-scope",
    severity=Severity.WARNING,
    on=_SINGLE,
    over=Over.WRITTEN,
    references=("sections.html#merging", "mod/directive-dict.html"),
    since="0.1.0",
    examples=(
        Example(bad="Timeout 30\nTimeout 90\n", good="Timeout 90\n", lines=(2,)),
        Example(
            bad="<VirtualHost *:80>\nServerName a.example.com\nServerName b.example.com\n"
            "</VirtualHost>\n",
            good="<VirtualHost *:80>\nServerName a.example.com\nServerAlias b.example.com\n"
            "</VirtualHost>\n",
            lines=(3,),
        ),
        Example(
            good="ServerTokens Prod\n<IfDefine Debug>\nServerTokens Full\n</IfDefine>\n"
            "KeepAlive On\nkeepalive on\n"
            "<VirtualHost *:80>\nServerName a.example.com\nTimeout 30\n</VirtualHost>\n"
            "<VirtualHost *:8080>\nServerName a.example.com\nTimeout 40\n</VirtualHost>\n"
        ),
    ),
    check=check,
)
