#!/bin/sh
# Records the error logs of Apache and nginx: missing and forbidden files, bad requests, dead upstream.
# Usage: web_errors.sh FOLDER    (root; packages apache2, nginx, curl). Recorded with Apache 2.4.71
# and nginx 1.22.1 of Debian 12.
set -eu
out=$(realpath "$1")
work=/tmp/recording
rm -rf "$work"
mkdir -p "$work/www/private"
cd "$work"
trap 'kill $nginx $apache 2>/dev/null || true; rm -rf "$work"' EXIT
cat >nginx.conf <<CONF
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log info;
events {}
http {
    access_log off;
    server {
        listen 127.0.0.1:38085;
        server_name www.example.org;
        root $work/www;
        location /private { deny all; }
        location /app { proxy_pass http://127.0.0.1:38099; }
    }
}
CONF
cat >apache.conf <<CONF
ServerRoot $work
ServerName www.example.org
PidFile $work/apache.pid
Listen 127.0.0.1:38086
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
DocumentRoot $work/www
ErrorLog $work/apache.log
LogLevel info
<Location /private>
    Require all denied
</Location>
CONF
nginx -c "$work/nginx.conf" >/dev/null 2>&1 &
nginx=$!
apache2 -DFOREGROUND -f "$work/apache.conf" >/dev/null 2>&1 &
apache=$!
sleep 2
for port in 38085 38086; do
    fetch() { curl -s -o /dev/null -m 3 "$@" || true; }
    fetch "http://127.0.0.1:$port/missing.php?id=%27"
    fetch -e http://www.example.org/a "http://127.0.0.1:$port/private/"
    fetch "http://127.0.0.1:$port/app/x"
    printf 'no request at all\r\n\r\n' | timeout 3 nc -q 1 127.0.0.1 $port >/dev/null || true
    printf 'GET /%%2e%%2e/%%2e%%2e/etc/passwd HTTP/1.1\r\nHost: a b\r\n\r\n' | timeout 3 nc -q 1 127.0.0.1 $port >/dev/null || true
done
kill $nginx $apache
sleep 2
install -m 644 nginx.log apache.log "$out"
