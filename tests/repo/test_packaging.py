"""What the packages are made of, as far as it can be judged without making one."""

import json
import re

import pytest
from importing import ROOT
from written import read

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
    bases = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    entry = json.loads(re.findall(r"^CMD (.*)$", CONTAINERFILE, re.MULTILINE)[0])

    assert len(set(bases)) == 1
    assert all(re.fullmatch(r"docker\.io/library/debian:\d+-slim", base) for base in bases)
    assert entry == ["standfastd", "--single", "-n", "-l"]


def test_every_line_of_the_containerfile_is_an_instruction_a_comment_or_goes_on() -> None:
    known = ("FROM", "RUN", "COPY", "WORKDIR", "LABEL", "USER", "CMD")
    joined = re.sub(r"\\\n", "", CONTAINERFILE)

    strange = [
        line
        for line in joined.splitlines()
        if line and not line.startswith("#") and line.split()[0] not in known
    ]
    assert strange == []
