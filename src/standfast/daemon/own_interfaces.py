"""The interfaces of our own on this host, and the settings that they need: from the start to the stop.

What is to be done is decided by `core.vrrp.own_delta`; here it is carried out, again whenever a link changes: a
parent that comes, goes, or is another one than before, an interface of ours that somebody removed. All is recorded
before it is done, so that nothing is left behind, whatever becomes of this process.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import assert_never

from standfast.base.errors import Refused
from standfast.base.limits import REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.own_links import OwnKind, OwnLink
from standfast.base.times import SECOND
from standfast.core.vrrp.own_delta import Adopt, Clash, Make, Mend, Remove, Step, own_delta
from standfast.core.vrrp.own_names import Links
from standfast.core.vrrp.own_settings import promoting_of, settings_of_host, settings_of_link, without
from standfast.core.vrrp.vmac import OwnLinks, own_links_of
from standfast.daemon.own_record import Left, MadeLink, OwnRecord
from standfast.linux.own_links import OwnLinkRequests, index_of, read_links
from standfast.linux.refusals import refused
from standfast.linux.route_names import directories_of, read_link_groups
from standfast.linux.sysctls import Change, Sysctls
from standfast.model.config import Config

_WINDOW_S = REINSTATE_WINDOW / SECOND


class OwnInterfaces:
    """Makes, mends and removes them. Without one, it opens nothing and looks at nothing."""

    def __init__(
        self, record: OwnRecord, loop: asyncio.AbstractEventLoop, complain: Callable[[str], None]
    ) -> None:
        """Make it; nothing is done yet.

        Args:
            record: where that is written which is to be undone.
            loop: that a rest is waited for on.
            complain: gets words about what cannot be had.
        """
        self._record = record
        self._loop = loop
        self._complain = complain
        self._sysctls = Sysctls(self._record_settings, self._complain_setting)
        self._requests: OwnLinkRequests | None = None
        self._want: tuple[OwnLink, ...] = ()
        self._stays: tuple[OwnLink, ...] = ()  # of these, those that a reload leaves
        self._no_local_igmp = False
        self._promoting: tuple[str, ...] = ()  # interfaces that keep their other addresses
        self._ours: dict[str, int] = {}  # name -> index
        self._looks: dict[int, OwnLink] = {}  # how those that we have set up are to look
        self._parents: dict[str, int] = {}  # name -> index of those not ours, when their settings were made
        self._said: dict[str, str] = {}  # what was complained about, by interface
        self._made_at: dict[str, tuple[float, ...]] = {}
        self._rest: asyncio.TimerHandle | None = None

    # ---- from start to stop

    def start(self, config: Config) -> OwnLinks:
        """Have the interfaces that the configuration asks for, and nothing else that we have ever made.

        Raises:
            OSError: the kernel does not tell its links.
        """
        left = self._record.read()
        if not _asks_for_any(config) and left == Left():
            return OwnLinks()
        present = read_links()
        self._ours = {
            name: present[name].index for name, made in left.links.items() if _is(made, name, present)
        }
        self._sysctls.inherit(left.settings)
        own = self._plan(config, present)
        self._want = self._stays = own.links
        self._set_host(present)
        self._carry_out(own_delta(self._want, present, self._ours))
        return own

    def reload(self, config: Config, present: Links) -> OwnLinks:
        """Have those of another configuration besides; `finish` then removes what is no longer wanted.

        So what goes can still say goodbye.
        """
        if not _asks_for_any(config) and not self._ours and not self._sysctls.changed:
            self._want = self._stays = self._promoting = ()
            return OwnLinks()
        own = self._plan(config, present)
        names = {link.name for link in own.links}
        leaving = tuple(link for link in self._want if link.name not in names)
        self._stays, self._want = own.links, (*own.links, *leaving)
        self._set_host(present)
        self._carry_out(own_delta(self._want, present, self._ours))
        return own

    def finish(self, present: Links) -> None:
        """Remove what is no longer wanted, and put back the settings that nobody needs."""
        self._want = self._stays
        if self._ours:
            self._carry_out(own_delta(self._want, present, self._ours))
        if self._sysctls.changed:
            self._set_host(present)

    def look(self, names: Collection[str], present: Links) -> None:
        """These links have changed: have what should be there."""
        mine = {name for link in self._want for name in (link.name, link.parent)}
        if {*mine, *self._promoting}.isdisjoint(names):
            return
        if any(self._is_another(name, present) for name in {*self._parents, *self._below}):
            self._set_host(present)
        self._carry_out(own_delta(self._want, present, self._ours))

    def stop(self) -> None:
        """Leave nothing behind."""
        if self._rest is not None:
            self._rest.cancel()
        self._want = self._stays = ()
        self._carry_out(tuple(Remove(name, index) for name, index in self._ours.items()))
        self._sysctls.keep({})
        self._write_record()

    def close(self) -> None:
        """Give the descriptor back, whatever is left behind."""
        if self._rest is not None:
            self._rest.cancel()
        if self._requests is not None:
            self._requests.close()
            self._requests = None

    # ---- plans

    def _plan(self, config: Config, present: Links) -> OwnLinks:
        defs = config.global_defs
        self._no_local_igmp = defs.disable_local_igmp
        groups = read_link_groups(directories_of(defs.iproute_usr_dir, defs.iproute_etc_dir))
        own = own_links_of(config, present, ours=self._ours, groups=groups)
        for words in own.complaints:
            self._complain(words)
        self._promoting = promoting_of(config, own)
        return own

    def _is_another(self, name: str, present: Links) -> bool:
        """Whether an interface is not the one any more whose settings we changed, or is there at last."""
        there = present.get(name)
        return (0 if there is None else there.index) != self._parents.get(name, 0)

    # ---- settings

    def _set_host(self, present: Links) -> None:
        """Have the settings of the host and of interfaces that are not ours; of new ones they are as new."""
        for name in [name for name in self._parents if self._is_another(name, present)]:
            self._sysctls.forget(name)
        rp_filters = self._sysctls.rp_filters()
        self._sysctls.keep(
            settings_of_host(
                self._want, rp_filters, no_local_igmp=self._no_local_igmp, promoting=self._promoting
            )
        )
        self._parents = {name: present[name].index for name in self._below if name in present}

    @property
    def _below(self) -> set[str]:
        """The interfaces that are not ours and have settings that we need."""
        return {*self._promoting, *(link.parent for link in self._want)}

    def _record_settings(self, changed: Mapping[str, Change]) -> None:
        self._write_record(settings=changed)

    def _complain_setting(self, path: str, error: OSError) -> None:
        says = refused(error.errno or 0, f"write /proc/sys/{path}")
        self._say(path, f"{says}; without it, {without(path)}")

    # ---- interfaces

    def _carry_out(self, steps: Iterable[Step]) -> None:
        every = tuple(steps)
        if every:
            self._about_to_make(every)
            self._remove([step for step in every if isinstance(step, Remove)])
            for step in every:
                self._do(step)
        self._set_up()
        if every:
            self._write_record()

    def _do(self, step: Step) -> None:
        match step:
            case Make(link=link):
                self._try(link.name, partial(self._make, step))
            case Adopt(link, index):
                self._ours[link.name] = index
            case Mend(link=link):
                self._try(link.name, partial(self._mend, step))
            case Clash(link, there):
                self._ours.pop(link.name, None)
                words = f"cannot make {link.name}: an interface of that name ({there}) is not ours; remove it"
                self._say(link.name, words)
            case Remove():
                pass  # done before all others
            case _:
                assert_never(step)

    def _make(self, step: Make) -> None:
        link = step.link
        if index_of(link.name) or not self._may_make(link.name):  # it is there, and its news are on their way
            return
        index = self._asking.make(link, step.parent, group=step.group, vrf=step.vrf)
        if index:
            self._ours[link.name] = index

    def _mend(self, step: Mend) -> None:
        self._asking.mend(
            step.link,
            step.index,
            mac=step.mac,
            mode=step.mode,
            group=step.group,
            vrf=step.vrf,
            mtu=step.mtu,
        )

    def _may_make(self, name: str) -> bool:
        """Not if somebody removes it again and again: then after a rest."""
        now = self._loop.time()
        recent = tuple(at for at in self._made_at.get(name, ()) if now - at < _WINDOW_S)
        if len(recent) >= REINSTATE_BURST:
            self._say(name, f"{name} is removed by somebody else again and again; it is made later")
            if self._rest is None:
                self._rest = self._loop.call_later(_WINDOW_S, self._end_rest)
            return False
        self._made_at[name] = (*recent, now)
        return True

    def _end_rest(self) -> None:
        self._rest = None
        present = read_links()
        self._carry_out(own_delta(self._want, present, self._ours))

    def _set_up(self) -> None:
        """Give those that are new, or should look different, what belongs to them."""
        for link in self._want:
            index = self._ours.get(link.name, 0)
            if index and self._looks.get(index) != link:
                self._try(link.name, partial(self._set_up_one, link, index))

    def _set_up_one(self, link: OwnLink, index: int) -> None:
        before = self._looks.get(index)
        self._asking.silence(link, index)
        for path, value in settings_of_link(link).items():
            self._sysctls.write(path, value)
        if before is not None and before.address is not None and before.address != link.address:
            self._asking.drop(before.address, index)
        self._asking.raise_up(link, index)
        self._looks[index] = link

    def _remove(self, leaving: Collection[Remove]) -> None:
        if not leaving:
            return
        for step in leaving:
            self._looks.pop(step.index, None)
        gone = {step.index for step in leaving}
        self._try("", partial(self._asking.remove, sorted(gone)))
        self._ours = {name: index for name, index in self._ours.items() if index not in gone}

    @property
    def _asking(self) -> OwnLinkRequests:
        if self._requests is None:
            self._requests = OwnLinkRequests()
        return self._requests

    def _try(self, name: str, act: Callable[[], None]) -> None:
        """Do something with an interface; what the kernel refuses is said once, until it works."""
        try:
            act()
        except (Refused, OSError) as refusal:
            self._say(name, str(refusal))
        else:
            self._said.pop(name, None)

    def _say(self, about: str, words: str) -> None:
        if self._said.get(about) != words:
            self._said[about] = words
            self._complain(words)

    # ---- the record

    def _about_to_make(self, steps: Iterable[Step]) -> None:
        coming = {step.link.name: _made(step.link, 0) for step in steps if isinstance(step, Make)}
        if coming:
            self._write_record(coming=coming)

    def _write_record(
        self,
        *,
        coming: Mapping[str, MadeLink] | None = None,
        settings: Mapping[str, Change] | None = None,
    ) -> None:
        known = {link.name: link for link in (*self._want, *self._looks.values())}
        links = {name: _made(known[name], index) for name, index in self._ours.items() if name in known}
        changed = self._sysctls.changed if settings is None else settings
        self._record.write(Left({**(coming or {}), **links}, dict(changed)))


def _asks_for_any(config: Config) -> bool:
    promoting = any(instance.promote_secondaries for instance in config.vrrp_instances)
    return config.global_defs.disable_local_igmp or promoting or bool(own_links_of(config).links)


def _made(link: OwnLink, index: int) -> MadeLink:
    return MadeLink(index, link.kind.driver, link.mac.hex())


def _is(made: MadeLink, name: str, present: Links) -> bool:
    """Whether a link is the one that an earlier process of ours made, as far as one can tell."""
    there = present.get(name)
    if there is None or there.kind != made.kind:
        return False
    same_mac = there.kind != OwnKind.MACVLAN.driver or there.mac.hex() == made.mac
    return there.index == made.index or (made.index == 0 and same_mac)
