"""Configuration texts and what httpd makes of them; asked of the real one too.

Each text stands in a file ``F`` of its own, included from a main file that has loaded mpm_event,
alias, authz_core, env and macro. Beside it lie ``one.conf`` (``SetEnv ONE 1``), an empty directory
``empty`` and a directory ``many`` with ``b.conf``, ``a.conf~`` and ``.hidden``.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A text and httpd's judgement.

    Attributes:
        text: What is in F.
        kept: ``line name arguments`` of every directive that httpd keeps; blanks are one blank.
            Lines of another file have its name before: ``one.conf:1``.
        refused: ``line: text`` of what it refuses while reading; None when it reads to the end.
        said: What it says on the way, with numbers.
    """

    text: str
    kept: tuple[str, ...] = ()
    refused: str | None = None
    said: tuple[str, ...] = ()


MACRO_M = "<Macro m $a>\nSetEnv A $a\n</Macro>\n"
IN_M = 'macro \'m\' (defined on line 1 of "F") used on line {} of "F"'

# fmt: off
LINES = [
    Case("SetEnv A \\\n  1\n", ("2 SetEnv A 1",)),
    Case("SetEnv A \\\r\n1\r\n", ("2 SetEnv A 1",)),
    Case("Set\\\nEnv A 1", ("2 SetEnv A 1",)),
    Case("SetEnv A 1\\ \nSetEnv B 2\n", ("1 SetEnv A 1\\", "2 SetEnv B 2")),
    Case("SetEnv A x\\\\\n\n\nSetEnv B 2\n", ("3 SetEnv A x", "4 SetEnv B 2")),
    Case("# comment \\\nSetEnv A 1\nSetEnv B 2\n", ("3 SetEnv B 2",)),
    Case("SetEnv A \\\n# 1\n", ("2 SetEnv A # 1",)),
    Case("SetEnv A \\\n", ("2 SetEnv A",)),
    Case("SetEnv A 1\\", ("1 SetEnv A 1\\",)),
    Case("SetEnv A 1\x00 rest\nSetEnv B 2\n", ("1 SetEnv A 1", "2 SetEnv B 2")),
    Case("SetEnv A 1\x00 \\\nSetEnv B 2\n", ("1 SetEnv A 1", "2 SetEnv B 2")),
    Case("\x0b\x0c SetEnv\tA\x0b1 \x0c\n", ("1 SetEnv A 1",)),
    Case("SetEnv A\r1\n", ("1 SetEnv A 1",)),
    Case("SetEnv \xa0 \xe9\n", ("1 SetEnv \xa0 \xe9",)),
    Case("\n\n\\\n\n", ()),
    Case("", ()),
]
WORDS = [
    Case("SetEnv A x#y\n", ("1 SetEnv A x#y",)),
    Case('SetEnv A "x # y"\n', ('1 SetEnv A "x # y"',)),
    Case('SetEnv A "unclosed\n', ('1 SetEnv A "unclosed',)),
    Case('"SetEnv" A 1\n', ("1 SetEnv A 1",)),
    Case("'setenv' A =b\n", ("1 SetEnv A =b",)),
    Case("setenv> A 1\n", ("1 SetEnv A 1",)),
    Case('"" A 1\n', ()),
    Case('SetEnv A "a\\"b\\\\c\\d"\n', ('1 SetEnv A "a\\"b\\\\c\\d"',)),
    Case('SetEnv "A""1"\n', ('1 SetEnv "A""1"',)),
    Case("/* A\n", ("1 /* A",)),
    Case("\xef\xbb\xbfSetEnv A 1\n", ("1 \xef\xbb\xbfSetEnv A 1",)),
]
SECTIONS = [
    Case("<Directory /x> junk\nSetEnv A 1\n</Directory> # c\n", ("1 <Directory /x> junk", "2 SetEnv A 1")),
    Case("<DIRECTORY /x>\n</directory>\n", ("1 <Directory /x>",)),
    Case('"<Location" /q>\n"</Location>"\n', ("1 <Location /q>",)),
    Case('<If "a > b">\n</If>\n', ('1 <If "a > b">',)),
    Case("<Else>\n</Else>\n", ("1 <Else >",)),
    Case("<Else\n</Else>\n", ("1 <Else >",)),
    Case("<Location /a/>\n</Location>\n", ("1 <Location /a/>",)),
    Case("</Foo>\n", refused="1: </Foo> without matching <Foo> section"),
    Case("<Files x>\n</Directory>\n", refused="2: Expected </Files> but saw </Directory>"),
    Case("<Files x>\n</Files\n", refused="2: </Files> directive missing closing '>'"),
    Case("<Files x>\n</Files >\n", refused="2: </Files> directive missing closing '>'"),
    Case("<Directory /a>\n<Files x>\n", refused=(
        "1: F:2: <Files> was not closed.\nF:1: <Directory> was not closed.")),
    Case("<Foo>\n</fOO>\n", ("1 <Foo >",)),
]
CONDITIONS = [
    Case("<IfModule alias_module>\nSetEnv A 1\n</IfModule>\n", ("2 SetEnv A 1",)),
    Case("<IfModule mod_alias.c>\nSetEnv A 1\n</IfModule>\n", ("2 SetEnv A 1",)),
    Case("<IfModule event.c>\nSetEnv A 1\n</IfModule>\n", ("2 SetEnv A 1",)),
    Case("<IfModule mod_mpm_event.c>\nSetEnv A 1\n</IfModule>\n", ()),
    Case("<IfModule MOD_ALIAS.C>\nSetEnv A 1\n</IfModule>\n", ()),
    Case("<IfModule mod_so.c>\nSetEnv A 1\n</IfModule>\n", ("2 SetEnv A 1",)),
    Case('<IfModule "mod_alias.c" more >\nSetEnv A 1\n</IfModule>\n', ("2 SetEnv A 1",)),
    Case("<IfModule ! nope>\nSetEnv A 1\n</IFMODULE>\n", ("2 SetEnv A 1",)),
    Case('<IfModule !"alias_module">\nSetEnv A 1\n</IfModule>\n', ()),
    Case("<IfModule alias_module>\n<Files x>\nSetEnv A 1\n</Files>\n</IfModule>\n", (
        "2 <Files x>", "3 SetEnv A 1")),
    Case("<IfModule alias_module>\n<Directory /x>\nSetEnv A 1\n", ("2 <Directory /x>", "3 SetEnv A 1")),
    Case("<IfModule nope>\n", refused="1: Expected </IfModule> before end of configuration"),
    Case("<IfModule alias_module>\n</IfModule> # c\n", refused=(
        "2: </IfModule> without matching <IfModule> section")),
    Case("<IfModule nope>\n</IfModule> # c\n", ()),
    Case('<IfModule alias_module>\n"</IfModule>"\n', refused=(
        "2: </IfModule> without matching <IfModule> section")),
    Case('<IfModule nope>\n"</IfModule>"\n', ()),
    Case("<IfModule nope>\n</IfModule\n", refused="1: Expected </IfModule> but saw </IfModul>"),
    Case('<IfModule nope>\n"<bar" x\n</bar>\nnot an argument in sight "\n</IfModule>\n', ()),
    Case("<IfModule nope>\n<a> x\n</a>\n</IfModule>\n", refused="1: Expected </a>> but saw </a>"),
    Case("<IfModule nope>\n<a b>\n</IfModule>\n", refused="1: Expected </a> but saw </IfModule>"),
    Case("<Directory /x>\n<IfModule alias_module>\n</Directory>\n</IfModule>\n", refused=(
        "3: </Directory> without matching <Directory> section")),
    Case("<IfModule alias_module>\n<Files x>\n</IfModule>\n</Files>\n</IfModule>\n", refused=(
        "3: Expected </Files> but saw </IfModule>")),
    Case("<IfModule>\n</IfModule>\n", refused="1: <IfModule> directive requires additional arguments"),
    Case('<IfModule "">\n</IfModule>\n', refused="1: <IfModule> directive requires additional arguments"),
    Case("<IfModule !>\n</IfModule>\n", refused="1: <IfModule> directive requires additional arguments"),
    Case("<IfDefine x\n</IfDefine>\n", refused="1: <IfDefine> directive missing closing '>'"),
    Case("<IfFile one.conf>\nSetEnv A 1\n</IfFile>\n<IfFile none>\nSetEnv B 1\n</IfFile>\n", ("2 SetEnv A 1",)),
    Case("<IfDirective sETeNV>\nSetEnv A 1\n</IfDirective>\n<IfDirective Nope>\nSetEnv B 1\n</IfDirective>\n", (
        "2 SetEnv A 1",)),
    Case("<IfSection directory>\nSetEnv A 1\n</IfSection>\n<IfSection SetEnv>\nSetEnv B 1\n</IfSection>\n", (
        "2 SetEnv A 1",)),
    Case("\\\n </IfModule>\n", refused="2: </IfModule> without matching <IfModule> section"),
    Case("<IfModule alias_module>\nSetEnv A 1\n\\\n </IfModule>\nSetEnv B 1\n", ("2 SetEnv A 1", "5 SetEnv B 1")),
]
VERSIONS = [
    Case("<IfVersion >= 2.4>\nSetEnv A 1\n</IfVersion>\n", ("2 SetEnv A 1",)),
    Case("<IfVersion >= 2.4 >\nSetEnv A 1\n</IfVersion>\n", ("2 SetEnv A 1",)),
    Case('<IfVersion >= "2.4" >\nSetEnv A 1\n</IfVersion>\n', ("2 SetEnv A 1",)),
    Case("<IfVersion < 2.4>\nSetEnv A 1\n</IfVersion>\n", ()),
    Case("<IfVersion !< 2.4>\nSetEnv A 1\n</IfVersion>\n", ("2 SetEnv A 1",)),
    Case("<IfVersion 2.4>\nSetEnv A 1\n</IfVersion>\n", ()),
    Case("<IfVersion ~ ^2.4>\nSetEnv A 1\n</IfVersion>\n", ("2 SetEnv A 1",)),
    Case("<IfVersion = /2\\.4/>\nSetEnv A 1\n</IfVersion>\n", ("2 SetEnv A 1",)),
    Case("<IfVersion != /2\\.2/>\nSetEnv A 1\n</IfVersion>\n", ("2 SetEnv A 1",)),
    Case("<IfVersion>\n</IfVersion>\n", refused=(
        "1: Version appears to be invalid. It must have the format major[.minor[.patch]] where"
        " major, minor and patch are numbers.")),
    Case("<IfVersion = 2.4\n</IfVersion>\n", refused="1: <IfVersion> directive missing closing '>'"),
    Case("<IfVersion foo 2.4>\n</IfVersion>\n", refused="1: unrecognized operator 'foo'"),
    Case("<IfVersion ! 2.4>\n</IfVersion>\n", refused="1: unrecognized operator '!'"),
    Case("<IfVersion ~= 2.4>\n</IfVersion>\n", refused="1: unrecognized operator '~='"),
    Case("<IfVersion = /2.4>\n</IfVersion>\n", refused=(
        "1: Missing delimiting / of regular expression.")),
    Case("<IfVersion ~ (>\n</IfVersion>\n", refused="1: Unable to compile regular expression"),
    Case("<IfVersion a b c d>\n</IfVersion>\n", refused=(
        "1: <IfVersion takes one, two or three arguments, a comparison operator, a version (and a"
        " delimiter)")),
]
VARIABLES = [
    Case("Define V v\nSetEnv A x${V}y\n", ("2 SetEnv A xvy",)),
    Case("Define Foo v\nSetEnv A ${FOO}\n", ("2 SetEnv A v",)),
    Case("Define Foo v\n<IfDefine FOO>\nSetEnv A 1\n</IfDefine>\n<IfDefine Foo>\nSetEnv B 1\n</IfDefine>\n", (
        "6 SetEnv B 1",)),
    Case("Define V v\nDefine V\nSetEnv A ${V}\n", ("3 SetEnv A v",)),
    Case("Define V v\nUnDefine v\nSetEnv A ${V}\n<IfDefine V>\nSetEnv B 1\n</IfDefine>\n", (
        "3 SetEnv A ${V}", "5 SetEnv B 1"), said=("AH00111: Config variable ${V} is not defined",)),
    Case("Define V ${W}\nDefine W w\nSetEnv A ${V}\n", ("3 SetEnv A ${W}",),
         said=("AH00111: Config variable ${W} is not defined",)),
    Case('Define V "a b"\nSetEnv ${V}\n', ("2 SetEnv a b",)),
    Case("Define S SetEnv\n${S} A 1\n", ("2 SetEnv A 1",)),
    Case('Define S "<Files"\n${S} x>\n</Files>\n', ("2 <Files x>",)),
    Case("SetEnv A ${a:b}$x${\n", ("1 SetEnv A ${a:b}$x${",)),
    Case("SetEnv A ${}\n", ("1 SetEnv A ${}",), said=("AH00111: Config variable ${} is not defined",)),
    Case("<IfModule nope>\nSetEnv ${V}\n</IfModule>\n", ()),
    Case("# ${V}\n", ()),
    Case("<Directory /x>\nDefine V v\n</Directory>\nSetEnv A ${V}\n", ("1 <Directory /x>", "4 SetEnv A v")),
    Case("Define H #c\n${H} A 1\n", ("2 #c A 1",)),
    Case("Define a:b\n", refused="1: Variable name must not contain ':'"),
    Case("UnDefine a:b\n", refused="1: Variable name must not contain ':'"),
    Case("Define\n", refused=(
        "1: Define takes 1-2 arguments, Define a variable, optionally to a value.  Same as passing"
        " -D to the command line.")),
    Case("Define a b c\n", refused=(
        "1: Define takes 1-2 arguments, Define a variable, optionally to a value.  Same as passing"
        " -D to the command line.")),
]
INCLUDES = [
    Case("Include one.conf\nSetEnv B 1\n", ("one.conf:1 SetEnv ONE 1", "2 SetEnv B 1")),
    Case("<Directory /x>\nInclude one.conf\n</Directory>\n", ("1 <Directory /x>", "one.conf:1 SetEnv ONE 1")),
    Case("Include one.conf\nInclude ./many/../one.conf\n", ("one.conf:1 SetEnv ONE 1",) * 2),
    Case("Include many\n", ("many/.hidden:1 SetEnv HIDDEN 1", "many/a.conf~:1 SetEnv A 1", "many/b.conf:1 SetEnv B 1")),
    Case("Include many/*\n", ("many/a.conf~:1 SetEnv A 1", "many/b.conf:1 SetEnv B 1")),
    Case("Include many/[a-b].c?nf*\n", ("many/a.conf~:1 SetEnv A 1", "many/b.conf:1 SetEnv B 1")),
    Case("Include m*/*.conf\n", ("many/b.conf:1 SetEnv B 1",)),
    Case("Include empty\nIncludeOptional none/*.conf\nIncludeOptional none\nIncludeOptional many/x*\n", ()),
    Case("Include none.conf\n", refused="1: Could not open configuration file D/none.conf: No such file or directory"),
    Case("Include none/*.conf\n", refused=(
        "1: Include/IncludeOptional: Could not open directory D/none: No such file or directory")),
    Case("Include one.conf/*\n", refused=(
        "1: Include/IncludeOptional: Could not open directory D/one.conf: Not a directory")),
    Case("Include many/x*\n", refused=(
        "1: Include/IncludeOptional: No matches for the wildcard 'x*' in 'D/many', failing")),
    Case("Include\n", refused=(
        "1: Include takes one argument, Name(s) of the config file(s) to be included; fails if the"
        " wildcard does not match at least one file")),
    Case("Include F\n", refused=(
        "1: Exceeded maximum include depth of 128, There appears to be a recursion.")),
    Case("ServerRoot D/many\nInclude b.conf\n", ("many/b.conf:1 SetEnv B 1",)),
    Case("ServerRoot D/none\n", refused="1: ServerRoot must be a valid directory"),
    Case("DefaultRuntimeDir none\n", refused=(
        "1: DefaultRuntimeDir must be a valid directory, absolute or relative to ServerRoot")),
    Case("<Directory /x>\nServerRoot D\n</Directory>\n", ("1 <Directory /x>",)),
]
MODULES = [
    Case("LoadModule alias_module x\n", (), said=("AH01574: module alias_module is already loaded, skipping",)),
    Case("LoadModule version_module x\n", refused="1: module version_module is built-in and can't be loaded"),
    Case("LoadModule a\n", refused=(
        "1: LoadModule takes two arguments, a module name and the name of a shared object file to"
        " load it from")),
    Case("LoadFile\n", refused=(
        "1: LoadFile requires at least one argument, shared object file or library to load into"
        " the server at runtime")),
]
MACROS = [
    Case(MACRO_M + "Use m x\nSetEnv B 1\n", (f"{IN_M.format(4)}:1 SetEnv A x", "5 SetEnv B 1")),
    Case(MACRO_M + 'USE M "x y"\n', (f"{IN_M.format(4)}:1 SetEnv A x y",)),
    Case("<Macro m>\n# not counted\nSetEnv A 1\n\nSetEnv B \\\n 2\n</Macro>\nUse m\n", (
        f"{IN_M.format(8)}:1 SetEnv A 1", f"{IN_M.format(8)}:3 SetEnv B 2")),
    Case('<Macro m @a %b>\nSetEnv A @a\nSetEnv B %b%b\n</Macro>\nUse m "a\\"b c" d\n', (
        f'{IN_M.format(5)}:1 SetEnv A "a\\"b c"', f"{IN_M.format(5)}:2 SetEnv B dd")),
    Case("<Macro m $a $ab>\nSetEnv A $ab$a\n</Macro>\nUse m 1 2\n", (f"{IN_M.format(4)}:1 SetEnv A 21",), said=(
        ("AH02797: macro 'm' (defined on line 1 of \"F\"): argument name prefix conflict ($a #1 and"
        " $ab #2), be careful about your macro definition!"),)),
    Case("<Macro m>\n<Directory /x>\n</Macro>\nUse m\nSetEnv A 1\n</Directory>\n", (
        f"{IN_M.format(4)}:1 <Directory /x>", "5 SetEnv A 1"), said=(
        "AH02795: bad cumulated nesting (+1) in macro 'm' (defined on line 1 of \"F\")",)),
    Case("<Macro m>\n<IfModule alias_module>\n</Macro>\nUse m\nSetEnv A 1\n</IfModule>\nSetEnv B 1\n", (
        "5 SetEnv A 1", "7 SetEnv B 1"), said=(
        "AH02795: bad cumulated nesting (+1) in macro 'm' (defined on line 1 of \"F\")",)),
    Case("<Macro m>\n</Files>\n</Macro>\n<Files x>\nUse m\n", ("4 <Files x>",), said=(
        "AH02793: bad (negative) nesting on line 2 of macro 'm' (defined on line 1 of \"F\")",
        "AH02795: bad cumulated nesting (-1) in macro 'm' (defined on line 1 of \"F\")")),
    Case("<Macro m>\n</a>\n</b>\n</Macro>\n", (), said=(
        "AH02793: bad (negative) nesting on line 2 of macro 'm' (defined on line 1 of \"F\")",
        "AH02793: bad (negative) nesting on line 3 of macro 'm' (defined on line 1 of \"F\")",
        "AH02795: bad cumulated nesting (-2) in macro 'm' (defined on line 1 of \"F\")")),
    Case("<Macro m>\nUse n\n</Macro>\n<Macro n>\nSetEnv A 1\n</Macro>\nUse m\n", (
        f'macro \'n\' (defined on line 4 of "F") used on line 1 of "{IN_M.format(7)}":1 SetEnv A 1',)),
    Case("<Macro m>\n<Macro n>\nSetEnv A 1\n</Macro>\n</Macro>\nUse m\nUse n\n", (
        f'macro \'n\' (defined on line 1 of "{IN_M.format(6)}") used on line 7 of "F":1 SetEnv A 1',)),
    Case("<Macro m $a>\nSetEnv A ${X}$a\n</Macro>\nDefine X x\nUse m y\n", (f"{IN_M.format(5)}:1 SetEnv A xy",)),
    Case("<Macro m $a>\n$a A 1\n</Macro>\nUse m #\nUse m SetEnv\n", (f"{IN_M.format(5)}:1 SetEnv A 1",)),
    Case("<Macro m $a>\nSetEnv A $a\nB\n</Macro>\nUse m '1\\\\'\n", (f"{IN_M.format(5)}:2 SetEnv A 1B",)),
    Case("<Macro m>\n</Macro>\nUndefMacro M\n", (), said=(
        "AH02799: macro 'm' (defined on line 1 of \"F\"): empty contents!",)),
    Case(MACRO_M + 'Use m ""\n', (f"{IN_M.format(4)}:1 SetEnv A",), said=(
        f"AH02798: {IN_M.format(4)}: empty argument #1",)),
    Case("MacroIgnoreEmptyArgs\n" + MACRO_M + 'Use m ""\n', (
        'macro \'m\' (defined on line 2 of "F") used on line 5 of "F":1 SetEnv A',)),
    Case("<Macro m /IgnoreEmptyArgs /IgnoreBadNesting /foo $x>\n<Files $x>\n</Macro>\nUse m y\n</Files>\n", (
        f"{IN_M.format(4)}:1 <Files y>",), said=(
        "AH02804: macro 'm' (defined on line 1 of \"F\"): unknown flag '/foo'",)),
    Case("<Macro m $a x ${y}> j\nSetEnv A 1\n</Macro> k\n", (), said=(
        "AH00111: Config variable ${y} is not defined",
        "AH02989: AH02801: non blank chars found after <Macro closing '>' on line 1 of F:  j",
        ("AH02796: macro 'm' (defined on line 1 of \"F\") argument name 'x' (#2) without expected"
        " prefix, better prefix argument names with one of '$%@'."),
        ("AH02805: macro 'm' (defined on line 1 of \"F\") argument name '${y}' (#3) clashes with"
        " 'Define' syntax '${...}', better use '$(...)'."),
        "AH02989: AH02794: non blank chars found after directive closing on line 3 of F:  k",
        "AH02800: macro 'm' (defined on line 1 of \"F\"): argument '$a' (#1) never used",
        "AH02800: macro 'm' (defined on line 1 of \"F\"): argument 'x' (#2) never used",
        "AH02800: macro 'm' (defined on line 1 of \"F\"): argument '${y}' (#3) never used")),
    Case("<Macro $m>\nSetEnv A 1\n</Macro>\n<Macro $m>\nSetEnv B 1\n</Macro>\nUse $m\n", (
        'macro \'$m\' (defined on line 4 of "F") used on line 7 of "F":1 SetEnv B 1',), said=(
        "AH02803: macro '$m' (defined on line 1 of \"F\") better prefix a macro name with any of '$%@'",
        "AH02802: macro '$m' multiply defined: defined on line 1 of \"F\", redefined on line 4 of \"F\"",
        "AH02803: macro '$m' (defined on line 4 of \"F\") better prefix a macro name with any of '$%@'")),
    Case(MACRO_M + "Use m\n", refused=(
        "4: macro 'm' (defined on line 1 of \"F\") used with 0 arguments instead of 1")),
    Case(MACRO_M + "Use n\n", refused="4: macro 'n' undefined"),
    Case(MACRO_M + "Use\n", refused="4: no macro name specified with Use"),
    Case("Use m\n", refused="1: no macro defined before Use"),
    Case("UndefMacro m\n", refused="1: no macro defined before UndefMacro"),
    Case(MACRO_M + "UndefMacro N\n", refused="4: cannot remove undefined macro 'n'"),
    Case("UndefMacro\n", refused="1: UndefMacro takes one argument, Remove a macro definition."),
    Case("<Macro m $a $a>\n</Macro>\n", refused=(
        "1: argument name conflict in macro 'm' (defined on line 1 of \"F\"): argument '$a': #1"
        " and #2, change argument names!")),
    Case('<Macro m "">\n</Macro>\n', refused=(
        "1: macro 'm' (defined on line 1 of \"F\"): empty argument #1 name")),
    Case("<Macro>\n</Macro>\n", refused="1: <Macro macro definition: empty name"),
    Case('<Macro "">\n</Macro>\n', refused="1: <Macro macro definition: name not found"),
    Case("<Macro m\n</Macro>\n", refused="1: <Macro> directive missing closing '>'"),
    Case("<Macro m>\n", refused=(
        "1: macro 'm' (defined on line 1 of \"F\")\n\tcontents error: expected token not found:"
        " </Macro>")),
    Case("<Macro m>\n# " + "x" * 8200 + "\n</Macro>\n", refused=(
        "1: macro 'm' (defined on line 1 of \"F\")\n\tcontents error: expected token not found:"
        " </Macro>")),
    Case(MACRO_M + "Use m " + "x" * 8190 + "\n", refused=(
        f"4: {IN_M.format(4)} error while substituting: while processing line 1 of macro 'm'"
        ' (defined on line 1 of "F") cannot substitute, buffer size too small')),
]
# fmt: on
CASES = [
    *LINES,
    *WORDS,
    *SECTIONS,
    *CONDITIONS,
    *VERSIONS,
    *VARIABLES,
    *INCLUDES,
    *MODULES,
    *MACROS,
]
