"""Labs and configurations for more instances than one interface has router identifiers: 250 to an interface.

The interfaces of `r1` are isolated ports of one bridge: they do not hear each other, and the host that captures
hears them all.
"""

import configs
from scenarios import jitter

from lab import Failure, Lab, wait

ON_ONE = 250  # instances to an interface


class WideLab(Lab):
    """A lab whose `r1` has an interface for every 250 instances."""

    def __init__(self, instances, *hosts):
        self.instances = instances
        super().__init__("r1", *hosts)

    def build(self):
        """Make the further interfaces, too."""
        super().build()
        self.ip("sw", "link set dev r1 type bridge_slave isolated on")
        for number in range(1, -(-self.instances // ON_ONE)):
            self.ip(
                "sw",
                f"link add name r1x{number} type veth peer name eth{number} netns {self.ns('r1')}",
                f"link set dev r1x{number} master br0 up",
                f"link set dev r1x{number} type bridge_slave isolated on",
            )
            self.ip("r1", f"link set eth{number} up", f"address add {source(number)}/16 dev eth{number}")


def source(number):
    """The address that adverts of an interface come from."""
    return f"10.{20 + number}.0.1" if number else "10.0.0.1"


def instances(count, extra=lambda _: "", **options):
    """`count` instances of one address each; `extra` gives further lines for one, by its number from 0."""
    return "".join(
        configs.instance(f"VI_{n}", n % ON_ONE + 1, [configs.vip(n)], **options)
        .replace("interface eth0", f"interface eth{n // ON_ONE}")
        .removesuffix("}\n")
        + extra(n)
        + "}\n"
        for n in range(count)
    )


def by_instance(cap, since=0):
    """(source, identifier) -> the adverts after a time."""
    cap.parse()
    found = {}
    for advert in cap.adverts:
        if advert.time > since:
            found.setdefault((advert.source, advert.vrid), []).append(advert)
    return found


def wait_masters(cap, count, timeout):
    """Wait until that many instances have sent adverts; when each sent its first."""
    wait(lambda: len(by_instance(cap)) >= count, timeout, f"adverts of {count} instance(s)", 0.1)
    return sorted(adverts[0].time for adverts in by_instance(cap).values())


def punctuality(cap, since, interval):
    """The metrics of the times between the adverts of each instance."""
    alike = [
        advert._replace(vrid=key) for key, adverts in by_instance(cap, since).items() for advert in adverts
    ]
    if not alike:
        raise Failure("no adverts")
    return {**jitter(alike, interval), "adverts": len(alike)}
