"""What a directive does when it is said more than once: the rows, by the function that does it.

Read in the modules of 2.4. A directive without a row takes the last value; see ``merging``.
Names joined by ``+`` share one list, called by the first of them.
"""

from __future__ import annotations

# Modules with a configuration for directories, or for servers, but no function to merge it: what
# the table of modules of a 2.4.71 shows, all its modules loaded.
NO_DIRECTORY_MERGE = (
    "mod_access_compat mod_auth_digest mod_authn_anon mod_authn_dbm mod_authn_file mod_authnz_ldap"
    " mod_authz_dbm mod_authz_groupfile mod_authz_user mod_cgi mod_cgid mod_deflate mod_dialup"
    " mod_logio mod_sed mod_speling mod_usertrack util_ldap"
)
# What these take inside of a directory, they keep for the server all the same.
NO_DIRECTORY = "mod_md mod_proxy_express mod_proxy_hcheck"
NO_SERVER_MERGE = (
    "mod_brotli mod_bucketeer mod_cache_disk mod_case_filter mod_case_filter_in mod_deflate"
    " mod_dumpio mod_echo mod_ext_filter mod_file_cache mod_heartbeat mod_heartmonitor"
    " mod_include mod_lua mod_proxy_hcheck mod_session_crypto mod_so mod_socache_memcache"
    " mod_socache_redis mod_suexec mod_usertrack"
)

# Both a server and a directory of it can hold these, and one does not replace the other.
APART = (
    "redirect rewriteengine rewriteoptions rewriterule rewritebase rewritemap proxypass setenvif"
)

