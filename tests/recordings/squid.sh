#!/bin/sh
# Records what Squid writes of a few requests, in its own format and in the combined one.
# Usage: squid.sh FOLDER    (root; packages squid, curl). Recorded with Squid 5.7 of Debian 12.
set -eu
out=$(realpath "$1")
work=/tmp/recording
rm -rf "$work"
mkdir -p "$work/www"
cd "$work"
echo hello >www/index.html
chown -R proxy "$work"
trap 'kill $web 2>/dev/null || true; rm -rf "$work"' EXIT

cat >squid.conf <<CONF
http_port 127.0.0.1:33128
pid_filename $work/squid.pid
cache_log $work/cache.log
cache deny all
strip_query_terms off
acl bad dstdomain .bad.example
http_access deny bad
http_access allow localhost
http_access deny all
logformat combined %>a %[ui %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st "%{Referer}>h" "%{User-Agent}>h" %Ss:%Sh
access_log stdio:$work/native.log squid
access_log stdio:$work/combined.log combined
shutdown_lifetime 1 second
CONF

python3 -m http.server 38080 --bind 127.0.0.1 --directory www >/dev/null 2>&1 &
web=$!
squid -f squid.conf -N >/dev/null 2>&1 &
daemon=$!
sleep 3
fetch() { curl -s -o /dev/null -m 5 -x http://127.0.0.1:33128 "$@" || true; }
fetch http://127.0.0.1:38080/
fetch -A "Mozilla/5.0 (X11; Linux x86_64)" -e http://www.example.org/a "http://127.0.0.1:38080/index.html?id=1&x=%27"
fetch http://127.0.0.1:38080/missing
fetch http://www.bad.example/tool.exe
fetch --proxy-user "a.meyer:secret" -d a=b http://127.0.0.1:38080/login
fetch https://127.0.0.1:38080/
fetch -A 'quote " and \ here' http://127.0.0.1:38080/
fetch -X PROPFIND http://127.0.0.1:38080/
sleep 1
kill $daemon
wait $daemon || true
install -m 644 native.log combined.log "$out"
