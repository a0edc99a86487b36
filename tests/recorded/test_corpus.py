"""Files that people wrote: the same verdict as Keepalived, and the same understanding of what it accepts."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from recorded_host import RecordedHost
from written import WrittenFiles

from standfast.base.times import MILLISECOND, SECOND
from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.conf.transport import decode_config, encode_config
from standfast.conf.verdict import exit_code
from standfast.model.vrrp_instance import VrrpInstance

CORPUS: Final = Path(__file__).parents[3] / "shared" / "corpus" / "open"
TOP: Final = "/etc/keepalived/keepalived.conf"

# Files whose exit code differs; the verdict is the same for all.
OTHER_CODE: Final = 0


def cases() -> list[dict[str, Any]]:
    listing = CORPUS / "expected.jsonl"
    if not listing.exists():
        pytest.skip(f"the corpus is not here: {CORPUS}")
    return [json.loads(line) for line in listing.read_text().splitlines()]


def reading_of(case: dict[str, Any]) -> Reading:
    env = case.get("env", {})
    surroundings = Surroundings(config_id=env.get("hostname", "node1").split(".")[0])
    files = WrittenFiles({TOP: (CORPUS / case["file"]).read_bytes()})
    return read_config(TOP, files, surroundings, host=RecordedHost(env))


def test_every_verdict_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [(case["file"], case["exit"], exit_code(reading_of(case))) for case in cases()]
    wrong = [row for row in codes if (row[1] == 0) != (row[2] == 0)]
    same = sum(theirs == ours for _, theirs, ours in codes)

    with capsys.disabled():
        print(f"\ncorpus: {len(codes) - len(wrong)} of {len(codes)} verdicts agree, {same} exit codes")
    assert wrong == []
    assert same >= len(codes) - OTHER_CODE


def test_what_is_accepted_is_understood_in_the_same_way() -> None:
    wrong = []
    for case in cases():
        if case["exit"] != 0:
            continue
        config = reading_of(case).config
        assert config is not None
        ours = {instance.name: instance for instance in config.vrrp_instances}
        for theirs in case.get("summary", {}).get("instances", ()):
            if theirs["name"] not in ours:
                wrong.append(f"{case['file']}: no instance {theirs['name']}")
            else:
                wrong += [
                    f"{case['file']} {theirs['name']}: {what}"
                    for what in differ(ours[theirs["name"]], theirs)
                ]

    assert wrong == []


def differ(ours: VrrpInstance, theirs: dict[str, Any]) -> list[str]:
    """The fields that we understand otherwise."""
    have = {
        "vrid": ours.virtual_router_id,
        "priority": ours.priority,
        "version": ours.version,
        "state": ours.state,
        "advert_ms": ours.advert_int // MILLISECOND,
        "preempt": ours.preempt,
        "preempt_delay": ours.preempt_delay // SECOND,
        "accept": ours.accept,
        "src_ip": str(ours.source),
        "unicast_peers": [str(peer.address) for peer in ours.unicast_peer],
        "vips": [str(address.address) for address in ours.virtual_ipaddress],
        "vips_excluded": [str(address.address) for address in ours.virtual_ipaddress_excluded],
        "garp": [
            ours.garp_master_delay // SECOND,
            ours.garp_master_repeat,
            ours.garp_master_refresh // SECOND,
            ours.garp_master_refresh_repeat,
        ],
        "auth": ours.authentication.auth_type if ours.authentication is not None else None,
        "smtp_alert": ours.smtp_alert,
    }
    found = []
    for field, value in have.items():
        want = theirs.get(field)
        if want is None or f"{field}_count" in theirs:
            continue
        if field.startswith("vips"):
            want = [one.partition(" ")[0].partition("/")[0] for one in want]
        if value != want:
            found.append(f"{field} is {value}, should be {want}")
    return found


def test_every_configuration_survives_the_way_to_a_child() -> None:
    for case in cases():
        config = reading_of(case).config
        if config is not None:
            assert decode_config(encode_config(config)) == config, case["file"]
