"""The directives that decide how long a connection stays and what it may take, each as a page."""

from mpmtune.report.explain.sentences import (
    H2_OUTSIDE,
    NUMBER,
    ON_OFF,
    RELOAD,
    STOP_AND_START,
)

CONNECTIONS = {
    "KeepAlive": f"""
WHAT IT DOES
Whether a connection stays open after a response, so that the client can ask again without a new
TCP and TLS handshake.

DEFAULT
On.

HOW HTTPD READS IT
- {ON_OFF}

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- Off is rarely right. If idle connections take all workers of prefork or worker, lower
KeepAliveTimeout first, or use event.
""",
    "KeepAliveTimeout": f"""
WHAT IT DOES
How long a kept-alive connection waits for its next request before httpd closes it.

DEFAULT
5 seconds.

HOW HTTPD READS IT
- A bare number is seconds; ms, s, min and h may follow. 5000 is 83 minutes, 5000ms is 5
seconds.
- 5m, 1.5, 5x, -1 and abc are errors (KeepAliveTimeout has wrong format); a bare ms is 0.
- Among virtual hosts on one address and port, the value of the first one counts for all: the
wait begins before the next Host header is known.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- prefork and worker: the connection holds its worker all that time. At rate R of new
connections, R x KeepAliveTimeout workers do nothing but wait. Keep it at 1 to 5.
- event: it costs memory and a descriptor, no worker. 5 or more is fine while connections stay
below MaxRequestWorkers x (AsyncRequestWorkerFactor + 1).
""",
    "MaxKeepAliveRequests": f"""
WHAT IT DOES
After how many requests on one connection httpd closes it.

DEFAULT
100.

HOW HTTPD READS IT
- {NUMBER}
- 0 is unlimited. A negative number is taken without a word.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- A low number makes clients open new connections; a very high one keeps a busy client on the
same child for long, which then cannot end (MaxConnectionsPerChild, a graceful reload).
""",
    "Timeout": f"""
WHAT IT DOES
How long httpd waits for the client or a backend while reading or writing, each time anew. Not
the time a request may take.

DEFAULT
60 seconds.

HOW HTTPD READS IT
- Seconds, read as C's atoi does, without units: 500ms is 500 seconds, 1min is 1 second, abc is
0. KeepAliveTimeout does know units.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- ProxyTimeout and CGIDScriptTimeout follow it unless they are written.
- RequestReadTimeout bounds the reading of a request more tightly.
""",
    "ListenBacklog": f"""
WHAT IT DOES
How many finished TCP handshakes the kernel may queue for httpd when no child accepts.

DEFAULT
511.

HOW HTTPD READS IT
- Below 1 is an error (ListenBacklog must be > 0). Otherwise:
- {NUMBER}

TO CHANGE IT
{STOP_AND_START} The socket stays open across USR1 and HUP, and nothing says so.

TOGETHER WITH
- The kernel cuts it to net.core.somaxconn: raise that first.
- The queue is where clients wait when all workers are busy. A longer one makes them wait longer
before they are refused; it serves nobody faster.
""",
    "H2MinWorkers": f"""
WHAT IT DOES
How many HTTP/2 threads each child starts with. Streams run in them, not in the workers of the
MPM.

DEFAULT
ThreadsPerChild.

HOW HTTPD READS IT
- Below 1 is an error (value must be > 0). Otherwise:
- {NUMBER}

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- {H2_OUTSIDE}
- Above H2MaxWorkers it is taken without a word.
""",
    "H2MaxWorkers": f"""
WHAT IT DOES
How many HTTP/2 threads a child may have: the streams it works on at the same time.

DEFAULT
1.5 x H2MinWorkers, rounded down, at least 4: with ThreadsPerChild 25 that is 37.

HOW HTTPD READS IT
- Below 1 is an error (value must be > 0). Otherwise:
- {NUMBER}

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- Children x H2MaxWorkers bounds the whole server. Measured with 2 children of 37 and requests
of 0.2 s: 355 a second, where 2 x 37 / 0.2 = 370 is the most.
- {H2_OUTSIDE}
- The connections of a proxy pool are ThreadsPerChild + H2MaxWorkers - 1.
""",
    "H2MaxSessionStreams": f"""
WHAT IT DOES
How many streams a client may have open on one HTTP/2 connection.

DEFAULT
100.

HOW HTTPD READS IT
- Below 1 is an error. Otherwise:
- {NUMBER}

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- More than H2MaxWorkers of a child are queued there, not worked on.
""",
    "GracefulShutdownTimeout": f"""
WHAT IT DOES
How long a graceful stop waits for requests that are being served. It is not used by a graceful
reload.

DEFAULT
0: for ever.

HOW HTTPD READS IT
- {NUMBER}
- A negative number is taken, and the time is over before it begins.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- A WebSocket or a slow download lasts as long as its client likes: with 0 the stop waits for
it.
""",
    "ThreadStackSize": f"""
WHAT IT DOES
The stack of each thread, in bytes. It is address space; memory is taken as it is used.

DEFAULT
0: what the system gives, on Linux usually 8 MiB.

HOW HTTPD READS IT
- A negative number is an error. No digit is 0.

WHAT HTTPD CHANGES AT START
- From 1 to 16383 the default is used, with a warning at start that -t does not show: AH02435
(worker), AH02436 (event).

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- Too small kills: with 16384 and 20000 a child crashed on a request to /server-status
(AH00052); 32768 served that one request. Leave it alone unless the address space is limited.
""",
    "MaxMemFree": f"""
WHAT IT DOES
How many KiB of free memory each pool allocator keeps for reuse, for every thread, before it
goes back to the system.

DEFAULT
2048.

HOW HTTPD READS IT
- 0 is unlimited, and so is a text without digits. A negative number is an error.
- The number x 1024 has to fit 32 bits; beyond it wraps: 4194304 is unlimited, 4194305 is 1 KiB.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- Lower it when many threads have seen large responses; it costs some CPU.
""",
    "RequestReadTimeout": f"""
WHAT IT DOES
How long a client may take for the TLS handshake, the request header and the body, and how many
bytes a second extend that. The guard against slow senders, which hold a worker under every MPM,
event too.

DEFAULT
handshake=0 header=20-40,MinRate=500 body=20,MinRate=500; only with mod_reqtimeout loaded.

HOW HTTPD READS IT
- A range such as 20-40 needs MinRate. MinRate=0 and an unknown key are errors.
- 0 switches that limit off.

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- mod_http2 takes the filter off a connection once it speaks HTTP/2.
- body=20 without MinRate cuts every upload that takes longer than 20 seconds (408).
""",
    "ListenCoresBucketsRatio": f"""
WHAT IT DOES
With ratio R, httpd opens one listening socket (bucket) for each R CPU cores (SO_REUSEPORT), and
each child accepts from one of them. Meant for machines with many cores.

DEFAULT
0: one bucket. That cannot be written: below 1 is an error.

HOW HTTPD READS IT
- Below 1 is an error. Otherwise:
- {NUMBER}

WHAT HTTPD CHANGES AT START
- MaxRequestWorkers / ThreadsPerChild, StartServers and the spare limits are raised to what the
buckets need, without a message.
- ServerLimit below the number of buckets: prefork and worker die at start, event leaves about
half the connections unanswered.

TO CHANGE IT
{STOP_AND_START} Added by a restart signal (HUP), it ends with AH00072 and dead buckets.

TOGETHER WITH
- The spare limits are divided by the number of buckets, and each bucket ramps by itself.
""",
    "EnableSendfile": f"""
WHAT IT DOES
Whether files are sent by the kernel (sendfile) without passing through httpd's memory.

DEFAULT
Off.

HOW HTTPD READS IT
- {ON_OFF}

TO CHANGE IT
{RELOAD}

TOGETHER WITH
- event: with it the rest of a large file needs no worker. Measured with 300 slow downloads of 8
MB and 100 visitors a second: 150 workers were enough with On, 400 without.
- Leave it Off where files lie on a network file system or are shared into a virtual machine:
there it can send wrong bytes.
- TLS and output filters need the bytes in memory; it does nothing for them.
""",
}
