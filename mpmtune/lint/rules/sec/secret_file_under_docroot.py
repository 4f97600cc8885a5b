"""A file with passwords, a key or a log has a URL.

## What it does
Reports ``AuthUserFile``, ``AuthGroupFile``, the files of mod_authn_dbm, private keys and log files
that lie in a ``DocumentRoot`` or behind an ``Alias``, unless what is in force for their URL lets
nobody fetch them. For logs it is a warning.

## Why it matters
Password hashes are cracked at leisure, with a private key somebody else can pose as this server,
and logs hold addresses, sessions and tokens.

## When to ignore it
Never: such a file needs no place below the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.served import Served, ServedDirectories, absolute, sent_file
from mpmtune.lint.surroundings import admitted
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SECRETS = {
    "authuserfile": "passwords",
    "authgroupfile": "groups",
    "authdbmuserfile": "passwords",
    "authdbmgroupfile": "groups",
    "sslcertificatekeyfile": "the private key",
}
_LOGS = ("errorlog", "customlog", "transferlog")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each file that is sent to whoever asks for its URL."""
    if not (hits["documentroot"] or hits["alias"]):
        return
    served = ServedDirectories(hits["documentroot"], hits["alias"])
    sent: dict[str, Served | None] = {}
    for name in (*_SECRETS, *_LOGS):
        for hit in hits[name]:
            word = word_in(hit)
            hidden = hits.scope is not Scope.WHOLE and "/.ht" in word  # shut by another file
            if not word or word[0] == "|" or word.startswith("syslog") or hidden:
                continue
            if word not in sent:  # many places share one file of users
                sent[word] = _sent(tree, served.url_of(absolute(tree.server_root, word)))
            found = sent[word]
            if found is not None:
                yield Violation(
                    hit,
                    f"The file with {_SECRETS.get(name, 'the log')} has a URL: {found.url}",
                    word=1,
                    severity=Severity.WARNING if name in _LOGS else None,
                    related=(found.by,),
                )


def _sent(tree: Tree, served: Served | None) -> Served | None:
    """Give a URL back when everybody may fetch what it leads to."""
    if served is None:
        return None
    view = merged_view_of(tree)
    here = sent_file(view, served)
    return served if here is not None and admitted(view, here) is Admitted.ALL else None


_AUTH = ("authn_core_module", "authn_file_module")
_ROOT = "DocumentRoot /srv/www/htdocs\n"
_SHUT = '<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>\n'


def _users(file: str, restriction: str = "") -> str:
    return f"<Location /adm>\nAuthUserFile {file}\n{restriction}</Location>\n"


RULE = Rule(
    code="SEC323",
    name="secret-file-under-docroot",
    severity=Severity.ERROR,
    on=(*_SECRETS, *_LOGS, "documentroot", "alias"),
    cis=("7.3",),
    references=("programs/htpasswd.html#security", "mod/mod_authn_file.html#authuserfile"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ROOT + _users("/srv/www/htdocs/users"),
            good=_ROOT + _users("/srv/www/run/users"),
            lines=(3,),
            modules=_AUTH,
        ),
        Example(bad=_ROOT + "ErrorLog /srv/www/htdocs/logs/error.log\n", lines=(2,)),
        Example(bad="Alias /run/ /srv/www/run/\nErrorLog /srv/www/run/error.log\n", lines=(2,)),
        Example(
            bad=f"<VirtualHost *:8443>\n{_ROOT}SSLEngine On\nSSLCertificateFile /srv/www/cert.pem\n"
            "SSLCertificateKeyFile /srv/www/htdocs/key.pem\n</VirtualHost>\n",
            lines=(5,),
            scope=Scope.FRAGMENT,
        ),
        Example(good=_ROOT + _SHUT + _users("/srv/www/htdocs/.htpasswd"), modules=_AUTH),
        Example(good=_ROOT + _users("/srv/www/htdocs/adm/users", "Require local\n"), modules=_AUTH),
        Example(good=_ROOT + _users("/srv/www/htdocs/.htpasswd"), scope=Scope.FRAGMENT),
        Example(good=_ROOT + "ErrorLog syslog:local1\n"),
    ),
    check=check,
)
