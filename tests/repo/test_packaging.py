"""What the packages are made of, as far as it can be judged without making one."""

import json
import re

import pytest
from importing import ROOT
from written import read

from make_packages import KINDS
from versions import debian_version, distribution_version, rpm_version

EXAMPLE = (ROOT / "share" / "standfast" / "keepalived.conf.example").read_text()
CONTAINERFILE = (ROOT / "packaging" / "oci" / "Containerfile").read_text()


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        pytest.param("1.2.3", "1.2.3", id="a release as it is"),
        pytest.param("0.1.0.dev0", "0.1.0~dev0", id="a development version comes before its release"),
        pytest.param("1.0rc1", "1.0~rc1", id="so does a candidate"),
        pytest.param("1.0rc1.dev2", "1.0~rc1~dev2", id="and what comes before that"),
        pytest.param("0.1.0.dev0+1", "0.1.0~dev0+1", id="a trial comes after what it is a trial of"),
    ],
)
def test_a_version_is_ordered_by_distributions_as_by_python(version: str, expected: str) -> None:
    assert distribution_version(version) == expected


def test_a_package_has_a_number_of_its_own() -> None:
    assert debian_version("1.0") == "1.0-1"
    assert rpm_version("1.0") == ("1.0", "1")


def test_the_example_that_is_installed_is_read_without_complaint() -> None:
    assert [str(problem) for problem in read(EXAMPLE).problems] == []


def test_so_it_is_with_everything_switched_on_that_can_be() -> None:
    everything = re.sub(r"^(\s*)#(?=[^\s#])", r"\1", EXAMPLE, flags=re.MULTILINE)

    assert everything.count("\n") == EXAMPLE.count("\n")
    assert "unicast_peer {" in re.sub(r"#.*", "", everything)
    assert [str(problem) for problem in read(everything).problems] == []


def test_the_image_names_its_bases_and_starts_what_the_package_brings() -> None:
    (base,) = re.findall(r"^ARG DEBIAN=(\S+)$", CONTAINERFILE, re.MULTILINE)
    stages = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    entry = json.loads(re.findall(r"^CMD (.*)$", CONTAINERFILE, re.MULTILINE)[0])

    assert re.fullmatch(r"docker\.io/library/debian:\d+-slim", base)
    assert stages == ["${DEBIAN}", "${DEBIAN}"]
    assert entry == ["standfastd", "--single", "-n", "-l"]


def test_the_image_is_made_of_what_the_checkout_and_its_own_first_stage_have() -> None:
    (made,) = re.findall(r"^RUN make packages KINDS=(\w+)$", CONTAINERFILE, re.MULTILINE)
    copied = re.findall(r"^COPY (.*)$", CONTAINERFILE, re.MULTILINE)
    target = re.search(r"^packages: .*\n\t@(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    ignored = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in ("", "#")
    ]

    assert copied == [". .", f"--from=build /src/dist/*.{made} /tmp/"]
    assert made in KINDS
    assert target is not None
    assert target[1].endswith("packaging/make_packages.py $(KINDS)")
    needed = [
        ROOT / name
        for name in ("Makefile", "pyproject.toml", "packaging", "requirements", "share", "src", "tools")
    ]
    assert [
        path for path in needed if not path.exists() or any(path.match(pattern) for pattern in ignored)
    ] == []


def test_every_line_of_the_containerfile_is_an_instruction_a_comment_or_goes_on() -> None:
    known = ("ARG", "FROM", "RUN", "COPY", "WORKDIR", "LABEL", "USER", "CMD")
    joined = re.sub(r"\\\n", "", CONTAINERFILE)

    strange = [
        line
        for line in joined.splitlines()
        if line and not line.startswith("#") and line.split()[0] not in known
    ]
    assert strange == []
