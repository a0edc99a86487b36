"""The dump of the virtual servers in Keepalived's form; tests/vm compares it with Keepalived's own."""

from typing import Final

from check_dumps import checks, sections
from lvs_director import REFUSED, Director, real, web
from written import config_of

from standfast.core.track.verdict import TrackerKey, TrackerKind, Verdict
from standfast.observe.dump_checks import checks_text
from standfast.observe.dump_servers import ServersSeen, servers_text
from standfast.observe.state.moment import Moment

WALL: Final = 1_800_000_000.0
LOAD: Final = TrackerKey(TrackerKind.FILE, "load")
FOLLOWER: Final = "FILE_CHECK {\ntrack_file load\nweight 2\n}"
FILE: Final = "track_file load {\nfile /run/load\n}\n"


def seen(text: str, *, dead: str = "") -> ServersSeen:
    director = Director(text)
    director.run(5, {dead: REFUSED} if dead else {})
    moment = Moment(director.now, WALL)
    verdicts = {LOAD: Verdict(up=True, value=5)}
    snapshot = director.balancer.snapshot(director.now)
    return ServersSeen(snapshot, verdicts, config_of(text), moment, account=lambda script: "7:8")


def topology(text: str, *, dead: str = "") -> list[str]:
    return sections(servers_text(seen(text, dead=dead)))["LVS Topology"]


def test_a_server_that_has_failed_is_not_alive_and_not_in_the_table() -> None:
    lines = topology(web(real(2) + real(3)), dead="10.0.0.2")

    first, second = (
        [line.strip() for line in lines if line.startswith(word)] for word in ("   alive", "   RS set")
    )
    assert first == ["alive = 1", "alive = 0", "alive = 1"]  # the virtual server, and both of its own
    assert second == ["RS set = 0", "RS set = 1"]
    assert "   num failed checkers = 1" in lines


def test_one_that_keeps_its_place_is_in_the_table() -> None:
    lines = topology(web(real(2, "inhibit_on_failure") + real(3)), dead="10.0.0.2")

    assert lines.count("   RS set = 1") == 2


def test_a_group_says_who_uses_its_members() -> None:
    group = "virtual_server_group G {\nfwmark 5\n10.0.0.100-102 80\n10.0.0.99 80\n}\n"

    lines = topology(group + web(real(2), address="group G"))

    assert lines[2:9] == [
        " Virtual Server Group = G, IPv4 = yes, IPv6 = no",
        "   VIP = 10.0.0.99, VPORT = 80",
        "     Alive: 1 tcp, 0 udp, 0 sctp",
        "     reloaded = False",
        "   VIP Range = 10.0.0.100-10.0.0.102, VPORT = 80",
        "     Alive: 1 tcp, 0 udp, 0 sctp",
        "     reloaded = False",
    ]
    assert lines[9:11] == ["   FWMARK = 5", "     Alive: 1 IPv4, 0 IPv6"]
    assert " VS GROUP = [G]:0" in lines


def test_scripts_are_shown_with_whom_they_run_as() -> None:
    lines = topology(web(real(2, 'notify_down "/bin/tell it"'), 'quorum_up "/bin/up"'))

    assert "   Quorum up notify script = '/bin/up', uid:gid 7:8" in lines
    assert "     RS down notify script = '/bin/tell' 'it', uid:gid 7:8" in lines


def test_the_password_of_a_key_is_not_shown() -> None:
    text = "SSL {\npassword geheim\nca /etc/ca\n}\n" + web(real(2))

    said = servers_text(seen(text))

    assert "geheim" not in said
    assert sections(said)["SSL definitions"] == [" Password : ********", " CA-file : /etc/ca"]


def test_a_followed_file_is_a_check_and_has_a_section() -> None:
    text = FILE + web(real(2, FOLLOWER))

    said = sections(checks_text(seen(text)))

    (follower,) = (block for block in checks(said["Health checkers"], ()) if "FILE_CHECK" in block[-3])
    assert "   Current weight = 10" in follower
    assert said["Checker track files"] == [
        " Track file = load",
        "   File = /run/load",
        "   Status = 5",
        "   Weight = 1",
        "   Tracking instances :",
        "     [10.0.0.100]:tcp:80 -> [10.0.0.2]:tcp:80, weight 2",
    ]


def test_a_check_that_failed_is_not_up() -> None:
    said = sections(checks_text(seen(web(real(2)), dead="10.0.0.2")))["Health checkers"]

    assert said[:4] == [
        " [10.0.0.100]:tcp:80 -> [10.0.0.2]:tcp:80",
        "   Enabled = yes",
        "   Up = no",
        "   Has run = yes",
    ]
