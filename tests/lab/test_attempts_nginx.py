"""HTTP_GET, SSL_GET and genhash against Debian's nginx; digests beside those of Keepalived's genhash."""

import hashlib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from attempting import LOOPBACK, Trier, fetch, needed, page, running, trier

from standfast.core.check.probes import HttpProbe, Page, Pattern, TcpProbe, Tls, Way
from standfast.daemon.genhash import main as genhash
from standfast.linux.attempts.tls import context_of
from standfast.model.kinds.secrets import Secret

PLAIN, SECURE, STRICT = Way(LOOPBACK, 8080), Way(LOOPBACK, 8443), Way(LOOPBACK, 8444)
BODY: Final = b"".join(b"line %d of a page\n" % number for number in range(20_000))

CONFIG: Final = """
daemon off; pid {0}/nginx.pid; error_log {0}/error.log; user root; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {0}/t1; proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3;
    uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5; root {0}/www; autoindex on; default_type text/plain;
    ssl_certificate {0}/cert.pem; ssl_certificate_key {0}/key.pem;
    server {{ listen 127.0.0.1:8080; listen 127.0.0.1:8443 ssl; server_name _;
        location /moved {{ return 301 /elsewhere; }} location /broken {{ return 503; }}
        location /name {{ return 200 "$host|$ssl_server_name|$server_protocol"; }} }}
    server {{ listen 127.0.0.1:8443 ssl; server_name www.example.test;
        location / {{ return 200 "named|$ssl_server_name"; }} }}
    server {{ listen 127.0.0.1:8444 ssl; ssl_client_certificate {0}/cert.pem; ssl_verify_client on;
        ssl_protocols TLSv1.2; location / {{ return 200 "known"; }} }}
}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages and certificates."""
    place = tmp_path_factory.mktemp("nginx")
    (place / "www" / "list").mkdir(parents=True)
    (place / "www" / "page").write_bytes(BODY)
    (place / "www" / "list" / "entry").write_text("x")
    (place / "nginx.conf").write_text(CONFIG.format(place))
    subject = ("-subj", "/CN=somebody.else", "-days", "1", "-keyout", "key.pem", "-out", "cert.pem")
    _openssl(
        place, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *subject
    )
    _openssl(place, "ec", "-in", "key.pem", "-aes128", "-passout", "pass:sesame", "-out", "locked.pem")
    return place


