"""The modules of the httpd that is read for: compiled in, and loaded so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.refusal import Refusal
from mpmtune.httpd.targets import source_of
from mpmtune.model.config import Fault
from mpmtune.model.httpd import Linkage, Module, Mpm

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mpmtune.model.config import Target

_MPM_IDS = frozenset(mpm.module for mpm in Mpm)


class Modules:
    """Loaded modules by identifier, and the names under which ``<IfModule>`` finds them.

    A module is found by its identifier or by the name of its source file, both exactly
    (core.c: find_module). The distribution's table knows the source files; for a module that it
    does not have, they follow from the usual pattern.

    Args:
        target: The httpd that is read for.
        mpm: An MPM that is taken as compiled in, alone; None to go by the configuration.
    """

    def __init__(self, target: Target, mpm: Mpm | None) -> None:
        self._sources = target.modules
        self._mpm = mpm
        self._names: set[str] = set()
        self.loaded: dict[str, Module] = {}
        for name in target.static:
            if mpm is None or name not in _MPM_IDS:
                self._add(name, Linkage.STATIC)
        if mpm is not None:
            self._add(mpm.module, Linkage.STATIC)

    def __contains__(self, name: str) -> bool:
        return name in self.loaded

    @property
    def ids(self) -> AbstractSet[str]:
        """Identifiers of what is loaded."""
        return self.loaded.keys()

    def found(self, name: str) -> bool:
        """Tell whether ``<IfModule name>`` is true."""
        return name in self._names

    def load(self, name: str) -> bool:
        """Do what LoadModule does; False when it was loaded before.

        Raises:
            Refusal: when it is compiled in.
        """
        if self._mpm is not None and name in _MPM_IDS:
            return True
        known = self.loaded.get(name)
        if known is None:
            self._add(name, Linkage.SHARED)
            return True
        # mod_so.c compares with mod_NAME.c, so core and http are not told this.
        if known.linkage is Linkage.STATIC and self._source(name).startswith("mod_"):
            text = f"module {name} is built-in and can't be loaded"
            raise Refusal(Fault.LOAD_MODULE, text)
        return False

    def _add(self, name: str, linkage: Linkage) -> None:
        self.loaded[name] = Module(name, linkage)
        self._names.update((name, self._source(name)))

    def _source(self, name: str) -> str:
        return self._sources.get(name) or source_of(name)
