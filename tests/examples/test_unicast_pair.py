"""examples/unicast-pair: each node is in a network of its own, and the provider is told where the address is."""

import secrets
import sys

from example_lab import PATIENCE, Example, Machine, fetch, lay, web

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.packets import Advert
from standfast.lab.processes import Process

VIP = "10.0.100.10"
PORT = 8080
TOKEN = "Authorization: Bearer sesame"

# A provider that sets a route in its network for who knows the word; its first answer is that it is busy.
PROVIDER = """
import http.server, json, socketserver, subprocess, sys
class Routes(http.server.BaseHTTPRequestHandler):
    busy = 1
    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        address, via = self.path.rpartition("/")[2] + "/32", body["next_hop"]
        if self.headers["Authorization"] != "Bearer sesame":
            status = 403
        elif Routes.busy:
            Routes.busy, status = 0, 503
        else:
            subprocess.run(["ip", "route", "replace", address, "via", via], check=True)
            status = 204
        self.send_response(status)
        self.end_headers()
socketserver.TCPServer(("", int(sys.argv[1])), Routes).serve_forever()
"""


def test_the_provider_leads_clients_to_the_node_that_has_the_address(lab: Lab) -> None:
    router, provider = _router(lab)
    client = lab.host("client")
    lay(client, "clients", "10.0.9.50/24")
    client.command("ip", "route", "add", "default", "via", "10.0.9.1")
    example, key = Example(lab, "unicast-pair"), secrets.token_hex(32)
    with router.capture() as wire:
        first = _node(example, 1, key)
        assert lab.within(PATIENCE, lambda: fetch(client, VIP) == "node-1"), provider.log()
        second = _node(example, 2, key)
        assert lab.within(PATIENCE, lambda: "Entering BACKUP STATE" in second.host.log())
        adverts = [each.content for each in wire if isinstance(each.content, Advert)]
    assert {str(advert.destination) for advert in adverts} == {"10.0.2.10"}
    assert not second.holds(VIP)

    first.power_off()

    assert lab.within(PATIENCE, lambda: fetch(client, VIP) == "node-2"), provider.log()
    assert "via 10.0.2.10" in router.command("ip", "route", "show", VIP)


def _router(lab: Lab) -> tuple[Host, Process]:
    """The provider's network: a router between both nodes and the clients, with an API."""
    router = lab.host("router", "10.0.1.1/24")
    for link, switch, address in (("eth1", "zone", "10.0.2.1/24"), ("eth2", "clients", "10.0.9.1/24")):
        lab.switch(switch)
        router.connect(link, switch, [address])
    router.command("sysctl", "-qw", "net.ipv4.ip_forward=1")
    return router, router.start(sys.executable, "-I", "-c", PROVIDER, str(PORT))


def _node(example: Example, number: int, key: str) -> Machine:
    machine = example.machine(f"node-{number}", *(["10.0.1.10/24"] if number == 1 else []))
    if number == 2:
        lay(machine, "zone", "10.0.2.10/24")
    machine.command("ip", "route", "add", "default", "via", f"10.0.{number}.1")
    machine.script_user()
    machine.put("move-address", "/etc/keepalived/move-address")
    machine.write("/etc/keepalived/vrrp.key", key, mode=0o600)
    url = f"http://10.0.9.1:{PORT}/routes"
    machine.put("provider.env", "/etc/keepalived/provider.env")
    machine.command("sed", "-i", f"s|^PROVIDER_URL=.*|PROVIDER_URL={url}|", "/etc/keepalived/provider.env")
    machine.write("/etc/keepalived/provider.header", f"{TOKEN}\n", mode=0o600)
    machine.command("chown", "keepalived_script", "/etc/keepalived/provider.header")
    web(machine, machine.name)
    machine.serve()
    return machine
