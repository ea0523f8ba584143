"""Secrets in lines that are otherwise taken as they come: users, SNMP, AAA, routing protocols, first hops, PPP."""

from __future__ import annotations

_VALUE = "[<encoding:digit>] <secret:secret>"

USERNAME = (
    f"username <name> [<options:words>] {{kind:password|secret}} {_VALUE}",
    f"username <name> {{kind:password|secret}} {_VALUE}",
)
ENABLE = (f"enable {{kind:secret|password}} [level <level:num>] {_VALUE}",)
SNMP = (
    "snmp-server community <secret:secretword> [<rest:text>]",
    "snmp-server host <host> [vrf <vrf>] [{trap:traps|informs}] version 3 {level:auth|noauth|priv} <secret:secretword> "
    "[<rest:text>]",
    "snmp-server host <host> [vrf <vrf>] [{trap:traps|informs}] [version {version:1|2c}] <secret:secretword> [<rest:text>]",
    "snmp-server user <user> <group> [<options:words>] auth <algorithm> <secret:secret>",
)
SNMP_MIB = ("snmp mib community-map <secret:secretword> [<rest:text>]",)
RMON = ("rmon event <number:num> [log] trap <secret:secretword> [<rest:text>]",)
TACACS = (f"tacacs-server key {_VALUE}", f"tacacs-server host <host> [<options:words>] key {_VALUE}")
RADIUS = (f"radius-server key {_VALUE}", f"radius-server host <host> [<options:words>] key {_VALUE}")
AAA_GROUP = (f"server-private <host> [<options:words>] key {_VALUE}", f"server-private <host> key {_VALUE}")
NTP = (f"ntp authentication-key <number:num> md5 {_VALUE}",)
KERBEROS = ("kerberos srvtab entry <secret:secret>",)
LICENSE = ("license smart register idtoken <secret:secret>",)
IP = (f"ip ftp password {_VALUE}", f"ip http client password {_VALUE}")
CHAT_SCRIPT = ("chat-script <name> <secret:secret>",)
KEY_FILES = (
    "crypto key {way:export|import} rsa <label> pem <secret:secret>",
    "crypto key <options:words> passphrase <secret:secret>",
)
PKI_FILES = ("crypto {pki:pki|ca} {way:export|import} <name> {kind:pem|pkcs12} <secret:secret>",)

FIRST_HOP = (
    f"{{protocol:standby|vrrp|glbp}} [<group:num>] authentication md5 key-string {_VALUE}",
    "{protocol:standby|vrrp|glbp} [<group:num>] authentication [text] <secret:secret>",
)
OSPF = (f"ip ospf authentication-key {_VALUE}", f"ip ospf message-digest-key <number:num> md5 {_VALUE}")
OSPF_IPV6 = ("ipv6 ospf {what:authentication|encryption} ipsec spi <number:num> <secret:secret>",)
ISIS = ("isis password <secret:secret>",)
PPP = (f"ppp chap password {_VALUE}", f"ppp pap sent-username <name> password {_VALUE}")
CTS = ("cts sap pmk <secret:secret>",)
EIGRP = ("authentication mode hmac-sha-256 <secret:secret>",)
PPK = (f"ppk manual id <id> key {_VALUE}",)
SESSION_KEY = ("set session-key <secret:secret>",)
SESSION_WAYS, SESSION_KEYS, SESSION_PROTOCOLS = ("inbound", "outbound"), ("cipher", "authenticator"), ("ah", "esp")

USER_OPTIONS = (
    "privilege view access-class common-criteria-policy algorithm-type aaa dnis nopassword level",
    "password secret masked-secret autocommand one-time callback-dialstring callback-line callback-rotary user-maxlinks "
    "noescape nohangup nocallback-verify serial-number mac last-resort lawful-intercept privilege description",
)
"""What may follow the name of a user, or ``enable``: options with a value, and what else is no secret misspelt."""
