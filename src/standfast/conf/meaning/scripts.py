"""The rules of scripts: who runs them, whether they are there and safe (behaviours SE-01 to SE-07).

A tracked script that cannot run stays tracked: it counts as failed, with the reason (not the fail-open of SE-04).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.host import Host, ScriptState
from standfast.conf.source import Line
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.declare import declaration_of
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.users import User

USUAL_USER: Final = "keepalived_script"
_OPENS: Final = "</"  # only opens a file or a connection, in a shell: there is no program to look at
_OF_THE_DAEMON: Final = ("startup_script", "shutdown_script")
_FIFOS: Final = ("notify_fifo", "vrrp_notify_fifo", "lvs_notify_fifo")


class Use(NamedTuple):
    """A script that some block runs."""

    by: Built[Any]
    script: Script
    account: User
    line: Line | None
    field: str = ""  # of the block, which can do without the script

    @property
    def user(self) -> str:
        """The user that it names."""
        return self.account.user


def check_scripts(draft: Draft) -> None:
    """Say which scripts cannot run, and whether they are run without script security (SE-02)."""
    host = draft.host
    if host is not None:
        _account_exists(draft, host)
        _pipes_have_owners(draft, host)
    run = [use for use in list(_uses(draft)) if host is None or _can_run(use, draft, host)]
    if run and not draft.defs.enable_script_security:
        draft.global_defs.complain(
            "script-security",
            "scripts are run, and script security is not enabled",
            line=run[0].line,
            error_class=ErrorClass.SECURITY,
            hint="write enable_script_security in global_defs; then no script runs as root that others can change",
        )


def _account_exists(draft: Draft, host: Host) -> None:
    """The account of all scripts that name none is there (SE-01)."""
    account = draft.defs.script_user
    for what, name, known in (
        ("user", account.user, host.has_user),
        ("group", account.group, host.has_group),
    ):
        if name and not known(name):
            draft.global_defs.complain(
                "unknown-user",
                f"there is no {what} {name} on this host for script_user",
                field="script_user",
                at=1 if what == "user" else 2,
                severity=Severity.ERROR,
                hint="create it, or name another one",
            )


def _pipes_have_owners(draft: Draft, host: Host) -> None:
    """A pipe that names no owner belongs to the account of scripts (FIFO-11)."""
    defs = draft.defs
    if not defs.enable_script_security or defs.script_user.user or host.has_user(USUAL_USER):
        return
    for field in _FIFOS:
        pipe = getattr(defs, field)
        if pipe is not None and not pipe.user:
            draft.global_defs.complain(
                "no-script-user",
                f"there is no user {USUAL_USER} for {pipe.path} to belong to",
                field=field,
                severity=Severity.ERROR,
                hint="write `script_user USER` above it in global_defs, or the owner behind the path",
            )


def _uses(draft: Draft) -> Iterator[Use]:
    """Every script that is looked at: Keepalived does so before it leaves out what cannot be used."""
    if draft.origin.given("vrrp_instances"):
        yield from _of_instances(draft)
    yield from _own(draft.global_defs)
    for server in draft.virtual_servers:
        if server.usable:
            yield from _own(server)
            yield from _of_servers(server)


def _of_instances(draft: Draft) -> Iterator[Use]:
    for it in draft.vrrp_scripts:
        if it.usable:
            yield Use(it, it.value.script, it.value.user, it.origin.fields.get("script"))
    owners: list[Built[Any]] = [*draft.vrrp_instances, *draft.vrrp_sync_groups]
    for owner in owners:
        yield from _own(owner)
    for script, line in draft.lost_scripts:
        yield Use(draft.global_defs, script, User(script.user, script.group), line)


def _own(it: Built[Any]) -> Iterator[Use]:
    """The scripts that stand in a block itself."""
    of: type = type(it.value)
    for name in _fields_of_scripts(of):
        value = getattr(it.value, name)
        if isinstance(value, Script) and value.words:
            yield Use(it, value, User(value.user, value.group), it.origin.fields.get(name), name)


@cache
def _fields_of_scripts(of: type) -> tuple[str, ...]:
    return tuple(keyword.field for keyword in declaration_of(of).keywords if keyword.kind.command)


def _of_servers(it: Built[Any]) -> Iterator[Use]:
    for server, origin in zip(it.value.real_servers, it.origin.blocks.get("real_servers", []), strict=False):
        inner = Built(server, origin, it.report)
        yield from _own(inner)
        for check, where in zip(server.misc_check, origin.blocks.get("misc_check", []), strict=False):
            if check.misc_path is not None:
                line = where.fields.get("misc_path")
                yield Use(Built(check, where, it.report), check.misc_path, check.user, line)


def _can_run(use: Use, draft: Draft, host: Host) -> bool:
    defs = draft.defs
    user = use.user or defs.script_user.user
    if missing := _missing_account(use, host):
        words = f"there is no {missing} on this host; {use.script.path} is not run"
        hint = "create it, or name another one"
        notifies = use.field and use.field not in _OF_THE_DAEMON  # there Keepalived takes any account
        taken = ErrorClass.NONE if notifies else ErrorClass.GENERAL
        use.by.complain("unknown-user", words, line=use.line, error_class=taken, hint=hint)
        if use.field:
            use.by.change(**{use.field: None})
        return False
    if not user and defs.enable_script_security and not host.has_user(USUAL_USER):
        use.by.complain(
            "no-script-user",
            f"there is no user {USUAL_USER} to run {use.script.path}",
            line=use.line,
            severity=Severity.ERROR,
            hint="write `script_user USER` in global_defs, or create that user",
        )
        return False
    state = _state_of(use, host, user or (USUAL_USER if host.has_user(USUAL_USER) else "root"))
    # What others can change runs all the same where nobody asked for security (behaviour SE-02).
    insecure_runs = state is ScriptState.INSECURE and not defs.enable_script_security
    return insecure_runs or state in {ScriptState.FINE, ScriptState.LINKED}


def _missing_account(use: Use, host: Host) -> str:
    """What of the script's own account is not there; a notification may name it by its number."""
    account = use.account
    for what, name, known in (
        ("user", account.user, host.has_user),
        ("group", account.group, host.has_group),
    ):
        if name and not known(name) and not (use.field and name.isdecimal()):
            return f"{what} {name}"
    return ""


def _state_of(use: Use, host: Host, user: str) -> ScriptState:
    """What is there at a script's path, and a word of it if that is not fine."""
    if use.script.path.startswith(_OPENS):
        return ScriptState.FINE
    state = host.script(use.script.path, user)
    match state:
        case ScriptState.FINE:
            pass
        case ScriptState.LINKED:
            use.by.complain(
                "script-linked",
                f"a directory in the path {use.script.path} is a symbolic link; Keepalived would not run it",
                line=use.line,
                hint="name the real path",
            )
        case _:
            why = (
                "does not exist or cannot be run"
                if state is ScriptState.MISSING
                else "can be changed by others"
            )
            remedy = (
                "check the path; the account that runs it must be allowed to execute it"
                if state is ScriptState.MISSING
                else "give it and its directories to root, and take the others' right to write"
            )
            unsaid = state is ScriptState.MISSING and use.field  # Keepalived sees it when it is to run
            use.by.complain(
                "script-" + state,
                f"{use.script.path} {why}",
                line=use.line,
                severity=Severity.ERROR,
                error_class=ErrorClass.NONE if unsaid else ErrorClass.GENERAL,
                hint=remedy,
            )
    return state
