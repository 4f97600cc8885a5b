"""Distributions of httpd: what must be assumed of one that cannot be asked.

Paths and compiled-in modules follow each package's build recipe; Debian 12 was compared with its
binary. Versions are those of the newest package known, and ``--httpd-version`` says otherwise.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.config import Target
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

LATEST = (2, 4, 71)

# Identifiers without their "_module".
_UPSTREAM = (
    "access_compat actions alias allowmethods asis auth_basic auth_digest auth_form authn_anon"
    " authn_core authn_dbd authn_dbm authn_file authn_socache authnz_fcgi authnz_ldap authz_core"
    " authz_dbd authz_dbm authz_groupfile authz_host authz_owner authz_user autoindex brotli buffer"
    " cache cache_disk cache_socache cern_meta cgi cgid charset_lite core data dav dav_fs dav_lock"
    " dbd deflate dialup dir dumpio echo env expires ext_filter file_cache filter headers heartbeat"
    " heartmonitor http http2 ident imagemap include info lbmethod_bybusyness lbmethod_byrequests"
    " lbmethod_bytraffic lbmethod_heartbeat ldap log_config log_debug log_forensic logio lua macro"
    " md mime mime_magic mpm_event mpm_prefork mpm_worker negotiation proxy proxy_ajp"
    " proxy_balancer proxy_connect proxy_express proxy_fcgi proxy_fdpass proxy_ftp proxy_hcheck"
    " proxy_html proxy_http proxy_http2 proxy_scgi proxy_uwsgi proxy_wstunnel ratelimit reflector"
    " remoteip reqtimeout request rewrite sed session session_cookie session_crypto session_dbd"
    " setenvif slotmem_plain slotmem_shm so socache_dbm socache_memcache socache_redis"
    " socache_shmcb speling ssl status substitute suexec unique_id unixd userdir usertrack version"
    " vhost_alias watchdog xml2enc"
)
_DEBIAN_MORE = " bucketeer case_filter case_filter_in"
_REDHAT_MORE = (
    " optional_fn_export optional_fn_import optional_hook_export optional_hook_import systemd"
)

# Source files that do not follow the pattern mod_NAME.c.
_SOURCES = {
    "core_module": "core.c",
    "http_module": "http_core.c",
    "ldap_module": "util_ldap.c",
    "mod_shib": "mod_shib.cpp",
    "mpm_event_module": "event.c",
    "mpm_itk_module": "mpm_itk.c",
    "mpm_prefork_module": "prefork.c",
    "mpm_worker_module": "worker.c",
}

_DEBIAN_STATIC = "core so watchdog http log_config logio version unixd"
_USUAL_STATIC = "core so http"

# /etc/apache2/envvars, as the package installs it.
_DEBIAN_ENVIRONMENT = {
    "APACHE_RUN_USER": "www-data",
    "APACHE_RUN_GROUP": "www-data",
    "APACHE_PID_FILE": "/var/run/apache2/apache2.pid",
    "APACHE_RUN_DIR": "/var/run/apache2",
    "APACHE_LOCK_DIR": "/var/lock/apache2",
    "APACHE_LOG_DIR": "/var/log/apache2",
    "LANG": "C",
}


def source_of(identifier: str) -> str:
    """Give the source file by which ``<IfModule>`` finds a module: ``mod_ssl.c``, ``event.c``."""
    known = _SOURCES.get(identifier)
    if known is not None:
        return known
    if identifier.endswith("_module"):
        return f"mod_{identifier.removesuffix('_module')}.c"
    return f"{identifier}.c"


class _Layout(NamedTuple):
    """Where a family of packages puts things, and what it compiles in."""

    binary: str
    server_root: str
    conf: str
    static: str
    modules: str = _UPSTREAM
    defines: tuple[str, ...] = ()
    environment: Mapping[str, str] = MappingProxyType({})


_DEBIAN = _Layout(
    "/usr/sbin/apache2",
    "/etc/apache2",
    "/etc/apache2/apache2.conf",
    _DEBIAN_STATIC,
    _UPSTREAM + _DEBIAN_MORE,
    environment=MappingProxyType(_DEBIAN_ENVIRONMENT),
)
_REDHAT = _Layout(
    "/usr/sbin/httpd",
    "/etc/httpd",
    "/etc/httpd/conf/httpd.conf",
    _USUAL_STATIC,
    _UPSTREAM + _REDHAT_MORE,
)
_ALPINE = _Layout("/usr/sbin/httpd", "/var/www", "/etc/apache2/httpd.conf", _USUAL_STATIC)
_OPENSUSE = _Layout(
    "/usr/sbin/httpd",
    "/etc/apache2",
    "/etc/apache2/httpd.conf",
    # One binary for each MPM.
    _USUAL_STATIC + " mpm_prefork unixd systemd",
    _UPSTREAM + " systemd",
    ("SYSCONFIG",),
)
_FREEBSD = _Layout(
    "/usr/local/sbin/httpd", "/usr/local", "/usr/local/etc/apache24/httpd.conf", _USUAL_STATIC
)
_SOURCE_SHARED = _Layout(
    "/usr/local/apache2/bin/httpd",
    "/usr/local/apache2",
    "/usr/local/apache2/conf/httpd.conf",
    _USUAL_STATIC,
)
# configure without --enable-mpms-shared links the MPM in.
_SOURCE = _Layout(
    "/usr/local/apache2/bin/httpd",
    "/usr/local/apache2",
    "/usr/local/apache2/conf/httpd.conf",
    _USUAL_STATIC + " mpm_event",
)
_CPANEL = _Layout("/usr/sbin/httpd", "/etc/apache2", "/etc/apache2/conf/httpd.conf", _USUAL_STATIC)
_BITNAMI = _Layout(
    "/opt/bitnami/apache/bin/httpd",
    "/opt/bitnami/apache",
    "/opt/bitnami/apache/conf/httpd.conf",
    _USUAL_STATIC,
)


def _target(
    name: str, layout: _Layout, version: tuple[int, int, int], mpm: Mpm = Mpm.EVENT
) -> Target:
    static = tuple(f"{module}_module" for module in layout.static.split())
    known = (f"{module}_module" for module in layout.modules.split())
    return Target(
        name=name,
        version=version,
        binary=layout.binary,
        server_root=layout.server_root,
        conf=layout.conf,
        modules=MappingProxyType({module: source_of(module) for module in (*static, *known)}),
        static=static,
        defines=layout.defines,
        environment=layout.environment,
        mpm=mpm,
    )


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        target.name: target
        for target in (
            _target("debian-12", _DEBIAN, LATEST),
            _target("debian-13", _DEBIAN, LATEST),
            _target("ubuntu-22.04", _DEBIAN, (2, 4, 52)),
            _target("ubuntu-24.04", _DEBIAN, (2, 4, 58)),
            _target("rhel-8", _REDHAT, (2, 4, 37)),
            _target("rhel-9", _REDHAT, (2, 4, 62)),
            _target("rhel-10", _REDHAT, (2, 4, 63)),
            _target("fedora", _REDHAT, LATEST),
            _target("alpine", _ALPINE, LATEST, Mpm.PREFORK),
            _target("opensuse", _OPENSUSE, LATEST, Mpm.PREFORK),
            _target("freebsd", _FREEBSD, LATEST, Mpm.PREFORK),
            _target("docker-httpd", _SOURCE_SHARED, LATEST),
            _target("cpanel-ea4", _CPANEL, LATEST, Mpm.PREFORK),
            _target("bitnami", _BITNAMI, LATEST),
            _target("source", _SOURCE, LATEST),
        )
    }
)

_SAME_AS_RHEL = frozenset({"rhel", "rocky", "almalinux", "alma", "centos", "ol", "oracle"})
_SUSE = frozenset({"opensuse", "opensuse-leap", "opensuse-tumbleweed", "sles", "suse"})


def find_target(name: str) -> Target | None:
    """Find a target by name; ``rocky-9`` and its like are rhel-9, and ``sles-15`` is opensuse."""
    folded = name.lower()
    family, _, release = folded.rpartition("-")
    if family in _SAME_AS_RHEL:
        folded = f"rhel-{release}"
    elif folded in _SUSE or family in _SUSE:
        folded = "opensuse"
    return TARGETS.get(folded)


def target_of_system(identifier: str, version: str, like: tuple[str, ...]) -> Target | None:
    """Choose by os-release: its ID and VERSION_ID, then what ID_LIKE names.

    A release that is not in the table gets the nearest older one of its family, or the oldest.
    """
    for family in (identifier, *like):
        target = _by_family(family, version if family == identifier else "")
        if target is not None:
            return target
    return None


def _by_family(family: str, version: str) -> Target | None:
    if family in _SUSE:
        return TARGETS["opensuse"]
    if family in TARGETS:
        return TARGETS[family]
    prefix = "rhel-" if family in _SAME_AS_RHEL else f"{family}-"
    releases = [name for name in TARGETS if name.startswith(prefix) and name[-1].isdigit()]
    if not releases:
        return None
    wanted = _release(version)
    older = [name for name in releases if _release(name.removeprefix(prefix)) <= wanted]
    return TARGETS[older[-1] if older else releases[0 if wanted else -1]]


def _release(version: str) -> tuple[int, ...]:
    """Make releases comparable: 9.4 is no older than 9, and 22.10 stands between 22.04 and 24.04."""
    return tuple(int(part) for part in version.split(".") if part.isascii() and part.isdigit())
