"""UDP_CHECK: a datagram that nobody objects to, or that is answered (behaviour HC-13)."""

from standfast.engine.check_ports import UdpProbe
from standfast.linux.attempts.datagrams import open_datagrams
from standfast.linux.attempts.failure import Failed, shown
from standfast.linux.attempts.trial import TimedOut, Trial


async def attempt(trial: Trial, probe: UdpProbe) -> None:
    """Send it, and listen until the deadline."""
    with await open_datagrams(trial, probe.way) as link:
        trial.missing = "no answer"
        link.send(probe.payload)
        try:
            reply = await link.receive()
        except TimedOut:
            if probe.reply_needed:
                raise
            return
    if wrong := unfit(probe, reply):
        raise Failed("reply", f"{trial.place}: {wrong}")


def unfit(probe: UdpProbe, reply: bytes) -> str:
    """What is wrong with an answer; empty: nothing."""
    if not probe.least <= len(reply) <= probe.most:
        return f"the answer has {len(reply)} bytes, not {probe.least} to {probe.most}"
    size = len(probe.reply)
    same = zip(reply, probe.reply, probe.mask, strict=False)
    if len(reply) < size or any((got ^ want) & mask for got, want, mask in same):
        return f"the answer is not the one that is required: {shown(reply.hex().encode())}"
    return ""
