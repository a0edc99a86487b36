"""The words for what becomes of notices on their way out: pipes, mails, webhooks."""

from standfast.base.times import in_seconds
from standfast.observe.facts import (
    DeliveriesLost,
    DeliveryFailed,
    DeliveryRefused,
    FifoLinesLost,
    FifoScriptEnded,
    FifoUnusable,
    NoticesLost,
)
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words


@words(FifoUnusable, same=lambda fact: fact.path)
def unusable(fact: FifoUnusable) -> Line:
    """A pipe that nobody can be told by."""
    return line(Level.ERROR, f"Cannot use the notification pipe {fact.path}; tries again", why=fact.why)


@words(FifoLinesLost)
def lines_lost(fact: FifoLinesLost) -> Line:
    """A pipe that nobody read."""
    words = f"{fact.count} lines for the notification pipe {fact.path} were lost: nobody read it"
    return line(Level.WARNING, words)


@words(FifoScriptEnded)
def script_ended(fact: FifoScriptEnded) -> Line:
    """A reader that died."""
    return line(
        Level.WARNING,
        f"Script {fact.script}, which reads {fact.path}, ended",
        status=fact.status,
        again_in_s=in_seconds(fact.again_in),
        said=fact.said,
    )


@words(NoticesLost)
def notices_lost(fact: NoticesLost) -> Line:
    """Nobody carried them out."""
    return line(
        Level.ERROR, f"{fact.count} notices for pipes, mails and webhooks were lost: nobody took them in time"
    )


@words(DeliveryFailed, same=lambda fact: (fact.to, fact.why))
def delivery_failed(fact: DeliveryFailed) -> Line:
    """A server that is not there."""
    words = f"Cannot reach {fact.to}; tries again"
    return line(Level.WARNING, words, why=fact.why, again_in_s=in_seconds(fact.again_in))


@words(DeliveryRefused)
def delivery_refused(fact: DeliveryRefused) -> Line:
    """A message that nobody will get."""
    return line(Level.ERROR, f"Not delivered to {fact.to}: {fact.what}", why=fact.why)


@words(DeliveriesLost)
def deliveries_lost(fact: DeliveriesLost) -> Line:
    """Messages that nobody will get."""
    return line(Level.ERROR, f"{fact.count} messages for {fact.to} were lost", why=fact.why)
