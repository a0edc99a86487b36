"""The figures of a benchmark run as a page for people: the aims first, then every figure with its ratio."""

from typing import Any

from aims import AIMS, Aim

BASE, OURS = "keepalived", "standfast"
Result = dict[str, Any]
NOTES = (
    "checking, balancing: both run on the same IPVS, which balances nothing (`bench/nowhere.c`); nginx answers",
    "cutting, sessions: the neighbour is BIRD 2, for both daemons",
    "tracking: with 16 MiB of netlink buffer for Keepalived; with its own it misses changes",
    "an aim without a ratio is one for which Keepalived gave no figure; why stands below",
)


def render(found: list[Result]) -> str:
    """The page."""
    return "\n".join([*_head(found), *_aims(found), *_all(found)]) + "\n"


def _head(found: list[Result]) -> list[str]:
    lines = [
        "# Benchmark results",
        "",
        "Standfast beside Debian's keepalived, on the same work, in turn, in one run of `make bench`. A ratio is",
        "Standfast's median divided by Keepalived's: below 1 is better. Absolute figures belong to the machine.",
        "",
    ]
    if found:
        machine = found[0]["machine"]
        lines += [
            "- machine: {cpu}, {cores} cores, Linux {kernel}, Python {python}".format(**machine),
            f"- first run: {machine['time']}",
            f"- noise (CPU used by others during the runs kept; stolen seconds): {'; '.join(map(_noise, found))}",
        ]
    lines += [f"- {note}" for note in NOTES]
    failures = [
        f"{r['scenario']} {f['case']} {f['daemon']}: {f['why']}" for r in found for f in r["failures"]
    ]
    lines += [f"- no figure: {failure}" for failure in failures]
    return [*lines, ""]


def _noise(result: Result) -> str:
    others, stolen = result["others_cpu_share"], result["steal_seconds"]
    return f"{result['scenario']} median {others['median']:.1%}, worst {others['max']:.1%}, {stolen:.1f} s"


def _aims(found: list[Result]) -> list[str]:
    lines = [
        "## Aims",
        "",
        "| aim | case | Keepalived | Standfast | figure | bound | |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for aim in AIMS:
        for result in found:
            if result["scenario"] == aim.scenario:
                for case, metrics in result["cases"].items():
                    if aim.covers(case) and aim.metric in metrics and OURS in metrics[aim.metric]:
                        lines.append(_row(aim, case, metrics[aim.metric]))
    return [*lines, ""]


def _row(aim: Aim, case: str, metric: Result) -> str:
    ours, base = metric[OURS][aim.of], metric.get(BASE, {}).get(aim.of)
    figure = ours if aim.kind != "ratio" else (ours / base if base else None)
    sign = "≥" if aim.kind == "at-least" else "≤"
    met = figure is not None and (figure >= aim.bound if aim.kind == "at-least" else figure <= aim.bound)
    shown = f"{_short(figure)}{' x' if aim.kind == 'ratio' else ''}"
    return (
        f"| {aim.words} ({aim.of}) | {aim.scenario} {case} | {_short(base)} | {_short(ours)} | {shown} "
        f"| {sign} {aim.bound:g} | {'met' if met else '**missed**' if figure is not None else 'no ratio'} |"
    )


def _all(found: list[Result]) -> list[str]:
    lines = ["## All figures", "", "Median (smallest to largest, number of runs).", ""]
    for result in found:
        lines += [
            f"### {result['scenario']}",
            "",
            "| case | figure | Keepalived | Standfast | ratio |",
            "|---|---|--:|--:|--:|",
        ]
        for case, metrics in result["cases"].items():
            for name, metric in metrics.items():
                ratio = metric.get(OURS, {}).get("ratio")
                lines.append(
                    f"| {case} | {name} | {_spread(metric.get(BASE))} | {_spread(metric.get(OURS))} "
                    f"| {_short(ratio)} |"
                )
        lines.append("")
    return lines


def _spread(summary: Result | None) -> str:
    if summary is None:
        return "-"
    low, high = _short(summary["min"]), _short(summary["max"])
    return f"{_short(summary['median'])} ({low}..{high}, {summary['n']})"


def _short(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
