"""Every bound of the program, with its reason. Nothing that grows has its bound anywhere else."""

from typing import Final

from standfast.base.times import MILLISECOND, SECOND, Duration

# ---- formats of others
VRID_MAX: Final = 255  # one byte of the advert
ADDRESSES_MAX: Final = 255  # the advert's count field is one byte
LINK_MTU_ASSUMED: Final = 1500  # Ethernet; what an advert must fit into, on every link of the group
DATAGRAM_MAX: Final = 65_535  # an IP packet cannot be longer
INTERFACE_NAME_MAX: Final = 15  # bytes; IFNAMSIZ less its end mark; also of an address's label
SERVER_WEIGHT_MAX: Final = 0x7FFF_FFFF  # an int of the kernel's (LV-02)

# ---- adverts that come and go
DRAIN_BATCH: Final = 256  # datagrams read from one socket before timers get their turn again
DRAIN_ROUNDS: Final = 64  # batches read before a deadline is acted on: a long sleep's worth, not a flood's
INBOX: Final = 16  # datagrams received by one system call
INBOX_DATAGRAM: Final = 4608  # 255 IPv6 addresses make 4,100 bytes; no advert is longer
OUTBOX: Final = 256  # datagrams sent by one system call
ADVERTS_READY: Final = 4  # adverts packed for a router: its priority's, the goodbye's, and two of a change
ADVERTS_RECEIVE_BUFFER: Final = 1024 * 1024  # unread adverts: some 1,300, of 255 routers five each
ADVERTS_RECEIVE_BUFFER_EACH: Final = 128 * 1024  # of a router: some 170; a flood of them is heard in 10 ms
SENDERS_KEPT: Final = 1024  # addresses of peers and groups kept as objects; a flood of sources gets no more
UNSOUND_RECEIVE_BUFFER: Final = 64 * 1024  # unread packets that cannot be adverts; they are only counted
UNSOUND_AT_ONCE: Final = 64  # of them, looked at before a rest: a flood of them costs no more
UNSOUND_REST: Final = SECOND

# ---- a child's loop between them
APPROACH: Final = MILLISECOND  # awake before a takeover: code that slept runs slowly at first
SLICE: Final = 64  # addresses held, or frames announced, between two looks at the adverts' deadlines
FACTS_A_TURN: Final = 16  # facts worded and acted on between two looks at the adverts' deadlines: some 4 ms
FACTS_SHARE: Final = 16  # or that part of those that wait, so that no inflow makes them more without end
AGENDA_STALE: Final = 64  # appointments put off that are not worth the sweeping
CHILD_LATE: Final = Duration(100 * MILLISECOND)  # a loop that late is worth a line
THREAD_TURN: Final = MILLISECOND  # with --single: a thread computes so long while another waits

# ---- what a peer can provoke
ANSWERS_PER_INTERVAL: Final = 4  # adverts sent at once because a weaker one was heard: a spoofer's lever
PEERS_KEPT: Final = 16  # routers that were heard last, remembered of each of ours; a spoofer gets no more
SIGNERS_KEPT: Final = 4  # senders whose last signature is remembered, where there are not more peers (AU-14)
# That two owners of the same addresses speak before the one that is in its right gives way (SM-26).
RIVAL_PATIENCE: Final = Duration(10 * SECOND)
COMPLAINT_INTERVAL: Final = Duration(10 * SECOND)  # one line per router, sender and reason
COMPLAINT_KEYS: Final = 256  # senders and reasons remembered; a flood of sources cannot grow it

# ---- sessions of BFD
BFD_FAREWELL: Final = Duration(10 * SECOND)  # that a removed session says so; the neighbour names the time
BFD_RETRY: Final = Duration(10 * SECOND)  # until a socket that could not be had is asked for again
BFD_RECEIVE_BUFFER: Final = 1024 * 1024  # unread packets: 1,300, of 100 sessions at 10 ms a tenth of a second
BFD_PORTS: Final = range(49152, 65536)  # RFC 5881, section 4: source ports
BFD_PORT_TRIES: Final = 64  # ports of others met in a row; then it is tried again later
BFD_FILTERED: Final = 300  # sessions that the kernel sorts by: 3,300 of a program's 4,096 instructions

