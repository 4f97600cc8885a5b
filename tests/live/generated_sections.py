"""Configurations made by chance whose merging shows in the answer of a server."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIRECTORIES = ("", "/a", "/b", "/a/c", "/a/d", "/b/c", "/a/c/e")
FILES = ("index.html", "one.txt", "two.php", "x.tar.gz")
VARIABLES = ("K1", "K2")
MODULES = ("headers", "env", "mime", "alias", "dir", "authz_host", "access_compat")
_ROOT_PATTERNS = ("{root}{at}", "{root}{at}/", "{root}/*{tail}", "{root}/?{tail}")
_OPTIONS = (
    "Indexes",
    "None",
    "All",
    "FollowSymLinks MultiViews",
    "+Indexes -FollowSymLinks",
    "-Indexes +ExecCGI",
    "+IncludesNOEXEC",
    "+Includes",
    "Includes Indexes",
    "-Includes",
)
_REQUIREMENTS = (
    "Require all granted",
    "Require all granted",
    "Require all denied",
    "Require method GET",
    "Require method POST",
    "Require ip 127.0.0.1",
    "Require ip 10.1.2.3",
)
_GROUPS = (
    "<RequireAll>\n{0}\n{1}\n</RequireAll>",
    "<RequireAny>\n{0}\n{1}\n</RequireAny>",
    "<RequireAll>\n{0}\n<RequireNone>\n{1}\n</RequireNone>\n</RequireAll>",
    "<RequireAll>\nRequire all granted\nRequire not {2}\n</RequireAll>",
    "<Limit GET>\n{0}\n</Limit>",
    "<LimitExcept GET>\n{0}\n</LimitExcept>",
    "<Limit POST>\n{0}\n</Limit>\n{1}",
)


@dataclass
class Made:
    """A configuration, and what to ask of it.

    Attributes:
        text: The configuration.
        asked: Host and path of each request.
    """

    text: str
    asked: list[tuple[str, str]] = field(default_factory=list)


def made(seed: int, root: str, port: int, *, hosts: int, urls: int) -> Made:
    """Make a main server with sections, and virtual hosts with more of them."""
    writer = _Writer(random.Random(seed), root)
    lines = [f'DocumentRoot "{root}"', *writer.shown(), *writer.server(1.0)]
    asked = []
    for number in range(hosts):
        name = f"h{number}.test"
        lines += [f"<VirtualHost *:{port}>", f"ServerName {name}"]
        lines += writer.server(0.5)
        lines += writer.mapping()
        lines.append("</VirtualHost>")
        asked += [(name, writer.url()) for _ in range(urls)]
    return Made("\n".join(lines), asked)


class _Writer:
    """Writes directives; each has a number of its own by which an answer tells it."""

    def __init__(self, chance: random.Random, root: str) -> None:
        self._chance = chance
        self._root = root
        self._number = 0

    def _next(self) -> int:
        self._number += 1
        return self._number

    def shown(self) -> Iterator[str]:
        """What lets the answer show the environment."""
        for name in VARIABLES:
            yield f'Header always set X-{name} "%{{{name}}}e"'
        yield "AcceptPathInfo On\nDirectorySlash Off\nDirectoryIndex disabled\nTypesConfig /dev/null"

    def server(self, chance: float) -> Iterator[str]:
        """What stands in a server: directives, and sections of each sort, mixed."""
        if self._chance.random() < chance:
            yield from self._anywhere()
        sections: list[Callable[[], Iterator[str]]] = [self.directory] * 3 + [self.location] * 2
        sections += [self.files]
        for _ in range(self._chance.randint(2, 7)):
            yield from self._chance.choice(sections)()

    def _anywhere(self) -> Iterator[str]:
        """A few directives for a server or a section."""
        kinds = (self._header, self._handler, self._environment, self._type, self._options)
        for _ in range(self._chance.randint(1, 4)):
            yield self._chance.choice((*kinds, self._header, self._error))()

    def _inside(self) -> Iterator[str]:
        """A few directives for a section."""
        yield from self._anywhere()
        if self._chance.random() < 0.4:
            yield self._access()

    def _header(self) -> str:
        return f"Header always append X-Trace {self._next()}"

    def _handler(self) -> str:
        return f"SetHandler probe-{self._next()}"

    def _environment(self) -> str:
        name = self._chance.choice(VARIABLES)
        return self._chance.choice([f"SetEnv {name} v{self._next()}"] * 3 + [f"UnsetEnv {name}"])

    def _type(self) -> str:
        suffix = self._chance.choice([".txt", ".php", ".html"])
        number = self._next()
        choices = [f"AddType text/x-{number} {suffix}"] * 3
        choices += [f"RemoveType {suffix}", f"ForceType text/x-{number}"]
        return self._chance.choice(choices)

    def _options(self) -> str:
        return f"Options {self._chance.choice(_OPTIONS)}"

    def _error(self) -> str:
        return f'ErrorDocument {self._chance.choice([403, 404])} "error-{self._next()}"'

    def _access(self) -> str:
        one, other = self._chance.choices(_REQUIREMENTS, k=2)
        lines = [one]
        if self._chance.random() < 0.4:
            group = self._chance.choice(_GROUPS)
            lines = [group.format(one, other, other.removeprefix("Require "))]
        if self._chance.random() < 0.4:
            lines.insert(0, f"AuthMerging {self._chance.choice(['And', 'Or', 'Off'])}")
        return "\n".join(lines)

    def directory(self) -> Iterator[str]:
        """A section for directories, now and then with one for files in it."""
        at = self._chance.choice(DIRECTORIES)
        regex = self._chance.random() < 0.25
        if regex:
            pattern = self._chance.choice(
                [f"^{self._root}{at}(/|$)", f"{at}/[a-c](/.*)?$", "/(one|two)", "c/e", f"{at}$"]
            )
            name = "DirectoryMatch" if self._chance.random() < 0.5 else "Directory ~"
        else:
            shape = self._chance.choice(_ROOT_PATTERNS)
            pattern = shape.format(root=self._root, at=at, tail=at[2:])
            name = "Directory"
        inner = self.files() if self._chance.random() < 0.25 else ()
        yield from self._section(name, pattern, inner)

    def location(self) -> Iterator[str]:
        """A section for URLs."""
        at = self._chance.choice([*DIRECTORIES, "/alias", "/alias/a"])
        choices = [("Location", at or "/"), ("Location", f"{at}/"), ("Location", f"{at}/*")]
        choices += [("Location", f"{at}/?*.t[w-y]t"), ("LocationMatch", f"^{at}/[^/]+$")]
        choices += [("LocationMatch", r"\.(php|txt)$"), ("Location ~", "(?i)/A(/|$)")]
        yield from self._section(*self._chance.choice(choices), ())

    def files(self) -> Iterator[str]:
        """A section for files."""
        choices = [("Files", self._chance.choice(FILES)), ("Files", "*.t?t"), ("Files", "[!io]*")]
        choices += [("FilesMatch", r"^(one|two)\."), ("FilesMatch", r"\.gz$"), ("Files ~", "^$")]
        yield from self._section(*self._chance.choice(choices), ())

    def _section(self, name: str, pattern: str, inner: Iterator[str] | tuple[()]) -> Iterator[str]:
        yield f'<{name} "{pattern}">'
        yield from self._inside()
        yield from inner
        yield f"</{name.partition(' ')[0]}>"

    def mapping(self) -> Iterator[str]:
        """What leads a virtual host's URLs to files."""
        if self._chance.random() < 0.5:
            yield f'DocumentRoot "{self._root}{self._chance.choice(DIRECTORIES[:3])}"'
        if self._chance.random() < 0.7:
            yield f'Alias /alias "{self._root}{self._chance.choice(DIRECTORIES)}"'
        if self._chance.random() < 0.3:
            yield f'Alias /a/ "{self._root}/b/"'

    def url(self) -> str:
        """A path that may lead to a file, a directory, or nowhere."""
        at = self._chance.choice(["", "", "/alias"]) + self._chance.choice(DIRECTORIES)
        ends = [
            *(f"/{name}" for name in FILES),
            "/",
            "/",
            "/none.txt",
            "/one.txt/info",
            "//one.txt",
        ]
        return at + self._chance.choice(ends)