# Function → kind → names.
ROWS: dict[str, dict[str, str]] = {
    "core.c: merge_core_dir_configs": {
        "SIGNS": "options fileetag",
        "KEY": "errordocument cgivar",
    },
    "core.c: merge_core_server_configs": {
        "KEY": "httpprotocoloptions errorlogformat acceptfilter",
        "LIST": "protocols",
    },
    "core.c: server_rec, ap_init_virtual_host": {"OWN": "servername serveralias serverpath"},
    "log.c: ap_merge_log_config": {"KEY": "loglevel"},
    "listen.c: ap_set_listener": {"EVERY": "listen"},
    "core.c: for the whole httpd": {"EVERY": "mutex registerhttpmethod"},
    "while reading": {
        "EVERY": "define undefine error include includeoptional loadmodule loadfile use undefmacro"
    },
    "mod_authz_core.c: merge_authz_core_dir_config": {"ACCESS": "require+authmerging"},
    "mod_auth_basic.c: merge_auth_basic_dir_config": {"LIST": "authbasicprovider"},
    "mod_auth_form.c: merge_auth_form_dir_config": {"LIST": "authformprovider"},
    "mod_authn_socache.c: directory merge": {"LIST": "authncacheprovidefor"},
    "mod_allowmethods.c: directory merge": {"LIST": "allowmethods"},
    "no merge function": {
        "LIST": (
            "allow deny anonymous authdigestprovider authdigestdomain authdigestqop"
            " authldapgroupattribute authldapsubgroupattribute authldapsubgroupclass"
        ),
        "EVERY": (
            "extfilterdefine proxyhcexpr proxyhctemplate cachefile mmapfile ldaptrustedclientcert"
            " luaauthzprovider"
        ),
        "KEY": "deflatefilternote brotlifilternote",
    },
    "mod_alias.c: merge_alias_config": {"FIRST": "alias+aliasmatch+scriptalias+scriptaliasmatch"},
    "mod_alias.c: merge_alias_config, merge_alias_dir_config": {
        "FIRST": "redirect+redirectmatch+redirecttemp+redirectpermanent",
    },
    "mod_rewrite.c: config_server_merge, config_perdir_merge": {
        "RULES": "rewriterule+rewritecond rewritemap rewritebase",
        "LIST": "rewriteoptions",
    },
    "mod_userdir.c: server merge": {"KEY": "userdir"},
    "mod_vhost_alias.c: server merge": {
        "LAST": "virtualdocumentroot+virtualdocumentrootip virtualscriptalias+virtualscriptaliasip",
    },
    "mod_dir.c: merge_dir_configs": {"LIST": "directoryindex"},
    "mod_actions.c: merge_action_dir_configs": {"KEY": "action script"},
    "mod_mime.c: merge_mime_dir_configs": {
        "KEY": (  # a Remove sets the key to nothing
            "addtype+removetype addhandler+removehandler addencoding+removeencoding"
            " addlanguage+removelanguage addcharset+removecharset"
            " addinputfilter+removeinputfilter addoutputfilter+removeoutputfilter"
        ),
        "LIST": "multiviewsmatch",
    },
    "mod_negotiation.c: merge_neg_dir_configs": {"LIST": "languagepriority forcelanguagepriority"},
    "mod_autoindex.c: merge_autoindex_configs": {
        "SIGNS": "indexoptions",
        "FIRST": (
            "adddescription addicon addiconbytype addiconbyencoding addalt addaltbytype"
            " addaltbyencoding"
        ),
        "EVERY": "indexignore",
    },
    "mod_charset_lite.c: directory merge": {"LIST": "charsetoptions"},
    "mod_headers.c: merge_headers_config": {"EVERY": "header requestheader"},
    "mod_env.c: merge_env_dir_configs": {"KEY": "setenv+unsetenv+passenv"},
    "mod_setenvif.c: merge_setenvif_config": {
        "EVERY": "setenvif+setenvifnocase+setenvifexpr+browsermatch+browsermatchnocase",
    },
    "mod_expires.c: merge_expires_dir_configs": {"KEY": "expiresbytype"},
    "mod_reflector.c: directory merge": {"KEY": "reflectorheader"},
    "mod_filter.c: filter_merge": {
        "EVERY": (
            "addoutputfilterbytype filterchain filterdeclare filterprovider filterprotocol"
            " filtertrace"
        ),
    },
    "mod_substitute.c: directory merge": {"EVERY": "substitute"},
    "mod_proxy_html.c: directory merge": {
        "EVERY": "proxyhtmlurlmap",
        "LIST": "proxyhtmllinks proxyhtmlevents proxyhtmlfixups",
    },
    "mod_xml2enc.c: directory merge": {"LIST": "xml2startparse"},
    "mod_xml2enc.c: for the whole httpd": {"EVERY": "xml2encalias"},
    "mod_proxy.c: merge_proxy_config, merge_proxy_dir_config": {
        "OUTER_FIRST": "proxypass+proxypassmatch proxyremote+proxyremotematch",
        "EVERY": "balancermember proxyset noproxy proxyblock",
    },
    "mod_proxy.c: merge_proxy_dir_config": {
        "EVERY": "proxypassreverse proxypassreversecookiedomain proxypassreversecookiepath",
        "LIST": "proxyerroroverride",
    },
    "mod_proxy_connect.c: server merge": {"EVERY": "allowconnect"},
    "mod_proxy_fcgi.c: directory merge": {"EVERY": "proxyfcgisetenvif"},
    "mod_remoteip.c: merge_remoteip_server_config": {
        "LIST": (
            "remoteipinternalproxy+remoteipinternalproxylist+remoteiptrustedproxy"
            "+remoteiptrustedproxylist"
        ),
        "EVERY": "remoteipproxyprotocolexceptions",
    },
    "mod_reqtimeout.c: server merge": {"KEY": "requestreadtimeout"},
    "mod_cache.c: merge_cache_config": {
        "EVERY": "cacheenable cachedisable",
        "LIST": "cacheignoreheaders cacheignoreurlsessionidentifiers",
    },
    "mod_session.c: merge_session_dir_config": {"EVERY": "sessioninclude sessionexclude"},
    "mod_session_crypto.c: directory merge": {"LIST": "sessioncryptopassphrase"},
    "mod_log_config.c: merge_config_log_state, multi_log_transaction": {
        "KEY": "logformat",
        "LIST": "customlog+transferlog",
        "EVERY": "globallog",
    },
    "mod_log_debug.c: directory merge": {"EVERY": "logmessage"},
    "mod_info.c: server merge": {"EVERY": "addmoduleinfo"},
    "ssl_engine_config.c: ssl_config_perdir_merge": {
        "SIGNS": "ssloptions",
        "EVERY": "sslrequire",
    },
    "ssl_engine_config.c: ssl_config_server_merge": {
        "KEY": "sslciphersuite sslproxyciphersuite",
        "LIST": "sslcertificatefile sslcertificatekeyfile",
        "EVERY": "sslopensslconfcmd sslrandomseed",
    },
    "h2_config.c: h2_config_merge, h2_config_merge_dir": {
        "EVERY": "h2pushresource h2earlyhint",
        "KEY": "h2pushpriority",
    },
    "mod_md_config.c: md_config_merge": {
        "EVERY": "mdomain mdmember mdmembers",
        "LIST": (
            "mdcachallenges mdprivatekeys mdcertificateauthority mdcertificatefile"
            " mdcertificatekeyfile"
        ),
    },
    "mod_dbd.c: merge_dbd_config": {"KEY": "dbdpreparesql", "EVERY": "dbdinitsql"},
    "util_ldap.c: server merge": {"EVERY": "ldaptrustedglobalcert"},
    "mod_lua.c: merge_dir_config": {
        "EVERY": (
            "luahookaccesschecker luahookauthchecker luahookcheckuserid luahookfixups"
            " luahookinsertfilter luahooklog luahookmaptostorage luahookpretranslatename"
            " luahooktranslatename luahooktypechecker luaquickhandler luamaphandler"
            " luainputfilter luaoutputfilter luapackagepath luapackagecpath"
        ),
    },
}
