"""CustomLog names a format that no LogFormat defines.

## What it does
Reports ``CustomLog`` and ``GlobalLog`` whose format is one word without a ``%`` that is the
nickname of no ``LogFormat``, neither of the same virtual host nor of the main server, above or
below. ``CLF`` is built in.

## Why it matters
httpd takes the word for a format: every request is logged as that word, and the requests
themselves are lost. ``-t`` finds nothing wrong.

The fix writes the format where the name is one that everybody knows, or the nickname that is a
letter away.

## When to ignore it
Where a log of one fixed word is wanted; put a blank or a ``%%`` into it then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.spelling import Lexicon
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_COMMON = r"%h %l %u %t \"%r\" %>s %b"
_AGENTS = r"\"%{Referer}i\" \"%{User-Agent}i\""
_USUAL = {
    "common": _COMMON,
    "combined": f"{_COMMON} {_AGENTS}",
    "combinedio": f"{_COMMON} {_AGENTS} %I %O",
    "vhost_common": f"%v {_COMMON}",
    "vhost_combined": f"%v:%p {_COMMON} {_AGENTS}",
    "referer": r"%{Referer}i -> %U",
    "agent": r"%{User-Agent}i",
}
_FORMAT = 2  # the word of CustomLog that names it, and the one of LogFormat that is the nickname


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each log whose format is a name without a meaning."""
    del tree
    if "logformat" in hits.unknown:
        return
    defined: set[tuple[int, str]] = {(0, "clf")}
    for hit in hits["logformat"]:
        words = split(hit.args)
        if len(words) >= _FORMAT:
            defined.add((_host(hit), words[1].lower()))
    inserted: set[tuple[int, str]] = set()
    for hit in (*hits["customlog"], *hits["globallog"]):
        words = split(hit.args)
        name = words[1] if len(words) >= _FORMAT else "%"
        if "%" in name or (0, name.lower()) in defined or len(name.split()) != 1:
            continue
        key = (_host(hit), name.lower())
        if key not in defined:
            nicknames = {nickname for _, nickname in defined}
            yield Violation(
                hit,
                f"No LogFormat defines {name}: the word itself is logged for every request",
                None if key in inserted else _fix(hit, name, nicknames),
                word=_FORMAT,
            )
            inserted.add(key)


def _host(hit: Occurrence) -> int:
    """Tell virtual hosts apart; 0 is the main server."""
    around = hit.sections()
    return id(around[0]) if around else 0


def _fix(hit: Occurrence, name: str, nicknames: set[str]) -> Fix | None:
    meant = Lexicon(nicknames).meant(name)
    if meant and name.lower() not in _USUAL:
        return fix(f"Name {meant}", replace_word(hit, _FORMAT, meant))
    usual = _USUAL.get(name.lower())
    if usual is None:
        return None
    return fix(f"Define {name}", insert_before(hit, f'LogFormat "{usual}" {name}'))


_LOG = "CustomLog /srv/www/logs/access.log"

RULE = Rule(
    code="SYN910",
    name="undefined-log-nickname",
    severity=Severity.ERROR,
    on=("customlog", "globallog", "logformat"),
    whole_tree=True,
    references=("mod/mod_log_config.html#customlog", "mod_log_config.c: open_config_log"),
    since="0.1.0",
    examples=(
        Example(
            bad=f"{_LOG} common\n",
            fixed_unsafely=f'LogFormat "{_COMMON}" common\n{_LOG} common\n',
        ),
        Example(
            bad=f'LogFormat "%h %>s" short_form\n{_LOG} shortform\n',
            fixed_unsafely=f'LogFormat "%h %>s" short_form\n{_LOG} short_form\n',
            lines=(2,),
        ),
        Example(
            bad="<VirtualHost *:80>\nServerName a.example.com\n"
            f'LogFormat "%h %>s" brief\n</VirtualHost>\n{_LOG} brief\n',
            lines=(5,),
        ),
        Example(
            good="<VirtualHost *:80>\nServerName a.example.com\n"
            f'{_LOG} Brief\n</VirtualHost>\nLogFormat "%h %>s" brief\n',
        ),
        Example(good=f'{_LOG} clf\n{_LOG} "%h %u"\n{_LOG} "one request"\n'),
        Example(good=f"{_LOG} combined\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
