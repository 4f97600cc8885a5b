"""Configuration texts and httpd's judgement on them, under event; asked of the real one too."""

# As httpd must have them loaded, and in this order.
MODULES = ("authz_core", "authn_core", "alias", "proxy", "ssl", "mime", "autoindex", "md")

UNKNOWN = (
    "Invalid command '{}', perhaps misspelled or defined by a module not included in the server"
    " configuration"
)

# fmt: off
REFUSED = [
    ("Nonsense x", UNKNOWN.format("Nonsense")),
    ("MinSpareServers 5", UNKNOWN.format("MinSpareServers")),
    ("<Nonsense>\n</Nonsense>", UNKNOWN.format("<Nonsense")),
    ("<Proxy2 *>\n</Proxy2>", UNKNOWN.format("<Proxy2")),
    ("EnableExceptionHook On", UNKNOWN.format("EnableExceptionHook")),
    ("StartServers", ("StartServers takes one argument, Number of child processes launched at"
     " server startup")),
    ("startservers 5 # five", ("StartServers takes one argument, Number of child processes"
     " launched at server startup")),
    ("KeepAlive yes", "KeepAlive must be On or Off"),
    ("ListenBacklog 0", "ListenBacklog must be > 0"),
    ("AllowOverride None", "AllowOverride not allowed here"),
    ("<Limit GET>\n</Limit>", "<Limit not allowed here"),
    ("<virtualhost *>\nAuthType Basic\n</virtualhost>",
     "AuthType not allowed in <VirtualHost> context"),
    ("<Directory /x>\nMaxClients 5\n</Directory>",
     "MaxClients not allowed in <Directory> context"),
    ("<If true>\nDocumentRoot /x\n</If>", "DocumentRoot not allowed in <If> context"),
    ("<VirtualHost *>\nServerLimit 5\n</VirtualHost>",
     "ServerLimit cannot occur within <VirtualHost> section"),
    ("<VirtualHost *>\n<VirtualHost *>\n</VirtualHost>\n</VirtualHost>",
     "<VirtualHost> cannot occur within <VirtualHost> section"),
    ("<LocationMatch x>\n<Files y>\n</Files>\n</LocationMatch>",
     "<Files> cannot occur within <LocationMatch> section"),
    ("<Location />\n<Limit GET>\n<If true>\n</If>\n</Limit>\n</Location>",
     "<If> cannot occur within <Limit> or <LimitExcept> section"),
    ("<Directory /x>\n<RequireAll>\n<If true>\n</If>\n</RequireAll>\n</Directory>",
     "<If> cannot occur within <Limit> or <LimitExcept> section"),
    ("<Directory /x>\n<RequireAll>\nOptions None\n</RequireAll>\n</Directory>",
     "Options not allowed in <RequireAll> context"),
    ("<DirectoryMatch x>\nProxyPass /a http://b/\n</DirectoryMatch>",
     "ProxyPass cannot occur within <DirectoryMatch> section"),
    ("<AuthnProviderAlias file x>\nOptions None\n</AuthnProviderAlias>",
     "Options not allowed in <AuthnProviderAlias> context"),
    ("<Directory /x>\nAlias /a /b\n</Directory>",
     "Alias cannot occur within directory context"),
    ("<Directory /x>\nAlias /b\n</Directory>",
     "Alias cannot occur within <Directory> section"),
    ("<Location />\n<Limit GET>\nAlias /a /b\n</Limit>\n</Location>",
     "Alias cannot occur within <Limit> or <LimitExcept> section"),
    ("ScriptAlias /b", "Alias must have two arguments when used globally"),
    ("ServerAlias x", "ServerAlias only used in <VirtualHost>"),
    ("Error 'stop it'", "stop it"),
    ("Error stop it", "stop it"),
    ("Error", "The Error directive was used with no message."),
    ("Port 80", "Port was replaced with Listen in Apache 2.0"),
    ("FancyIndexing On",
     "The FancyIndexing directive is no longer supported. Use IndexOptions FancyIndexing."),
    ("SSLLog x", "SSLLog directive is no longer supported - use ErrorLog."),
    ("SSLLogLevel x", "SSLLogLevel directive is no longer supported - use LogLevel."),
    ("Mutex default mpm-accept", "Mutex type mpm-accept is not valid"),
]
# fmt: on

TAKEN = [
    "",
    "MaxRequestWorkers 5K",
    'StartServers "5"',
    "KeepAlive On # on",
    "<VirtualHost *>\nServerAlias a b\nKeepAliveTimeout 5\n</VirtualHost>",
    "<Directory /x>\nOptions None\nAllowOverride None\nRequire all granted\n</Directory>",
    "<Directory /x>\n<Files y>\n<If true>\nAuthType Basic\n</If>\n</Files>\n</Directory>",
    "<Location />\nAlias /b\nProxyPass http://b/\n</Location>",
    (
        "<VirtualHost *>\n<Directory /x>\n<Limit GET>\nRequire all denied\n</Limit>\n</Directory>\n"
        "</VirtualHost>"
    ),
    "<Proxy balancer://x>\nBalancerMember http://b/\n</Proxy>",
    "<AuthnProviderAlias file x>\nAuthType Basic\nAllowOverride None\n</AuthnProviderAlias>",
    "<MDomainSet a.example>\nStartServers 3\n</MDomainSet>",
    "Alias /a /b\nAlias '/a' \"/b\"",
    "DocumentRoot /nowhere",
    "SSLCertificateFile /nowhere",
    "CoreDumpDirectory /nowhere",
]
