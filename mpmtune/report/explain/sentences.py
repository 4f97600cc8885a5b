"""Sentences that several directive pages share."""

NUMBER = """
A number is read as C's atoi does: leading digits count, the rest is dropped, no digit is 0, and
nothing of it is an error. 5,000 is 5, 1e3 is 1, 0x10 is 0.
""".strip()
SERVER_ONLY = "It stands at server level only; in a virtual host or a section httpd refuses it."
THREADED = "Known to worker and event only; under prefork it is an Invalid command (AH00526)."
PREFORK = "Known to prefork only; under worker and event it is an Invalid command (AH00526)."
RAMP = """
Too few idle: 1 child is started, a second later 2, then 4, up to 32 a second. The ramp is why a
burst meets what is idle already.
""".strip()
ON_OFF = "On or Off, in any case of letters; anything else is an error."
H2_OUTSIDE = """
These threads come on top of ThreadsPerChild: a child of 25 threads had 27 tasks without HTTP/2,
52 with it. Count them in pids, memory and descriptors.
""".strip()
RELOAD = "A graceful reload puts a change in force."
STOP_AND_START = """
Only a stop and a start puts a change in force: a reload, graceful or not, keeps the old value.
""".strip()
