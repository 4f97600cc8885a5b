"""Random configurations from awkward pieces: what readers get wrong, put together by chance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from pathlib import Path

# fmt: off
DIRECTIVES = (
    "SetEnv A 1", 'SetEnv B "x y"', "setenv C ${V}", '"SetEnv" D 1', 'SetEnv E "un', "SetEnv F x#y",
    "PassEnv PATH", "SetEnv\tG\t1", "SetEnv H a\\\\b", "SetEnv I 'a\"b'", "SetEnv ${V} ${W}",
    "${K} L 1", "SetEnv \xe9 \xa0", "Bogus x", "SetEnv M 1 \x0c", "Sete\\\nnv N 1",
    "SetEnv O \\\n  b", "SetEnv P \\", 'SetEnv Q "a\\"b"', "SetEnv R 1 # c", "SetEnv>  S 1",
    "SetEnv T ${U}x", "SetEnv $a $b", "SetEnv $a x", "SetEnv U @c", "SetEnv V %d%d",
)
OPENINGS = (
    "<Directory /x>", "<Location /y>", "<VirtualHost *:80>", '<Files "a b">', '<directory "/z">',
    "<Directory /x> junk", "<Location /a/>", "<Directory /x", '<FilesMatch "\\.x$">',
    '"<Location" /q>', "<Limit GET>", "<Foo>", '<If "true">', "<Macro>", "<Location>", "<Files >",
)
CLOSINGS = (
    "</Directory>", "</Location>", "</VirtualHost>", "</Files>", "</directory>",
    "</Directory> # c", "</Directory", "</Directory >", "</FilesMatch>", "</Limit>", "</Foo>",
    "</If>", '"</Directory>"', "</IfModule>", "</IfDefine>", "</ifmodule>", "</IfModule> # c",
)
CONDITIONS = (
    "<IfModule alias_module>", "<IfModule !alias_module>", "<IfModule mod_env.c>",
    "<IfModule nope>", "<IfDefine V>", "<IfDefine nope>", "<IfDefine !nope>", "<IfVersion >= 2.4>",
    "<IfVersion < 2.4>", "<IfFile inc1.conf>", "<IfFile nope>", "<IfDirective SetEnv>",
    "<IfSection Directory>", "<IfModule>", "<IfModule alias_module", "<IfModule ${V}>",
    '<ifmodule "alias_module" x>', "<IfDirective Nope>", "<IfVersion>", "<IfDefine DUMP_CONFIG>",
)
EXECUTED = (
    "Define V 1", 'Define W "p q"', "Define K SetEnv", "UnDefine V", "UnDefine v", "Define",
    "Define a:b", "Include inc1.conf", "Include inc2.conf", "IncludeOptional nope*",
    "Include nope.conf", "Include inc*.conf", "Include sub", "LoadModule alias_module x",
    "LoadModule env_module x", "LoadModule version_module x", "Use m1", "Use m1 a b",
    'Use m2 "x y" z', "Use m2 x", "Use nope", "UndefMacro m1", "UndefMacro nope",
    "MacroIgnoreEmptyArgs", "MacroIgnoreBadNesting", "Use m3", "Define W", 'Include "inc1.conf"',
    'Use m2 "" ""', "Use m2 # x", "Use m4 a",
)
MACROS = (
    "<Macro m1>", "<Macro m1 $a $b>", "<Macro m2 $a @c>", "<Macro M2 $a %d>", "<Macro m3>",
    "<Macro m4 $a>", "<Macro m2 $a $ab>", "<Macro $x>", "<Macro m1 $a $a>",
    "<Macro m3 /IgnoreBadNesting /foo $a>", "<Macro m1> # c", "<Macro m1 $a> c>",
)
ODDITIES = (
    "# c\n", "#c \\\n", "\n", "  \n", "\\\n", " # x\r\n", "SetEnv Z a\x00b\n", "a\\\\\n\n",
)
# fmt: on
_INDENTS = ("", "  ", "\t", " \t")
_LINE_ENDS = (*["\n"] * 12, "\r\n", " \n", "\x0b\n")
_START = "<Macro m1>\nSetEnv m 1\n</Macro>\n<Macro m2 $a @c>\nSetEnv $a @c\n</Macro>\nDefine V v\n"


def write_random(chance: random.Random, directory: Path, head: str) -> Path:
    """Write a main file, what it may include, and a wrapper with a head; give the wrapper."""
    start = _START if chance.random() < 0.5 else ""
    (directory / "sub").mkdir()
    texts = {
        "inc1.conf": _body(chance, 2, chance.choice((0, 1, 1, 2))),
        "inc2.conf": _body(chance, 2, chance.choice((0, 1, 2))).replace("inc2", "inc1"),
        "sub/x~": _body(chance, 3, 1),
        "random.conf": start + _body(chance, 0, chance.choice((1, 2, 3, 4, 6, 9))),
        "main.conf": f"{head}Include random.conf\n",
    }
    for name, text in texts.items():
        (directory / name).write_bytes(text.encode("latin-1"))
    return directory / "main.conf"


def _body(chance: random.Random, depth: int, pieces: int) -> str:
    return "".join(_piece(chance, depth) for _ in range(pieces))


def _piece(chance: random.Random, depth: int) -> str:
    kind = chance.random()
    indent, end = chance.choice(_INDENTS), chance.choice(_LINE_ENDS)
    if kind < 0.42:
        return indent + chance.choice(DIRECTIVES) + end
    if kind < 0.48:
        return chance.choice(ODDITIES)
    if kind < 0.60 and depth < 4:
        return _section(chance, depth, OPENINGS, (indent, end))
    if kind < 0.76 and depth < 5:
        return _section(chance, depth, CONDITIONS, (indent, end))
    if kind < 0.84 and depth < 3:
        closing = chance.choice((*["</Macro>"] * 9, "</macro> # c", "</Macro> x", ""))
        body = _body(chance, depth + 2, chance.randint(0, 4))
        return f"{indent}{chance.choice(MACROS)}{end}{body}{closing}{end}"
    if kind < 0.99:
        return indent + chance.choice(EXECUTED) + end
    return chance.choice(CLOSINGS) + end


def _section(
    chance: random.Random, depth: int, openings: tuple[str, ...], manner: tuple[str, str]
) -> str:
    """Write a section; one in ten is closed by something else, or not at all."""
    indent, end = manner
    opening = chance.choice(openings)
    name = re.search(r"<(\w+)", opening)
    assert name is not None
    other = chance.choice((*CLOSINGS, ""))
    closing = other if chance.random() < 0.1 else f"</{name[1]}>"
    body = _body(chance, depth + 1, chance.randint(0, 4))
    return f"{indent}{opening}{end}{body}{indent}{closing}{end}"
