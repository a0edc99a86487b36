"""Real daemons, clients and captures in network namespaces; also the demo."""
