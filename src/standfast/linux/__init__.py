"""The Linux side of the ports: loop, netlink, sockets, scripts, privileges."""
