"""What is in force for a URL, as text: which server, which sections, which directives, from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.access_compat import Admitted
from mpmtune.httpd.merge_keys import keys_of
from mpmtune.httpd.merging import Kind
from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.virtual_hosts import Why
from mpmtune.httpd.words import section_argument, split
from mpmtune.report.directive_text import DirectiveText, decoded
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, heading, line, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mpmtune.httpd.asked_url import Answer
    from mpmtune.httpd.in_force import InForce
    from mpmtune.httpd.virtual_hosts import NamedHosts
    from mpmtune.model.config import Occurrence, Tree

_WIDEST = 60
_ADMITTED = {
    Admitted.ALL: "everybody passes",
    Admitted.NONE: "nobody passes",
    Admitted.SOME: "those pass who meet the requirements",
}
_MOST_ELSEWHERE = 5
_MOST_LINES = 8
_BY_EXTENSION = "mod_mime/directory"


def in_force_lines(tree: Tree, answer: Answer, width: int) -> list[Line]:
    """Lay out what a configuration says to a URL."""
    return list(_Page(tree, answer, width).lines())


class _Page:
    """The lines about one URL."""

    def __init__(self, tree: Tree, answer: Answer, width: int) -> None:
        self._answer = answer
        self._width = width
        self._text = DirectiveText(frozenset(tree.modules))

    def lines(self) -> Iterator[Line]:
        configuration = self._answer.configuration
        yield line(Span(printable(str(self._answer.url)), Style.HEADING))
        if self._answer.accepted is False:
            note = "httpd refuses this configuration: without --for, the reasons are shown."
            yield (Span(f"  {note}", Style.BAD),)
        yield from self._server()
        yield from self._mapping()
        yield from self._sections()
        every = list(configuration.every())
        yield from self._families("In force", (f for f in every if not f.merge.of_server))
        yield from self._families("Of the server", (f for f in every if f.merge.of_server))

    def _said(self, text: str) -> Iterator[Line]:
        yield from paragraph(text, self._width, indent=2, hang=2)

    def _server(self) -> Iterator[Line]:
        selection, url = self._answer.selection, self._answer.url
        if self._answer.listens is False:
            note = f"No Listen is for port {url.port}: httpd does not answer there."
            yield (Span(f"  {note}", Style.NOTICE),)
        if selection.host is None:
            yield from self._said("Main server: no virtual host is for this address and port.")
        else:
            at = self._place(selection.host.occurrence)
            yield from self._said(f"{self._section(selection.host.occurrence)} at {at}")
            yield from self._said(_because(selection.why, selection.hosts))
        for hosts in selection.elsewhere[:_MOST_ELSEWHERE]:
            found = hosts.named(url.host)
            other = (found[0] if found else hosts.first).occurrence
            yield from self._said(
                f"Where the connection comes in on {hosts.address}:"
                f" {self._section(other)} at {self._place(other)}"
            )

    def _mapping(self) -> Iterator[Line]:
        mapping = self._answer.configuration.mapping
        assert mapping is not None  # a URL always leads somewhere, or it is not known where
        target = printable(decoded(mapping.target))
        by = f", from {self._named(mapping.by)}" if mapping.by is not None else ""
        if mapping.how is How.UNKNOWN:
            yield from self._said(f"Which file it is cannot be told{by}")
        else:
            what = {How.FILE: "File", How.BACKEND: "Backend", How.REDIRECT: "Redirect"}
            yield from self._said(f"{what[mapping.how]} {target}".rstrip() + by)
        for rule in mapping.unless:
            yield from self._said(f"unless {self._named(rule)} leads elsewhere")
        read = self._answer.configuration.htaccess
        if read:
            names = ", ".join(printable(decoded(directory)) for directory, _ in read)
            yield from self._said(f"What a .htaccess says in {names} is not known here.")

    def _sections(self) -> Iterator[Line]:
        configuration = self._answer.configuration
        for title, sections in (
            ("Sections that hold, in httpd's order", configuration.sections),
            ("Sections that may hold", configuration.perhaps),
        ):
            if sections:
                yield EMPTY
                yield heading(title)
                rows = [section.occurrence for section in sections]
                shown = [self._section(row) for row in rows]
                yield from self._columns(zip(shown, rows, strict=True), Style.PLAIN)

    def _columns(self, rows: Iterable[tuple[str, Occurrence]], style: Style) -> Iterator[Line]:
        rows = list(rows)
        wide = min(_WIDEST, max((len(shown) for shown, _ in rows), default=0))
        for shown, row in rows:
            yield line(
                "  ", Span(f"{shown:{wide}}", style), Span(f"  {self._place(row)}", Style.FAINT)
            )

    def _families(self, title: str, families: Iterable[InForce]) -> Iterator[Line]:
        lines = [made for family in families for made in self._family(family)]
        if lines:
            yield EMPTY
            yield heading(title)
            yield from lines

    def _family(self, family: InForce) -> Iterator[Line]:
        chosen = self._chosen(family)
        for one in chosen:
            yield self._directive("", one, Style.STRONG)
        if len(chosen) < len(family.lines):
            which = "for other extensions" if _is_by_extension(family) else "more"
            name, left = self._text.name(family.lines[0]), len(family.lines) - len(chosen)
            yield line(Span(f"  {name}: {left} {which}, shown by -f json", Style.FAINT))
        if family.words is not None and family.lines:
            on = " ".join(spelled(family)) or "none"
            yield line(Span(f"    comes to {printable(decoded(on))}", Style.FAINT))
        if family.merge.kind is Kind.ACCESS and family.lines:
            admitted = self._answer.configuration.authorization.admitted
            yield line(Span(f"    comes to: {_ADMITTED[admitted]}", Style.FAINT))
        for one in family.perhaps:
            yield self._directive("  perhaps ", one, Style.NOTICE)
        for one in family.overridden:
            yield self._directive("  overrides ", one, Style.FAINT)

    def _chosen(self, family: InForce) -> Sequence[Occurrence]:
        """Choose the lines to show: of those for extensions, those for the file's; not too many."""
        lines: Sequence[Occurrence] = family.lines
        if _is_by_extension(family):
            name = self._answer.configuration.file.rpartition("/")[2].lower()
            extensions = frozenset(name.split(".")[1:])
            lines = [one for one in lines if extensions.intersection(keys_of(one))]
        return lines[:_MOST_LINES]

    def _directive(self, lead: str, one: Occurrence, style: Style) -> Line:
        around = self._section(one.enclosing) if one.enclosing is not None else ""
        return line(
            f"  {lead}",
            Span(self._written(one), style),
            Span(f"  {self._place(one)}{'  ' if around else ''}{around}", Style.FAINT),
        )

    def _written(self, one: Occurrence) -> str:
        """Write a directive on one line, secrets held back."""
        raw = self._text.raw(one)
        if '"' not in raw and "'" not in raw:
            raw = " ".join(raw.split())
        return printable(f"{self._text.name(one)} {raw}".rstrip())

    def _named(self, one: Occurrence) -> str:
        return f"{self._written(one)} at {self._place(one)}"

    def _section(self, one: Occurrence) -> str:
        raw = self._text.raw(one)
        argument = section_argument(raw)
        inner = f"{self._text.name(one)} {raw if argument is None else argument}".rstrip()
        return printable(f"{inner}>")

    def _place(self, one: Occurrence) -> str:
        """Give file and line; of a macro, where it is used too."""
        place = f"{one.source.path}:{one.line}"
        if one.origin is not None and one.origin.expansion is not None:
            used = one.origin.via
            place += f", used at {used.source.path}:{used.line}"
        return printable(decoded(place))


def _is_by_extension(family: InForce) -> bool:
    return family.merge.module == _BY_EXTENSION and family.merge.kind is Kind.KEY


def spelled(family: InForce) -> list[str]:
    """Write the words that are on as the configuration does, sorted."""
    typed = {"followsymlinks": "FollowSymLinks"}
    for one in family.lines:
        words = (word.lstrip("+-").partition("=")[0] for word in split(one.args))
        typed |= {word.lower(): word for word in words}
    return sorted(typed.get(word, word.capitalize()) for word in family.words or ())


def _because(why: Why, hosts: NamedHosts | None) -> str:
    address = "" if hosts is None else str(hosts.address)
    return {
        Why.NAME: f"ServerName or ServerAlias is the name asked for; it stands at {address}.",
        Why.WRITTEN: f"The name asked for is its address as written, {address}.",
        Why.FIRST: f"It is the first at {address}, and none there has the name asked for.",
        Why.MAIN: "",
    }[why]
