"""A .htaccess in its place: under the directory that a configuration serves it from.

What it may hold, and which modules and variables there are, then follows from the configuration.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.confparse.evaluate import evaluate
from mpmtune.confparse.lines import HTACCESS_LINE_LIMIT
from mpmtune.confparse.start import Start
from mpmtune.httpd.words import split
from mpmtune.lint.engine import Reading
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Scope
from mpmtune.lint.served import ServedDirectories
from mpmtune.lint.unknown_values import known_only

if TYPE_CHECKING:
    from mpmtune.confparse.wholes import Assumptions
    from mpmtune.host.doorway import Files
    from mpmtune.httpd.overrides import Overrides


class ServedPlaces:
    """The directories that a whole configuration serves, and what their .htaccess may hold."""

    def __init__(self, whole: Reading) -> None:
        self._whole = whole
        self._tree = tree = whole.trees[0]
        found = (
            known_only(tree.by_name.get(name, ()), frozenset(tree.sources))
            for name in ("documentroot", "alias")
        )
        self._served = ServedDirectories(*found)

    def read(self, files: Files, path: str, assumptions: Assumptions) -> Reading | None:
        """Read a .htaccess; None where the configuration does not serve it under that name.

        Raises:
            InputError: when the file cannot be read.
        """
        directory, name = posixpath.split(self._whole.belongs(path))
        named = [split(line.args) for line in self._tree.by_name.get("accessfilename", ())]
        if named and not any(name in words for words in named):
            return None
        overrides = self._overrides(directory)
        if overrides is None:
            return None
        tree = self._tree
        target = replace(tree.target, static=tuple(tree.modules))
        start = Start(
            path,
            target,
            server_root=tree.server_root,
            defines=tuple(tree.defines),
            environment={**target.environment, **tree.defines},
            mpm=assumptions.mpm,
            root=path,
            here=False,
            keep_written=bool(assumptions.written_names),
            written_names=assumptions.written_names,
            line_limit=HTACCESS_LINE_LIMIT,
        )
        read = evaluate(files, start)
        if not overrides.is_read:
            read = replace(read, occurrences=(), by_name={}, diagnostics=(), written={})
        return Reading(
            (read,),
            Scope.HTACCESS,
            assumptions.shown,
            overrides=overrides,
            mentioned=self._whole.names,
        )

    def _overrides(self, directory: str) -> Overrides | None:
        served = self._served.url_of(posixpath.join(directory, ""))
        if served is None:
            return None
        view = merged_view_of(self._tree)
        here = view.directory(view.hosts.around(served.by), directory)
        return here.overrides_in(here.directories[-1])
