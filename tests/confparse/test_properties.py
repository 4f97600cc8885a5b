"""What holds for every text; MPMTUNE_EXAMPLES makes the search longer."""

from __future__ import annotations

import os

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mpmtune.confparse.edit import apply_edits, changes_only
from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.lines import logical_line
from mpmtune.confparse.reader import item_of, read
from mpmtune.confparse.start import Start
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.model.config import ItemKind, Source
from mpmtune.model.finding import Edit
from mpmtune.report.config_text import config_lines
from mpmtune.report.config_v1 import config_v1
from mpmtune.report.dump import dump
from tests.httpd.trees import a_target

EXAMPLES = int(os.environ.get("MPMTUNE_EXAMPLES", "300"))
PIECES = (
    "<IfModule core.c>", "</IfModule>", "<IfModule x>", "<IfDefine V>", "</IfDefine>", "<Macro m $a>",
    "</Macro>", "Use m x", "Use m", "Define V ${V}x", "Define W", "UnDefine V", "${V} a", "A ${W}",
    "<Directory /x>", "</Directory>", "<A", "</A >", "Include F", "Include /srv/*", "IncludeOptional x",
    "LoadModule macro_module x", "LoadModule version_module x", "<IfVersion > 2>", "</IfVersion>",
    "ServerRoot /", "# c", '"quoted" x', "A \\", "\\", "\0", "MaxRequestWorkers 5", "<Perl>", "</Perl>",
    "KeepAlive On", "\x1b[2J \u00e9", "<VirtualHost *>", "</VirtualHost>", "UndefMacro m",
)  # fmt: skip
LINES = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(("\n", "\r\n", " \n", "\\\n", ""))),
    max_size=25,
).map(lambda parts: "".join(map("".join, parts)))
TEXTS = st.text(st.characters(max_codepoint=255), max_size=120) | LINES


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS)
@example("a\\\\\n\n")
@example("\\")
def test_every_text_is_read_and_its_spans_join(text: str) -> None:
    source = read(text, "F")
    assert "".join(text[item.start : item.end] for item in source.items) == text
    at = 0
    for item in source.items:
        assert item.start == at < item.end
        at = item.end
        assert (item.spelling == "") or item.kind not in {ItemKind.BLANK, ItemKind.COMMENT}


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS)
def test_the_short_way_and_the_long_way_make_the_same_items(text: str) -> None:
    for item in read(text, "F").items:
        line = logical_line(text, item.start)
        assert line.end == item.end
        if item.kind in {ItemKind.BLANK, ItemKind.COMMENT}:
            assert line.text == item.args
            continue
        assert item_of(line.text, item.start, item.end) == item._replace(args_start=-1)
        if item.args_start >= 0 and item.args:
            assert text[item.args_start] == item.args[0]


@settings(max_examples=EXAMPLES, deadline=None)
@given(LINES)
def test_every_text_is_evaluated_and_written(text: str) -> None:
    files = MemoryFiles({"/srv/F": text.encode("latin-1")})
    tree = evaluate(files, Start("/srv/F", a_target("macro"), here=False, keep_written=True))
    from mpmtune.httpd import effective

    values = effective.of(tree)
    document = config_v1(tree, values)
    assert document.isascii()
    shown = dump(tree) + "".join(
        span.text for line in config_lines(tree, values, 80) for span in line
    )
    assert not any(ord(char) < 32 and char not in "\n\t" for char in shown)


def settled(text: str) -> list[tuple[str, str]]:
    files = MemoryFiles({"/srv/F": text.encode("latin-1", "replace")})
    tree = evaluate(files, Start("/srv/F", a_target(), here=False))
    return [(one.name, " ".join(one.args.split())) for one in tree.occurrences]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ("ServerName a", "<Files x>", "</Files>", "Alias /a \\\n /b", "# c", "", "<Files y>")
        ),
        max_size=15,
    )
)
def test_the_dump_of_a_reading_reads_the_same(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    files = MemoryFiles({"/srv/F": text.encode("latin-1")})
    tree = evaluate(files, Start("/srv/F", a_target(), here=False))
    if any(found.level.value == "error" for found in tree.diagnostics):
        return
    # As with httpd, an empty section has no closing tag in a dump: give it one.
    assert settled(closed(dump(tree).split("\n"))) == settled(text)


def closed(lines: list[str]) -> str:
    """Close the sections that a dump leaves open because they are empty."""
    made: list[str] = []
    opened: list[tuple[str, int]] = []
    for line in lines:
        bare = line.lstrip(" ")
        depth = len(line) - len(bare)
        if bare.startswith("#") or not bare:
            continue
        while opened and depth <= opened[-1][1] and not bare.startswith("</"):
            made.append(f"</{opened.pop()[0]}>")
        if bare.startswith("</"):
            while opened and opened[-1][1] > depth:
                made.append(f"</{opened.pop()[0]}>")
            opened.pop()
        elif bare.startswith("<"):
            opened.append((bare[1:].split(" ")[0], depth))
        made.append(bare)
    made += [f"</{name}>" for name, _ in reversed(opened)]
    return "\n".join(made) + "\n"


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text of whole lines and replacements of whole lines in it."""
    lines = draw(
        st.lists(st.sampled_from(("A b", "C d e", "# c", "", "<F x>", "</F>")), max_size=12)
    )
    text = "".join(f"{line}\n" for line in lines)
    source = Source("F", text, ())
    edits, at = [], 0
    for line in lines:
        end = at + len(line) + 1
        if draw(st.booleans()):
            edits.append(Edit(source, at, end, draw(st.sampled_from(("", "X y\n", "P\nQ r\n")))))
        at = end
    return text, edits


@settings(max_examples=EXAMPLES, deadline=None)
@given(edited())
def test_an_edit_changes_its_span_only(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    after = apply_edits(text, edits)
    kept_before, kept_after, shift, at = "", "", 0, 0
    for edit in edits:
        kept_before += text[at : edit.start]
        kept_after += after[at + shift : edit.start + shift]
        shift += len(edit.text) - (edit.end - edit.start)
        at = edit.end
    assert kept_before + text[at:] == kept_after + after[at + shift :]
    assert changes_only(text, after, edits)
