"""Configurations that start: nothing of them may be refused. Marks as in the failing ones."""

from __future__ import annotations

from mpmtune.model.server import Mpm
from tests.live.failing_configurations import Tried

_TLS = """\
Listen 127.0.0.1:{tls}
<VirtualHost 127.0.0.1:{tls}>
    ServerName localhost
    SSLEngine on
    SSLCertificateFile {root}/made/a.pem
    SSLCertificateKeyFile {root}/made/a.key
    %s
</VirtualHost>"""
_BALANCER = """\
<Proxy balancer://b>
    BalancerMember http://127.0.0.1:9
</Proxy>
ProxyPass /b balancer://b"""

_TEXTS = (
    ("nothing more", "", ()),
    ("fewer children", "StartServers 1", ()),
    ("a small pool", "MaxRequestWorkers 25", ()),
    ("a long backlog", "ListenBacklog 4096", ()),
    ("a second port", "Listen 127.0.0.1:{tls}", ()),
    ("a port for every address", "Listen {tls}", ()),
    ("a port of IPv6", "Listen [::1]:{tls}", ()),
    ("a port with its protocol", "Listen 127.0.0.1:{tls} http", ()),
    ("a new error log", "ErrorLog {root}/other.log", ()),
    ("an error log in a pipe", 'ErrorLog "|/bin/cat"', ()),
    ("an access log in a pipe", 'CustomLog "|/bin/cat" common', ()),
    ("an access log in a shell", 'CustomLog "|$cat > /dev/null" common', ()),
    ("a log to nowhere", "CustomLog /dev/null common", ()),
    ("buffered logs", "BufferedLogs on\nCustomLog {root}/access.log common", ()),
    ("another pid file", "PidFile {root}/other.pid", ()),
    ("a virtual host", "<VirtualHost *:{port}>\nServerName example.test\n</VirtualHost>", ()),
    ("everything denied", "<Location />\nRequire all denied\n</Location>", ()),
    ("no methods but GET",
     "<Directory />\n<LimitExcept GET>\nRequire all denied\n</LimitExcept>\n</Directory>", ()),
    ("no keep-alive", "KeepAlive Off\nTimeout 5", ()),
    ("media types", "TypesConfig /etc/mime.types", ("mime",)),
    ("rewriting", "RewriteEngine on\nRewriteRule ^/a$ /b [R]", ("rewrite",)),
    ("a rewriting program", "RewriteEngine on\nRewriteMap m prg:/bin/cat", ("rewrite",)),
    ("a balancer", _BALANCER,
     ("proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests", "slotmem_shm")),
    ("everything passed on", "ProxyPass / http://127.0.0.1:9/", ("proxy", "proxy_http")),
    ("headers", "Header set X-A b", ("headers",)),
    ("a forensic log", "ForensicLog {root}/forensic.log", ("log_forensic",)),
    ("a status page", "<Location /s>\nSetHandler server-status\n</Location>", ("status",)),
    ("request time-outs", "RequestReadTimeout header=10 body=10", ("reqtimeout",)),
    ("TLS", _TLS % "", ("ssl", "socache_shmcb")),
    ("TLS 1.3 alone", _TLS % "SSLProtocol TLSv1.3", ("ssl", "socache_shmcb")),
    ("TLS with a session cache", _TLS % "" + "\nSSLSessionCache shmcb:{root}/c(512000)",
     ("ssl", "socache_shmcb")),
    ("TLS with certificates of clients",
     _TLS % "SSLVerifyClient require\n    SSLCACertificateFile {root}/made/a.pem",
     ("ssl", "socache_shmcb")),
    ("TLS on the first port",
     "SSLEngine on\nSSLCertificateFile {root}/made/a.pem\nSSLCertificateKeyFile {root}/made/a.key",
     ("ssl", "socache_shmcb")),
    ("user directories", "UserDir public_html", ("userdir",)),
)  # fmt: skip

SOUND = tuple(Tried(name, text, modules, mpm) for name, text, modules in _TEXTS for mpm in Mpm)
