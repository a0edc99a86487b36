"""The rules of `vrrp_track_process`."""

from standfast.conf.meaning.draft import Draft


def check_processes(draft: Draft) -> None:
    """The least number of processes is not more than the most; the later of the two keywords goes."""
    for it in draft.vrrp_track_processes:
        value = it.value
        if value.quorum_max is None or value.quorum <= value.quorum_max:
            continue
        if not it.given("quorum"):  # quorum_max 0 alone: no such process may run
            it.change(quorum=value.quorum_max)
            continue
        order = list(it.origin.fields)
        later = max(("quorum", "quorum_max"), key=order.index)
        words = f"quorum {value.quorum} of {value.name} is more than quorum_max {value.quorum_max}"
        it.complain(
            "quorum-max",
            f"{words}; {later} is ignored",
            field=later,
            at=1,
            hint="write a quorum that is at most quorum_max",
        )
        it.change(**({"quorum": 1} if later == "quorum" else {"quorum_max": None}))
