"""The configurations of the parent: the one that runs, the one that may follow it, the one that may come back.

The machine of `core/supervise` says when each step of a reload is taken; here is what the steps do with the files.
"""

from standfast.conf.read import Reading
from standfast.core.supervise.events import ConfigRead, ConfigRefused, ConfigSame, Event
from standfast.daemon import configuration
from standfast.daemon.config_state import ConfigState
from standfast.daemon.flags import Flags
from standfast.daemon.naming import other_daemon
from standfast.daemon.proposal import Mistakes, Proposal, errors_of, facts_of, mistakes_of, propose
from standfast.daemon.reload_files import SavedConfigs, Tell, clear_marker, marked, write_check
from standfast.daemon.script_accounts import look_up
from standfast.daemon.setting import Setting
from standfast.daemon.uncollected import uncollected
from standfast.model.config import Config
from standfast.observe.facts import ConfigUnchanged


class Settings:
    """What the parent runs on, and what it may run on next.

    Attributes:
        running: what it runs on now.
        candidate: what the children are given in a reload; outside of one the same.
        state: what is told of it.
    """

    def __init__(
        self,
        flags: Flags,
        config: Config,
        reading: Reading | None,
        *,
        state: ConfigState,
        saved: SavedConfigs,
        tell: Tell,
    ) -> None:
        """Make it.

        Args:
            flags: the command line.
            config: what to run on; it was checked.
            reading: of it, to know the mistakes that are tolerated; None: it was not read by this program.
            state: follows what is told of the configuration.
            saved: keeps what comes into force.
            tell: is told what was read.
        """
        self._flags = flags
        self.state = state
        self._saved, self._tell = saved, tell
        self.running = self.candidate = Setting(config, look_up(config))
        self._tolerated = self._tolerated_before = mistakes_of(reading)
        self._former: tuple[Setting, Mistakes] | None = None  # comes back unless the present one is confirmed

    @property
    def config(self) -> Config:
        """What it runs on now."""
        return self.running.config

    def begin(self) -> None:
        """The daemon starts: what it was started with is in force."""
        clear_marker(self.config, self._flags.pid_file)
        self._saved.after(self.config)

    def propose(self) -> Proposal:
        """Read the files again, and change nothing."""
        with marked(self.config, self._flags.pid_file, self._tell), uncollected():
            return propose(self._flags, self.config, tolerated=self._tolerated)

    def hindrance(self) -> str:
        """Why a new start on the files as they are could not go on as this daemon; empty: it could."""
        proposal = self.propose()
        if proposal.config is None or proposal.reading.config is None:
            return "; ".join(errors_of(proposal.reading)) or proposal.refusal
        return other_daemon(self._flags, self.config, proposal.reading.config)

    def read(self) -> Event:
        """Read the files again for a reload; what the parent's machine must know of it."""
        proposal = self.propose()
        write_check(self.config, proposal.reading, self._tell)
        self.state.read(proposal)
        for fact in (*configuration.told(self._flags, proposal.reading), *facts_of(proposal)):
            self._tell(fact)
        config = proposal.config
        if config is None:
            return ConfigRefused(proposal.refusal)
        self._tolerated_before, self._tolerated = self._tolerated, mistakes_of(proposal.reading)
        if config == self.config:
            self._tell(ConfigUnchanged())
            return ConfigSame()
        return self._offer(Setting(config, look_up(config)))

    def recall(self) -> Event:
        """Take the former configuration as if it had been read."""
        setting, self._tolerated = self._former or (self.running, self._tolerated)
        self._former = None
        return self._offer(setting)

    def _offer(self, setting: Setting) -> ConfigRead:
        self.candidate = setting
        self._saved.before(self.config)
        return ConfigRead(configuration.watch(self._flags, setting.config))

    def adopt(self) -> None:
        """The candidate is in force, and nobody needs the other one any more."""
        adopted, self.running = self.candidate is not self.running, self.candidate
        if adopted:
            self._saved.after(self.config)

    def discard(self) -> None:
        """The candidate was refused: all stays as it is."""
        self.candidate = self.running

    def keep_former(self) -> None:
        """The running one may come back after the one that replaces it now."""
        self._former = self.running, self._tolerated_before

    def forget_former(self) -> None:
        """It does not come back."""
        self._former = None
