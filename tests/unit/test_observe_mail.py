"""Alert mails: who gets one for what, and what stands in it."""

from email import message_from_bytes
from email.policy import default

import pytest

from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.composed import Server
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe.mail import Letter, Mailing, Stamp, compose
from standfast.observe.notice import Notice, Subject

STAMP = Stamp("Sat, 21 Nov 2026 14:46:06 +0000", "<1@node>", "node")
MASTER = Notice(Subject.INSTANCE, "VI_1", "MASTER", 150)
VS = "[10.0.0.1]:tcp:80"
RS = "[10.0.0.9]:tcp:80"


def config(*, smtp_alert: bool = True, **values: object) -> Config:
    given: dict[str, object] = {
        "notification_email": ("Ann Other <ann@example.org>", "bob@example.org"),
        "smtp_server": Server("10.0.0.25"),
        "router_id": "R1",
    }
    made = GlobalDefs(**(given | values))  # type: ignore[arg-type]
    one = VrrpInstance(name="VI_1", interface="eth0", virtual_router_id=1, smtp_alert=smtp_alert)
    return Config(global_defs=made, vrrp_instances=(one,))


def mailed(notice: Notice, given: Config) -> Letter | None:
    mailing = Mailing()
    mailing.configure(given)
    return mailing.letter(notice, STAMP)


@pytest.mark.behaviour("NO-06", "NO-07")
@pytest.mark.parametrize(
    ("notice", "subject", "body"),
    [
        pytest.param(
            MASTER,
            "VRRP Instance VI_1 - Entering MASTER state",
            "=> VRRP Instance is now owning VRRP VIPs <=",
            id="a new master",
        ),
        pytest.param(
            Notice(Subject.INSTANCE, "VI_1", "BACKUP", 1),
            "VRRP Instance VI_1 - Entering BACKUP state",
            "=> VRRP Instance is no longer owning VRRP VIPs <=",
            id="a backup",
        ),
        pytest.param(
            Notice(Subject.GROUP, "VG", "FAULT"),
            "VRRP Group VG - Entering FAULT state",
            "=> All VRRP group instances are now in FAULT state <=",
            id="a group",
        ),
        pytest.param(
            Notice(Subject.REAL_SERVER, RS, "UP", 1, of=VS),
            f"Realserver {RS} of virtual server {VS} - UP",
            "=> CHECK succeed on service <=",
            id="a real server is up",
        ),
        pytest.param(
            Notice(Subject.REAL_SERVER, RS, "DOWN", 1, of=VS, reason="connection error"),
            f"Realserver {RS} of virtual server {VS} - DOWN",
            "=> CHECK failed on service : connection error <=",
            id="a real server fails",
        ),
        pytest.param(
            Notice(Subject.VIRTUAL_SERVER, VS, "DOWN", detail="weight 0, quorum 1, hysteresis 0"),
            f"Virtualserver {VS} - DOWN",
            "=> Lost quorum: weight 0, quorum 1, hysteresis 0 <=",
            id="the quorum is lost",
        ),
    ],
)
def test_a_mail_says(notice: Notice, subject: str, body: str) -> None:
    message = message_from_bytes(compose(config().global_defs, notice, STAMP).content, policy=default)

    assert message["Subject"] == f"[R1] {subject}"
    assert message.get_content().splitlines()[0] == body


@pytest.mark.behaviour("NO-07", "NO-08")
def test_headers_keep_display_names_and_the_envelope_has_addresses_only() -> None:
    letter = compose(config().global_defs, MASTER, STAMP)

    lines = letter.content.decode().split("\r\n")
    assert lines[:5] == [
        f"Date: {STAMP.date}",
        "From: keepalived@node",
        "Subject: [R1] VRRP Instance VI_1 - Entering MASTER state",
        "X-Mailer: Keepalived",
        "To: Ann Other <ann@example.org>, bob@example.org",
    ]
    assert letter.sender == "keepalived@node"
    assert letter.recipients == ("ann@example.org", "bob@example.org")


@pytest.mark.parametrize(
    "recipient",
    [
        pytest.param("root", id="a local name"),
        pytest.param("<broken", id="half an address"),
        pytest.param("a b@c d <<x@y>>", id="nonsense"),
        pytest.param("Jörg <joerg@example.org>", id="a name that is not ASCII"),
        pytest.param("x@example.org\r\nBcc: y@example.org", id="a forged header"),
    ],
)
def test_no_recipient_breaks_a_mail_or_forges_a_header(recipient: str) -> None:
    letter = compose(config(notification_email=(recipient,)).global_defs, MASTER, STAMP)

    message = message_from_bytes(letter.content, policy=default)
    assert message["Bcc"] is None
    assert message.get_content().startswith("=> VRRP Instance")
    assert not any("\n" in each for each in letter.recipients)


@pytest.mark.behaviour("NO-03", "NO-05", "NO-09", "NO-10")
@pytest.mark.parametrize(
    ("notice", "given", "is_mailed"),
    [
        pytest.param(MASTER, config(), True, id="who asked gets one"),
        pytest.param(MASTER, config(smtp_alert=False), False, id="who did not gets none"),
        pytest.param(MASTER, config(notification_email=()), False, id="there is nobody to write to"),
        pytest.param(MASTER, config(smtp_server=None), False, id="there is no server"),
        pytest.param(Notice(Subject.INSTANCE, "VI_1", "FAULT", 1), config(), True, id="a fault"),
        pytest.param(
            Notice(Subject.INSTANCE, "VI_1", "FAULT", 1), config(no_email_faults=True), False, id="no faults"
        ),
        pytest.param(Notice(Subject.INSTANCE, "VI_1", "STOP", 1), config(), False, id="a stop is no alert"),
        pytest.param(
            Notice(Subject.INSTANCE, "VI_1", "MASTER_PRIORITY", 1), config(), False, id="a priority"
        ),
        pytest.param(Notice(Subject.INSTANCE, "VI_9", "MASTER", 1), config(), False, id="a stranger"),
    ],
)
def test_a_notice_is_mailed(notice: Notice, given: Config, is_mailed: bool) -> None:
    assert (mailed(notice, given) is not None) is is_mailed


def test_the_last_word_of_a_removed_instance_is_still_mailed() -> None:
    mailing = Mailing()
    mailing.configure(config())
    without = config()
    mailing.configure(Config(global_defs=without.global_defs))

    assert mailing.letter(Notice(Subject.INSTANCE, "VI_1", "FAULT", 1), STAMP) is not None