# ---- state of the kernel
READ_BACK_INTERVAL: Final = Duration(60 * SECOND)  # dump and compare, whatever was reported
NETLINK_CHUNK: Final = 16 * 1024  # bytes read at once: some 150 addresses, 2 ms of our time
NETLINK_RECEIVE_BUFFER: Final = 4 * 1024 * 1024  # unread news: some 8,000 addresses that come or go at once
NEWS_BATCH: Final = 64  # news of the kernel read before adverts get their turn again
READING_TRIES: Final = 5  # a table that changes while it is read is read again, but not for ever
REINSTATE_BURST: Final = 12  # times an address is put back in the window; `ip address flush` tries ten times
REINSTATE_WINDOW: Final = Duration(10 * SECOND)
PACED_ROUNDS: Final = 10  # announcements of one address that wait for their turn: two batches of five
NAMES_LOOKED_AT: Final = 300  # of those that a link of ours may have: more than one for each VRID
NAMES_BYTES_MAX: Final = 1024 * 1024  # of one of iproute2's tables of names: some 40,000 names
COMMAND_LIMIT: Final = Duration(10 * SECOND)  # for nft or iptables; a lock they wait for is theirs
COMMAND_COMPLAINT: Final = 1024  # bytes of what they complain about that are read

# ---- trackers
TRACK_FILE_BYTES: Final = 128  # of a tracked file that are read (behaviour TR-09)
INOTIFY_CHUNK: Final = 16 * 1024  # bytes of news read at once: some 500 files
TRACK_SLICE: Final = 64  # files read, or processes looked at, between two looks at the adverts' deadlines
TRACK_RETRY: Final = Duration(10 * SECOND)  # until what the kernel refused us is asked for again
PROCESS_NEWS_BUFFER: Final = 4 * 1024 * 1024  # unread: some 6,000, of a host that forks wildly
PROCESS_POLL: Final = SECOND  # between two readings of all processes, without news of them
PROCESS_REST: Final = SECOND  # from lost news of processes to the reading of all of them
COMMAND_LINE_MAX: Final = 4096  # bytes of a process's command line that are compared
LINKBEAT_INTERVAL: Final = SECOND  # between two looks at a polled link, as Keepalived does

# ---- virtual servers
IPVS_BATCH: Final = 100  # commands of one send: 20 KiB of the 208 KiB that a socket may send at once
NAT_SLOTS: Final = 256  # of a weighted service in nftables: shares within half a percent, 10 KiB of rule
MODULE_WAIT: Final = Duration(10 * SECOND)  # for modprobe; a module of IPVS takes some milliseconds
CHECKS_A_TURN: Final = 256  # attempts begun before those that are under way get their turn again
# Objects more than before that live until one looks for garbage: thousands of attempts under way have some
# 20 each, and are none; of garbage, which is rare, some 10 MiB may wait.
COLLECT_AFTER: Final = 50_000
CHECK_PACE_MIN: Final = Duration(10 * MILLISECOND)  # a delay_loop of 0 must not fill the loop
# Checks that fall due within it begin with one wake-up, which costs as much as two checks of a TCP port: 250 of
# them, of 5,000 a second, are some 25 ms of our time.
CHECK_TOGETHER: Final = Duration(50 * MILLISECOND)
CHECK_STALE_AFTER: Final = 2  # intervals without a result that is due; then somebody must be told
FIRST_CHECK: Final = SECOND  # after the start, without a warm-up (behaviour HC-02)
TABLE_REST: Final = Duration(5 * SECOND)  # from one reading of the table to the next after a refusal
SERVICES_OF_A_GROUP: Final = 65_536  # addresses of one range or prefix; Keepalived takes no wider one
SERVERS_NAMED: Final = 1000  # whose checks begin with a line each in the log; of more, only their number
CONNTRACK_BYTES: Final = 16 * 1024 * 1024  # of the kernel's connections: 80,000, a quarter of a second

# ---- attempts of health checks
# Until a descriptor that could not be had is asked for again: others are given back meanwhile.
ATTEMPT_EXHAUSTED_PAUSE: Final = Duration(50 * MILLISECOND)
HTTP_HEAD_MAX: Final = 64 * 1024  # bytes of an answer's head; servers themselves take 8 to 32 KiB
HTTP_BODY_MAX: Final = 16 * 1024 * 1024  # bytes of a body that are read: some 30 ms of our time
REGEX_BODY_MAX: Final = 1024 * 1024  # bytes of a body that are kept, to be matched with a pattern
REGEX_MATCH_LIMIT: Final = 100_000  # steps back from one starting point: 1 ms compiled, 10 ms interpreted
REGEX_FIRST_SLICE: Final = 64  # starting points tried at first before others have their turn
REGEX_SLICE_TIME: Final = Duration(2 * MILLISECOND)  # of matching, between two turns of others
REGEX_PATTERNS_KEPT: Final = 4096  # compiled patterns; 37,000 servers have few different ones
STREAM_CHUNK: Final = 64 * 1024  # bytes of an answer read at once
STREAM_TURN: Final = 256 * 1024  # bytes of one answer read before others have their turn
SMTP_REPLY_MAX: Final = 16 * 1024  # bytes of one reply: RFC 5321 has lines of 512, and some servers many
DNS_QUERY_STRANGERS: Final = 64  # answers to other questions that are passed over in one attempt
TLS_CONTEXTS_KEPT: Final = 64  # distinct sets of certificates; there is one block `SSL` in a configuration
DESCRIPTORS_OF_CHECKER: Final = 256  # files that the checker has open besides its checks
DESCRIPTORS_OF_CHECK: Final = 2  # a connection, or a program's process and complaints