def _openssl(place: Path, *words: str) -> None:
    done = subprocess.run(
        [needed("openssl"), *words], cwd=place, capture_output=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr.decode()


@contextmanager
def nginx(tries: Trier, site: Path) -> Iterator[None]:
    with running(needed("nginx"), "-c", str(site / "nginx.conf"), directory=site):
        for _ in range(400):
            if tries.go(TcpProbe(STRICT)).ok:
                break
            time.sleep(0.05)
        yield


@pytest.fixture
def tries(site: Path) -> Iterator[Trier]:
    with trier() as made, nginx(made, site):
        yield made


def named(pattern: str, tls: Tls) -> HttpProbe:
    """A page of a server with a name."""
    return fetch(SECURE, Page("/", "www.example.test", "www.example.test", pattern=Pattern(pattern)), tls=tls)


MD5 = hashlib.md5(BODY).hexdigest()


@pytest.mark.behaviour("HC-08", "HC-09", "HC-10", "HC-25")
@pytest.mark.parametrize(
    ("probe", "phase", "says"),
    [
        pytest.param(fetch(PLAIN, page("/page", digest=MD5)), "", "", id="a page with its digest"),
        pytest.param(
            fetch(PLAIN, page("/page", digest=MD5), version="1.1", close=True), "", "", id="by HTTP/1.1"
        ),
        pytest.param(
            fetch(PLAIN, page("/page", pattern=Pattern("^line 19999 ", ("multiline",)))),
            "",
            "",
            id="a pattern",
        ),
        pytest.param(fetch(PLAIN, page("/list/")), "", "", id="a directory"),
        pytest.param(fetch(PLAIN, page("/list/"), version="1.1", close=True), "", "", id="a chunked one"),
        pytest.param(fetch(PLAIN, page("/moved")), "status", "301, to 'http", id="a redirect"),
        pytest.param(fetch(PLAIN, page("/page"), page("/broken")), "status", "503", id="a broken page"),
        pytest.param(fetch(SECURE, page("/page", digest=MD5), tls=Tls()), "", "", id="by TLS"),
        pytest.param(
            fetch(SECURE, page("/page", tls_compliant=True), tls=Tls()), "", "", id="closed by the book"
        ),
        pytest.param(named("^named.www.example.test$", Tls(sni=True)), "", "", id="the name is told"),
        pytest.param(named("^named.$", Tls()), "", "", id="but only if that is asked for"),
        pytest.param(fetch(SECURE), "status", "400", id="plain HTTP to a TLS port"),
        pytest.param(fetch(PLAIN, tls=Tls()), "tls", "does not speak TLS", id="TLS to a plain port"),
        pytest.param(
            fetch(STRICT, tls=Tls()), "status", "400", id="a certificate is asked for, we have none"
        ),
    ],
)
def test_nginx_is_judged(tries: Trier, probe: HttpProbe, phase: str, says: str) -> None:
    outcome = tries.go(probe)

    assert (outcome.ok, outcome.phase) == (not phase, phase), outcome.words
    assert says in outcome.detail


@pytest.mark.parametrize(
    ("key", "password", "phase"),
    [
        pytest.param("key.pem", None, "", id="a key"),
        pytest.param("locked.pem", b"sesame", "", id="a key with its passphrase"),
        pytest.param("locked.pem", b"simsim", "cannot-run", id="a wrong passphrase"),
        pytest.param("locked.pem", None, "cannot-run", id="no passphrase"),
        pytest.param("missing.pem", None, "cannot-run", id="a key that is not there"),
    ],
)
def test_our_certificate_is_shown(
    tries: Trier, site: Path, key: str, password: bytes | None, phase: str
) -> None:
    secret = Secret(password) if password is not None else None
    tls = Tls(
        ca=str(site / "cert.pem"), certificate=str(site / "cert.pem"), key=str(site / key), password=secret
    )

    outcome = tries.go(fetch(STRICT, page("/", pattern=Pattern("known")), tls=tls))

    assert (outcome.ok, outcome.phase) == (not phase, phase), outcome.words
    assert "sesame" not in outcome.detail
    assert "simsim" not in outcome.detail


def test_checks_that_are_set_alike_share_a_context(tries: Trier) -> None:
    assert context_of(Tls()) is context_of(Tls(sni=True))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param("-p 8080 -u /page", id="a page"),
        pytest.param("-p 8080 -u /list/ -P 1.1", id="a chunked one"),
        pytest.param("-p 8080 -u /list/ -P 1.0c", id="1.0c"),
        pytest.param("-p 8080 -u /name", id="with our own Host header"),
        pytest.param("-p 8080 -u /name -V www.example.test -P 1.1", id="with a virtual host"),
        pytest.param("-p 8443 -u /page -S", id="by TLS"),
        pytest.param("-p 8443 -u / -S -I -V www.example.test", id="with SNI"),
        pytest.param("-p 8080 -u /broken", id="an error page"),
    ],
)
def test_digests_are_those_of_keepalived(
    tries: Trier, capsys: pytest.CaptureFixture[str], options: str
) -> None:
    words = ["-s", "127.0.0.1", *options.split()]
    theirs = subprocess.run(
        [needed("genhash"), *words], capture_output=True, text=True, check=False, timeout=20
    )

    status = genhash(words)

    assert (status, capsys.readouterr().out.strip()) == (0, theirs.stdout.strip())
    assert len(theirs.stdout.strip()) == 32
