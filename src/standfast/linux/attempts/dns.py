"""DNS_CHECK: a name server that answers without an error (behaviour HC-12)."""

import secrets

from standfast.base.errors import Malformed
from standfast.base.limits import DNS_QUERY_STRANGERS
from standfast.engine.check_ports import DnsProbe
from standfast.linux.attempts.datagrams import Datagrams, open_datagrams
from standfast.linux.attempts.failure import Failed, shown
from standfast.linux.attempts.trial import Trial
from standfast.wire.dns import CODES, decode_answer, encode_query, encode_question


async def attempt(trial: Trial, probe: DnsProbe) -> None:
    """Ask, and look at the response code of the answer to just this question."""
    try:
        question = encode_question(probe.name, probe.kind)
    except Malformed as wrong:
        raise Failed("cannot-run", f"{probe.name} is no name that can be asked for: {wrong}") from wrong
    number = secrets.randbelow(0x10000)
    with await open_datagrams(trial, probe.way) as link:
        trial.missing = "no answer"
        link.send(encode_query(number, question))
        code = await _code(trial, link, number, question)
    if code:
        words = f"{probe.kind} {probe.name}: {CODES.get(code, f'response code {code}')}"
        raise Failed("status", f"{trial.place}: {words}")


async def _code(trial: Trial, link: Datagrams, number: int, question: bytes) -> int:
    """The response code; what answers another question, or none, is passed over."""
    for strangers in range(1, DNS_QUERY_STRANGERS + 1):
        message = await link.receive()
        try:
            answer = decode_answer(message)
        except Malformed as wrong:
            raise Failed("reply", f"{trial.place}: this is no DNS ({wrong}): {shown(message)}") from wrong
        if answer.id == number and answer.question.lower() in {b"", question.lower()}:
            return answer.code
        trial.missing = (
            f"{strangers} answers to other questions, the last with id {answer.id}, but none to ours"
        )
    raise Failed("reply", f"{trial.place}: {trial.missing}")