# ---- processes
HELLO_INTERVAL: Final = Duration(5 * SECOND)
HELLO_MISSES: Final = 3  # silent this many times: the child is killed and replaced
HELLO_STALE: Final = 2  # silent this many times: systemd's watchdog is no longer told that all is well
STACK_PATIENCE: Final = Duration(2 * SECOND)  # for a silent child to say where it stands, and end
STACK_BYTES: Final = 64 * 1024  # of what it says that are read: a hundred frames of some threads
RESPAWN_DELAY_MAX: Final = Duration(60 * SECOND)  # behaviour PR-04
LIFE_LONG_ENOUGH: Final = Duration(60 * SECOND)  # a child's life that ends a series of restarts (PR-04)
CHILD_WAIT: Final = Duration(5 * SECOND)  # from TERM to KILL for a child (behaviour PR-06)
IPC_LINE_MAX: Final = 64 * 1024 * 1024  # one message between parent and child (a whole configuration)
MEMORY_ROWS: Final = 40  # differences told after one count of `--debug-memory`; the file beside has them all
MEMORY_REST: Final = Duration(10 * SECOND)  # from one such count to the next because of a reload

# ---- the class of real time
REALTIME_PRIORITY: Final = 1  # the least of SCHED_RR: before all ordinary processes, behind the kernel's own
REALTIME_PATIENCE: Final = SECOND  # without a sleep; then the vrrp child gives the class back
REALTIME_REST: Final = Duration(10 * SECOND)  # then it takes the class again: a start is no spin
REALTIME_REST_MAX: Final = Duration(3600 * SECOND)  # each further rest is twice as long, up to this
REALTIME_RUN_MAX: Final = Duration(10 * SECOND)  # then the kernel kills: it spins, at our priority

# ---- scripts
SCRIPT_STDERR: Final = 4096  # bytes of a script's complaints that are kept for the log
SCRIPT_LINKS: Final = 40  # symbolic links followed in one path, as the kernel does (ELOOP)
SCRIPT_KILL_AFTER: Final = Duration(2 * SECOND)  # from TERM to KILL, behaviour TR-03
SCRIPT_QUEUE: Final = 64  # scripts waiting per instance; older states are dropped first, and counted
SCRIPTS_AT_STOP: Final = Duration(3 * SECOND)  # for the last notify scripts; less than CHILD_WAIT
SCRIPTS_AT_ONCE: Final = 16  # notify scripts side by side, of all instances; more would load the host
SCRIPT_TIMEOUT: Final = Duration(60 * SECOND)  # a notify script that hangs must not hold the queue

# ---- pipes, mails, webhooks, the bus and the log
FIFO_RETRY: Final = Duration(10 * SECOND)  # until a pipe that could not be had is tried again
FIFO_SCRIPT_DELAY_MAX: Final = Duration(60 * SECOND)  # between two starts of a reader that dies
FIFO_READ_AT_STOP: Final = SECOND  # for the readers of pipes to read the last lines
FIFO_LINES: Final = 1024  # lines that wait for the reader of a pipe; then the oldest go, and are counted
NOTICES_WAITING: Final = 4096  # notices that wait for a slow messenger; then the oldest go, and are counted
DELIVERIES_WAITING: Final = 512  # mails, or messages of one webhook, that wait; then the oldest go, counted
DELIVERY_AGAIN: Final = Duration(2 * SECOND)  # after a failure; twice as long after each further one
DELIVERY_AGAIN_MAX: Final = Duration(300 * SECOND)
DELIVERY_PATIENCE: Final = Duration(4 * 3600 * SECOND)  # with one message; later it is news to nobody
DELIVERIES_AT_STOP: Final = Duration(3 * SECOND)  # for the last mails; less than CHILD_WAIT
BUS_AGAIN: Final = Duration(10 * SECOND)  # until a bus that is not there is looked for again
LOG_QUEUE: Final = 4096  # lines waiting for a slow reader of the log; then they are counted, not kept
SYSLOG_AGAIN: Final = SECOND  # between two attempts to reach a log that is not there
SYSLOG_DATAGRAM_MAX: Final = 8192  # bytes of a line that every syslog takes

