"""The rules of scripts: who runs them, whether they are there and safe (behaviours SE-01 to SE-07).

A tracked script that cannot run stays tracked: it counts as failed, with the reason (not the fail-open of SE-04).
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.host import Host, ScriptState
from standfast.conf.source import Line
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.scripts import Script

USUAL_USER: Final = "keepalived_script"
_OPENS: Final = (
    "</"  # a command for the shell that only opens a file or a connection: there is no program to look at
)


class Use(NamedTuple):
    """A script that some block runs."""

    by: Built[Any]
    script: Script
    user: str
    line: Line | None
    field: str = ""  # of the block, which can do without the script


def check_scripts(draft: Draft) -> None:
    """Say which scripts cannot run, and whether they are run without script security (SE-02)."""
    host = draft.host
    if host is not None:
        _account_exists(draft, host)
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
            yield Use(it, it.value.script, it.value.user.user, it.origin.fields.get("script"))
    owners: list[Built[Any]] = [*draft.vrrp_instances, *draft.vrrp_sync_groups]
    for owner in owners:
        yield from _own(owner)
    for script, line in draft.lost_scripts:
        yield Use(draft.global_defs, script, script.user, line)


def _own(it: Built[Any]) -> Iterator[Use]:
    """The scripts that stand in a block itself."""
    for name, value in vars(it.value).items():
        if isinstance(value, Script) and value.words:
            yield Use(it, value, value.user, it.origin.fields.get(name), name)


def _of_servers(it: Built[Any]) -> Iterator[Use]:
    for server, origin in zip(it.value.real_servers, it.origin.blocks.get("real_servers", []), strict=False):
        inner = Built(server, origin, it.report)
        yield from _own(inner)
        for check, where in zip(server.misc_check, origin.blocks.get("misc_check", []), strict=False):
            if check.misc_path is not None:
                line = where.fields.get("misc_path")
                yield Use(Built(check, where, it.report), check.misc_path, check.user.user, line)


def _can_run(use: Use, draft: Draft, host: Host) -> bool:
    defs = draft.defs
    user = use.user or defs.script_user.user
    if use.user and not host.has_user(use.user):
        words = f"there is no user {use.user} on this host; {use.script.path} is not run"
        hint = "create that account, or name another one"
        taken = (
            ErrorClass.NONE if use.field else ErrorClass.GENERAL
        )  # of a notification Keepalived takes any account
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
    return _is_there(use, host, user or (USUAL_USER if host.has_user(USUAL_USER) else "root"))


def _is_there(use: Use, host: Host, user: str) -> bool:
    if use.script.path.startswith(_OPENS):
        return True
    state = host.script(use.script.path, user)
    match state:
        case ScriptState.FINE:
            return True
        case ScriptState.LINKED:
            use.by.complain(
                "script-linked",
                f"a directory in the path {use.script.path} is a symbolic link; Keepalived would not run it",
                line=use.line,
                hint="name the real path",
            )
            return True
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
            use.by.complain(
                "script-" + state,
                f"{use.script.path} {why}",
                line=use.line,
                severity=Severity.ERROR,
                hint=remedy,
            )
            return False
