#!/bin/sh
# Records captures of DNS, HTTP and TLS between two network namespaces of this machine.
#
# Needs root, and from Debian: tcpdump, nginx-light, dnsmasq-base, dnsutils, curl,
# openssl, iputils-ping, ethtool, wireshark-common.
# Gives OUT/traffic.pcap (microseconds), traffic.pcapng (nanoseconds), short.pcap (96 bytes a packet).
set -eu
out=$(realpath "${1:?folder for the captures}")
work=$(mktemp -d)
client=th-client-$$ server=th-server-$$
pids=""
finish() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    ip netns del "$client" 2>/dev/null || true
    ip netns del "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

ip netns add "$client"
ip netns add "$server"
ip link add veth0 netns "$client" type veth peer name veth0 netns "$server"
ip -n "$client" addr add 192.0.2.10/24 dev veth0
ip -n "$server" addr add 192.0.2.80/24 dev veth0
ip -n "$client" addr add 2001:db8::10/64 dev veth0 nodad
ip -n "$server" addr add 2001:db8::80/64 dev veth0 nodad
for space in "$client" "$server"; do
    ip -n "$space" link set lo up
    ip -n "$space" link set veth0 up
    ip netns exec "$space" ethtool -K veth0 tso off gso off gro off tx off 2>/dev/null || true
done

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 3650 \
    -subj "/C=DE/O=Example, Inc/CN=www.example.org" \
    -addext "subjectAltName=DNS:www.example.org,DNS:example.org" 2>/dev/null
mkdir "$work/www" "$work/logs"
echo "<html>hello</html>" >"$work/www/index.html"
printf 'MZ%02000d' 0 >"$work/www/tool.exe"
head -c 20000 /dev/zero >"$work/www/large.bin"
cat >"$work/nginx.conf" <<CONF
daemon off; master_process off; pid $work/nginx.pid; error_log $work/logs/error.log;
events {}
http {
    access_log off; client_body_temp_path $work/b; proxy_temp_path $work/p;
    server { listen 80; listen [::]:80; root $work/www; location /old { return 302 /; } }
    server { listen 443 ssl; root $work/www; ssl_certificate $work/cert.pem;
             ssl_certificate_key $work/key.pem; ssl_protocols TLSv1.2 TLSv1.3; }
}
CONF
ip netns exec "$server" nginx -p "$work" -c "$work/nginx.conf" & pids="$pids $!"
ip netns exec "$server" dnsmasq -k -C /dev/null --no-resolv --no-hosts --user=root \
    --address=/www.example.org/192.0.2.80 --address=/www.example.org/2001:db8::80 \
    --cname=alias.example.org,www.example.org --txt-record=txt.example.org,hello \
    --mx-host=example.org,mail.example.org,10 --ptr-record=80.2.0.192.in-addr.arpa,www.example.org &
pids="$pids $!"
ip netns exec "$server" tcpdump -i veth0 -U -s 0 -w "$work/traffic.pcap" 2>/dev/null & dump=$!
sleep 2

run() { ip netns exec "$client" "$@" >/dev/null 2>&1 || true; }
run dig @192.0.2.80 www.example.org A
run dig @192.0.2.80 www.example.org AAAA
run dig @192.0.2.80 txt.example.org TXT
run dig @192.0.2.80 example.org MX
run dig @192.0.2.80 -x 192.0.2.80
run dig @192.0.2.80 nothere.example.net A +tries=1 +time=1
run dig @192.0.2.80 +tcp www.example.org A
run curl -s -A 'agent/1.0' -e 'http://ref.example.net/' 'http://192.0.2.80/index.html?q=1'
run curl -s -H 'Host: www.example.org' http://192.0.2.80/old http://192.0.2.80/tool.exe http://192.0.2.80/none
run curl -s -I http://192.0.2.80/large.bin
run curl -s -u anna:secret -d 'a=1&b=2' http://192.0.2.80/post
run curl -s 'http://[2001:db8::80]/large.bin'
run curl -sk --tls-max 1.2 --resolve www.example.org:443:192.0.2.80 https://www.example.org/
run curl -sk --tlsv1.3 --resolve www.example.org:443:192.0.2.80 https://www.example.org/
run ping -c 2 192.0.2.80
run ping -6 -c 1 2001:db8::80
run ping -c 1 -s 4000 192.0.2.80
run curl -s --max-time 1 http://192.0.2.80:81/
run curl -s --max-time 1 http://192.0.2.99/
sleep 1
kill "$dump"; wait "$dump" 2>/dev/null || true
cp "$work/traffic.pcap" "$out/traffic.pcap"
editcap -F pcapng "$work/traffic.pcap" "$out/traffic.pcapng"
editcap -F pcap -s 96 "$work/traffic.pcap" "$out/short.pcap"