# ---- state, history and orders on request
STATE_SLICE: Final = Duration(400)  # of telling of routers, between two looks at the adverts' deadlines
STATE_AHEAD: Final = Duration(100)  # of the next advert, a slice is over
STATE_STEP: Final = 8  # routers between two looks at the clock: some 100 us, also while adverts are due
SERVERS_SLICE: Final = 16  # virtual servers told of at once
ADDRESS_TEXTS_KEPT: Final = 16_384  # addresses in words; to write one takes longer than all else told of it
COUNTS_KEPT: Final = 1024  # texts of what was counted, each of all instances that have counted the same
PRESENT_DATAGRAMS: Final = 128  # of the kernel's dump of addresses, remembered decoded: some 19,000 addresses
SENT_UNREAD: Final = 1024 * 1024  # bytes on their way in a socket: a status of 1,000 instances
STATE_PATIENCE: Final = Duration(2 * SECOND)  # for a child's state; then it is told without it
STATE_FRESH: Final = SECOND  # age of a state that metrics are still made of
EVENTS_UNREAD: Final = 1024 * 1024  # bytes of events that a child keeps for a parent that does not read
HEADLINE_AFTER: Final = Duration(2 * SECOND)  # between a change and the state that is made ready for who asks
CONTROL_CLIENTS: Final = 64  # connections to the control socket at once; one more is told to come later
ACCEPT_AGAIN: Final = SECOND  # until a connection that could not be accepted, mostly for want of descriptors
CONTROL_REQUEST: Final = 64 * 1024  # bytes of one request; the longest that makes sense has some names
CONTROL_UNREAD: Final = 16 * 1024 * 1024  # bytes of answers that one client may leave unread
CONTROL_IDLE: Final = Duration(30 * SECOND)  # a connection on which nothing is asked, nor answered
CONTROL_WAITING: Final = 16  # requests of one client that wait for their answers
SCRAPE_HEAD: Final = 8 * 1024  # bytes of an HTTP request for metrics
SERIES_REMEMBERED: Final = 32 * 1024  # names of metrics' series, kept as text: those of 1,000 instances
HISTORY_BYTES: Final = 4 * 1024 * 1024  # of one file of the history, of which there are two: 20,000 events
HISTORY_ANSWER: Final = 10_000  # events in one answer
ORDERS_MAX: Final = 1_000  # orders of operators that stand at once; one for each instance of a large host
ORDERS_BYTES: Final = 4 * 1024 * 1024  # of the file that keeps them
ORDER_REASON: Final = 500  # characters of an order's reason: it stands in lines of the log and of the status

# ---- the configuration
CONFIG_BYTES_MAX: Final = 16 * 1024 * 1024  # all files of one configuration together: half a million lines
CONFIG_INCLUDE_DEPTH: Final = 64
CONFIG_FILES_MAX: Final = 4096
CONFIG_BLOCK_DEPTH: Final = 64
CONFIG_EXPANSIONS_MAX: Final = 500_000  # variables put into lines; a thousand instances need some 100,000
CONFIG_NESTED_MAX: Final = 64  # a value in a value in a value
CONFIG_LINE_USES_MAX: Final = 4096  # variables put into one line: two that name each other never end
CONFIG_LINES_MAX: Final = 300_000  # lines that sequences and variables make, of all files together
CONFIG_READ_MAX: Final = 500_000  # lines and braces of all files, expanded or not: ten times a large file
CONFIG_LINE_MAX: Final = 64 * 1024  # characters of one line, as written or expanded
CONFIG_PROBLEMS_MAX: Final = 1000  # more are counted, not kept

# ---- a reload
PLAN_SHOWN: Final = 200  # changes of a reload that are told one by one; `standfast diff` has all
CONFIRM_MAX: Final = Duration(24 * 3600 * SECOND)  # that a reload waits to be confirmed
# Between two looks at the time of day of a planned reload: the clock of the host may be set.
CLOCK_LOOK: Final = Duration(60 * SECOND)
RELOAD_TIME_BYTES: Final = 64  # of the file of reload_time_file that are read: the longest time has 20
SAVED_CONFIGS: Final = 100  # configurations that config_save_dir keeps of one life of the daemon

# ---- a restart that nobody notices
HANDOVER_PATIENCE: Final = Duration(2 * SECOND)  # for a child to leave its state; then it is killed
HANDOVER_BYTES: Final = 256 * 1024 * 1024  # of what is left: 100,000 routers are a tenth of it
TRIAL_PATIENCE: Final = Duration(30 * SECOND)  # for the new program to read the configuration
TRIAL_WORDS: Final = 4096  # of what it says about itself if it cannot start
