"""What leaves a real daemon as a notice: pipes and their readers, mails, webhooks, the daemon's own scripts.

Whoever is told may hang, lie or die: the adverts of 0.1 s stay on time.
"""

import json
import signal
from itertools import pairwise
from statistics import median

import pytest
from daemon_lab import VIP, config, master, started

from standfast.base.times import MILLISECOND
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

TCP_SERVER = """
import socket, sys, threading
# Arguments: port, what it says first, and what it answers to each line; it notes all that it hears.
port, greeting, answers = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode()
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen(64)
def serve(client):
    client.sendall(greeting)
    heard = b""
    while True:
        data = client.recv(65536)
        if not data:
            break
        heard += data
        lines = [line.split(b" ")[0] for line in data.split(b"\\r\\n") if line]
        if answers == b"smtp":
            if b"DATA" in lines:
                client.sendall(b"354 go on\\r\\n")
            elif b"QUIT" in lines:
                client.sendall(b"221 bye\\r\\n")
            else:
                client.sendall(b"250 fine\\r\\n")
        elif answers:
            client.sendall(answers)
    with open("/run/heard", "ab") as file:
        file.write(heard + b"\\n----\\n")
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
"""


@pytest.fixture
def host(lab: Lab) -> Host:
    made = lab.host("a", "10.99.0.1/24")
    made.command("ip", "link", "set", "lo", "up")
    return made


def serve(host: Host, port: int, greeting: str = "", answers: str = "") -> None:
    """A server on the host's loopback."""
    path = host.write("server.py", TCP_SERVER)
    host.start("python3", path, str(port), greeting, answers)
    host.command(
        "sh", "-c", f"for i in $(seq 300); do ss -ltn | grep -q :{port} && exit; sleep 0.1; done; exit 1"
    )


def with_globals(words: str, more: str = "", priority: int = 150) -> str:
    return f"global_defs {{\nscript_user root\nenable_script_security\n{words}\n}}\n" + config(
        priority, more=more
    )


def reader(host: Host, *, before: str = "") -> str:
    """A script that reads a pipe into /run/lines."""
    text = f'#!/bin/sh\n{before}\nexec 3<>"$1"\nwhile read line <&3; do echo "$line" >> /run/lines; done\n'
    return host.write("reader", text, mode=0o755)


def assert_on_time(lab: Lab, host: Host, text: str) -> None:
    """Adverts of 0.1 s keep their pace from the first to the last, and are not held up.

    Whatever could hold them up lasts for a second or more, longer than a busy machine stands still.
    """
    with lab.capture() as capture:
        daemon = master(lab, host, text)
        assert lab.within(20.0, lambda: len(capture.adverts(51)) >= 40)
        status = daemon.stop()
        adverts = capture.adverts(51)

    gaps = [later[0] - earlier[0] for earlier, later in pairwise(adverts[:-1])]
    assert status == 0
    assert median(gaps) < 110 * MILLISECOND
    assert max(gaps) < 900 * MILLISECOND


# ---- pipes


@pytest.mark.behaviour("NO-01", "NO-02")
def test_a_reader_is_told_every_state_up_to_the_stop_and_then_ended(lab: Lab, host: Host) -> None:
    script = reader(host)
    words = f"notify_fifo /run/all.fifo\nnotify_fifo_script {script}"
    daemon = master(lab, host, with_globals(words))
    assert lab.within(20.0, lambda: "MASTER" in host.read("lines"))

    assert daemon.stop() == 0

    assert host.read("lines").splitlines() == [
        'INSTANCE "VI_1" BACKUP 150',
        'INSTANCE "VI_1" MASTER 150',
        'INSTANCE "VI_1" STOP 150',
    ]
    assert lab.within(20.0, lambda: "reader" not in host.command("ps", "-eo", "args"))
    assert "all.fifo" not in host.command("ls", "/run")


