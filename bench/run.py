"""Runs Debian's keepalived and Standfast on the same work in turn, and writes `bench/RESULTS.md`.

    python bench/run.py [--quick | --scale] [--only SCENARIO ...] [--runs N]

Needs root, Linux and the harness in `../shared/bench` (or where STANDFAST_BENCH says).
"""

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from results import render

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HARNESS = Path(os.environ.get("STANDFAST_BENCH", ROOT.parent / "shared" / "bench"))
RESULTS = HERE / "results"


@dataclass(frozen=True, slots=True)
class Work:
    """One call of the harness."""

    scenario: str
    runs: int
    only: tuple[str, ...] = ()
    seconds: float | None = None


SCALE = (  # floods, and what grows: some 35 minutes
    Work("storm", 1, ("-1000", "-50000"), 4),
    Work("replay", 1, seconds=4),
    Work("many", 2, seconds=8),
    Work("tracking", 2),
    Work("checking", 1),
    Work("balancing", 1),
    Work("cutting", 2),
    Work("sessions", 1, seconds=60),
    Work("asking", 1, seconds=60),
)
FULL = (
    Work("failover", 7),
    Work("takeover", 5),
    Work("adverts", 3, seconds=8),
    Work("footprint", 2, ("1-", "50-", "250-master"), 8),
    Work("startup", 7),
    Work("storm", 2, ("none", "-20", "-1000", "-50000"), 4),
    Work("reload", 3),
    Work("respawn", 7),
    Work("reading", 9),
    *(work for work in SCALE if work.scenario != "storm"),
)
QUICK = (
    Work("failover", 5, ("kill-v3",)),
    Work("takeover", 3, ("20", "100", "1000")),
    Work("adverts", 2, ("50-100ms", "250-100ms", "hog-50"), 5),
    Work("footprint", 1, ("1-",), 4),
    Work("startup", 5, ("vrrp-1", "test-small")),
    Work("storm", 1, ("checksum-20", "mix-50000", "pair-checksum-20"), 3),
    Work("respawn", 3),
    Work("reading", 5),
    Work("replay", 1, ("50000",), 3),
    Work("many", 1, ("250-1s", "1000-1s"), 5),
    Work("tracking", 1),
    Work("checking", 1, ("1000-1s", "5000-5s")),
    Work("balancing", 1, ("1000",)),
    Work("cutting", 1),
    Work("sessions", 1, ("hog",), 20),
    Work("asking", 1, seconds=20),
)


def main() -> int:
    """Run what was asked for; 0 if every run gave its figures (an aim that is missed is not an error)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="few cases and runs: is anything badly off?")
    parser.add_argument(
        "--scale", action="store_true", help="floods, and what grows: instances, servers, sessions"
    )
    parser.add_argument("--only", action="append", help="only these scenarios")
    parser.add_argument(
        "--runs", type=int, help="runs of each case and daemon, instead of each scenario's own"
    )
    parser.add_argument(
        "--quiet", type=float, default=0.1, help="repeat a run if others used more of the CPU"
    )
    parser.add_argument("--patience", type=float, default=20, help="seconds to wait for a quiet machine")
    options = parser.parse_args()
    keepalived = shutil.which("keepalived", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    standfastd = ROOT / ".venv" / "bin" / "standfastd"
    for lacking, words in (
        (os.geteuid() != 0, "needs root, to make network namespaces"),
        (not HARNESS.is_dir(), f"needs the benchmark harness in {HARNESS}"),
        (keepalived is None, "needs Debian's keepalived: apt-get install keepalived"),
        (not standfastd.exists(), "needs .venv/bin/standfastd: make setup"),
    ):
        if lacking:
            sys.exit(f"bench: {words}")
    compileall.compile_dir(str(ROOT / "src"), quiet=1)  # as an installed package is
    failed = 0
    for work in QUICK if options.quick else SCALE if options.scale else FULL:
        if not options.only or work.scenario in options.only:
            failed |= run(work, [("keepalived", str(keepalived)), ("standfast", str(standfastd))], options)
    found = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    (HERE / "RESULTS.md").write_text(render(found))
    print(f"wrote {HERE / 'RESULTS.md'}")
    return failed


def run(work: Work, daemons: list[tuple[str, str]], options: argparse.Namespace) -> int:
    """One call of the harness, or of a scenario of our own that it lacks."""
    own = HERE / f"{work.scenario}.py"
    program = own if own.exists() else HARNESS / "bench.py"
    command = [sys.executable, "-B", str(program), work.scenario, "--json", str(RESULTS)]
    command += ["--runs", str(options.runs or work.runs), "--quiet", str(options.quiet)]
    command += ["--patience", str(options.patience)]
    command += [word for label, path in daemons for word in ("--daemon", f"{label}={path}")]
    command += [word for text in work.only for word in ("--only", text)]
    command += ["--seconds", str(work.seconds)] if work.seconds else []
    environment = os.environ | {"PYTHONPATH": str(HARNESS)}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own words


if __name__ == "__main__":
    sys.exit(main())
