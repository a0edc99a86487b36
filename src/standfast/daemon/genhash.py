"""`genhash`: the MD5 digest of a page, as HTTP_GET and SSL_GET want it (GH-01 to GH-22 of Keepalived's own).

It fetches with the code of the checks themselves, so what it prints is what they will find. What it needs for that
is imported when it runs: its options alone must cost a command line nothing.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from standfast.base.addresses import parse_address
from standfast.base.frozen import frozen
from standfast.base.times import seconds

if TYPE_CHECKING:
    from standfast.core.check.outcome import Outcome

PROGRAM: Final = "genhash"
FINE: Final = 0
USAGE: Final = 1  # also for help (GH-21)
NOTHING: Final = 1  # nothing was fetched; the program called genhash says 0 then, too (GH-21)

_SECONDS: Final = 5.0
_WIDTH: Final = 16  # bytes of a line of a dump
_PRINTABLE: Final = range(0x20, 0x7F)


@frozen
class Fetched:
    """A page as it came."""

    outcome: "Outcome"
    head: bytes = b""
    body: bytes = b""
    digest: str = ""  # empty: nothing was fetched


def main(words: Sequence[str]) -> int:
    """Be the program `genhash`; its exit status."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Prints the MD5 digest of a page.")
    add_arguments(parser)
    try:
        arguments = parser.parse_args(words)
    except SystemExit:
        return USAGE
    run(arguments)
    return FINE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    say = parser.add_argument
    say("-s", "--server", required=True, type=parse_address, metavar="ADDRESS", help="address of the server")
    say("-p", "--port", required=True, type=_port, metavar="PORT", help="its port")
    say("-u", "--url", required=True, metavar="PATH", help="path of the page")
    say("-S", "--use-ssl", action="store_true", help="use TLS")
    say("-I", "--use-sni", action="store_true", help="tell the virtual host when TLS begins")
    say("-V", "--use-virtualhost", default="", metavar="HOST", help="Host header")
    say("-P", "--protocol", default="1.0", choices=("1.0", "1.0c", "1.0C", "1.1"), help="version of HTTP")
    say("-t", "--timeout", type=float, default=_SECONDS, metavar="SECONDS", help="longest wait (default 5)")
    say("-m", "--fwmark", type=int, default=0, metavar="MARK", help="firewall mark of the packets")
    say("-v", "--verbose", action="store_true", help="also show head and body, and how long it took")


def run(arguments: argparse.Namespace) -> int:
    """Fetch the page and print its digest; the exit status of the verb."""
    page = _fetch(arguments)
    outcome = page.outcome
    if not outcome.ok:
        if outcome.phase in {"connect", "cannot-run"}:
            sys.stdout.write("Connection failed\n")
        sys.stderr.write(f"{PROGRAM}: {outcome.words}\n")
        return NOTHING
    if arguments.verbose:
        sys.stdout.writelines(_verbose(page))
    sys.stdout.write(f"{page.digest}\n")
    if arguments.verbose:
        sys.stdout.write(f"\nThe answer from {arguments.url} took {outcome.took} microseconds.\n")
    return FINE


def _fetch(arguments: argparse.Namespace) -> Fetched:
    import hashlib  # noqa: PLC0415  (all that only a run needs)

    from standfast.core.check.probes import HttpProbe, Page, Tls, Way  # noqa: PLC0415
    from standfast.linux.attempts.failure import endpoint  # noqa: PLC0415
    from standfast.linux.attempts.http import asked, head_of, receive_body, receive_head  # noqa: PLC0415
    from standfast.linux.attempts.once import once  # noqa: PLC0415
    from standfast.linux.attempts.trial import Trial  # noqa: PLC0415

    version, close = arguments.protocol.lower().rstrip("c"), arguments.protocol != "1.0"
    name = arguments.use_virtualhost
    page = Page(arguments.url, name or endpoint(arguments.server, arguments.port), name)
    tls = Tls(sni=arguments.use_sni) if arguments.use_ssl else None
    way = Way(arguments.server, arguments.port, mark=arguments.fwmark)
    probe = HttpProbe(way, (page,), version, close, tls)
    heads: list[bytes] = []
    body, digest = bytearray(), hashlib.md5(usedforsecurity=False)

    async def attempt(trial: Trial) -> None:
        stream = await asked(trial, probe, page)
        try:
            begin, rest = await receive_head(trial, stream)
            heads.append(begin)
            keep = (body.extend,) if arguments.verbose else ()
            await receive_body(trial, stream, head_of(trial, begin), rest, (digest.update, *keep))
        finally:
            stream.close()

    outcome = once(attempt, seconds(arguments.timeout))
    return Fetched(outcome, b"".join(heads), bytes(body), digest.hexdigest())


def _verbose(page: Fetched) -> Iterator[str]:
    yield "---- head, in hexadecimal\n"
    yield from dump(page.head)
    yield "---- head\n"
    yield page.head.decode(errors="backslashreplace").replace("\r\n", "\n")
    yield "---- body\n"
    yield from dump(page.body)
    yield "---- digest\n"


def dump(data: bytes) -> Iterator[str]:
    """Lines of offset, hexadecimal digits and characters."""
    for at in range(0, len(data), _WIDTH):
        part = data[at : at + _WIDTH]
        text = "".join(chr(byte) if byte in _PRINTABLE else "." for byte in part)
        yield f"{at:04d}  {part.hex(' '):<{3 * _WIDTH}}  {text}\n"


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 0x10000:
        raise argparse.ArgumentTypeError("must be 1 to 65535")
    return number
