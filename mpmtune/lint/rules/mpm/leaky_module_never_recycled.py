"""An interpreter runs inside httpd, and its children never end.

## What it does
Reports ``MaxConnectionsPerChild`` 0, written or built in, where mod_php, mod_perl or mod_python
is loaded.

## Why it matters
What a script or an extension leaks stays in the child, and so does the memory of its largest
request. Only the end of the child gives it back.

## When to ignore it
Where the memory of the children has been watched for weeks and does not grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import MOD_PHP
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

# mod_wsgi and Passenger run applications in processes of their own.
_INTERPRETERS = (*MOD_PHP, "perl_module", "python_module")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lifetime without end."""
    module = next((name for name in _INTERPRETERS if name in tree.modules), None)
    line = hits.last("maxconnectionsperchild")
    if module and not number_of(line):
        yield Violation(
            line,
            f"{module} runs scripts inside httpd, and no child ever ends: what they leak stays"
            " until httpd is restarted; a MaxConnectionsPerChild of 5000 to 10000 is usual",
        )


RULE = Rule(
    code="MPM021",
    name="leaky-module-never-recycled",
    severity=Severity.INFO,
    by_default=False,
    on=("maxconnectionsperchild",),
    when_absent=True,
    whole_tree=True,
    references=("mod/mpm_common.html#maxconnectionsperchild",),
    since="0.1.0",
    examples=(
        Example(
            bad="MaxConnectionsPerChild 0\n",
            good="MaxConnectionsPerChild 5000\n",
            mpm=Mpm.PREFORK,
            modules=("php_module",),
        ),
        Example(bad="Timeout 60\n", lines=(0,), mpm=Mpm.PREFORK, modules=("php_module",)),
        Example(good="MaxConnectionsPerChild 0\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
