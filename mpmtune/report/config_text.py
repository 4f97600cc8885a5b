"""A configuration as one screen of text: what it comes to, and what httpd says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.config import Level
from mpmtune.report.config_v1 import accepted, incomplete
from mpmtune.report.directive_text import decoded
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, heading, line, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.model.config import Diagnostic, Tree
    from mpmtune.model.server import EffectiveSetting

_MOST_SHOWN = 20
_VALUE_WIDTH = 8
_STYLES = {
    Level.ERROR: Style.BAD,
    Level.WARNING: Style.NOTICE,
    Level.INFO: Style.FAINT,
    Level.NOTE: Style.FAINT,
}


def config_lines(tree: Tree, values: EffectiveValues, width: int) -> list[Line]:
    """Lay a configuration out: the verdict, the values in force, what httpd prints."""
    first, further = values.errors[:1], values.errors[1:]
    notes = [found for found in tree.diagnostics if found.level is Level.NOTE]
    return [
        *_title(tree, values, width),
        *_said("httpd refuses it", first, width),
        *_said("It would meet next", further, width),
        EMPTY,
        *_settings(values),
        *_said("httpd says", _loud(values.messages), width),
        *_said("Also to know", [*_quiet(values.messages), *notes], width),
    ]


def _title(tree: Tree, values: EffectiveValues, width: int) -> list[Line]:
    target = tree.target
    version = ".".join(map(str, target.version))
    verdict = {
        True: Span("accepted", Style.GOOD),
        False: Span("refused", Style.BAD),
        None: Span("not read to its end", Style.NOTICE),
    }[accepted(tree, values)]
    files = f"{len(tree.sources)} file{'s' * (len(tree.sources) != 1)}"
    about = f"{len(tree.occurrences)} directives in {files}, MPM {values.mpm.value}"
    why = incomplete(tree)
    return [
        line(Span(f"{printable(tree.sources[0].path)}: ", Style.HEADING), verdict),
        *paragraph(f"{about}; read for {target.name}, httpd {version}.", width, indent=2),
        *(paragraph(printable(decoded(why)), width, indent=2) if why else ()),
    ]


def _settings(values: EffectiveValues) -> list[Line]:
    """Give a line for each value; places stay in one piece, so that they can be copied."""
    width = max((len(setting.directive) for setting in values.settings), default=0)
    title = heading(f"Values in force under MPM {values.mpm.value}")
    return [title, *(_setting(setting, width) for setting in values.settings)]


def _setting(setting: EffectiveSetting, width: int) -> Line:
    written = setting.file is not None
    place = f"{printable(setting.file or '')}:{setting.line}" if written else "built-in default"
    note = f"{place}; {printable(setting.note)}" if setting.note else place
    return line(
        f"  {setting.directive:{width}}  ",
        Span(
            f"{printable(str(setting.value)):{_VALUE_WIDTH}}",
            Style.STRONG if written else Style.PLAIN,
        ),
        Span(f"  {note}", Style.NOTICE if setting.note else Style.FAINT),
    )


def _loud(messages: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in messages if found.level is not Level.INFO]


def _quiet(messages: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in messages if found.level is Level.INFO]


def _said(title: str, found: Sequence[Diagnostic], width: int) -> list[Line]:
    if not found:
        return []
    lines = [EMPTY, heading(title)]
    for diagnostic in found[:_MOST_SHOWN]:
        lines += _diagnostic(diagnostic, width)
    if len(found) > _MOST_SHOWN:
        lines.append(line(Span(f"  and {len(found) - _MOST_SHOWN} more", Style.FAINT)))
    return lines


def _diagnostic(found: Diagnostic, width: int) -> list[Line]:
    place = f"{found.file}:{found.line}: " if found.file else ""
    number = f"{found.id}: " if found.id else ""
    texts = [place + number + decoded(found.text).replace("\n", "; ").replace("\t", " ")]
    texts += [found.note] if found.note else []
    lines: list[Line] = []
    for at, text in enumerate(texts):
        wrapped = paragraph(printable(text), width, indent=2 + 4 * bool(at), hang=4)
        lines += ((Span(piece.text, _STYLES[found.level]),) for (piece,) in wrapped)
    return lines