def test_a_reader_that_dies_is_started_again_and_nothing_is_lost(lab: Lab, host: Host) -> None:
    script = reader(host, before="mkdir /run/once 2>/dev/null && exit 3")
    words = f"vrrp_notify_fifo /run/vrrp.fifo\nvrrp_notify_fifo_script {script}"

    daemon = master(lab, host, with_globals(words))

    assert lab.within(20.0, lambda: "MASTER" in host.read("lines"))
    assert host.read("lines").splitlines()[0] == 'INSTANCE "VI_1" BACKUP 150'
    assert lab.within(20.0, lambda: "status=3" in daemon.log())


def test_a_reload_leaves_the_pipe_and_its_reader_and_tells_the_states_if_asked(lab: Lab, host: Host) -> None:
    script = reader(host)
    words = f"notify_fifo /run/all.fifo\nnotify_fifo_script {script}"
    daemon = master(lab, host, with_globals(words))
    assert lab.within(20.0, lambda: "MASTER" in host.read("lines"))
    before = host.command("pgrep", "-f", "/run/reader")

    daemon.reload(with_globals(words + "\nfifo_write_vrrp_states_on_reload"))

    assert lab.within(20.0, lambda: host.read("lines").count('"VI_1" MASTER 150') == 2)
    assert host.command("pgrep", "-f", "/run/reader") == before


def test_a_pipe_that_nobody_reads_is_no_trouble_and_one_that_was_there_stays(lab: Lab, host: Host) -> None:
    host.command("mkfifo", "/run/there.fifo")
    text = with_globals("notify_fifo /run/there.fifo\nvrrp_notify_fifo /run/made.fifo")

    assert_on_time(lab, host, text)

    files = host.command("ls", "/run")
    assert "there.fifo" in files
    assert "made.fifo" not in files


# ---- mails


def mail(port: int, more: str = "") -> str:
    whom = "notification_email { ann@example.org }"
    return f"{whom}\nsmtp_server 127.0.0.1 {port}\nrouter_id R1\nsmtp_alert\n{more}"


def test_a_mail_is_handed_in(lab: Lab, host: Host) -> None:
    serve(host, 2525, "220 here\r\n", "smtp")

    master(lab, host, with_globals(mail(2525)))

    assert lab.within(20.0, lambda: "VI_1 - Entering MASTER state" in host.read("heard"))
    assert "RCPT TO:<ann@example.org>" in host.read("heard")


@pytest.mark.behaviour("NO-12")
@pytest.mark.parametrize(
    ("greeting", "answers"),
    [
        pytest.param("", "", id="a server that says nothing"),
        pytest.param("\x07 not SMTP\r\n", "garbage\r\n", id="a server that answers garbage"),
        pytest.param("421 later\r\n", "", id="a server that has no time"),
    ],
)
def test_adverts_stay_on_time_with(lab: Lab, host: Host, greeting: str, answers: str) -> None:
    serve(host, 2525, greeting, answers)

    assert_on_time(lab, host, with_globals(mail(2525, "smtp_connect_timeout 1")))


def test_a_mail_waits_for_a_server_that_comes_later(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, with_globals(mail(2525)))
    assert lab.within(20.0, lambda: "Cannot reach mail server 127.0.0.1" in daemon.log())

    serve(host, 2525, "220 here\r\n", "smtp")

    assert lab.within(20.0, lambda: "Entering MASTER state" in host.read("heard"))


# ---- webhooks


def test_a_webhook_gets_the_notice_with_its_cause(lab: Lab, host: Host) -> None:
    serve(host, 8080, "", "HTTP/1.1 204 No Content\r\n\r\n")
    words = "webhook http://127.0.0.1:8080/hook/1\nwebhook_token open-sesame\nrouter_id R1"

    daemon = master(lab, host, with_globals(words))

    assert lab.within(20.0, lambda: '"MASTER"' in host.read("heard"))
    head, _, rest = host.read("heard").replace("\r", "").rpartition("POST ")[2].partition("\n\n")
    told = json.loads(rest.split("\n")[0])
    assert head.startswith("/hook/1 HTTP/1.1")
    assert "Authorization: Bearer open-sesame" in head
    assert (told["name"], told["state"], told["was"], told["router_id"]) == ("VI_1", "MASTER", "BACKUP", "R1")
    assert told["reason"]
    assert "open-sesame" not in daemon.log()


