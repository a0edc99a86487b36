"""Whatever stands in the files: a problem with a place, soon, and no more memory than the bounds say."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from written import TOP, WrittenFiles, instance_text, read

from standfast.base.limits import CONFIG_BYTES_MAX, CONFIG_FILES_MAX, CONFIG_INCLUDE_DEPTH, CONFIG_READ_MAX
from standfast.conf.catalogue import pages
from standfast.conf.read import Reading, read_config
from standfast.daemon.files import HostFiles
from standfast.model.complaint import Rejected
from standfast.model.kinds.blocks import Block
from standfast.model.words import Words


def told(reading: Reading, slug: str) -> list[str]:
    """The places of the problems with this slug."""
    return [str(problem.place) for problem in reading.problems if problem.slug == slug]


def read_files(files: Mapping[str, str | bytes]) -> Reading:
    return read_config(TOP, WrittenFiles(files))


# ---- files


def test_two_files_include_each_other() -> None:
    reading = read_files({TOP: "\ninclude a.conf\n", "a.conf": f"include {TOP}\n{instance_text('')}"})

    assert told(reading, "include-loop") == ["a.conf:1:1"]
    assert reading.config is not None
    assert len(reading.config.vrrp_instances) == 1


def test_a_long_chain_of_files_ends() -> None:
    chain = {f"{number}.conf": f"include {number + 1}.conf\n" for number in range(CONFIG_INCLUDE_DEPTH + 9)}

    reading = read_files({TOP: "include 0.conf\n", **chain})

    assert told(reading, "include-loop") == [f"{CONFIG_INCLUDE_DEPTH - 2}.conf:1:1"]


def test_a_pattern_of_too_many_files_ends() -> None:
    files = {f"d/{number}.conf": "" for number in range(CONFIG_FILES_MAX + 5)}

    reading = read_files({TOP: "include d/*.conf\n", **files})

    assert told(reading, "too-many-files") == [f"{TOP}:1:1"] * 6


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 30)


@pytest.mark.parametrize("included", [False, True], ids=["as the top file", "included"])
@pytest.mark.parametrize(
    ("make", "slug"),
    [
        pytest.param(lambda path: path.mkdir(), "file-not-a-file", id="a directory"),
        pytest.param(os.mkfifo, "file-not-a-file", id="a FIFO that nobody writes to"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "file-not-a-file", id="a device without end"),
        pytest.param(lambda path: path.symlink_to(path.name), "file-unreadable", id="a link to itself"),
        pytest.param(lambda path: None, "file-not-found", id="nothing"),
        pytest.param(
            _sparse,
            "file-too-large",
            id="a gigabyte of zeros",
        ),
    ],
)
def test_what_is_no_file_is_told(tmp_path: Path, make: object, slug: str, *, included: bool) -> None:
    path, top = tmp_path / "thing", tmp_path / "top.conf"
    make(path)  # type: ignore[operator]
    top.write_text(f"\n  include {path}\n")

    reading = read_config(str(top if included else path), HostFiles())

    assert told(reading, slug) == [f"{top}:2:3" if included else str(path)]
    assert (reading.config is None) is not included


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "keepalived.conf"
    path.write_text(instance_text(""))
    path.chmod(0)

    assert told(read_config(str(path), HostFiles()), "file-not-permitted") == [str(path)]


# ---- floods


def test_many_files_are_not_larger_than_one_may_be() -> None:
    half = b"#" * (CONFIG_BYTES_MAX // 2)

    reading = read_files({TOP: "include a.conf\ninclude b.conf\ninclude c.conf\n", "a.conf": half, "b.conf": half,
                          "c.conf": half})  # fmt: skip

    assert told(reading, "too-large") == [f"{TOP}:2:1", f"{TOP}:3:1"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param(b"{" * CONFIG_BYTES_MAX, [f"{TOP}:1:1"], id="one line of braces"),
        pytest.param(
            b"{\n" * (CONFIG_READ_MAX + 2), [f"{TOP}:{CONFIG_READ_MAX + 1}:1"], id="lines of a brace"
        ),
        pytest.param(
            b"\n" * CONFIG_BYTES_MAX, [f"{TOP}:{CONFIG_READ_MAX + 1}:1"], id="nothing but line ends"
        ),
        pytest.param(
            (b"{" * 60_000 + b"\n") * 20, [f"{TOP}:9:1"], id="long lines of braces, each as long as it may be"
        ),
        pytest.param(b'"\n' * CONFIG_READ_MAX, [f"{TOP}:{CONFIG_READ_MAX // 2 + 1}:1"], id="open quotes"),
    ],
)
def test_a_flood_ends_at_its_bound(text: bytes, places: list[str]) -> None:
    reading = read(text)

    assert told(reading, "too-large") + told(reading, "bad-line") == places
    assert len(reading.problems) <= 1_100


def test_what_stands_before_the_end_of_a_flood_is_read() -> None:
    reading = read(instance_text("") + "\n" * CONFIG_READ_MAX + instance_text("", name="VI_2", vrid=9))

    assert reading.config is not None
    assert [instance.name for instance in reading.config.vrrp_instances] == ["VI_1"]


# ---- variables and sequences


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("~SEQ(N, 1, 1000000000) $N\n", "1:1", id="a sequence of a billion"),
        pytest.param(" ~SEQ(N, 999999999999999999) $N\n", "1:2", id="one that overflows most counters"),
        pytest.param("~SEQ(A, 9999) ~SEQ(B, 9999) $A\n", "1:1", id="a sequence in a sequence"),
        pytest.param("$A=$A\nx $A\n", "2:1", id="a variable that is itself"),
        pytest.param("$A=$B\n$B=$A\nx $A\n", "3:1", id="two that are each other"),
        pytest.param("$A=x $A $A\nx $A\n", "2:1", id="one that doubles"),
        pytest.param("$A=\\\n y\\\n $A\n\n$A\n", "3:2", id="one of several lines in itself"),
        pytest.param(
            "".join(f"$V{n}=$V{n + 1} $V{n + 1}\n" for n in range(40)) + "$V40=x\nx $V0\n",
            "42:1",
            id="forty that double one another",
        ),
    ],
)
def test_what_never_ends_is_told_where_it_is_used(text: str, place: str) -> None:
    reading = read(text)

    assert told(reading, "expansion")[:1] == [f"{TOP}:{place}"]
    assert len(reading.problems) <= 1_001


# ---- words


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="no word at all"),
        pytest.param([""], id="an empty word"),
        pytest.param(["", ""], id="two empty words"),
        pytest.param(["-"], id="a sign and no number"),
        pytest.param(["1", ""], id="a number and an empty word"),
        pytest.param(["\N{ARABIC-INDIC DIGIT ONE}"], id="a digit that is not ASCII"),
        pytest.param(["1" * 5000], id="a number of five thousand digits"),
    ],
)
def test_no_keyword_falls_over(words: list[str]) -> None:
    keywords = {(page.title, one.name): one for page in pages() for one in page.declaration.keywords}
    kinds = [(where, one.value_kind) for where, one in keywords.items() if not isinstance(one.kind, Block)]

    for (_, name), kind in kinds:
        with suppress(Rejected):
            kind.read(Words([name, *words], keyword=name))

    assert len(kinds) > 500
