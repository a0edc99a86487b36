"""What may be asked of a DNS server, by name and number (RFC 1035, section 3.2.2; RFC 3596; RFC 4034)."""

from typing import Final

DNS_TYPES: Final = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "RRSIG": 46, "DNSKEY": 48,
}  # fmt: skip
