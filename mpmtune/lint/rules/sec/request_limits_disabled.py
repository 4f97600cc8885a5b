"""A request may be of any size.

## What it does
Reports ``LimitRequestBody``, ``LimitRequestFields`` and ``LimitXMLRequestBody`` of 0, and a
``LimitRequestLine`` or ``LimitRequestFieldSize`` of more than 65536 bytes. In the profile ``cis``
the limits are those of the benchmark: a line of 512 bytes, 100 fields of 1024, a body of 102400;
there it also names those that are not set.

## Why it matters
httpd and the applications behind it keep much of a request in memory: each connection may then
hold as much as its client likes to send.

## When to ignore it
For a place that takes large uploads, or tokens in headers: set a limit that fits, there alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.written_values import integer_in, word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.profiles import Thresholds
    from mpmtune.model.config import Tree

# What httpd has where nothing is said; from 2.4.54 on for the body.
_BUILT_IN = {
    "limitrequestline": ("LimitRequestLine", 8190),
    "limitrequestfieldsize": ("LimitRequestFieldSize", 8190),
    "limitrequestfields": ("LimitRequestFields", 100),
    "limitrequestbody": ("LimitRequestBody", 1_073_741_824),
}
_LIMITS = (*_BUILT_IN, "limitxmlrequestbody")
_NONE_AT_ZERO = {
    "limitrequestbody": "a request may send a body of any size",
    "limitrequestfields": "a request may have any number of header fields",
    "limitxmlrequestbody": "an XML body of any size is read into memory",
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each limit that is none, or above that of the profile."""
    del tree
    most = _most(hits.thresholds)
    for hit in (hit for name in _LIMITS for hit in hits[name]):
        value = integer_in(word_in(hit))
        if value is None:
            continue
        limit = most.get(hit.name)
        if value == 0 and hit.name in _NONE_AT_ZERO:
            yield Violation(hit, f"{hit.item.spelling} 0: {_NONE_AT_ZERO[hit.name]}", word=1)
        elif limit is not None and value > limit:
            yield Violation(
                hit, f"{hit.item.spelling} {value} is more than {limit} that is asked for", word=1
            )
    unset = [
        name
        for key, (name, built_in) in _BUILT_IN.items()
        if not hits[key] and (limit := most[key]) is not None and built_in > limit
    ]
    if unset and hits.scope is Scope.WHOLE and hits["listen"]:
        yield Violation(
            None,
            f"{', '.join(unset)} not set: httpd's own limit is higher than that asked for",
            severity=Severity.INFO,
        )


def _most(thresholds: Thresholds) -> dict[str, int | None]:
    return {
        "limitrequestline": thresholds.request_line_bytes,
        "limitrequestfieldsize": thresholds.request_field_bytes,
        "limitrequestfields": thresholds.request_fields,
        "limitrequestbody": thresholds.request_body_bytes,
    }


RULE = Rule(
    code="SEC320",
    name="request-limits-disabled",
    severity=Severity.WARNING,
    on=(*_LIMITS, "listen"),
    by_default=False,
    cis=("10.1", "10.2", "10.3", "10.4"),
    references=(
        "misc/security_tips.html#dos",
        "mod/core.html#limitrequestbody",
        "mod/core.html#limitrequestline",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="LimitRequestBody 0\nLimitRequestFields 0\nLimitXMLRequestBody 0\n",
            good="LimitRequestBody 10485760\nLimitRequestFields 100\n",
            lines=(1, 2, 3),
        ),
        Example(bad="LimitRequestLine 100000\nLimitRequestFieldSize 100000\n", lines=(1, 2)),
        Example(
            bad="<Location /upload>\nLimitRequestBody 0\n</Location>\n",
            lines=(2,),
            scope=Scope.FRAGMENT,
        ),
        Example(good="LimitRequestFieldSize 65536\nLimitRequestLine 16384\n"),
        Example(good="Timeout 60\n"),
    ),
    check=check,
)
