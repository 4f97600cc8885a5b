"""Which loaded module works under which MPM, and what makes event hold a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.module_verdicts import BUNDLED, BUNDLED_SOURCE, KNOWN, WORKS
from mpmtune.httpd.secrets import cut_urls
from mpmtune.httpd.verdict_words import VERDICT, Case, Known, Word
from mpmtune.model.compatibility import Compatibility, Fallback, Verdict
from mpmtune.model.httpd import Module, Mpm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mpmtune.model.server import ProxyBackend

_PHP = frozenset({"php_module", "php7_module", "php5_module"})
_MPM_OF = {mpm.module: mpm for mpm in Mpm}
_ROWS: dict[str, list[Known]] = {}
for _row in KNOWN:
    for _name in _row.modules.split():
        _ROWS.setdefault(_name, []).append(_row)

_ZTS = Case(
    Word.IF_THREAD_SAFE,
    "This PHP module is built thread-safe (ZTS); whether each extension is, only its authors say.",
    "Check the extensions, or serve PHP through PHP-FPM.",
)
_ZTS_SOURCE = "PHP sapi/apache2handler, php_pre_config(), read, not run"
_STRANGER = Case(
    Word.UNKNOWN,
    "Not shipped with httpd and not in the table: nothing is known of it.",
    "Ask its authors whether it is thread-safe, and try it with httpd -t and a start.",
)
_RUNS = Case(Word.OK, "The MPM itself.")
_MAKES_ROOM = Case(
    Word.OK, "An MPM: a switch takes this one out, for httpd loads exactly one (AH00534)."
)


def verdicts(
    modules: Iterable[Module | str],
    version: tuple[int, ...] | None,
    *,
    php_thread_safe: bool | None = None,
) -> tuple[Compatibility, ...]:
    """Judge every module under each of the three MPMs.

    Args:
        modules: Loaded modules; a name is an identifier (``php_module``).
        version: httpd's version, ``(2, 4, 62)``; None is judged like the newest.
        php_thread_safe: Whether mod_php is a ZTS build. None when nobody knows: then it is taken
            for what distributions ship, which is not. A ZTS build is told by httpd accepting it
            with a threaded MPM (``-t``), or by ``Thread Safety => enabled`` in phpinfo.

    Returns:
        Three verdicts for each module, in the given order, prefork, worker, event.
    """
    names = dict.fromkeys(m.name if isinstance(m, Module) else m for m in modules)
    return tuple(
        _verdict(name, mpm, *_answer(name, mpm, version, php_thread_safe=php_thread_safe))
        for name in names
        for mpm in Mpm
    )


def identifier(name: str) -> str | None:
    """Find the identifier of a module of the table by that, or by ``mod_…``; None for others."""
    stem = name.removeprefix("mod_").removesuffix(".c")
    candidates = (name, stem, f"{stem}_module")
    return next((known for known in candidates if _is_known(known)), None)


def _is_known(name: str) -> bool:
    bundled = name.endswith("_module") and name.removesuffix("_module") in BUNDLED
    return bundled or name in _ROWS or name in _MPM_OF


def _verdict(module: str, mpm: Mpm, case: Case, source: str) -> Compatibility:
    verdict = VERDICT[case.word]
    return Compatibility(
        module=module,
        mpm=mpm,
        verdict=verdict,
        why=case.why,
        source=source,
        way_out=case.way_out,
        blocks=verdict in {Verdict.REFUSED, Verdict.UNSAFE},
        word=case.word.value,
        notice=case.notice,
    )


def _answer(
    name: str, mpm: Mpm, version: tuple[int, ...] | None, *, php_thread_safe: bool | None = None
) -> tuple[Case, str]:
    if name in _PHP and mpm.threaded and php_thread_safe:
        return _ZTS, _ZTS_SOURCE
    row = _row_of(name, version)
    if row is not None:
        return getattr(row, mpm.value), row.source
    if name in _MPM_OF:
        return (_RUNS if _MPM_OF[name] is mpm else _MAKES_ROOM), "server/core.c, AH00534"
    return (WORKS, BUNDLED_SOURCE) if _is_known(name) else (_STRANGER, "not in the table")


def _row_of(name: str, version: tuple[int, ...] | None) -> Known | None:
    """Find the row that holds for this version; rows stand newest first, the last for all older."""
    rows = _ROWS.get(name)
    if rows is None:
        return None
    return next((row for row in rows if version is None or row.since <= version), rows[-1])


def fallbacks(
    modules: Iterable[Module | str],
    version: tuple[int, ...] | None,
    backends: Sequence[ProxyBackend] = (),
    *,
    allow_connect: bool = False,
) -> tuple[Fallback, ...]:
    """Name what would make event hold a worker for a whole connection.

    No list of such modules exists in httpd: an input filter says so itself, connection by
    connection (``clogging_input_filters``, http_core.c). Among bundled modules only mod_ssl up to
    2.4.6 did. Tunnels hold a worker without it, but only where they are configured.

    Args:
        modules: Loaded modules.
        version: httpd's version; None is judged like the newest.
        backends: What the configuration proxies to; those marked ``tunnel`` count.
        allow_connect: ``AllowCONNECT`` is set.
    """
    names = {m.name if isinstance(m, Module) else m for m in modules}
    return tuple(_found(names, version, backends, allow_connect=allow_connect))


def _found(
    names: set[str],
    version: tuple[int, ...] | None,
    backends: Sequence[ProxyBackend],
    *,
    allow_connect: bool,
) -> Iterator[Fallback]:
    if "ssl_module" in names:
        case, _ = _answer("ssl_module", Mpm.EVENT, version)
        if case.word is Word.HOLDS_THREAD:
            yield Fallback("ssl_module", case.why)
    tunnels = [backend for backend in backends if backend.tunnel]
    if tunnels and "proxy_module" in names:
        yield _tunnels(names, tunnels)
    if allow_connect and "proxy_connect_module" in names:
        yield Fallback(
            "proxy_connect_module",
            "AllowCONNECT is set: an open CONNECT tunnel holds one worker for its whole life.",
        )


def _tunnels(names: set[str], tunnels: Sequence[ProxyBackend]) -> Fallback:
    """Say it once for all tunnels, with the first one's place."""
    first = tunnels[0]
    web_socket = first.url.startswith(("ws://", "wss://"))
    carrier = "proxy_wstunnel_module" if web_socket else "proxy_http_module"
    more = f" and {len(tunnels) - 1} more" if len(tunnels) > 1 else ""
    return Fallback(
        carrier if carrier in names else "proxy_http_module",
        f"{cut_urls(first.url)} ({first.file}:{first.line}){more}: an open WebSocket or upgraded "
        "connection holds one worker for its whole life.",
    )
