#!/bin/sh
# Records what auditd writes of one made-up user, in both of its formats.
# Usage: auditd.sh FOLDER    (root; packages auditd, netcat-openbsd; no auditd may be running)
# Rules watch that user only, and are taken away again. Recorded with auditd 3.0.9 of Debian 12.
set -eu
out=$(realpath "$1")
work=/tmp/recording
user=demo.audit
daemon=
id=54321
mkdir -p "$work/conf/plugins.d" "$work/log" "$work/files"
cd "$work"

finish() {
    [ -z "$daemon" ] || kill $daemon 2>/dev/null || true
    auditctl -D >/dev/null 2>&1 || true
    auditctl -e 0 >/dev/null 2>&1 || true
    userdel "$user" 2>/dev/null || true
    cd /
    rm -rf "$work"
}
trap finish EXIT

act() {
    useradd -u $id -M -d "$work/files" -s /bin/sh $user
    chown $id "$work/files"
    su $user -c "
        cd '$work/files'
        cat /etc/hostname
        touch 'a b.txt' && mv 'a b.txt' .hidden && chmod 777 .hidden && rm .hidden
        sh -c 'echo one two; uname -a' >/dev/null
        nc -w 1 127.0.0.1 9 </dev/null || true
        nc -w 1 ::1 9 </dev/null || true
        ls \$(printf '%02000d' 0) || true
        cat /etc/shadow || true
    " >/dev/null 2>&1
    userdel $user
}

record() {
    cat >"$work/conf/auditd.conf" <<CONF
local_events = yes
log_format = $1
log_group = root
log_file = $work/log/$2
flush = NONE
freq = 0
max_log_file = 8
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
name_format = NONE
plugin_dir = $work/conf/plugins.d
CONF
    chmod 640 "$work/conf/auditd.conf"
    auditd -n -c "$work/conf" &
    daemon=$!
    sleep 1
    auditctl -b 8192 -e 1 >/dev/null
    auditctl -a always,exit -F arch=b64 -S execve -F uid=$id -k ran >/dev/null
    auditctl -a always,exit -F arch=b64 -S connect -F uid=$id -k network_connect
    auditctl -a always,exit -F arch=b64 -F "dir=$work/files" -F perm=wa -F uid=$id -k files
    act
    sleep 1
    auditctl -D >/dev/null
    auditctl -e 0 >/dev/null
    kill $daemon
    wait $daemon || true
    daemon=
    sed "s/$(hostname)/host01/g" "$work/log/$2" >"$out/$2"
}

record RAW raw.log
record ENRICHED enriched.log
