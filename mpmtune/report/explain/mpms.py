"""The three MPMs: how each takes a connection, what it is good for, what is wrongly said of it."""

from __future__ import annotations

from mpmtune.model.server import Mpm

TITLES = {
    Mpm.PREFORK: "processes, one connection in each",
    Mpm.WORKER: "threads in a few processes, one connection in each thread",
    Mpm.EVENT: "threads in a few processes, lent to a connection while it works",
}

_WHICH_RUNS = """
HOW TO SEE WHICH ONE RUNS
- apachectl -V (apache2ctl -V on Debian) says "Server MPM: {mpm}". It reads the configuration
first, so with a broken one the line can be empty.
- apachectl -M lists mpm_{mpm}_module, marked static or shared. It fails when the configuration
is broken.
- apachectl -l lists {mpm}.c only where the MPM is compiled in. Debian, RHEL and Alpine load it as a
shared module, and then -l does not name it.
- mpmtune detect asks all three and says which one answered.
"""

_PREFORK = """
HOW IT TAKES A CONNECTION
                     children, one thread each

             accept  +------------------------------------------+
  client A --------->| child 1   read, work, write,             |
                     |           then wait for A's next request |
                     +------------------------------------------+
  client B --------->| child 2   the same for B                 |
                     +------------------------------------------+
                     |   ...     up to MaxRequestWorkers        |
                     +------------------------------------------+
  client C . . . . . . waits in the listen queue: no child is free

  parent: starts and stops children, serves nobody

Children are forked in advance. Each accepts a connection, serves it alone, one request after
the other, and keeps it until it is closed; only then does it accept the next one.

STRENGTHS
- Every module works in it: nothing has to be thread-safe. That is why it is still the choice
wherever PHP runs inside httpd (mod_php as distributions build it), and for mpm-itk and
mod_ruid2.
- A crash takes one child with it, and so one connection.
- Children share next to nothing, so one is easy to trace and to limit.

LIMITS
- A worker is a whole process. Measured with 400 workers serving static files: 96 MB under
prefork, 33 MB under worker, 28 MB under event, each byte of shared memory counted once (PSS).
RSS counts shared memory in every process and said 1,744, 103 and 100 MB.
- When all MaxRequestWorkers children are busy, new connections wait in the listen queue.
Measured with 150 workers and 600 clients: one request in 100 took 1.4 s or longer; under event
0.19 s.
- A burst meets the children there are; more are started 1, 2, 4 ... up to 32 a second.
- HTTP/2 is off: mod_http2 warns at start (AH10034), and clients get HTTP/1.1.

KEEP-ALIVE
A kept-alive connection holds its child for up to KeepAliveTimeout, doing nothing. Measured with
200 idle keep-alive connections and 150 workers: none of the newcomers was answered. So keep
KeepAliveTimeout short here, 1 to 5 seconds.

WHAT IS OFTEN SAID
- "prefork is hardly used any more": it is not the default of httpd 2.4, but wherever mod_php is
loaded there is no other choice. The way out is PHP-FPM behind mod_proxy_fcgi.
- "prefork cannot take many clients": it takes as many as MaxRequestWorkers, if memory allows.
It is the number that queues, not the model.
- "prefork needs 17 times the memory of event": by RSS it looks so; by PSS it is 2.4 to 3.5 times.
"""

_WORKER = """
HOW IT TAKES A CONNECTION
                    one child of several
             accept +---------------------------------------------------+
  client A ---+     |                                                   |
  client B ---+-----> listener --> queue --> thread 1   A: read, work,  |
  client C ---+     |  thread                           write, wait for |
                    |                                   A's next request|
                    |                        thread 2   the same for B  |
                    |                        thread 3   the same for C  |
                    |                        ...                        |
                    |                        thread 25  idle            |
                    +---------------------------------------------------+

  parent: starts and stops children, serves nobody

Each child has one listener thread and ThreadsPerChild worker threads. The listener accepts a
connection when a thread is idle and hands it over; that thread keeps it until it is closed.

STRENGTHS
- A worker is a thread: 40 to 64 kB when loaded, where a static prefork child takes 0.24 MB.
- So more workers fit in the same memory. Measured with 400 workers serving static files: 33 MB,
and 96 MB under prefork, each byte of shared memory counted once (PSS).
- Several children, not one: a crash takes the threads of one child with it, the others go on.

LIMITS
- Every module, and each library it uses, must be thread-safe.
- A connection holds its thread to the end, idle or not, as under prefork.

KEEP-ALIVE
A kept-alive connection holds a thread for up to KeepAliveTimeout. A thread is cheaper than a
process, but MaxRequestWorkers bounds the connections just the same. Measured with 200 idle
keep-alive connections and 150 workers: none of the newcomers was answered.

WHAT IS OFTEN SAID
- "worker handles concurrency better than prefork": with as many workers it hardly does. 150
workers, 600 clients: one request in 100 took 1.3 s or longer here, 1.4 s under prefork. It is
better because more workers fit in the same memory.
- "worker is faster than event": see event. There is little left to choose it for; where worker
runs, event runs too.
"""

