"""What of a directive's arguments is never shown: passwords, keys, tokens.

Three rules. Of a directive that httpd does not ship, nothing is shown: a third-party module may
keep its password in it. Of a directive that can hold a secret, only the leading arguments that
cannot. And of all others, what their text gives away: the user part and the query of a URL,
``secret=…``, and the arguments of a program that is started.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.directives import is_shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

HIDDEN = "***"

# Folded name → how many leading arguments cannot be secret.
_SHOWN_ARGUMENTS: dict[str, int] = {
    # credentials
    "authbasicfake": 0,
    "authformpassword": 0,
    "authformsitepassphrase": 0,
    "authldapbindpassword": 0,
    "dbdparams": 0,
    "dbdinitsql": 0,
    "mdexternalaccountbinding": 0,
    "sessioncryptopassphrase": 0,
    "sslpassphrasedialog": 0,
    "sslsrpunknownuserseed": 0,
    "sslopensslconfcmd": 1,
    # values handed on to an application or a backend
    "define": 1,
    "setenv": 1,
    "setenvif": 1,
    "setenvifnocase": 1,
    "setenvifexpr": 0,
    "proxyfcgisetenvif": 0,
    "use": 1,
    "header": 2,
    "requestheader": 2,
    "proxyremote": 2,
    "proxyremotematch": 2,
    # what a request is compared with, or turned into
    "rewritecond": 0,
    "rewriterule": 0,
    "if": 0,
    "elseif": 0,
    "sslrequire": 0,
    "proxyhcexpr": 1,
    "substitute": 0,
    "inputsed": 0,
    "outputsed": 0,
    # programs with arguments
    "extfilterdefine": 1,
    "mdmessagecmd": 1,
    "mdnotifycmd": 1,
    "mdchallengedns01": 1,
}
_HEADER_CONDITIONS = frozenset({"always", "onsuccess"})

_WORD = re.compile(r"[^\s\"']+")
# Both scan no farther than their class allows and start at a fixed text: linear in the input.
_USER = re.compile(r"://[^/?#]*@")
_NAMED = re.compile(
    r"((?:secret|passw(?:or)?d|passphrase|pwd|pin-value|token|api-?key|credentials?)[\w-]{0,40}=)"
    r"[^;&\s\"']+",
    re.IGNORECASE,
)


def may_be_shown(name: str) -> bool:
    """Tell whether all arguments of a directive may be shown, but for what ``mask`` cuts.

    Args:
        name: In any spelling, with the bracket of a section or without.
    """
    folded = _fold(name)
    return folded not in _SHOWN_ARGUMENTS and is_shipped(folded)


def mask(name: str, args: Sequence[str]) -> tuple[str, ...]:
    """Give the arguments as they may be shown; what is held back becomes one ``***``."""
    folded = _fold(name)
    shown = _shown(folded, args)
    regex = folded.endswith("match")
    safe = [_cut(arg, regex=regex) for arg in args[:shown]]
    return (*safe, HIDDEN) if len(args) > shown else tuple(safe)


def mask_raw(name: str, args: Sequence[str], raw: str) -> str:
    """Give the raw text of the arguments: as written where nothing is held back."""
    safe = mask(name, args)
    return raw if safe == tuple(args) else joined(safe)


def joined(safe: Sequence[str]) -> str:
    """Write what ``mask`` gave as raw text."""
    return " ".join(_quoted(arg) for arg in safe)


def cut_urls(text: str) -> str:
    """Take user parts and queries of URLs, and ``password=…``, out of a text."""
    return _NAMED.sub(rf"\1{HIDDEN}", _WORD.sub(lambda word: _cut_url(word[0]), text))


def _fold(name: str) -> str:
    return name.lower().strip("</>")


def _shown(folded: str, args: Sequence[str]) -> int:
    """Count the leading arguments that may be shown."""
    if folded == "require":
        return 1 if args and args[0].lower() == "expr" else len(args)
    shown = _SHOWN_ARGUMENTS.get(folded)
    if shown is None:
        return len(args) if is_shipped(folded) else 0
    conditional = shown and args and args[0].lower() in _HEADER_CONDITIONS
    return shown + 1 if conditional else shown


def _cut(arg: str, *, regex: bool) -> str:
    if arg.startswith("|"):
        program, *rest = arg.split(None, 1)
        return f"{program} {HIDDEN}" if rest else program
    if arg.startswith("/") and "?" in arg and not regex:
        arg = f"{arg.partition('?')[0]}?{HIDDEN}"
    return cut_urls(arg)


def _cut_url(word: str) -> str:
    scheme = word.find("://")
    if scheme < 0:
        return word
    word = _USER.sub(f"://{HIDDEN}@", word)
    query = word.find("?", scheme)
    return word if query < 0 else f"{word[:query]}?{HIDDEN}"


def _quoted(arg: str) -> str:
    if arg and not any(char.isspace() or char in "\"'" for char in arg):
        return arg
    return '"' + arg.replace("\\", "\\\\").replace('"', '\\"') + '"'
