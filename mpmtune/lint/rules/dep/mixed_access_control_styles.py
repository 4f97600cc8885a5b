"""Order, Allow or Deny and Require decide about the same requests, and both must let them pass.

## What it does
Compares what ``Order``, ``Allow`` and ``Deny`` admit with ``Require`` lines that apply to the
same requests: in the same section, and in ``<Directory>`` and ``<Location>`` sections of which
one's path lies below the other's. Reported as an error is what shuts everybody out: a ``Require``
that grants access which an outer ``Deny`` still refuses, and an ``Allow`` below a
``Require all denied``. Two halves of one section that both restrict are a warning.

## Why it matters
mod_access_compat and mod_authz_core do not know of each other. A section replaces what an outer
one says in its own style only, so the other style's refusal goes on to apply: status 403, and
AH01630 or AH01797 in the error log. ``-t`` finds nothing wrong with it.

## When to ignore it
Where both conditions are really meant to be passed, such as a ``Require valid-user`` beside
addresses; that pair is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.access_compat import Admitted, access
from mpmtune.httpd.words import arguments, split
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.model.config import Occurrence, Tree

_OLD = ("order", "allow", "deny")
_ANY_WAY_MEANT = frozenset({"satisfy", "<requireall", "<requireany", "<requirenone"})
# Who somebody is, which the old style never judged: meant beside it.
_IDENTITY = ("valid-user", "user", "group", "ldap-", "dbm-", "dbd-", "file-", "claim", "shib")
_WILD = frozenset("*?[~$^")
_LONGEST = 4096  # PATH_MAX


class _Section(NamedTuple):
    """One section with what of both styles stands right in it."""

    at: Occurrence
    old: list[Occurrence]
    new: list[Occurrence]

    def after(self, earlier: _Section) -> _Section:
        """Give what this and an earlier section of the same path come to: each style replaces."""
        return _Section(self.at, self.old or earlier.old, self.new or earlier.new)

    @property
    def admitted(self) -> Admitted | None:
        """Whom the old style lets pass."""
        found = access((hit.name, split(hit.args)) for hit in self.old)
        return found.admitted if found else None

    @property
    def restriction(self) -> Occurrence:
        """The line that refuses, or the first."""
        return next((hit for hit in self.old if hit.name == "deny"), self.old[0])

    @property
    def denies_all(self) -> bool:
        """Whether its Require lines let nobody pass."""
        return all(_words(hit) == ["all", "denied"] for hit in self.new)

    @property
    def about_place(self) -> Occurrence | None:
        """The first Require that asks not who somebody is, but where he comes from."""
        return next((hit for hit in self.new if not _words(hit)[0].startswith(_IDENTITY)), None)


_Key = tuple[int, str, str]  # virtual host, kind of section, path


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield where one style refuses what the other grants."""
    del tree
    if not any(hits[name] for name in _OLD):
        return
    sections = _sections(hits)
    for section in sections.values():
        if section.old and section.new:
            yield from _in_one(section)
    by_path: dict[_Key, _Section] = {}
    for section in sections.values():
        key = _key(section.at)
        if key is not None:
            by_path[key] = section.after(by_path.get(key, section))
    for key, section in by_path.items():
        yield from _below(section, _around(key, by_path))


def _sections(hits: Hits) -> Mapping[int, _Section]:
    """Group by enclosing section; leave out those whose styles are joined on purpose."""
    joined = {id(hit.enclosing) for name in _ANY_WAY_MEANT for hit in hits[name]}
    found: dict[int, _Section] = {}
    for name in (*_OLD, "require"):
        for hit in hits[name]:
            around = hit.enclosing
            if around is None or id(around) in joined or around.name in _ANY_WAY_MEANT:
                continue
            section = found.setdefault(id(around), _Section(around, [], []))
            (section.new if name == "require" else section.old).append(hit)
    return found


def _words(require: Occurrence) -> list[str]:
    words = [word.lower() for word in split(require.args)]
    return (words[1:] if words[:1] == ["not"] else words) or [""]


