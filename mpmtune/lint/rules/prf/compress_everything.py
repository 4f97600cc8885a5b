"""Answers of every type are compressed, those that are compressed already as well.

## What it does
Reports ``SetOutputFilter`` with ``DEFLATE`` or ``BROTLI_COMPRESS`` outside of ``<Files>`` when nothing
sets ``no-gzip`` or ``no-brotli`` for some requests.

## Why it matters
Images, archives and videos take processor time and do not get smaller; ranges of them are no
longer sent. ``AddOutputFilterByType`` names the types that gain.

## When to ignore it
Where a location holds text only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_FILTERS = frozenset({"deflate", "brotli_compress"})
_EXCLUDING = re.compile("no-(?:gzip|brotli)", re.IGNORECASE)
_BY_NAME = frozenset({"<files", "<filesmatch", "<if", "<elseif", "<else"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that compress everything."""
    del tree
    lines = hits["setoutputfilter"]
    excluding = (line for name in hits.by_name if name != "setoutputfilter" for line in hits[name])
    if any(_EXCLUDING.search(line.args) for line in excluding):
        return
    for line in lines:
        if _compresses(line) and not any(one.name in _BY_NAME for one in line.sections()):
            yield Violation(
                line, "Images, archives and videos are compressed once more, for nothing"
            )


def _compresses(line: Occurrence) -> bool:
    filters = {name.strip("\"' ").lower() for name in line.args.split(";")}
    return bool(filters) and filters <= _FILTERS


RULE = Rule(
    code="PRF507",
    name="compress-everything",
    severity=Severity.INFO,
    by_default=False,
    on=(
        *("setoutputfilter", "setenvif", "setenvifnocase", "setenvifexpr", "setenv"),
        *("rewriterule", "header"),
    ),
    whole_tree=True,
    jointly=True,
    references=("mod/mod_deflate.html#recommended", "mod/mod_filter.html#addoutputfilterbytype"),
    since="0.1.0",
    examples=(
        Example(
            bad="SetOutputFilter DEFLATE\n",
            good="AddOutputFilterByType DEFLATE text/html text/css application/json\n",
            modules=("filter_module", "deflate_module"),
        ),
        Example(
            bad="<Location /app>\nSetOutputFilter BROTLI_COMPRESS;DEFLATE\n</Location>\n",
            lines=(2,),
            modules=("filter_module", "deflate_module", "brotli_module"),
        ),
        Example(
            good="SetOutputFilter DEFLATE\n"
            "SetEnvIfNoCase Request_URI \\.(?:gif|jpe?g|png)$ no-gzip dont-vary\n",
            modules=("deflate_module", "setenvif_module"),
        ),
        Example(
            good='<FilesMatch "\\.css$">\nSetOutputFilter DEFLATE\n</FilesMatch>\n'
            "<Location /app>\nSetOutputFilter INFLATE;SUBSTITUTE;DEFLATE\n</Location>\n",
            modules=("deflate_module", "substitute_module"),
        ),
    ),
    check=check,
)
