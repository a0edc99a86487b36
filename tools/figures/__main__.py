"""`PYTHONPATH=tools python -m figures`: write all figures."""

from pathlib import Path

from figures import FILES

for name, draw in FILES.items():
    Path(__file__).resolve().parents[2].joinpath(name).write_text(draw())
