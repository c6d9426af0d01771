#!/bin/sh
# Records Exim's main log: mail from outside, submission with good and bad passwords, a refused relay,
# a delivery that waits, one that fails. Usage: exim.sh FOLDER    (root; package exim4-daemon-light,
# python3). Recorded with Exim 4.96-15+deb12u10 of Debian 12.
set -eu
out=$(realpath "$1")
exim=$(command -v exim4)
work=/tmp/recording
rm -rf "$work"
mkdir -p "$work/spool" "$work/log"
cat >"$work/exim.conf" <<CONF
primary_hostname = mail.example.org
spool_directory = $work/spool
log_file_path = $work/log/%s
log_selector = +smtp_protocol_error +incoming_port +subject +sender_on_delivery
local_interfaces = 127.0.0.1
daemon_smtp_ports = 38025
never_users =
keep_environment =
tls_advertise_hosts =
deliver_drop_privilege
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = rcpt
acl_smtp_mail = accept
acl_smtp_data = accept
begin acl
rcpt:
  accept authenticated = *
  accept domains = example.com : wait.example : fail.example
  deny message = relay not permitted
begin routers
waits:
  driver = redirect
  domains = wait.example
  allow_defer
  data = :defer: remote host is down
fails:
  driver = redirect
  domains = fail.example
  allow_fail
  data = :fail: no such mailbox
all:
  driver = accept
  transport = drop
begin transports
drop:
  driver = appendfile
  file = $work/log/mailbox
  user = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{\$auth3}{good}}
  server_set_id = \$auth2
CONF
touch "$work/log/main"
chown -R Debian-exim:Debian-exim "$work/spool" "$work/log"
chmod 755 "$work"
"$exim" -C "$work/exim.conf" -bdf &
daemon=$!
trap 'kill $daemon 2>/dev/null || true; rm -rf "$work"' EXIT
sleep 1
python3 - <<'PY'
import smtplib

MESSAGE = "From: a.meyer@example.org\r\nTo: b.lang@example.com\r\nSubject: Invoice 8841\r\n\r\nx\r\n"


def session(logon=None, recipient="b.lang@example.com", sender="a.meyer@example.org"):
    server = smtplib.SMTP("127.0.0.1", 38025, "client.example.net")
    try:
        server.ehlo()
        if logon:
            server.login(*logon)
        server.sendmail(sender, [recipient], MESSAGE)
    except smtplib.SMTPException:
        pass
    finally:
        server.close()


session()
session(("a.meyer", "good"), "c.one@partner.example")
session(("a.meyer", "bad"))
session(recipient="x@elsewhere.example")
session(recipient="x@wait.example")
session(recipient="x@fail.example")
session(sender="")
PY
sleep 2
sed 's/127\.0\.0\.1/203.0.113.20/g' "$work/log/main" >"$out/mainlog.log"
