"""What is known of modules under the MPMs: one row for each answer, as data.

"Tried" means: loaded into httpd 2.4.71 under each MPM, ``-t`` passed, the children came up with all
their threads and one request was answered. It is no proof of thread safety.
"""

from mpmtune.httpd.verdict_words import Case, Known, Word
from mpmtune.model.compatibility import Notice

_TRIED = "tried with httpd 2.4.71"
_OUTPUT = "tried with httpd 2.4.71; server/core_filters.c; manual, mpm event, Limitations"

WORKS = Case(Word.OK, "Works.")
_PROCESS = Case(Word.OK, "Works: one request at a time in each process, no thread safety needed.")
_HELD = Case(Word.WHOLE_CONNECTION, "Works: a connection holds its worker, as always here.")
_STREAMS = Case(
    Word.WHILE_STREAMING,
    "Works: a response holds its worker until its tail fits the output buffer, then goes on "
    "without one.",
)
_FILTERS = Case(
    Word.WHILE_FILTERING,
    "Works: a filtered response holds its worker until the filter has seen the whole body.",
)
_LOADS = Case(
    Word.UNPROVEN,
    "Loads and serves, but nobody has shown that it is thread-safe.",
    "Ask its authors, or stay on prefork.",
)
_STARTS = Case(Word.OK, "Loads and serves with all its threads; no load test was made.")
_NOT_SHOWN = "It could not be brought to work where it was tried, so nothing is known of it."
_UNTRIED = Case(Word.UNPROVEN, _NOT_SHOWN, "Try it on a test machine under this MPM.")

_NO_ZTS = Case(
    Word.REFUSES,
    "httpd refuses to start, -t included (php:crit and AH00013), unless this PHP module was "
    "built thread-safe (ZTS), which those of Debian and Ubuntu are not.",
    "Serve PHP through PHP-FPM (mod_proxy_fcgi and a SetHandler for the same files), then unload "
    "this module; or stay on prefork.",
    Notice.CONFIGTEST,
)
_ITK = Case(
    Word.REFUSES,
    "httpd refuses to start (mpm_itk:crit and AH00016), and -t does not show it: mpm-itk is an "
    "add-on to prefork.",
    "Run each site's code under its own user in PHP-FPM pools and unload mpm-itk; or stay on "
    "prefork.",
    Notice.START,
)
_RUID = Case(
    Word.UNSAFE,
    "It starts, but a request changes the user of the whole process, and requests in the other "
    "threads run as that user.",
    "Use PHP-FPM pools with a user each and unload mod_ruid2; or stay on prefork.",
)
_RACY = Case(
    Word.RACY,
    "It starts, but its counters are one table for all threads of a process, changed without a "
    "lock.",
    "Limit clients in the firewall or with mod_security2 and unload it; or stay on prefork.",
)
_APPLICATION = Case(
    Word.IF_THREAD_SAFE,
    "Works if the application and each extension it loads are thread-safe, which only their "
    "authors can say.",
    "Run the application in processes of its own behind mod_proxy, or show it is thread-safe.",
)
_WSGI = Case(
    Word.IF_THREAD_SAFE,
    "In daemon mode (WSGIDaemonProcess) it works under every MPM; embedded, the application must "
    "be thread-safe and is restarted as children come and go.",
    "Run every application in daemon mode.",
)
_CGI = Case(
    Word.SLOW_FORK,
    "Works, but each request forks the whole threaded child.",
    "Load mod_cgid in its place: there a small daemon does the forking (a2enmod cgid).",
)
_TUNNEL = Case(
    Word.HOLDS_THREAD,
    "An open tunnel holds one worker for its whole life, idle or not: no 2.4 release has "
    "asynchronous tunnels.",
    "Count one worker for each tunnel open at a time, or serve tunnels from another server.",
)
_NO_H2 = Case(
    Word.INACTIVE,
    "HTTP/2 is off and clients get HTTP/1.1: one warning at start (AH10034), none with -t; each "
    "child still gets an extra thread.",
    "Use event or worker to have HTTP/2, or unload mod_http2.",
    Notice.START,
)
_H2_WORKER = Case(
    Word.WHILE_ACTIVE,
    "Works: a connection holds its worker; streams run in H2 workers, threads beside "
    "ThreadsPerChild.",
)
_H2_EVENT = Case(
    Word.ASYNC_WHEN_IDLE,
    "Works: an idle connection holds no worker; streams run in H2 workers, threads beside "
    "ThreadsPerChild.",
)
_MMAP = Case(
    Word.OK,
    "Works, but before 2.4.68 files named by MMapFile can crash a threaded child (PR 69901).",
    "Update httpd, or use CacheFile in place of MMapFile.",
)
_SLOWER_H2 = Case(
    Word.WHILE_ACTIVE,
    "Works: before 2.4.63 a connection holds its worker while streams are open, even when it only "
    "waits for the client; an idle one holds none.",
)
_QOS = Case(
    Word.UNPROVEN,
    "The build that was tried (Debian 12, 11.63-1+b2) does not load under any MPM: undefined "
    "symbol pcre_free.",
    "Check with httpd -t that yours loads.",
    Notice.CONFIGTEST,
)

