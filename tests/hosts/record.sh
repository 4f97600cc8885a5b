#!/bin/sh
# Record the machines of this directory again: tests/hosts/record.sh [NAME...]
#
# Needs root on Debian with apache2, apache2-utils, php8.2-fpm and util-linux. Each machine is
# this one with its own root file system (an overlay in memory), processes, host name, network and
# control groups; nothing outside of it is changed, and all of it ends with the script. mod_php's
# package is downloaded by apt-get, and installed in the overlay alone.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
python=$here/../../.venv/bin/python
machines="stopped event worker prefork mod-php php-fpm broken unprivileged several no-httpd container"

# The outside: an empty place in memory, and namespaces around what follows.
outside() {
    name=$1 place=$(mktemp -d) groups=""
    if [ "$name" = container ]; then
        groups=$(limited_group)
    fi
    unshare --mount --pid --net --uts --ipc --cgroup --fork --mount-proc \
        sh "$0" --inside "$name" "$place" "${debs:-}"
    for group in $groups; do
        echo $$ > "${group%/*}/cgroup.procs"
        rmdir "$group"
    done
    rmdir "$place"
}

# As docker run --memory 512m --pids-limit 200 --cpus 1.5 would, where controllers are v1.
limited_group() {
    for controller in memory pids cpu; do
        group=/sys/fs/cgroup/$controller/web1
        mkdir -p "$group"
        echo $$ > "$group/cgroup.procs"
        echo "$group"
    done
    echo 512M > /sys/fs/cgroup/memory/web1/memory.limit_in_bytes
    echo 200 > /sys/fs/cgroup/pids/web1/pids.max
    echo 150000 > /sys/fs/cgroup/cpu/web1/cpu.cfs_quota_us
}

# Within the namespaces: the root file system of the machine.
inside() {
    name=$1 place=$2 debs=$3
    hostname web1
    mount -t tmpfs tmpfs "$place"
    mkdir "$place/changes" "$place/work" "$place/root" "$place/out"
    mount -t overlay overlay "$place/root" \
        -o "lowerdir=/,upperdir=$place/changes,workdir=$place/work"
    cd "$place/root"
    mount -t proc proc proc
    echo 6.1.0-40-amd64 > var/tmp/osrelease
    mount --bind var/tmp/osrelease proc/sys/kernel/osrelease
    mount -t sysfs sysfs sys
    mount -t tmpfs tmpfs sys/fs/cgroup
    mount --rbind /dev dev
    mount -t tmpfs tmpfs run
    mkdir run/lock run/php
    echo web1 > etc/hostname
    if [ "$name" = container ]; then
        : > .dockerenv
        for controller in memory pids cpu; do
            mkdir "sys/fs/cgroup/$controller"
            mount -t cgroup -o "$controller" cgroup "sys/fs/cgroup/$controller"
        done
    else
        rm -f .dockerenv
        mount -t cgroup2 cgroup2 sys/fs/cgroup
    fi
    [ -z "$debs" ] || { mkdir -p var/tmp/debs; cp "$debs"/*.deb var/tmp/debs/; }
    ip link set lo up 2> /dev/null || true
    chroot . env -i PATH="$PATH" HOME=/ sh "$here/record.sh" --machine "$name"
    rm -rf "${here:?}/debian-$name/answers.json" "$here/debian-$name/root"
    mkdir -p "$here/debian-$name"
    cp -R var/tmp/snapshot/. "$here/debian-$name/"
    rm "$here/debian-$name/facts.json"
    chmod -R u=rwX,go=rX "$here/debian-$name"
}

# On the machine.
machine() {
    name=$1
    sed -i 's/#ServerName .*/ServerName www.example.com/' /etc/apache2/sites-available/000-default.conf
    echo 'ServerName www.example.com' >> /etc/apache2/apache2.conf
    case $name in
    worker | prefork)
        a2dismod --quiet mpm_event
        a2enmod --quiet "mpm_$name"
        ;;
    mod-php)
        DEBIAN_FRONTEND=noninteractive dpkg --install /var/tmp/debs/*.deb > /dev/null 2>&1
        ;;
    php-fpm)
        a2enmod --quiet proxy_fcgi setenvif
        a2enconf --quiet php8.2-fpm
        php-fpm8.2 --daemonize
        ;;
    several)
        sh /usr/share/doc/apache2/examples/setup-instance second > /dev/null
        sed -i 's/Listen 80/Listen 8080/' /etc/apache2-second/ports.conf
        a2dismod-second --quiet mpm_event
        a2enmod-second --quiet mpm_worker
        mkdir -p /var/log/apache2-second
        APACHE_CONFDIR=/etc/apache2-second apache2ctl start
        ;;
    no-httpd)
        rm -r /usr/sbin/apache2 /usr/sbin/apache2ctl /etc/apache2
        ;;
    esac
    case $name in
    stopped | no-httpd) ;;
    *)
        apache2ctl start
        sleep 1
        work
        ;;
    esac
    [ "$name" != broken ] || echo 'MaxRequestWorker 400' >> /etc/apache2/apache2.conf
    snapshot
}

# Enough requests for the children to have worked.
work() {
    page=index.html count=20000
    case $name in
    mod-php | php-fpm)
        page=index.php count=4000
        echo '<?php for ($i = 0, $s = ""; $i < 20000; $i++) { $s .= md5($i); } echo strlen($s);' \
            > /var/www/html/index.php
        ;;
    unprivileged) count=10 ;;
    esac
    ab -q -n "$count" -c 5 "http://127.0.0.1/$page" > /dev/null
    sleep 1
}

snapshot() {
    if [ "$name" = unprivileged ]; then
        chmod 755 /root /tmp
        install -d -o nobody /var/tmp/of-nobody
        setpriv --reuid nobody --regid nogroup --clear-groups \
            "$python" -m mpmtune snapshot --quiet /var/tmp/of-nobody/snapshot
        mv /var/tmp/of-nobody/snapshot /var/tmp/snapshot
    else
        "$python" -m mpmtune snapshot --quiet /var/tmp/snapshot
    fi
}

case ${1:-} in
--inside) shift && inside "$@" ;;
--machine) shift && machine "$@" ;;
*)
    for name in ${*:-$machines}; do
        if [ "$name" = mod-php ]; then
            debs=$(mktemp -d)
            (cd "$debs" && chmod 755 . && apt-get -q download libapache2-mod-php8.2 > /dev/null 2>&1)
        fi
        outside "$name"
        rm -rf "${debs:-/nonexistent}"
        debs=""
    done
    ;;
esac