def test_a_webhook_that_never_answers_delays_no_advert(lab: Lab, host: Host) -> None:
    serve(host, 8080)

    assert_on_time(lab, host, with_globals("webhook http://127.0.0.1:8080/\nwebhook_timeout 1"))


def test_a_webhook_that_refuses_is_said_without_its_path(lab: Lab, host: Host) -> None:
    serve(host, 8080, "", "HTTP/1.1 403 Forbidden\r\n\r\n")

    daemon = master(lab, host, with_globals("webhook http://127.0.0.1:8080/secret/path"))

    assert lab.within(20.0, lambda: "it answers 403" in daemon.log())
    assert "secret" not in daemon.log()


# ---- scripts that misbehave


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("trap '' TERM\nwhile :; do sleep 1; done", id="a script that ignores TERM"),
        pytest.param("exec yes trouble >&2", id="a script that floods its standard error"),
        pytest.param("setsid sleep 5 &\nsleep 5 &\nexit 0", id="a script that forks away"),
    ],
)
def test_adverts_stay_on_time_beside(lab: Lab, host: Host, body: str) -> None:
    script = host.write("wild", f"#!/bin/sh\n{body}\n", mode=0o755)

    assert_on_time(lab, host, with_globals("", f"notify {script}", priority=255))


# ---- the messenger itself


def test_a_messenger_that_is_killed_comes_back_and_tells_what_happened_meanwhile(
    lab: Lab, host: Host
) -> None:
    script = reader(host)
    words = f"notify_fifo /run/all.fifo\nnotify_fifo_script {script}"
    daemon = master(lab, host, with_globals(words))
    assert lab.within(20.0, lambda: "MASTER" in host.read("lines"))

    pid = daemon.log().partition("Started the messenger process  pid=")[2].split()[0]
    host.command("kill", "-KILL", pid)
    host.unplug()

    assert lab.within(20.0, lambda: 'INSTANCE "VI_1" FAULT 150' in host.read("lines"))
    assert daemon.alive


# ---- the daemon's own scripts


@pytest.mark.behaviour("SCR-13")
def test_the_startup_script_comes_before_all_and_the_shutdown_script_after_all(lab: Lab, host: Host) -> None:
    for name in ("up", "down"):
        host.write(
            name, f"#!/bin/sh\necho {name} $# $(ip address | grep -c {VIP}/) >> /run/diary\n", mode=0o755
        )
    daemon = master(lab, host, with_globals("startup_script /run/up\nshutdown_script /run/down"))

    daemon.stop()

    assert host.read("diary").splitlines() == ["up 0 0", "down 0 0"]


def test_a_startup_script_that_hangs_delays_the_start_only_so_long(lab: Lab, host: Host) -> None:
    hangs = host.write("hangs", "#!/bin/sh\ntrap '' TERM\nsleep 600\n", mode=0o755)
    words = f"startup_script {hangs}\nstartup_script_timeout 1"

    daemon = host.run(with_globals(words))

    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    assert "(startup_script) Script /run/hangs did not end in 1 s and was stopped" in daemon.log()
    assert lab.within(20.0, lambda: "sleep 600" not in host.command("ps", "-eo", "args"))


def test_a_second_order_to_stop_waits_for_the_shutdown_script(lab: Lab, host: Host) -> None:
    slow = host.write("slow", "#!/bin/sh\nsleep 0.5\necho done > /run/diary\n", mode=0o755)
    daemon = started(lab, host, with_globals(f"shutdown_script {slow}"))

    daemon.signal(signal.SIGTERM)
    assert lab.within(20.0, lambda: "The vrrp process ended" in daemon.log())
    daemon.signal(signal.SIGTERM)

    assert daemon.wait() == 0
    assert host.read("diary") == "done\n"
