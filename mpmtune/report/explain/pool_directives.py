"""The directives that size the pool of children and threads, each as a page."""

from mpmtune.report.explain.sentences import (
    NUMBER,
    PREFORK,
    RAMP,
    RELOAD,
    SERVER_ONLY,
    STOP_AND_START,
    THREADED,
)

POOL = {
    "ServerLimit": f"""
WHAT IT DOES
The number of process slots, and so the most children there can ever be. The memory that httpd
keeps its scoreboard in is laid out for it at start. Under prefork it is the ceiling of
MaxRequestWorkers. Under worker and event at most MaxRequestWorkers / ThreadsPerChild children
are active, and event uses the slots above that number for children that still finish old
connections.

DEFAULT
256 under prefork, 16 under worker and event.

HOW HTTPD READS IT
- {NUMBER}
- {SERVER_ONLY}

WHAT HTTPD CHANGES AT START
- Above the built-in maximum it becomes that: 200000 under prefork (AH00175), 20000 under worker
(AH00300) and event (AH00497).
- Below 1 it becomes 1: AH00177, AH00302, AH00499.
- With ListenCoresBucketsRatio, fewer slots than listener buckets kill the parent of prefork and
worker at start, and under event connections stay unanswered. -t says Syntax OK.

TO CHANGE IT
{STOP_AND_START} The error log says so then: AH00179, AH00304, AH00501.

TOGETHER WITH
- MaxRequestWorkers / ThreadsPerChild above ServerLimit: MaxRequestWorkers is lowered (AH00318,
AH00515; prefork AH00180).
- event: write about twice MaxRequestWorkers / ThreadsPerChild. A graceful reload with every
child held by old connections made newcomers wait 7.0 s without spare slots, 1.0 s with as many
again. Nothing warns when there are none.
- The scoreboard takes 56 + 40 x ServerLimit + 336 x ServerLimit x ThreadLimit bytes. 20000 x
100000 passes -t and fails at start (AH00004).
""",
    "StartServers": f"""
WHAT IT DOES
How many children are started at once when the server starts. What comes later follows the spare
limits.

DEFAULT
5 under prefork, 3 under worker and event.

HOW HTTPD READS IT
- {NUMBER}
- {SERVER_ONLY}

WHAT HTTPD CHANGES AT START
- Below 1 it becomes 1: AH00184, AH00320, AH00517.
- More than may be active: only so many are started, without a message.

TO CHANGE IT
{RELOAD} A graceful reload itself does not start this many: the once-a-second maintenance
replaces the children. A start and a hard restart do.

TOGETHER WITH
- Above MaxSpareServers, or StartServers x ThreadsPerChild above MaxSpareThreads: children are
started, then stopped one a second.
- The first wave of a burst on a fresh server is StartServers x ThreadsPerChild requests; the
others wait for it, or for the ramp.
""",
    "MinSpareThreads": f"""
WHAT IT DOES
How many idle threads the server keeps ready, over all children. About once a second, when fewer
are idle, children are started.

DEFAULT
75.

HOW HTTPD READS IT
- {NUMBER}
- {THREADED}

WHAT HTTPD CHANGES AT START
- Below 1 it becomes 1: AH00322, AH00519.
- With listener buckets it is raised to ThreadsPerChild x (buckets - 1) + buckets, without a
message.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- {RAMP}
- Above MaxRequestWorkers it can never be met: AH10159 (event) or AH00287 (worker) at level
error right after start, on an idle server. Stay at least one child below.
- MaxSpareThreads has to be larger by ThreadsPerChild + 1.
""",
    "MaxSpareThreads": f"""
WHAT IT DOES
How many idle threads may remain, over all children. When more are idle, one child is stopped
about once a second.

DEFAULT
250.

HOW HTTPD READS IT
- {NUMBER}
- {THREADED}

WHAT HTTPD CHANGES AT START
- It is raised to MinSpareThreads + (ThreadsPerChild + 1) x listener buckets, without a message,
-t included. The manual forgets the + 1.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- A child that is stopped closes its kept-alive connections. Measured under event: 92 % of idle
connections survived with a low value, 100 % with MaxSpareThreads = MaxRequestWorkers (one run
each).
- At MaxRequestWorkers or above the pool never shrinks: right where its memory is reserved for
httpd anyway.
""",
    "MinSpareServers": f"""
WHAT IT DOES
How many idle children prefork keeps ready. About once a second, when fewer are idle, children
are started.

DEFAULT
5.

HOW HTTPD READS IT
- {NUMBER}
- {PREFORK}

WHAT HTTPD CHANGES AT START
- Below 1 it becomes 1 (AH00186).

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- {RAMP}
- Above MaxRequestWorkers it can never be met: AH00161 on an idle server.
""",
    "MaxSpareServers": f"""
WHAT IT DOES
How many idle children may remain. When more are idle, one is stopped about once a second.

DEFAULT
10.

HOW HTTPD READS IT
- {NUMBER}
- {PREFORK}

WHAT HTTPD CHANGES AT START
- It is raised to MinSpareServers + 1 (or + the number of listener buckets), without a message.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- StartServers above it starts children only to stop them one a second.
""",
    "ThreadLimit": f"""
WHAT IT DOES
The most that ThreadsPerChild can be raised to while the parent lives: the scoreboard is laid
out for it at start.

DEFAULT
64.

HOW HTTPD READS IT
- {NUMBER}
- {THREADED}

WHAT HTTPD CHANGES AT START
- Above the built-in maximum it becomes that: 20000 under worker (AH00305), 100000 under event
(AH00502).
- Below 1 it becomes 1: AH00307, AH00504.

TO CHANGE IT
{STOP_AND_START} The error log says so then: AH00309, AH00506.

TOGETHER WITH
- ThreadsPerChild above ThreadLimit is lowered to it. To raise ThreadsPerChild above 64, write
both and restart.
- Far above ThreadsPerChild it only takes memory: 336 bytes for each slot, used or not.
""",
    "ThreadsPerChild": f"""
WHAT IT DOES
How many worker threads each child has. It never changes while a child lives. Beside them a
child has a listener thread and its main thread.

DEFAULT
25.

HOW HTTPD READS IT
- {NUMBER}
- {THREADED}

WHAT HTTPD CHANGES AT START
- Above ThreadLimit (64 by default) it becomes that: AH00310, AH00507.
- Below 1 it becomes 1: AH00312, AH00509.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- MaxRequestWorkers is 400 unless written, whatever ThreadsPerChild is. Alone, ThreadsPerChild
64 lowers it to 384 (AH00513), ThreadsPerChild 5 to 80 (AH00515). Always write both.
- More threads in fewer children take less memory: a loaded child of 25, 100, 400 threads had a
PSS of 2.4, 6.2, 17.9 MB under event. But a crash takes all threads of its child: have at least
two children.
- The number of connections of a proxy pool follows it, as do H2MinWorkers and H2MaxWorkers.
""",
    "MaxRequestWorkers": f"""
WHAT IT DOES
How many requests are worked on at the same time: the number of children under prefork, of
threads over all children under worker and event. What comes beyond waits in the listen queue.

DEFAULT
256 under prefork. 400 under worker and event: a constant, not ServerLimit x ThreadsPerChild.

HOW HTTPD READS IT
- {NUMBER}
- MaxClients is its old name; both set the same value, and the last one wins. Told only at level
info: AH00188, AH00324, AH00521.

WHAT HTTPD CHANGES AT START
- prefork: above ServerLimit it becomes that (AH00180), below 1 it becomes 1 (AH00182).
- worker, event: below ThreadsPerChild it becomes that (AH00314, AH00511).
- worker, event: rounded down to a multiple of ThreadsPerChild (AH00316, AH00513).
- worker, event: more than ServerLimit children: lowered to ServerLimit x ThreadsPerChild
(AH00318, AH00515).

TO CHANGE IT
{RELOAD} Up to ServerLimit x ThreadsPerChild; above that ServerLimit has to change too.

TOGETHER WITH
- Reached: AH00161 (prefork), AH00286 (worker), AH00484 (event), once in the parent's life.
- What bounds it is memory: each worker at its busiest. A swapping server is slower than one
that lets clients wait.
- event holds MaxRequestWorkers x (AsyncRequestWorkerFactor + 1) connections; prefork and worker
as many as there are workers.
""",
    "MaxConnectionsPerChild": f"""
WHAT IT DOES
After how many connections a child ends and another takes its place. It bounds what a leak can
take.

DEFAULT
0: a child never ends on this account.

HOW HTTPD READS IT
- {NUMBER}
- A negative number is unlimited under prefork. Under worker and event every child ends at once,
is replaced, and no request is answered; -t says Syntax OK.
- MaxRequestsPerChild is its old name (AH00545, at level info).

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- It counts connections, not requests: with keep-alive a child serves many more.
- A small number costs: children are forked all the time, and under event each one that ends
holds a slot of ServerLimit until its last connection is done.
""",
    "AsyncRequestWorkerFactor": f"""
WHAT IT DOES
How many connections a child of event takes beyond its threads: it accepts while a worker is
idle and connections are fewer than ThreadsPerChild + idle workers x factor.

DEFAULT
2.

HOW HTTPD READS IT
- A fraction is cut to a whole number since 2.4.30: 1.5 is 1, 2.9 is 2. The manual still offers
1.5.
- Between 0 and 1 it becomes 1. 0, a negative number and text after the number are errors. inf,
nan and 1e30 are taken.
- Known to event only; elsewhere it is an Invalid command (AH00526).

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- The whole server holds at most MaxRequestWorkers x (factor + 1) connections, kept alive ones
included. Measured with 150 workers and factor 2: 446 of 450.
- Beyond that, newcomers are refused while idle connections stay. So for C open connections:
factor = 1.25 x C / MaxRequestWorkers - 1, rounded up.
- Each idle connection takes 32 kB (plain), 64 to 70 kB (TLS) or 146 to 153 kB (HTTP/2).
""",
}