_EVENT = """
HOW IT TAKES A CONNECTION
                    one child of several
             accept +---------------------------------------------------+
  client A ---+     |                                                   |
  client B ---+-----> listener --> queue --> thread 1   A: read, work,  |
  client C ---+     |  thread                           write           |
                    |    ^                   thread 2   the same for B  |
                    |    |                   ...                        |
                    |    |                   thread 25  idle            |
                    |    |                      |                       |
                    |    +----------------------+                       |
                    |      handed back: kept alive and idle; the rest   |
                    |      of a response still being sent; closing      |
                    +---------------------------------------------------+

  parent: starts and stops children, serves nobody

As under worker, each child has one listener thread and ThreadsPerChild worker threads. But a
thread gives the connection back as soon as there is nothing to do on it. The listener watches
all such connections (epoll) and lends a thread again when something arrives.

STRENGTHS
- Idle connections cost memory and a descriptor, but no worker: 32 kB for plain HTTP, 64 to 70
kB with TLS, 146 to 153 kB with HTTP/2, and 10 to 15 kB in the kernel.
- The rest of a response that the client reads slowly is sent without a worker, once it fits the
output buffer or when the kernel sends it straight from a file (EnableSendfile On).
- HTTPS is served the same way, since 2.4.7.
- It is the default of httpd 2.4 where the system supports it, and of Debian and RHEL 8 on.

LIMITS
- Every module must be thread-safe, as under worker.
- A child accepts only while a worker is idle and connections are fewer than ThreadsPerChild +
idle workers x AsyncRequestWorkerFactor. So the whole server holds at most MaxRequestWorkers x
(AsyncRequestWorkerFactor + 1) connections; beyond that newcomers wait, as everywhere.
- When no worker is idle, the listener closes the idle keep-alive connections at once.
- A graceful reload closes idle keep-alive connections without a word to the client. Old children
finish what they serve and keep their slots, so ServerLimit should leave room for them.

KEEP-ALIVE
This is what event is for. Measured with 200 idle keep-alive connections and 150 workers: all
newcomers were answered, none under prefork and worker. With 1,000 idle connections event
answered none either: with factor 2, 150 workers hold 450. Opened all at once and asking in
step, they were not refused: event threw 994 of the 1,000 out and answered everybody. A
KeepAliveTimeout of 5 seconds or more is fine as long as the connections fit.

WHEN IT HOLDS A WORKER
For the whole connection:
- a WebSocket, an upgraded connection or a CONNECT tunnel, through any proxy module;
- a connection whose input filter declares that it cannot be polled (clogging_input_filters).
Among the modules of httpd that was mod_ssl up to 2.4.6; a third-party filter may do it, and no
list of those exists.

For a while:
- reading a request and its body, and the TLS handshake: RequestReadTimeout bounds it;
- a response of unknown length (CGI, FastCGI, proxy) until its tail fits the output buffer;
- a filter over the whole body (deflate, include, substitute, ...) until it has seen it all.

WHAT IS OFTEN SAID
- "event falls back to worker when an incompatible module is loaded": the server never changes
its MPM, and it looks at no list of modules. It is one connection that is held, because of a
filter or a tunnel on it. Thread safety has nothing to do with it: a module that is not thread-safe
is refused by its own check (mod_php, mpm-itk) or runs unprotected (mod_ruid2).
- "all modules of httpd are compatible": none of them sets that flag on an HTTP/1 connection. It
does not mean that none holds a worker, see above.
- "event serves the requests of one connection in parallel": not with HTTP/1, where they are
answered one after the other. It is true of HTTP/2: its streams run in H2 workers, threads
beside ThreadsPerChild.
- "event needs good hardware and is slower than worker in ab": without keep-alive it made 0.90 of
worker's rate on one core, in 7 of 7 rounds; with keep-alive 0.87, too close to the noise to be
told from 1. It pays with connections that pause, and ab has none.
- "AsyncRequestWorkerFactor can be 1.5": it is cut to a whole number since 2.4.30.

BEFORE A SWITCH FROM PREFORK
- With mod_php loaded, httpd refuses to start. Unload it without a replacement, and the
source of every .php file goes to the client with status 200. Set up PHP-FPM first.
- "Mutex ... mpm-accept" is an error under event (AH00526): it has no such mutex.
- An MPM cannot be changed by a reload: the server exits (AH00534). Stop it, then start it.
"""

_TEXTS = {Mpm.PREFORK: _PREFORK, Mpm.WORKER: _WORKER, Mpm.EVENT: _EVENT}
_MEASURED = """
Figures: Debian 12, httpd 2.4.71, PHP 8.2, one core for the server and one for the load. They
compare the modes with each other; yours will differ. "mpmtune recommend" plans for this host.
"""


def text_of(mpm: Mpm) -> str:
    """Give the page of an MPM, ready to be laid out."""
    which = _WHICH_RUNS.format(mpm=mpm.value)
    return f"{_TEXTS[mpm].strip()}\n{which}{_MEASURED}"
