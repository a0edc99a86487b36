"""What the manual says of the language itself; keywords come from their declarations.

Words between backquotes are what stands in a file.
"""

from textwrap import dedent
from typing import Final

from standfast.base.frozen import frozen

SUMMARY: Final = "configuration of Standfast"
TOP_LEVEL: Final = "What stands outside every block."


@frozen
class Chapter:
    """A part of the manual's prose."""

    title: str
    text: str  # paragraphs between blank lines
    example: str = ""  # stands behind the paragraphs
    words: tuple[str, ...] = ()  # what `standfast explain` finds it by

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs, each on one line."""
        return tuple(" ".join(part.split()) for part in self.text.strip().split("\n\n"))

    @property
    def example_lines(self) -> list[str]:
        """The lines of the example."""
        return dedent(self.example).strip("\n").rstrip().split("\n") if self.example else []


DESCRIPTION: Final = Chapter(
    "Description",
    """
        Standfast reads the configuration of Keepalived, by default from `/etc/keepalived/keepalived.conf`.
        Every keyword of Keepalived 2.4 is known. Where Standfast takes a keyword otherwise than Keepalived
        does, the keyword says so.

        `standfast check` reports every mistake with its place and what to do about it. `standfast explain
        KEYWORD` says about one keyword what this manual says.
    """,
    """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            priority 150
            virtual_ipaddress {
                192.0.2.10/24
            }
        }
    """,
)

LANGUAGE: Final[tuple[Chapter, ...]] = (
    Chapter(
        "Lines, words and blocks",
        """
            A line is a keyword and its values, parted by white space. A keyword that has a block is
            followed by `{`, on its line or on the next; the block ends with `}`. Blocks may come in any
            order, and so may the keywords in a block. Upper and lower case differ.

            `#` and `!` begin a comment, except inside double quotes; `\\#` and `\\!` are the characters
            themselves. Double quotes hold words together: `"two words"` is one value. In commands, single
            quotes inside do the same.

            A keyword that stands twice in a block counts the last time, unless it says otherwise. A value
            that cannot be read is reported, and the default is used. A list's entry that cannot be read is
            left out.
        """,
    ),
    Chapter(
        "Included files",
        """
            `include PATTERN` reads further files, in the order of their names. `*`, `?`, `[…]` and `{a,b}`
            stand for names; a relative path counts from the directory of the including file. The path takes
            no quotes. A pattern that matches nothing is reported, and reading goes on.

            `includer` makes it an error that a file cannot be read, `includem` that nothing matches,
            `includew` that a pattern with wildcards matches nothing, `includeb` that one of the braces
            matches nothing, and `includea` all of these. `include_check` in `global_defs` sets the same for
            all includes.
        """,
        """
            include conf.d/*.conf
        """,
        ("include", "includer", "includem", "includew", "includeb", "includea"),
    ),
    Chapter(
        "Definitions",
        """
            `$NAME=VALUE` defines a value, `$NAME` (before white space) and `${NAME}` use it. Values are
            expanded when they are used, and again, so a value can use others. What is not defined stays as
            it is written.

            A value of several lines begins with `$NAME=\\` and goes on as long as lines end with a
            backslash. It can be used as the last thing of a line. Its first line cannot be a definition.

            Always defined are `${_PWD}`, the directory of the file; `${_INSTANCE}`, the configuration's id
            (option `-i`; by default the name of the host); `${_ENV NAME}`, a variable of the environment;
            `${_RANDOM MIN MAX}`, a number; `${_HASH}` and `${_BANG}`, a `#` and a `!` that begin no
            comment.
        """,
        """
            $VIP=192.0.2.10/24
            vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 51
                virtual_ipaddress {
                    ${VIP}
                }
            }
        """,
        ("$", "${_PWD}", "${_INSTANCE}", "${_ENV}", "${_RANDOM}", "${_HASH}", "${_BANG}"),
    ),
    Chapter(
        "One file for several hosts",
        """
            A line that begins with `@ID` counts only if `ID` is the configuration's id, one that begins
            with `@^ID` only if it is not. So one file can be the same on all routers of a group.
        """,
        """
            vrrp_instance VI_1 {
                @alpha priority 150
                @^alpha priority 100
                interface eth0
                virtual_router_id 51
                virtual_ipaddress { 192.0.2.10/24 }
            }
        """,
        ("@", "@^"),
    ),
    Chapter(
        "Repetition",
        """
            `~SEQ(VAR, START, STEP, END) REST` is `REST` once for each number, with the number for `$VAR`;
            `START` and `STEP` may be left out and are 1 then. `~SEQx` gives the numbers in hexadecimal.

            `~LST(VAR, A, B …) REST` is `REST` once for each value; `~LST({A, B}, {1, 2}, {3, 4}) REST` sets
            several variables at once. Repetitions can follow one another on a line.
        """,
        """
            vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 51
                virtual_ipaddress {
                    ~SEQ(N, 10, 19) 192.0.2.${N}/24
                }
            }
        """,
        ("~SEQ", "~SEQx", "~LST"),
    ),
    Chapter(
        "Values",
        """
            `<INTEGER:A..B>` is a whole number from A to B in decimal digits; `<DECIMAL:A..B>` may have a
            point and up to six decimal places. `[BOOL]` is `on`, `true`, `yes`, `off`, `false` or `no`; the
            keyword alone says `on`. `[…]` may be left out, `|` parts what can stand instead.

            `<SCRIPT>` is a program with its arguments, in double quotes if it has any, then the user and
            the group that it runs as. Addresses are written as numbers: names are not looked up.
        """,
    ),
)

KEYWORDS: Final = Chapter(
    "Keywords",
    """
        Unless a keyword says otherwise, a reload takes a change over while everything runs, and Keepalived
        understands the keyword in the same way. A keyword that is not in Keepalived is reported there as
        unknown, and skipped. Keywords without effect yet are read, checked and reported as such.

        Behind a keyword stands the form of its values, then what it is for, its default, and what else
        there is to know. Numbers have their unit: `advert_int 0.5` is half a second.
    """,
)
