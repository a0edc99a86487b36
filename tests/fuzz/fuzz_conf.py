"""Throw texts at the configuration reader: whatever comes, it is a Config or problems, soon.

    python tests/fuzz/fuzz_conf.py [COUNT [SEED]]

Half of the texts are made of the language's own words, half are mutations of one another in raw bytes. A text
that raises is printed and written to `fuzz-conf-SEED-NUMBER`.
"""

import random
import resource
import sys
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from recorded_host import RecordedHost
from written import TOP, WrittenFiles

from standfast.conf.read import read_config
from standfast.conf.transport import decode_config, encode_config
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.entry import Entry

_VALUES: Final = r"""
0 1 2 5 100 255 256 -1 99999999999999999999 0.5 1.5 0x10 1e3 eth0 lo 10.0.0.1 10.0.0.1/24 10.0.0.1-9 fe80::1/64
224.0.0.18 ff02::12 default MASTER BACKUP PASS AH TCP NAT TUN type gue port hex:00 file:/k all on off yes no
inst reverse /bin/true 'a "a a" " ' # ! \ \# $A ${A} ${_ENV A} ${_RANDOM} $A=1 $A=\ ~SEQ(A,3) ~LST(A,b,c)
@x @^x include include_check keepalived.conf { } { } { }
"""
VALUES: Final = [*_VALUES.split(), *"\n" * 5]


def vocabulary(of: type) -> set[str]:
    """Every word of the language."""
    found: set[str] = set()
    for keyword in declaration_of(of).keywords:
        found.update(keyword.names)
        kind = keyword.kind.of if isinstance(keyword.kind, Entries) else keyword.kind
        if isinstance(kind, Block | Entry):
            found |= vocabulary(kind.of)
    return found


class Texts:
    """An endless supply of texts."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._words = sorted(vocabulary(Config))
        self._last = b""

    def next(self) -> bytes:
        """One more text."""
        dice = self._dice
        if self._last and dice.random() < 0.5:
            text = bytearray(self._last)
            for _ in range(dice.randint(1, 8)):
                at = dice.randrange(len(text) + 1)
                text[at : at + dice.choice((0, 0, 1, 5))] = dice.randbytes(dice.choice((0, 1, 1, 4)))
            return bytes(text)
        count = dice.randint(1, 60)
        words = [dice.choice(self._words if dice.random() < 0.4 else VALUES) for _ in range(count)]
        if dice.random() < 0.6:
            words = self._block(words)
        self._last = " ".join(words).encode()
        return self._last

    def _block(self, words: list[str]) -> list[str]:
        """Words in a plausible block."""
        head = self._dice.choice(sorted(declaration_of(Config).by_word))
        return [
            head,
            "X",
            "{",
            "\n",
            *[part for word in words for part in (word, self._dice.choice((" ", "\n")))],
            "}",
        ]


def main() -> int:
    """Run; 1 if a text escaped."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    texts, host = Texts(seed), RecordedHost({"interfaces": ["eth0"]})
    begun, escaped = time.monotonic(), 0
    for number in range(count):
        text = texts.next()
        try:
            reading = read_config(TOP, WrittenFiles({TOP: text}), host=host if number % 2 else None)
            if reading.config is not None and number % 16 == 0:
                assert decode_config(encode_config(reading.config)) == reading.config
        except Exception as error:
            escaped += 1
            print(f"{type(error).__name__}: {error}\n{text!r}")
            Path(f"fuzz-conf-{seed}-{number}").write_bytes(text)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{count} texts of seed {seed}: {escaped} escaped, {time.monotonic() - begun:.0f} s, peak {peak} MiB"
    )
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
