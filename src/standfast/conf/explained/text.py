"""Problems of files, lines, braces and keywords."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, instance, lines

TEXT: Final[Mapping[str, Explanation]] = {
    "bad-line": Explanation(
        "The line is longer than a line may be, or holds a zero byte. It is not read.",
        "Break the line, or look whether the file is a text at all.",
        "router_id a\0\n",
    ),
    "undefined-variable": Explanation(
        "Nothing above the line defines the variable. It stays in the text as it is, and counts as a word like "
        "others.",
        "Define it above its first use, or correct its name.",
        lines("vrrp_instance VI_1 {", "    interface $UPLINK", "    virtual_router_id 51", "}"),
    ),
    "deprecated": Explanation(
        "The keyword is an old name of another one, or superseded. It still works.",
        "Write what the hint says; the meaning stays the same.",
        lines("global_defs {", "    enable_snmp_keepalived", "}"),
    ),
    "expansion": Explanation(
        "A definition uses itself, or definitions make far more text than a configuration needs. What is "
        "beyond "
        "the bound is not read.",
        "Look at the definitions that the line uses.",
        lines("$A=${B}", "$B=${A}", "router_id $A"),
    ),
    "extra-brace": Explanation(
        "A } closes a block where none is open, usually because a block was closed too early above.",
        "Remove it, or look for the } above that closes the block too early; `standfast fmt` shows it by the "
        "indentation.",
        lines("global_defs {", "}", "}"),
    ),
    "extra-words": Explanation(
        "The keyword has all its words, and more follow on the line. Nobody reads them; Keepalived does "
        "not say so.",
        "Remove them, put them on a line of their own, or put a value of several words into double quotes.",
        instance("priority 100 150"),
    ),
    "file-not-a-file": Explanation(
        "The path is a directory, a device or a FIFO. Only regular files are read, so that nothing waits "
        "for ever.",
        "Name a file; for all files of a directory write `include DIRECTORY/*.conf`.",
    ),
    "file-not-found": Explanation(
        "The file is not there. Without its top file there is no configuration; a missing include is "
        "left out.",
        "Check the path. In an include it counts from the directory of the file that includes.",
    ),
    "file-not-permitted": Explanation(
        "The file is there and may not be read by this user.",
        "Check owner and mode, or run the check as the user that the daemon runs as.",
    ),
    "file-too-large": Explanation(
        "The file is larger than all files of a configuration together may be.",
        "Check that it is the file that you mean.",
    ),
    "file-unreadable": Explanation(
        "The system refused to read the file; the message says why.",
        "Read it by hand (`head FILE`) and mend what is said.",
    ),
    "given-twice": Explanation(
        "The keyword counts once in a block and stands there twice. Mostly the first one is used; the message "
        "says which.",
        "Keep the one that you mean.",
        instance("notify /etc/keepalived/a.sh", "notify /etc/keepalived/b.sh"),
    ),
    "include-loop": Explanation(
        "A file includes itself, directly or by another one, or includes are nested too deep. The "
        "include is left out.",
        "Remove one of the includes of the circle.",
        lines("include keepalived.conf"),
    ),
    "include-missing": Explanation(
        "An include matches no file. Nothing is read for it, which is fine for an empty drop-in directory.",
        "Check the pattern; it counts from the directory of the including file, and takes no quotes.",
        lines("include conf.d/*.conf"),
    ),
    "missing-argument": Explanation(
        "The keyword needs a value and the line ends. Keepalived exits with code 2 here, whatever else "
        "the file says.",
        "Write the value; `standfast explain KEYWORD` shows the syntax.",
        instance("priority"),
    ),
    "missing-brace": Explanation(
        "The keyword opens a block, and no { follows, neither on its line nor on the next.",
        "Write { behind it.",
        lines("global_defs", "router_id a"),
    ),
    "missing-close": Explanation(
        "The file ends and the block that begins at this line is still open.",
        "Add the }; `standfast fmt` shows by the indentation which block swallowed the rest.",
        lines("global_defs {", "    router_id a"),
    ),
    "missing-keyword": Explanation(
        "The block lacks a keyword that it cannot be used without. The block is left out.",
        "Add the keyword.",
        lines("vrrp_instance VI_1 {", "    interface eth0", "}"),
    ),
    "no-effect-yet": Explanation(
        "The keyword is known and its value was read, but this version does nothing with it: it is for SNMP.",
        "Leave it, if the rest does without it. `standfast schema --without-effect` lists all of them.",
        lines("global_defs {", "    enable_snmp_vrrp", "}"),
    ),
    "not-utf-8": Explanation(
        "The file holds bytes that are not UTF-8. It is read as Latin-1, which loses nothing.",
        "Store the file as UTF-8, so that names look right in logs.",
    ),
    "quote": Explanation(
        "A quote is opened and not closed on its line.",
        "Close it. A double quote cannot stand inside double quotes; use single quotes inside a command.",
        lines("global_defs {", '    router_id "a', "}"),
    ),
    "sequence": Explanation(
        "Behind ~SEQ or ~LST something else stands than a variable and what it shall be. The line is not "
        "read.",
        "Write `~SEQ(VAR, START, STEP, END) REST` or `~LST(VAR, A, B) REST`.",
        lines("~SEQ(N, one, 3) router_id $N"),
    ),
    "too-deep": Explanation(
        "Blocks are nested deeper than any keyword allows. What is deeper is skipped.",
        "Look for a { that does not belong there.",
    ),
    "too-large": Explanation(
        "All files together are larger than a configuration may be. The rest is not read.",
        "Check what the includes match.",
    ),
    "too-many-files": Explanation(
        "The includes lead to more files than a configuration may have. The rest is not read.",
        "Check what the patterns of the includes match.",
    ),
    "unexpected-brace": Explanation(
        "A { stands behind something that opens no block. What it encloses is read as if it were not there.",
        "Remove it with its }, or write the block's keyword before it.",
        lines("global_defs {", "    router_id a {", "    }", "}"),
    ),
    "unknown-to-keepalived": Explanation(
        "Standfast knows the keyword; Keepalived, as it is usually built, reports it as unknown.",
        "Nothing, unless the file shall serve Keepalived, too.",
    ),
    "unknown-keyword": Explanation(
        "No keyword of this name stands here. It is skipped, with its block if one follows. Upper and "
        "lower case "
        "differ.",
        "Take the word of the hint, or see whether the keyword belongs into another block: `standfast "
        "explain "
        "KEYWORD` says where it stands.",
        instance("priorty 100"),
    ),
}
