#!/bin/sh
# Records what HAProxy sends to syslog of a few requests: HTTP and TCP, plain, TLS and failing.
# Usage: haproxy.sh FOLDER    (root; packages haproxy, curl, openssl). Recorded with HAProxy 2.6.12
# of Debian 12.
set -eu
out=$(realpath "$1")
work=/tmp/recording
rm -rf "$work"
mkdir -p "$work/www"
cd "$work"
echo hello >www/index.html
trap 'kill $web $sink $daemon 2>/dev/null || true; rm -rf "$work"' EXIT

openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -subj /CN=www.example.org 2>/dev/null
cat cert key >both.pem
cat >haproxy.cfg <<CONF
global
    log 127.0.0.1:35514 local0
    log-send-hostname lb01
defaults
    log global
    timeout connect 1s
    timeout client 2s
    timeout server 2s
frontend www
    bind 127.0.0.1:38081
    mode http
    option httplog
    capture request header User-Agent len 64
    capture request header Host len 64
    capture response header Content-Type len 32
    http-request deny if { path /denied }
    default_backend app
frontend secure
    bind 127.0.0.1:38443 ssl crt $work/both.pem
    mode http
    option httpslog
    default_backend app
frontend tcp
    bind 127.0.0.1:38082
    mode tcp
    option tcplog
    default_backend raw
frontend none
    bind 127.0.0.1:38083
    mode http
    option httplog
    default_backend down
backend app
    mode http
    server app1 127.0.0.1:38080 check
backend raw
    mode tcp
    server raw1 127.0.0.1:38080
backend down
    mode http
    server gone 127.0.0.1:38099
CONF

cat >sink.py <<'PY'
import socket
import sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 35514))
with open(sys.argv[1], "wb", buffering=0) as log:
    while True:
        log.write(sock.recv(65536).rstrip(b"\n") + b"\n")
PY
python3 -m http.server 38080 --bind 127.0.0.1 --directory www >/dev/null 2>&1 &
web=$!
python3 sink.py "$work/haproxy.log" &
sink=$!
sleep 1
haproxy -db -f haproxy.cfg >/dev/null 2>&1 &
daemon=$!
sleep 3
fetch() { curl -s -o /dev/null -m 5 "$@" || true; }
fetch http://127.0.0.1:38081/
fetch -A "Mozilla/5.0 (X11; Linux x86_64)" -H "Host: www.example.org" "http://127.0.0.1:38081/index.html?id=1&x=%27"
fetch -A 'pipe | and " quote {x}' http://127.0.0.1:38081/denied
fetch -X PROPFIND http://127.0.0.1:38081/missing
fetch -k https://127.0.0.1:38443/
fetch http://127.0.0.1:38443/
fetch http://127.0.0.1:38082/
fetch http://127.0.0.1:38083/
printf 'no request at all\r\n\r\n' | timeout 3 nc -q 1 127.0.0.1 38081 >/dev/null || true
sleep 1
sed "s/$(hostname)/lb01/g" haproxy.log >"$out/recorded.log"
