"""What runs on the nodes of examples besides the daemon: nginx and HAProxy, as Debian has them."""

from example_lab import Machine

from standfast.lab.processes import Process


def nginx(machine: Machine) -> Process:
    """nginx with the site of the example, whose page is the name of the node."""
    machine.command("rm", "-f", "/etc/nginx/sites-enabled/default")
    machine.put("site.conf", "/etc/nginx/conf.d/site.conf")
    machine.write("/var/www/html/index.html", machine.name)
    return machine.start("nginx", "-g", "daemon off;")


def haproxy(machine: Machine) -> Process:
    """HAProxy with the configuration of the example, a master and a worker."""
    machine.put("haproxy.cfg", "/etc/haproxy/haproxy.cfg")
    return machine.start("haproxy", "-W", "-f", "/etc/haproxy/haproxy.cfg", "-p", "/run/haproxy.pid")
