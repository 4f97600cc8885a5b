"""A pattern is no regular expression.

## What it does
Reports patterns of ``RewriteRule``, ``RewriteCond``, ``SetEnvIf``, the ``…Match`` directives and
sections, and ``~`` sections, that cannot be compiled: parentheses and brackets that do not
balance, a repetition of nothing, a backslash at the end. What only PCRE2 itself could tell, such
as a group that is referred to and absent, is not looked for.

## Why it matters
httpd does not start. In a ``.htaccess`` every request below it is answered with status 500.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.regex_refusals import problem
from mpmtune.httpd.rewriting import rewrite_words
from mpmtune.httpd.words import arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mpmtune.model.config import Occurrence, Tree

_STATUS_NAMES = frozenset({"permanent", "temp", "seeother", "gone"})
_NOT_PATTERNS = ("-", "=", "<", ">")
_WITH_STATUS = 3


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each pattern that PCRE2 refuses."""
    del tree
    right: set[tuple[str, str]] = set()
    for hit in hits:
        # The same line stands in many virtual hosts.
        if (hit.name, hit.args) in right:
            continue
        split = rewrite_words if hit.name in _REWRITE else None
        words = split(hit.args) if split else arguments(hit.name, hit.args)
        number = _PLACE[hit.name](hit, words)
        if number is None or not number < len(words):
            continue
        pattern = words[number].removeprefix("!") if split else words[number]
        wrong = problem(pattern)
        if wrong:
            yield Violation(
                hit,
                f"This pattern is no regular expression: {wrong}",
                word=None if split else number + 1,
            )
        elif hit.name != "proxypassmatch":  # whether that has a pattern depends on its place
            right.add((hit.name, hit.args))


def _word(number: int) -> Callable[[Occurrence, Sequence[str]], int | None]:
    return lambda _hit, _words: number


def _redirect(_hit: Occurrence, words: Sequence[str]) -> int:
    with_status = len(words) >= _WITH_STATUS or (
        words[:1] and (words[0].isdigit() or words[0].lower() in _STATUS_NAMES)
    )
    return 1 if with_status else 0


def _proxy_pass(hit: Occurrence, words: Sequence[str]) -> int | None:
    """Inside of a section, the section's pattern counts."""
    inside = any(section.name != "<virtualhost" for section in hit.sections())
    return None if inside or len(words) < 2 else 0  # noqa: PLR2004 - pattern and URL


def _condition(_hit: Occurrence, words: Sequence[str]) -> int | None:
    """A comparison or a file test is no pattern, and an expression is none."""
    if words[0].lower() == "expr":
        return None
    return None if words[1].removeprefix("!").startswith(_NOT_PATTERNS) else 1


def _tilde(_hit: Occurrence, words: Sequence[str]) -> int | None:
    return 1 if words[:1] == ("~",) else None


_REWRITE = frozenset({"rewriterule", "rewritecond"})
_PLACE: dict[str, Callable[[Occurrence, Sequence[str]], int | None]] = {
    "aliasmatch": _word(0),
    "scriptaliasmatch": _word(0),
    "redirectmatch": _redirect,
    "proxypassmatch": _proxy_pass,
    "rewriterule": _word(0),
    "rewritecond": _condition,
    "setenvif": _word(1),
    "setenvifnocase": _word(1),
    "browsermatch": _word(0),
    "browsermatchnocase": _word(0),
    "<directorymatch": _word(0),
    "<filesmatch": _word(0),
    "<locationmatch": _word(0),
    "<proxymatch": _word(0),
    "<directory": _tilde,
    "<files": _tilde,
    "<location": _tilde,
}

RULE = Rule(
    code="SYN913",
    name="invalid-regex",
    severity=Severity.ERROR,
    by_default=False,
    on=tuple(_PLACE),
    httpd_ids=ids("AH00526"),
    references=("https://www.pcre.org/current/doc/html/pcre2pattern.html", "util.c: ap_pregcomp"),
    since="0.1.0",
    examples=(
        Example(bad='RedirectMatch 404 "/(unclosed"\n', good='RedirectMatch 404 "/(closed)"\n'),
        Example(
            bad="<FilesMatch *.php>\nRequire all denied\n</FilesMatch>\n",
            good="<FilesMatch \\.php$>\nRequire all denied\n</FilesMatch>\n",
        ),
        Example(
            bad="RewriteEngine On\nRewriteRule ^/[a-z/(.*)$ /$1\n",
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(bad="RewriteRule ^old\\ [0-9+ - [G]\n", scope=Scope.HTACCESS),
        Example(
            good="RewriteEngine On\nRewriteCond %{THE_REQUEST} ^GET\\ /a\\ HTTP [NC]\n"
            "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{HTTP_HOST} !=a.example.com\n"
            "RewriteRule ^/(?:[]\\[)]|\\()+x{,y}\\Q(\\E$ - [F]\n"
            '<LocationMatch "^/(?<site>[^/]++)/(?#a()b">\nRequire local\n</LocationMatch>\n',
            modules=("rewrite_module",),
        ),
    ),
    check=check,
)