def _in_one(section: _Section) -> Iterator[Violation]:
    require = section.about_place
    if require and section.admitted in {Admitted.SOME, Admitted.NONE}:
        yield Violation(
            require,
            "A client must pass this and the Order, Allow and Deny of the same section",
            severity=Severity.WARNING,
            related=(section.restriction,),
        )


def _below(inner: _Section, around: list[_Section]) -> Iterator[Violation]:
    if inner.old and not inner.new and inner.admitted is not Admitted.NONE:
        outer = next((section for section in around if section.new), None)
        if outer and outer.denies_all:
            allow = next((hit for hit in inner.old if hit.name == "allow"), inner.old[0])
            yield Violation(
                allow,
                f"This admits nobody: Require all denied of {_shown(outer.at)} still applies here",
                related=(outer.new[0],),
            )
    require = inner.about_place
    if require and not inner.old and not inner.denies_all:
        outer = next((section for section in around if section.old), None)
        if outer and outer.admitted is Admitted.NONE:
            yield Violation(
                require,
                f"This admits nobody: {outer.restriction.item.spelling} of"
                f" {_shown(outer.at)} still applies here",
                related=(outer.restriction,),
            )


def _shown(section: Occurrence) -> str:
    return f"{section.item.spelling} {section.args}"


def _key(section: Occurrence) -> _Key | None:
    """Give what tells where a section applies; None for one that is not a plain path."""
    host = section.enclosing
    if section.name not in {"<directory", "<location"} or (host and host.name != "<virtualhost"):
        return None
    words = arguments(section.name, section.args[:_LONGEST])
    if len(words) != 1 or not words[0].startswith("/") or not _WILD.isdisjoint(words[0]):
        return None
    return (id(host) if host else 0, section.name, words[0].rstrip("/"))


def _around(key: _Key, by_path: Mapping[_Key, _Section]) -> list[_Section]:
    """Give the sections whose path holds another's, nearest first; the main server's last."""
    host, kind, path = key
    found = []
    for server in dict.fromkeys((host, 0)):
        outer = path
        if server != host and (server, kind, outer) in by_path:
            found.append(by_path[server, kind, outer])
        while outer:
            outer = outer.rpartition("/")[0]
            section = by_path.get((server, kind, outer))
            if section:
                found.append(section)
    return found


_COMPAT = ("access_compat_module",)
_DENIED = "<Directory /srv/www>\nRequire all denied\n</Directory>\n"

RULE = Rule(
    code="DEP802",
    name="mixed-access-control-styles",
    severity=Severity.ERROR,
    on=(*_OLD, "require", *sorted(_ANY_WAY_MEANT)),
    jointly=True,
    references=("upgrading.html#access", "mod/mod_access_compat.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Location />\nOrder deny,allow\nDeny from all\n</Location>\n"
            "<Location /pub>\nRequire all granted\n</Location>\n",
            good="<Location />\nRequire all denied\n</Location>\n"
            "<Location /pub>\nRequire all granted\n</Location>\n",
            lines=(6,),
            also=("DEP801",),
            modules=_COMPAT,
        ),
        Example(
            bad=_DENIED
            + "<Directory /srv/www/htdocs>\nOrder allow,deny\nAllow from all\n</Directory>\n",
            good=_DENIED + "<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n",
            lines=(6,),
            also=("DEP801",),
            modules=_COMPAT,
        ),
        Example(
            bad="<Location /status>\nOrder deny,allow\nDeny from all\nAllow from 192.0.2.1\n"
            "Require ip 192.0.2.0/24\n</Location>\n",
            good="<Location /status>\nRequire ip 192.0.2.0/24\n</Location>\n",
            lines=(5,),
            also=("DEP801",),
            modules=_COMPAT,
        ),
        Example(
            good="<IfModule !mod_authz_core.c>\n<Location /pub>\nOrder allow,deny\n"
            "Deny from all\n</Location>\n</IfModule>\n"
            "<Location /pub>\nRequire all granted\n</Location>\n",
            modules=_COMPAT,
        ),
    ),
    check=check,
)
