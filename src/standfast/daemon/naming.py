"""What files and logs of this daemon are called, among several of one host (FILE-01, FILE-02, PR-16, LOG-01)."""

from pathlib import Path
from typing import Final

from standfast.base.frozen import changed
from standfast.base.places import OWN_DIRECTORY, RUN_DIRECTORY
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.flags import Flags
from standfast.model.config import Config

_USUAL: Final = Flags()


def named(flags: Flags, config: Config | None) -> Flags:
    """The flags with what the configuration says about names, where the command line says nothing.

    Args:
        flags: the command line.
        config: as it was read; None: it could not be.
    """
    if config is None:
        return flags
    flags = changed(
        flags,
        namespace=flags.namespace or config.net_namespace,
        instance=config.instance,
    )
    apart = config.use_pid_dir or flags.namespace or flags.instance
    directory = OWN_DIRECTORY if apart else RUN_DIRECTORY
    return changed(
        flags,
        pid_file=_called(flags.pid_file, _USUAL.pid_file, directory, flags.instance),
        child_pid_files={
            child: _called(path, _USUAL.child_pid_files[child], directory, flags.instance)
            for child, path in flags.child_pid_files.items()
        },
    )


def other_daemon(flags: Flags, running: Config, new: Config) -> str:
    """What would make another daemon of this one, for people; empty: nothing.

    Where a process lives and what its files are called is settled when it starts; a program that goes on in the
    same process cannot change it.

    Args:
        flags: of this daemon, with the names of the running configuration filled in.
        running: what it runs on.
        new: what it would run on.
    """
    keywords = ["instance", "net_namespace_ipvs"]
    if flags.namespace == running.net_namespace:  # otherwise the command line has the say
        keywords.append("net_namespace")
    return "; ".join(
        f"{flags.config}: {keyword} is {_shown(getattr(new, keyword))}, and was "
        f"{_shown(getattr(running, keyword))} when this daemon was started"
        for keyword in keywords
        if getattr(new, keyword) != getattr(running, keyword)
    )


def _shown(name: str | None) -> str:
    return "not set" if name in (None, "") else str(name)


def make_directory(path: str) -> None:
    """Have a directory that all may look into: the umask of our files is narrower (behaviour PR-17).

    Raises:
        EndWith: it cannot be had.
    """
    try:
        Path(path).mkdir(0o755)
        Path(path).chmod(0o755)
    except FileExistsError:
        return
    except OSError as error:
        status = Exit.PERMISSION if isinstance(error, PermissionError) else Exit.FATAL
        words = (
            f"cannot make the directory {path}: {error.strerror}; name other pid files with -p, -r, -c and -b"
        )
        raise EndWith(status, words) from None


def umask_of(flags: Flags, config: Config) -> int:
    """Which bits the files that we make lack: the command line decides before the configuration (CLI-12)."""
    return config.global_defs.umask if flags.umask is None else flags.umask


def ident_of(flags: Flags, ident: str) -> str:
    """What a log calls a process: with the names of namespace and instance (behaviour LOG-01)."""
    return "_".join(filter(None, (ident, flags.namespace, flags.instance)))


def _called(path: str, usual: str, directory: str, instance: str) -> str:
    """A path that the command line names as it is; a usual one in its directory, with the instance's name."""
    if path != usual:
        return path
    name = Path(usual).stem
    return f"{directory}/{name}_{instance}.pid" if instance else f"{directory}/{name}.pid"
