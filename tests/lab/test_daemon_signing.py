"""Running daemons that sign: a group begins to sign, and changes its key, and nobody notices but the attacker."""

from collections import Counter
from collections.abc import Sequence

import pytest
from daemon_lab import VIP, config, started

from standfast.lab.daemons import Daemon
from standfast.lab.lab import Lab
from standfast.lab.packets import Advert
from standfast.wire.vrrp_hmac import TRAILER_SIZE, decode_trailer

OLD, NEW = "0123456789abcdef" * 2, "fedcba9876543210" * 2

# Seconds: the backup waits for 3 * 0.3 s and its skew of 0.18 s, longer than a machine stands still.
INTERVAL, LONGER_THAN_A_BACKUP_WAITS = "0.3", 1.4


def signing(priority: int, words: str) -> str:
    return config(priority, more=f"auth_hmac {{\n{words}\n}}" if words else "", interval=INTERVAL)


class Group:
    """A master and a backup."""

    def __init__(self, lab: Lab, words: str) -> None:
        self.lab = lab
        self.hosts = lab.host("a", "10.99.0.1/24"), lab.host("b", "10.99.0.2/24")
        for host in self.hosts:
            host.write("new-key", NEW, mode=0o600)
        self.daemons: Sequence[Daemon] = [
            started(lab, host, signing(priority, words))
            for host, priority in zip(self.hosts, (150, 100), strict=True)
        ]
        assert lab.within(20.0, lambda: "Entering MASTER STATE" in self.daemons[0].log())
        assert lab.within(20.0, lambda: "Entering BACKUP STATE" in self.daemons[1].log())
        self.before = self.transitions()
        self._reloads = Counter[Daemon]()

    def transitions(self) -> list[int]:
        return [daemon.log().count(" Entering ") for daemon in self.daemons]

    def becomes(self, words: str) -> None:
        """Reload one daemon after the other; each waits long enough for the other to miss adverts."""
        for daemon, priority in zip(self.daemons, (150, 100), strict=True):
            daemon.reload(signing(priority, words))
            self._completes(daemon)
            self.lab.within(LONGER_THAN_A_BACKUP_WAITS, lambda: self.transitions() != self.before)
            assert self.transitions() == self.before, f"after {words!r}"

    def _completes(self, daemon: Daemon) -> None:
        self._reloads[daemon] += 1
        done = self._reloads[daemon]
        assert self.lab.within(20.0, lambda: daemon.log().count("Reload complete") == done)

    def key_on_the_wire(self) -> int:
        """The id of the key that the newest advert was signed with."""
        with self.lab.capture() as wire:
            assert self.lab.within(20.0, lambda: any(isinstance(each.content, Advert) for each in wire))
            frame = [each.frame for each in wire if isinstance(each.content, Advert)][-1]
        assert len(frame) == 14 + 20 + 12 + TRAILER_SIZE
        return decode_trailer(frame[-TRAILER_SIZE:]).key

    def stands(self) -> None:
        assert self.hosts[0].holds(VIP)
        assert not self.hosts[1].holds(VIP)
        assert self.transitions() == self.before


@pytest.mark.behaviour("AU-07", "AU-10")
def test_a_group_begins_to_sign_and_changes_its_key_without_a_transition(lab: Lab) -> None:
    group = Group(lab, "")

    for words in (
        f"key 1 {OLD}\n active_key 1\n mode receive-only",
        f"key 1 {OLD}\n active_key 1\n mode permissive",
        f"key 1 {OLD}\n active_key 1",
        f"key 1 {OLD}\n key 2 file:/run/new-key\n active_key 1",
        f"key 1 {OLD}\n key 2 file:/run/new-key\n active_key 2",
        "key 2 file:/run/new-key\n active_key 2",
    ):
        group.becomes(words)

    group.stands()
    assert group.key_on_the_wire() == 2
    logs = "".join(daemon.log() for daemon in group.daemons)
    assert OLD not in logs
    assert NEW not in logs


@pytest.mark.behaviour("AU-11")
def test_who_does_not_know_signatures_does_not_hear_who_signs(lab: Lab) -> None:
    group = Group(lab, "")

    group.daemons[0].reload(signing(150, f"key 1 {OLD}\n active_key 1"))

    assert lab.within(20.0, lambda: group.hosts[1].holds(VIP))
    assert lab.within(20.0, lambda: "reason=length" in group.daemons[1].log())


@pytest.mark.behaviour("AU-14")
def test_a_daemon_that_starts_again_is_heard_at_once(lab: Lab) -> None:
    group = Group(lab, f"key 1 {OLD}\n active_key 1")
    group.daemons[0].stop()
    assert lab.within(20.0, lambda: group.hosts[1].holds(VIP))

    again = started(lab, group.hosts[0], signing(150, f"key 1 {OLD}\n active_key 1"))

    assert lab.within(20.0, lambda: "Entering MASTER STATE" in again.log())
    assert lab.within(20.0, lambda: not group.hosts[1].holds(VIP))
