"""Why the summary of a rejected file differs: headings of docs/differences.md, with the files of the corpus."""

from typing import Final

REASONS: Final = {
    "An unknown block is skipped whole": "040 206 283 512",
    "A missing brace ends where the next block begins": "007 032 062 110 268",
    "A block that lacks what it needs is left out": "001 053 124 211 227 252 272 327 348 398 464 497",
    "Of two blocks of one name the first counts": "010 137 289",
    "The word after `inet` and `inet6` is read": "183",
    "The addresses say the family of an instance": "139",
    "A peer may have a prefix length": "197",
    "A real server stands once": "200",
    "A script that cannot run stays where it is configured": (
        "089 152 173 290 292 330 380 413 432 440 444 453 471 508 519"
    ),
    "An interface that is missing stays named": "091 193",
    "Told otherwise, meant the same": "029 087 339",
}


def reason_of(file: str) -> str | None:
    """The heading under which a file stands."""
    number = file.partition(".")[0]
    return next((heading for heading, files in REASONS.items() if number in files.split()), None)
