"""A flood of replayed adverts: those of a stronger router that has left, recorded, with valid authentication (AH).

Whoever heeds one gives the address up. A scenario in the manner of the shared harness, whose labs and reports it
uses.
"""

import ctypes
import os
import socket
import struct
import time
from itertools import pairwise

import configs
import packets
import scenarios
from bench import main
from capture import SO_ATTACH_FILTER, Capture
from scenarios import ms

from lab import Failure, Lab, wait

CASES = {f"replayed-{rate}": {"rate": rate} for rate in (1000, 10_000, 50_000)}
AH = 51
INTERVAL_S = 1
RECORDED = 5


def replay(command, options, rate):
    """Record a master, let it leave, and flood its successor with what it said."""
    seconds = options.seconds or 5
    with Lab("r1", "r2", "a", "c") as lab:
        strong = lab.daemon("r2", command, config(priority=200))
        frames = record(lab)
        daemon = lab.daemon("r1", command, config(priority=150))
        time.sleep(3)  # it hears its master, and how far the numbers have come
        strong.signal(15)
        wait(lambda: len(speaking(lab, "10.0.0.1", 1)) > 0, 15, "successor")
        time.sleep(1)
        with (
            lab.socket("a", socket.AF_PACKET, socket.SOCK_RAW, 0) as link,
            Capture(lab, routers=["r1"]) as cap,
        ):
            link.bind(("eth0", 0))
            begin, used = time.time_ns(), daemon.cpu()
            told = flooding(link, frames, rate, seconds)
            seen = speaking(lab, "10.0.0.1", seconds)
            used, end = daemon.cpu() - used, time.time_ns()
            sent = int(os.read(told, 20))
            os.close(told)
            if not daemon.alive():
                raise Failure("the daemon ended under the flood")
            inside = [at for at in seen if at < end]
            edges = [begin, *inside, end]
            return {
                "adverts_share": len(inside) / (seconds / INTERVAL_S),
                "longest_silence_ms": ms(max(later - earlier for earlier, later in pairwise(edges))),
                "sent_per_s": sent / seconds,
                "cpu_share": used / seconds,
                "cpu_us_per_packet": used * 1e6 / max(sent, 1),
                "address_changes": sum(begin < change.time < end for change in changes(cap)),
            }


def config(priority):
    """One instance with AH."""
    text = configs.instance("VI_1", 1, [configs.vip(0)], version=2, interval=INTERVAL_S, priority=priority)
    auth = "    authentication {\n        auth_type AH\n        auth_pass secret\n    }\n"
    return configs.GLOBAL + text.removesuffix("}\n") + auth + "}\n"


def record(lab):
    """The frames of a master."""
    frames = []
    with listener(lab, "10.0.0.2") as link:
        link.settimeout(15)
        while len(frames) < RECORDED:
            frames.append(link.recv(2048))
    return frames


def speaking(lab, source, seconds):
    """When adverts of this source came, in ns of the time of day."""
    times, until = [], time.monotonic() + seconds
    with listener(lab, source) as link:
        while (left := until - time.monotonic()) > 0:
            link.settimeout(left)
            try:
                link.recv(2048)
            except TimeoutError:
                break
            times.append(time.time_ns())
    return times


def listener(lab, source):
    """A socket that hears the authenticated packets of this source, as the client hears them, and nothing else."""
    (address,) = struct.unpack("!I", socket.inet_aton(source))
    program = [  # classic BPF
        (0x30, 0, 0, 23),  # load the byte of the protocol
        (0x15, 0, 3, AH),
        (0x20, 0, 0, 26),  # load the word of the source address
        (0x15, 0, 1, address),
        (0x06, 0, 0, 0xFFFF),  # keep
        (0x06, 0, 0, 0),  # drop
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    link = lab.socket("c", socket.AF_PACKET, socket.SOCK_RAW, 0)
    filter_ = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    link.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, filter_)
    link.bind(("eth0", packets.ETH_IP))
    return link


def changes(cap):
    """The address changes so far."""
    cap.parse()
    return cap.changes


def flooding(link, frames, rate, seconds):
    """A child that floods; the end of a pipe that says how many it sent."""
    result, told = os.pipe()
    packets.in_child(lambda: os.write(told, b"%d" % packets.flood(link, frames, rate, seconds)))
    os.close(told)
    return result


if __name__ == "__main__":
    scenarios.SCENARIOS["replay"] = (CASES, replay, "a flood of replayed adverts with authentication")
    raise SystemExit(main())
