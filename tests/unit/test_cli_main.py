"""The command itself, before any verb."""

import pytest

from standfast.cli.main import VERBS, main


def test_the_name_alone_lists_the_verbs_and_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([])

    listed = capsys.readouterr().err
    assert status == 2
    assert [verb for verb in VERBS if f"\n    {verb}" not in listed] == []
