"""Plan → changes of files, in an order in which httpd could be started after each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.apply.debian_marks import CONF, MODULE, disabled, enabled
from mpmtune.apply.layouts import SNIPPET, Debian, leads_to
from mpmtune.confparse.edit import apply_edits
from mpmtune.confparse.reader import items_of, read
from mpmtune.errors import InputError
from mpmtune.httpd.corrections import DEFAULTS
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename
from mpmtune.model.config import ItemKind
from mpmtune.model.finding import Edit
from mpmtune.model.server import Mpm
from mpmtune.render.snippet import render_snippet
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.apply.layouts import Layout, RedHat
    from mpmtune.model.changes import Change
    from mpmtune.model.config import Item
    from mpmtune.model.plan import Plan
    from mpmtune.model.server import Server

_MODE = 0o644
_WRITABLE_BY_OTHERS = 0o022
_COMMENTED = re.compile(r"#\s*(LoadModule\s+mpm_([a-z]+)_module\s.*)", re.IGNORECASE)


def planned_changes(plan: Plan, server: Server, layout: Layout) -> ChangeSet:
    """Say what is to be written for a plan; nothing where its directives are there already.

    Raises:
        InputError: if something else lies where we would write.
    """
    former = _former(server)
    before = former if former is not plan.mpm else None
    text = render_snippet(plan) + (_kept(server, before) if before is not None else "")
    if isinstance(layout, Debian):
        return ChangeSet(tuple(_debian(layout, text, before, plan.mpm)))
    return ChangeSet(tuple(_red_hat(layout, text, before, plan.mpm)))


def _former(server: Server) -> Mpm | None:
    """Give the MPM that the configuration loads now."""
    if server.configured_mpm is not None:
        return server.configured_mpm
    return server.mpm if isinstance(server.mpm, Mpm) else None


def _kept(server: Server, mpm: Mpm) -> str:
    """Keep what the former MPM had, for as long as httpd runs with it.

    Its own file goes before it does, for Debian's name directives that the next one refuses.
    """
    lines = [
        f"    {setting.directive} {setting.value}\n"
        for setting in server.settings
        if setting.directive in DEFAULTS[mpm] and isinstance(setting.value, int)
    ]
    if not lines:
        return ""
    return "".join(
        (
            f"\n# What httpd had with {mpm.value}.\n<IfModule {mpm.module}>\n",
            *lines,
            "</IfModule>\n",
        )
    )


def _debian(layout: Debian, text: str, former: Mpm | None, mpm: Mpm) -> Iterator[Change]:
    yield from _snippet(layout, text)
    link = layout.held[layout.enabled]
    if link is None:
        yield FileChange(layout.enabled, None, Link(f"../conf-available/{SNIPPET}"))
        yield from enabled(layout, CONF, SNIPPET.removesuffix(".conf"))
    elif not isinstance(link, Link) or leads_to(layout.enabled, link) != layout.snippet:
        raise _in_the_way(layout.enabled, f"it is no link to {layout.snippet}")
    if former is not None:
        yield from _debian_switch(layout, former, mpm)


def _debian_switch(layout: Debian, former: Mpm, mpm: Mpm) -> Iterator[Change]:
    """Exchange the MPM: exactly one is loaded at every moment, and none reads the other's values."""
    load, to_load = _module_link(layout, former, "load"), layout.module(mpm, "load")
    if load is None or layout.held[to_load] is not None:
        raise _in_the_way(
            layout.module(former, "load"), "it does not load the MPM alone, as a2enmod leaves it"
        )
    if layout.held[layout.available(mpm, "load")] is None:
        raise _in_the_way(layout.available(mpm, "load"), "there is no such file")
    values, to_values = _module_link(layout, former, "conf"), layout.module(mpm, "conf")
    if values is not None:
        yield FileChange(layout.module(former, "conf"), values, None)
    new = _link_to(mpm, "load")
    yield FileChange(layout.module(former, "load"), load, new)
    yield Rename(layout.module(former, "load"), to_load, new)
    if layout.held[layout.available(mpm, "conf")] is not None and layout.held[to_values] is None:
        yield FileChange(to_values, None, _link_to(mpm, "conf"))
    yield from disabled(layout, MODULE, f"mpm_{former.value}")
    yield from enabled(layout, MODULE, f"mpm_{mpm.value}")


