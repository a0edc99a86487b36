"""Options of sockets that Python 3.11 has no names for (asm-generic/socket.h, linux/in.h, linux/in6.h)."""

import socket
from typing import Final

from standfast.base.addresses import Family

SO_TIMESTAMPNS: Final = 35
SO_MEMINFO: Final = 55

IP_PKTINFO: Final = 8
IP_RECVERR: Final = 11
IP_RECVTTL: Final = 12
IP_FREEBIND: Final = 15
IP_MULTICAST_ALL: Final = 49

IPV6_RECVERR: Final = 25
IPV6_MULTICAST_ALL: Final = 29
IPV6_FREEBIND: Final = 78

AF: Final = {Family.IPV4: socket.AF_INET, Family.IPV6: socket.AF_INET6}
PRIORITY_CONTROL: Final = 7  # TC_PRIO_CONTROL: ahead of what else waits for the interface
