"""Real daemons, clients and captures in network namespaces; also the demo.

Start at `lab` (the whole) and `hosts` (what one can do with a host). Below them: `keeper`, the process that
holds the namespaces, with `entrance` (the way in), `trees` (its processes) and `kernel` (system calls);
`namespaces`, which asks it; `processes` and `daemons`; `capture`, `packets`, `pcap`, `addresses` and `probe`,
which see what happens; `timeline` and `figure`, which tell it to people; `demo`.
"""
