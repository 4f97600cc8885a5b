"""Modules that httpd does not ship, told by the names of their directives."""

from __future__ import annotations

import re

# Each prefix is compared folded; those of httpd's own directives are asked for first by callers.
_PREFIXES = {
    "addexternalauth": "mod_authnz_external",
    "assignuserid": "mpm_itk",
    "auth_mysql": "mod_auth_mysql",
    "authkerb": "mod_auth_kerb",
    "authmysql": "mod_auth_mysql",
    "authpam": "mod_authnz_pam",
    "authzsvn": "mod_authz_svn",
    "cas": "mod_auth_cas",
    "cloudflare": "mod_cloudflare",
    "defineexternal": "mod_authnz_external",
    "dos": "mod_evasive",
    "fastcgi": "mod_fastcgi",
    "fcgi": "mod_fcgid",
    "geoip": "mod_geoip",
    "gssapi": "mod_auth_gssapi",
    "jk": "mod_jk",
    "krb": "mod_auth_kerb",
    "maxconnperip": "mod_limitipconn",
    "maxminddb": "mod_maxminddb",
    "mellon": "mod_auth_mellon",
    "modpagespeed": "mod_pagespeed",
    "mod_gzip": "mod_gzip",
    "mono": "mod_mono",
    "oidc": "mod_auth_openidc",
    "pagespeed": "mod_pagespeed",
    "passenger": "mod_passenger",
    "perl": "mod_perl",
    "php_": "mod_php",
    "phpinidir": "mod_php",
    "python": "mod_python",
    "qs_": "mod_qos",
    "rails": "mod_passenger",
    "rmode": "mod_ruid2",
    "rpaf": "mod_rpaf",
    "ruidgid": "mod_ruid2",
    "sec": "mod_security2",
    "shib": "mod_shib",
    "suphp": "mod_suphp",
    "svn": "mod_dav_svn",
    "tkt": "mod_auth_tkt",
    "weblogic": "mod_wl",
    "websphere": "mod_was",
    "wsgi": "mod_wsgi",
    "xsendfile": "mod_xsendfile",
}
_FOREIGN = re.compile("|".join(f"({re.escape(prefix)})" for prefix in _PREFIXES))
_MODULES = tuple(_PREFIXES.values())


def module_of(folded: str) -> str:
    """Name the module that a directive is probably of; empty when nothing is known of it.

    Args:
        folded: The folded name of a directive that httpd does not have, bracket and all.
    """
    match = _FOREIGN.match(folded.lstrip("<"))
    return _MODULES[match.lastindex - 1] if match and match.lastindex else ""