def _link_to(mpm: Mpm, suffix: str) -> Link:
    return Link(f"../mods-available/mpm_{mpm.value}.{suffix}")


def _module_link(layout: Debian, mpm: Mpm, suffix: str) -> Link | None:
    path = layout.module(mpm, suffix)
    held = layout.held[path]
    if held is not None and not isinstance(held, Link):
        raise _in_the_way(path, "it is no link")
    return held


def _red_hat(layout: RedHat, text: str, former: Mpm | None, mpm: Mpm) -> Iterator[Change]:
    yield from _snippet(layout, text)
    if former is None:
        return
    held = layout.held.get(layout.chooser)
    if not isinstance(held, Regular):
        raise _in_the_way(
            layout.chooser or f"{layout.root}/conf.modules.d", "no file there loads the MPM"
        )
    chosen = choose(held.content.decode("latin-1"), former, mpm)
    yield _rewritten(layout, layout.chooser, held, chosen.encode("latin-1"))


def choose(text: str, former: Mpm, mpm: Mpm) -> str:
    """Load another MPM: its line is taken out of its comment, or put in; the former one is made one.

    Args:
        text: The file that chooses, one character per byte.
        former: The MPM that it loads.
        mpm: The one that it shall load.
    """
    text += "" if text.endswith("\n") or not text else "\n"
    source = read(text, "")
    edits: list[Edit] = []
    written = False
    for item in source.items:
        commented = _COMMENTED.fullmatch(item.args) if item.kind is ItemKind.COMMENT else None
        if commented and commented[2].lower() == mpm.value and not written:
            written = True
            edits.append(Edit(source, item.start, item.end, f"{commented[1]}\n"))
        elif _loads(item, former):
            line = text[item.start : item.end].rstrip("\n")
            edits.append(Edit(source, item.start, item.end, f"#{line}\n"))
    if not written:
        path = f"modules/mod_mpm_{mpm.value}.so"
        end = len(text)
        edits.append(Edit(source, end, end, f"LoadModule {mpm.module} {path}\n"))
    return apply_edits(text, edits)


def _loads(item: Item, mpm: Mpm) -> bool:
    return item.name == "loadmodule" and item.args.split(None, 1)[:1] == [mpm.module]


def _snippet(layout: Layout, text: str) -> Iterator[Change]:
    path, content = layout.snippet, text.encode("utf-8")
    held = layout.held[path]
    if isinstance(held, Link):
        raise _in_the_way(path, "it is a link")
    if held is None:
        yield FileChange(path, None, Regular(content, _MODE, *layout.owner))
    elif not _says(_meaning(held.content), _meaning(content)):
        yield _rewritten(layout, path, held, content)


def _rewritten(layout: Layout, path: str, held: Regular, content: bytes) -> FileChange:
    if held.owner not in {0, layout.owner[0]} or held.mode & _WRITABLE_BY_OTHERS:
        raise _in_the_way(path, "others than its owner may write it")
    return FileChange(path, held, Regular(content, held.mode, held.owner, held.group))


def _says(held: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> bool:
    """Tell whether a snippet says what is wanted, and beyond it what another MPM had at most."""
    more = held[len(wanted) :]
    kept = not more or (more[0] != wanted[0] and more[0][1].startswith("mpm_"))
    return held[: len(wanted)] == wanted and kept


def _meaning(content: bytes) -> list[tuple[str, str]]:
    """Give the directives of a text, comments and blanks left out."""
    return [
        (item.name, item.args)
        for item in items_of(content.decode("latin-1"))
        if item.kind not in {ItemKind.BLANK, ItemKind.COMMENT}
    ]


def _in_the_way(path: str, why: str) -> InputError:
    return InputError(
        f"{printable(path)} is not as mpmtune would leave it: {printable(why)}.",
        "Put it right, or write the snippet yourself: mpmtune recommend -f conf",
    )
