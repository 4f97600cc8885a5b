"""Results of benches as the page docs/benchmarks.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Document = dict[str, Any]

HEAD = """\
# Benchmarks: plans put to the test

Each plan was made by mpmtune from the facts and from what a learning run logged; it never saw the grid.
Then all settings were measured in turn, in private httpd instances on loopback. The score is 1.00 for
the best point of a small grid search in the same run; ratios compare within a run, and nothing else.
A score of 0 is a setting that refused everybody, or that took more memory than the budget.

`./dev bench plans php_io` measures one workload again; `rm docs/benchmarks/*.json` and `./dev bench
plans` all of them, in about 40 minutes. The numbers behind the tables stand in
[benchmarks/](benchmarks/).
"""
CLOSED = "_per_second"
MIB = 1024**2


def page(documents: Sequence[Document]) -> str:
    """Write the page."""
    workloads = [(one, made) for made in documents for one in made["workloads"]]
    parts = [HEAD, *_measured_on(documents)]
    ranked = [pair for pair in workloads if not pair[0]["guard"]]
    guards = [pair for pair in workloads if pair[0]["guard"]]
    if ranked:
        parts += ["## Workloads\n", _scores(ranked)]
    if guards:
        parts += [
            "## Guards\n\nSettings hardly differ on these, or noise is as large: a plan must not lose.\n",
            _guards(guards),
        ]
    if workloads:
        parts += [f"## What was predicted\n\n{_hits(workloads)}\n", _predictions(workloads)]
        parts += ["## What each workload is\n", _about(workloads)]
    claims = [claim for made in documents for claim in made["claims"]]
    if claims:
        parts += ["## Common claims\n", _claims(claims)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _measured_on(documents: Sequence[Document]) -> Iterator[str]:
    seen: dict[str, list[str]] = {}
    for made in documents:
        machine = "; ".join(f"{name} {value}" for name, value in made["machine"].items())
        seen.setdefault(f"{made['made'][:10]}: {machine}", []).extend(
            one["name"] for one in made["workloads"]
        )
    for machine, names in seen.items():
        which = "" if len(seen) == 1 or not names else f" ({', '.join(names)})"
        yield f"Measured on {machine}{which}.\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def setting(workload: Document, name: str) -> Document | None:
    """Find a setting that was measured."""
    return next((one for one in workload["settings"] if one["name"] == name and one["runs"]), None)


def best(workload: Document) -> Document | None:
    return setting(workload, workload["best"]) if workload["best"] else None


def _ratio(workload: Document, name: str) -> str:
    found = setting(workload, name)
    if found is None or found["ratio"] is None:
        return "–"
    broken = " (over the budget)" if found["over_budget"] else ""
    return f"{found['ratio']:.2f}{broken}"


def _scores(workloads: Sequence[tuple[Document, Document]]) -> str:
    rows = []
    for one, _ in workloads:
        top = best(one)
        label = "–" if top is None else f"{top['name']}: {_number(top['score'])}"
        plan = setting(one, "plan")
        spread = "" if plan is None or plan["spread"] is None else f" ± {plan['spread'] / 2:.0%}"
        rows.append(
            [
                f"`{one['name']}`",
                f"**{_ratio(one, 'plan')}**{spread}",
                label,
                *(_ratio(one, name) for name in ("debian", "builtin", "apache2buddy", "max-rss")),
            ]
        )
    head = (
        "workload",
        "plan",
        "best of the grid",
        "Debian",
        "built-in",
        "apache2buddy",
        "RAM / max RSS",
    )
    return _table(head, rows)


def _guards(workloads: Sequence[tuple[Document, Document]]) -> str:
    rows = []
    for one, _ in workloads:
        plan, top = setting(one, "plan"), best(one)
        if plan is None or top is None:
            continue
        rows.append(
            [
                f"`{one['name']}`",
                top["name"],
                _of(figure(plan, "clients_per_second"), figure(top, "clients_per_second")),
                _of(figure(plan, "clients_p99_seconds"), figure(top, "clients_p99_seconds")),
            ]
        )
    return _table(
        ("workload", "best of the grid", "throughput, plan / best", "p99, plan / best"), rows
    )


def figure(found: Document, name: str) -> float | None:
    """Give the median of a figure over the runs."""
    seen = sorted(run["figures"][name] for run in found["runs"] if name in run["figures"])
    return seen[len(seen) // 2] if seen else None


def throughput(found: Document) -> float | None:
    """Add up what the closed loops got."""
    sums = sorted(
        sum(value for name, value in run["figures"].items() if name.endswith(CLOSED))
        for run in found["runs"]
    )
    return sums[len(sums) // 2] if sums and sums[-1] else None


def _of(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f}" if one is not None and other else "–"


def _predictions(workloads: Sequence[tuple[Document, Document]]) -> str:
    rows = []
    for one, _ in workloads:
        for name in ("plan", "debian"):
            found = setting(one, name)
            if found is None or found["predicted_pss_bytes"] is None or found["over_budget"]:
                continue
            rate = throughput(found)
            foretold = found["predicted_saturation_per_second"]
            rows.append(
                [
                    f"`{one['name']}`, {name}",
                    f"{found['predicted_pss_bytes'] / MIB:.0f}",
                    f"{found['pss_bytes'] / MIB:.0f}",
                    _of(found["predicted_pss_bytes"], found["pss_bytes"]),
                    "–" if foretold is None or rate is None else f"{foretold:.0f}",
                    "–" if rate is None else f"{rate:.0f}",
                    "–" if rate is None else _of(foretold, rate),
                ]
            )
    head = (
        *("setting", "MiB predicted", "measured", "ratio"),
        *("saturation predicted, per s", "measured", "ratio"),
    )
    return _table(head, rows)


def _hits(workloads: Sequence[tuple[Document, Document]]) -> str:
    """Say how many predictions for plans came true."""
    plans = [found for one, _ in workloads if (found := setting(one, "plan")) is not None]
    sizes = [(one["predicted_pss_bytes"], one["pss_bytes"]) for one in plans]
    rates = [(one["predicted_saturation_per_second"], throughput(one)) for one in plans]
    memory, rate = _within(sizes, 0.10), _within(rates, 0.15)
    return (
        f"For plans: memory within 10 % of the measured PSS in {memory}, saturation within 15 % in "
        f"{rate}.\nSaturation is compared where clients ask again as soon as they are answered. The "
        "other settings\nare predicted by what was learnt under the plan."
    )


def _within(pairs: Sequence[tuple[float | None, float | None]], share: float) -> str:
    known = [(foretold, seen) for foretold, seen in pairs if foretold is not None and seen]
    good = sum(abs(foretold - seen) <= share * seen for foretold, seen in known)
    return f"{good} of {len(known)}"


def _about(workloads: Sequence[tuple[Document, Document]]) -> str:
    return _table(
        ("workload", "what it is", "score", "command"),
        [
            [f"`{one['name']}`", one["about"], one["scored"], f"`{_repeatable(made['command'])}`"]
            for one, made in workloads
        ],
    )


def _repeatable(command: str) -> str:
    """Leave out where the results were written."""
    words = command.split()
    return " ".join(words[: words.index("-f")] if "-f" in words else words)


def _claims(claims: Sequence[Document]) -> str:
    return _table(
        ("claim", "here", "seen"),
        [[claim["claim"], claim["verdict"], claim["finding"]] for claim in claims],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