KNOWN: tuple[Known, ...] = (
    Known(
        "php_module php7_module php5_module",
        _PROCESS,
        _NO_ZTS,
        _NO_ZTS,
        "tried with httpd 2.4.71 and PHP 8.2.36; PHP sapi/apache2handler, php_pre_config()",
    ),
    Known(
        "mpm_itk_module",
        _PROCESS,
        _ITK,
        _ITK,
        "tried with httpd 2.4.71 and mpm-itk 2.4.7-04; mpm_itk.c",
    ),
    Known("ruid2_module", _PROCESS, _RUID, _RUID, "mod_ruid2.c 0.9.8, read, not run"),
    Known(
        "evasive20_module evasive_module",
        Case(Word.OWN_COUNTERS, "Works, but each process counts for itself."),
        _RACY,
        _RACY,
        "tried with httpd 2.4.71; mod_evasive 1.10.1 imports no lock (the race is inferred)",
    ),
    Known(
        "perl_module python_module", _PROCESS, _APPLICATION, _APPLICATION, _TRIED + "; mod_perl 2.0"
    ),
    Known("wsgi_module", _PROCESS, _WSGI, _WSGI, _TRIED + "; modwsgi.readthedocs.io"),
    Known("cgi_module", _PROCESS, _CGI, _CGI, _TRIED + "; manual, mod_cgi and mod_cgid"),
    Known(
        "http2_module",
        _NO_H2,
        _H2_WORKER,
        _H2_EVENT,
        "tried with httpd 2.4.71; h2_c1.c, mod_http2.c",
        (2, 4, 63),
    ),
    Known(
        "http2_module",
        _NO_H2,
        _H2_WORKER,
        _SLOWER_H2,
        "h2_session.c; CHANGES 2.4.27 and 2.4.63",
        (2, 4, 27),
    ),
    Known(
        "http2_module",
        Case(Word.WHOLE_CONNECTION, "Works: each process serves one HTTP/2 connection at a time."),
        _H2_WORKER,
        _SLOWER_H2,
        "h2_session.c; CHANGES 2.4.27",
    ),
    Known(
        "ssl_module",
        WORKS,
        WORKS,
        Case(Word.ASYNC, "Works: only handshake and request hold a worker, keep-alive holds none."),
        "tried with httpd 2.4.71; ssl_engine_io.c",
        (2, 4, 7),
    ),
    Known(
        "ssl_module",
        WORKS,
        WORKS,
        Case(
            Word.HOLDS_THREAD,
            "Up to 2.4.6 a TLS connection holds one worker for its whole life.",
            "Update httpd to 2.4.7 or later.",
        ),
        "ssl_engine_io.c up to 2.4.6 sets clogging_input_filters",
    ),
    Known(
        "proxy_wstunnel_module proxy_connect_module",
        _HELD,
        _HELD,
        _TUNNEL,
        "tried with httpd 2.4.71; no bundled module but mod_dialup suspends a connection",
    ),
    Known(
        "proxy_module proxy_http_module proxy_balancer_module proxy_ajp_module proxy_fcgi_module "
        "proxy_scgi_module proxy_uwsgi_module proxy_ftp_module proxy_http2_module "
        "proxy_express_module cgid_module fcgid_module authnz_fcgi_module",
        WORKS,
        WORKS,
        _STREAMS,
        _OUTPUT,
    ),
    Known(
        "include_module deflate_module brotli_module substitute_module sed_module "
        "proxy_html_module xml2enc_module ext_filter_module charset_lite_module "
        "ratelimit_module",
        WORKS,
        WORKS,
        _FILTERS,
        _OUTPUT,
    ),
    Known(
        "pagespeed_module",
        WORKS,
        WORKS,
        _FILTERS,
        "apache_mpm_detection.cc sizes its pools by the MPM; read, not run",
    ),
    Known(
        "dialup_module",
        WORKS,
        WORKS,
        Case(Word.ASYNC, "Works: a delayed response holds no worker."),
        "mod_dialup.c",
    ),
    Known("file_cache_module", WORKS, WORKS, WORKS, _TRIED, (2, 4, 68)),
    Known("file_cache_module", WORKS, _MMAP, _MMAP, "CHANGES 2.4.68"),
    Known(
        "security2_module auth_mellon_module auth_openidc_module auth_gssapi_module jk_module "
        "dav_svn_module authz_svn_module xsendfile_module uwsgi_module upload_progress_module "
        "geoip_module authnz_external_module authnz_pam_module lookup_identity_module "
        "tile_module rpaf_module removeip_module",
        WORKS,
        _STARTS,
        _STARTS,
        _TRIED,
    ),
    Known(
        "bw_module auth_tkt_module encoding_module lisp_module auth_plain_module "
        "authn_sasl_module authz_unixgroup_module form_module intercept_form_submit_module "
        "ldap_userdir_module mime_xattr_module",
        _PROCESS,
        _LOADS,
        _LOADS,
        _TRIED,
    ),
    Known(
        "passenger_module mod_shib shib_module auth_cas_module apparmor_module log_sql_module",
        _UNTRIED,
        _UNTRIED,
        _UNTRIED,
        _TRIED + ", without what it needs to serve",
    ),
    Known("qos_module", _QOS, _QOS, _QOS, _TRIED),
)

