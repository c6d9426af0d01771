#!/bin/sh
# Records the packets that a rule of nftables logs, as dmesg prints them.
# Usage: netfilter.sh FOLDER    (root; packages nftables, iproute2, netcat-openbsd, iputils-ping)
# Runs in a network namespace of its own. Recorded with nftables 1.0.6 of Debian 12.
set -eu
out=$(realpath "$1")
space=recording
before=$(cat /proc/sys/net/netfilter/nf_log_all_netns)
finish() {
    ip netns delete $space
    echo "$before" >/proc/sys/net/netfilter/nf_log_all_netns
}
ip netns add $space
trap finish EXIT
echo 1 >/proc/sys/net/netfilter/nf_log_all_netns
inside() { ip netns exec $space "$@"; }
inside ip link set lo up
inside ip address add 192.0.2.10/24 dev lo
inside ip address add 2001:db8::10/64 dev lo nodad
inside nft -f - <<'NFT'
table inet recording {
    chain in {
        type filter hook input priority 0
        tcp dport 445 log prefix "recording DROP " drop
        udp dport 53 log prefix "recording ACCEPT " accept
        icmp type destination-unreachable log prefix "recording " accept
        meta l4proto ipv6-icmp log prefix "recording REJECT: " reject
    }
}
NFT
inside timeout 2 nc -w 1 192.0.2.10 445 </dev/null || true
inside timeout 2 nc -w 1 2001:db8::10 445 </dev/null || true
echo x | inside timeout 2 nc -u -w 1 192.0.2.10 53 || true
sleep 1
dmesg | grep "recording " >"$out/dmesg.log"
