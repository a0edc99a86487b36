"""Health checks: when a server is asked, and what follows from its answers.

Who asks, and how, is the edge's; which server the verdict is about, and what it means there, is `core.lvs`'s.
"""