# Shipped with httpd and without a remark above; the identifier is the stem and "_module".
_STEMS = """
access_compat actions alias allowmethods asis auth_basic auth_digest auth_form authn_anon
authn_core authn_dbd authn_dbm authn_file authn_socache authnz_ldap authz_core authz_dbd
authz_dbm authz_groupfile authz_host authz_owner authz_user autoindex bucketeer buffer cache
cache_disk cache_socache case_filter case_filter_in cern_meta core data dav dav_fs dav_lock dbd
dir dumpio echo env example_hooks example_ipc expires filter headers heartbeat heartmonitor http
ident imagemap info lbmethod_bybusyness lbmethod_byrequests lbmethod_bytraffic
lbmethod_heartbeat ldap log_config log_debug log_forensic logio lua macro md mime mime_magic
negotiation optional_fn_export optional_fn_import optional_hook_export optional_hook_import
privileges proxy_fdpass proxy_hcheck reflector remoteip reqtimeout request rewrite session
session_cookie session_crypto session_dbd setenvif slotmem_plain slotmem_shm so socache_dbm
socache_dc socache_memcache socache_redis socache_shmcb speling status suexec systemd unique_id
unixd userdir usertrack version vhost_alias watchdog
"""
BUNDLED = frozenset(_STEMS.split())
BUNDLED_SOURCE = "tried with httpd 2.4.71; manual, mpm event: bundled modules are compatible"
