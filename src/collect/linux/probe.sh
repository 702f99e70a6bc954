#!/bin/sh
# dsr-audit probe for Linux: prints how this host is set up as a backend of Direct Server Return load balancing.
#
# It only reads, needs no privilege, opens no connection, writes no file and leaves nothing running.
#
# One text, three ways to run it:
#   over SSH        exec of `/bin/sh -s`; standard input carries a line of parameters and then this text.
#   forced command  restrict,command="/usr/local/libexec/dsr-probe" in authorized_keys. sshd then runs this file, which
#                   you have installed, whatever the client asks for. Standard input carries the same: this file reads
#                   the line of parameters from it and nothing behind it.
#   by hand         sh dsr-probe.sh [vip=ADDRESS]... [peer=ADDRESS]... > HOST.txt
#
# The line of parameters; `accept` refuses every word that it does not know:
#   set -- nonce=6f1d0c55 vip=192.0.2.10 peer=192.0.2.1 privileged=1
#   nonce       stands in every mark, so that nothing else on this host can forge one
#   vip         an address that this host should own: files that name it are shown
#   peer        a client or a load balancer: the route to it is looked up
#   privileged  also run what needs root, with `sudo -n` unless the user is root. A sudoers list can name it exactly:
#               nft list ruleset, arptables-save, iptables-save, and cat FILE for each file reported unreadable
#
# Output comes in sections. Without the last mark it is worth nothing.
#   @@NONCE begin NAME LIMIT      LIMIT: the greatest number of lines, or `all`
#   @@NONCE end NAME STATUS       STATUS: of the command, or `cut` when LIMIT stopped it
#   @@NONCE complete SECTIONS

# shellcheck disable=SC2046,SC2086 # Lists are split where they are used: see the first lines of `probe`.

PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/run/current-system/sw/bin
LC_ALL=C
export PATH LC_ALL
unset GREP_OPTIONS POSIXLY_CORRECT
# bash, as sh, would prefer functions that a start-up file has exported under these names.
unset -f awk cat cd date echo find grep head id printf readlink sed stat sudo uname
newline='
'

accept() { # WORD...
  nonce='' vips='' peers='' privileged=no
  for word do
    case $word in
      nonce=*[!0-9a-z]* | vip=*[!0-9A-Fa-f.:]* | peer=*[!0-9A-Fa-f.:]*) return 1 ;;
      nonce=?*) nonce=${word#nonce=} ;;
      vip=?*) vips=$vips$newline${word#vip=} ;;
      peer=?*) peers=$peers$newline${word#peer=} ;;
      privileged=1) privileged=yes ;;
      *) return 1 ;;
    esac
  done
  [ -n "$nonce" ]
}

probe() {
  # A list is text with one item a line, split by this IFS. `set -f`: a file name is never taken for a pattern.
  IFS=$newline
  set -f
  cd /
  user=$(id -u)
  sections=0
  printf '\n'
  section host all host
  section release 50 release
  section versions all versions
  section ipv4 20000 parameters ipv4 arp_ignore arp_announce arp_filter arp_notify proxy_arp proxy_arp_pvlan rp_filter \
    accept_local route_localnet forwarding promote_secondaries drop_gratuitous_arp src_valid_mark medium_id \
    send_redirects
  section ipv6 8000 parameters ipv6 disable_ipv6 forwarding proxy_ndp accept_dad
  section switches all switches
  section interfaces 20000 interfaces
  network
  section sysctl-files 4000 sysctl_files
  section address-files 6000 address_files
  set -- systemd-sysctl procps sysctl systemd-networkd NetworkManager networking wicked network keepalived ufw tuned \
    kubelet rc-local local nftables iptables arptables netfilter-persistent
  if [ -d /run/systemd/system ]; then section units all units "$@"; else section runlevels all runlevels "$@"; fi
  if [ $privileged = yes ]; then
    section nftables 5000 as_root nft list ruleset
    section arptables 2000 as_root arptables-save
    section iptables 5000 as_root iptables-save
  fi
  printf '@@%s complete %s\n' "$nonce" "$sections"
}

section() { # NAME LIMIT COMMAND...
  section=$1 limit=$2
  shift 2
  printf '@@%s begin %s %s\n' "$nonce" "$section" "$limit"
  if [ "$limit" = all ]; then
    "$@"
    status=$?
  else # The command's status passes head by descriptor 3. A command that head has stopped sends none.
    { status=$({ { "$@"; echo $? >&3; } | head -n "$limit" >&4; } 3>&1); } 4>&1
  fi
  printf '@@%s end %s %s\n' "$nonce" "$section" "${status:-cut}"
  sections=$((sections + 1))
}

program() { # NAME: its path in $program. A bare name would be busybox's own applet where busybox is the shell.
  IFS=:
  for folder in $PATH; do
    program=$folder/$1
    [ -x "$program" ] && break
    program=''
  done
  IFS=$newline
  [ -n "$program" ]
}

as_root() { # PROGRAM ARGUMENT...
  program "$1" || return 127
  shift
  if [ "$user" = 0 ]; then
    "$program" "$@"
  else
    command -v sudo >/dev/null || return 126
    sudo -n "$program" "$@"
  fi
}

values() { # FILE...: PATH:LINE for each line. `read < /proc/sys/...` would give dash the first character only.
  grep -s '' /dev/null "$@"
}

# The host itself

host() {
  echo 'probe 1'
  for vip in $vips; do echo "vip $vip"; done
  for peer in $peers; do echo "peer $peer"; done
  echo "privileged $privileged"
  echo "user $user"
  echo "clock $(date +%s)"
  echo "machine $(uname -m)"
  if [ -d /run/systemd/system ]; then
    echo 'init systemd'
  elif [ -d /run/openrc ]; then
    echo 'init openrc'
  elif [ -x /sbin/initctl ] && [ -d /etc/init ]; then
    echo 'init upstart'
  elif [ -e /etc/inittab ] || [ -d /etc/rc3.d ] || [ -d /etc/rc.d/rc3.d ]; then
    echo 'init sysvinit'
  else
    echo 'init other'
  fi
  if [ -e /proc/net/if_inet6 ]; then echo 'ipv6 yes'; else echo 'ipv6 no'; fi
  if [ -e /proc/net/arp_tables_names ]; then echo 'legacy arp yes'; else echo 'legacy arp no'; fi
  if [ -e /proc/net/ip_tables_names ]; then echo 'legacy ip yes'; else echo 'legacy ip no'; fi
  echo "namespace own $(readlink /proc/self/ns/net)"
  echo "namespace init $(readlink /proc/1/ns/net)"
  values /proc/uptime /proc/sys/kernel/hostname /proc/sys/kernel/osrelease
}

release() {
  for file in /etc/os-release /usr/lib/os-release; do
    if [ -r "$file" ]; then
      grep -E '^(ID|ID_LIKE|VERSION_ID|PRETTY_NAME)=' "$file"
      return
    fi
  done
  values /etc/redhat-release /etc/SuSE-release /etc/alpine-release /etc/debian_version
}

versions() {
  version systemctl --version
  version sysctl --version
  version ip -V
  version NetworkManager --version
  version keepalived --version
}

version() { # PROGRAM OPTION
  program "$1" || return 0
  text=$("$program" "$2" 2>&1)
  printf '%s\n' "$1: ${text%%"$newline"*}"
}

# Kernel parameters, interfaces

parameters() { # FAMILY KEY...: of all, default and each interface, even one whose name begins with a dot
  cd "/proc/sys/net/$1/conf" || return
  shift
  set +f
  for key do values ./*/"$key" ./.[!.]*/"$key" ./..?*/"$key"; done
  set -f
}

switches() {
  values /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_nonlocal_bind /proc/sys/net/ipv6/bindv6only
  true
}

interfaces() {
  cd /sys/class/net || return
  set +f
  for key in ifindex flags type iflink operstate address master/ifindex brport/bridge/ifindex; do
    values ./*/"$key" ./.[!.]*/"$key" ./..?*/"$key"
  done
  grep -s '^DEVTYPE=' /dev/null ./*/uevent ./.[!.]*/uevent ./..?*/uevent
  set -f
}

kinds() { # Index and name of each interface, then the first words of its details: link/ether, veth, bridge_slave ...
  { "$ip" -d -o link show; echo "status $?"; } |
    sed -e 's/: <[A-Z0-9_,-]*> mtu [^\\]*/:/' -e 's/\\ *\([^ \\]*\)[^\\]*/ \\\1/g'
}

# Addresses, routes, neighbours, sockets

network() {
  section inet6 4000 values /proc/net/if_inet6
  if program ip; then
    ip=$program
    section kinds 4000 kinds
    section addresses 8000 "$ip" -o addr show
    section routes4 4000 "$ip" -o -4 route show table all
    section routes6 4000 "$ip" -o -6 route show table all
    section rules4 1000 "$ip" -4 rule show
    section rules6 1000 "$ip" -6 rule show
    section lookups 2000 lookups
    section neighbours 2000 "$ip" neigh show
    section proxies4 500 "$ip" -4 neigh show proxy
    section proxies6 500 "$ip" -6 neigh show proxy
  else
    if program ifconfig; then section ifconfig 8000 "$program" -a; fi
    section trie 8000 grep -v -e '+--' /proc/net/fib_trie
    section route4 4000 cat /proc/net/route
    section route6 4000 cat /proc/net/ipv6_route
    section arp 2000 cat /proc/net/arp
  fi
  if program ss; then # By family: `*` was 0.0.0.0 in old versions and is the dual-stack wildcard in new ones.
    section listeners4 3000 "$program" -4 -l -n -t -u
    section listeners6 3000 "$program" -6 -l -n -t -u
  else # 0A: a listening TCP socket. 07: a UDP socket without a peer.
    section sockets 6000 grep -s -E ' (0A|07) ' /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
  fi
  if [ -e /proc/net/ip_vs ]; then section ipvs 500 cat /proc/net/ip_vs; fi
}

lookups() { # Each VIP; each peer, as seen from each VIP and from the host itself.
  for vip in $vips; do
    lookup "$vip"
    for peer in $peers; do lookup "$peer" from "$vip"; done
  done
  for peer in $peers; do lookup "$peer"; done
}

lookup() { # DESTINATION [from SOURCE], where both are of one family
  case $1 in *:*) family=-6 ;; *) family=-4 ;; esac
  case ${3:-$1} in *:*) [ $family = -6 ] ;; *) [ $family = -4 ] ;; esac || return 0
  echo "lookup $1 ${3:-any}"
  "$ip" -o $family route get "$@" 2>&1
  echo "status $?"
}

# Files. Printed of each: `is MODE SIZE MTIME PATH` (of what a link points to, MODE in hexadecimal), `link PATH` and
# `to TARGET`, `unreadable PATH`. Printed of those with lines that matter: `open whole PATH` or `open lines PATH`, then
# `in PATH` and its lines, or only the ones that matter, as `NUMBER|TEXT`; `cut` where that would be too much.

sysctl_files() {
  library='/lib/sysctl.d/*'
  if [ -L /lib ]; then library=''; fi # It is /usr/lib once more.
  existing $library /etc/sysctl.conf /etc/sysctls.conf /etc/sysctl.d/* /etc/sysctl.d/.[!.]* /etc/sysctl.conf.d/* \
    /run/sysctl.d/* /usr/local/lib/sysctl.d/* /usr/lib/sysctl.d/* /boot/sysctl.conf-* \
    /etc/sysconfig/network/ifsysctl* /etc/ufw/sysctl.conf /etc/ufw/ufw.conf /etc/default/ufw /etc/sysconfig/sysctl \
    /etc/conf.d/sysctl /etc/runlevels/*/sysctl /etc/local.d/*.start /etc/rc.local /etc/rc.d/rc.local \
    /etc/rc.d/rc.sysinit /etc/init.d/functions /etc/init.d/network /etc/init.d/procps /etc/init.d/sysctl \
    /etc/init.d/boot.sysctl
  describe
  content lines '^[^#;]*(net[./]|ipv|arp_|enabled=|sysctl([ "]|$|[.]conf$))'
  existing /etc/tuned/active_profile
  [ -n "$files" ] || return 0
  describe
  content whole ''
  existing /etc/tuned/*/tuned.conf /etc/tuned/profiles/*/tuned.conf /usr/lib/tuned/*/tuned.conf \
    /usr/lib/tuned/profiles/*/tuned.conf
  files=$(matching '^include|^[^#;]*(net[./]|ipv)')
  describe
  content lines '^include|^[^#;]*(net[./]|ipv)'
}

address_files() {
  # Files that are read together: all of them.
  existing /etc/network/interfaces /etc/network/interfaces.d/* /etc/netplan/* /run/netplan/* /usr/lib/netplan/* \
    /etc/systemd/network/* /etc/systemd/network/*.d/* /run/systemd/network/* /run/systemd/network/*.d/*
  describe
  content whole ''
  naming='' # As a pattern, a dot matches anything: at worst that shows a line too many.
  for vip in $vips; do naming=${naming:+$naming|}$vip; done
  [ -n "$naming" ] || return 0
  # Files that stand for themselves: those that name a VIP.
  existing /etc/NetworkManager/system-connections/* /run/NetworkManager/system-connections/* \
    /etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network/ifcfg-* /etc/wicked/ifconfig/* \
    /etc/keepalived/*.conf /etc/keepalived/*/* /etc/conf.d/net
  describe
  content whole "$naming"
  existing /usr/local/lib/systemd/network/* /usr/lib/systemd/network/* /usr/lib/NetworkManager/system-connections/* \
    /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*
  files=$(matching "$naming"; closed)
  describe
  content whole "$naming"
  # Scripts and units: their lines that name a VIP.
  existing /etc/rc.local /etc/rc.d/rc.local /etc/nftables.conf /etc/nftables/* /etc/nftables.d/* \
    /etc/sysconfig/nftables.conf /etc/sysconfig/arptables /etc/sysconfig/iptables /etc/arptables.conf /etc/iptables/*
  files=$files$(find /etc/init.d /etc/rc.d/init.d /etc/local.d /etc/cron.d /etc/network/if-pre-up.d \
    /etc/network/if-up.d /etc/networkd-dispatcher /etc/NetworkManager/dispatcher.d /etc/systemd/system \
    /usr/local/sbin /usr/local/bin -type f -size -256 | sed -e '3000s/.*/too many files/' -e 3000q)
  case $files in *"too many files") echo 'too many files' ;; esac
  files=$(matching "$naming"; closed)
  describe
  content lines "$naming"
}

existing() { # PATTERN...: leaves in $files what there is, and each folder that this user may not look into
  files=''
  for glob do
    set +f
    for file in $glob; do
      if ! [ -e "$file" ] && ! [ -L "$file" ]; then
        file=${file%/*}
        if ! [ -d "$file" ] || { [ -r "$file" ] && [ -x "$file" ]; }; then continue; fi
        case $newline$files in *"$newline$file$newline"*) continue ;; esac
      fi
      case $file in *"$newline"*) echo 'name with a newline' ;; *) files=$files$file$newline ;; esac
    done
    set -f
  done
}

readable() { # those of $files whose lines this user may read
  for file in $files; do
    if [ -f "$file" ] && [ -r "$file" ]; then printf '%s\n' "$file"; fi
  done
}

closed() { # those of $files that this user may not read
  for file in $files; do
    if [ -e "$file" ] && ! [ -r "$file" ]; then printf '%s\n' "$file"; fi
  done
}

matching() { # PATTERN: those of $files that have a line like it
  grep -l -s -i -E -e "$1" /dev/null $(readable)
}

describe() { # what each of $files is
  [ -n "$files" ] || return 0
  stat -L -c 'is %f %s %Y %n' $files
  for file in $files; do
    if [ -L "$file" ]; then printf 'link %s\nto %s\n' "$file" "$(readlink "$file")"; fi
    if [ -e "$file" ] && ! [ -r "$file" ]; then printf 'unreadable %s\n' "$file"; fi
  done
}

content() { # whole|lines PATTERN: of each of $files that has a line like PATTERN: all its lines, or those
  part=$1 wanted=$2
  open=$(matching "$wanted")
  echo "status $?"
  if [ -n "$open" ]; then number $open; fi
  [ $privileged = yes ] || return 0
  for file in $(closed); do
    text=$(sudo -n cat "$file") || continue
    if printf '%s\n' "$text" | grep -q -i -E -e "$wanted"; then
      printf 'open %s %s\nin %s\n' "$part" "$file" "$file"
      printf '%s\n' "$text" | number
    else
      printf 'open lines %s\n' "$file" # None matters.
    fi
  done
}

number() { # [FILE...]: the lines with their numbers; what looks like a secret is left out
  awk -v part="$part" -v wanted="$wanted" '
    BEGIN {
      for (i = 1; i < ARGC; i++) print "open " part " " ARGV[i]
      wanted = tolower(wanted)
      secret = "(^|[^a-z])(pass(word|wd|phrase)?|psk|secret|token|key|privatekey|presharedkey)"
      secret = secret "([0-9_-][a-z0-9_-]*)?\"?[ \t]*[:= \t]"
    }
    FNR == 1 { lines = bytes = cut = 0; if (ARGC > 1) print "in " FILENAME }
    cut || part == "lines" && tolower($0) !~ wanted { next }
    match(tolower($0), secret) {
      $0 = substr($0, 1, RSTART + RLENGTH - 1) " (hidden)"
    }
    { lines++; bytes += length($0); total += length($0) }
    length($0) > 4000 || lines > 400 || bytes > 32768 || total > 262144 { print "cut"; cut = 1; next }
    { print FNR "|" $0 }
  ' "$@"
  echo "status $?"
}

# Services

units() { # NAME...
  systemctl show --no-pager -p Names -p LoadState -p UnitFileState -p ActiveState "$@"
}

runlevels() { # NAME...: which start-up links and scripts of them there are
  for service do
    existing /etc/init.d/"$service" /etc/rc.d/init.d/"$service" /etc/runlevels/*/"$service" \
      /run/openrc/started/"$service" /etc/rc[S2-5].d/S[0-9][0-9]"$service" \
      /etc/rc.d/rc[2-5].d/S[0-9][0-9]"$service" /etc/init.d/rc[2-5].d/S[0-9][0-9]"$service"
    printf '%s' "$files"
  done
}

if [ $# -eq 0 ]; then # A forced command: the parameters are on standard input.
  IFS= read -r line
  set -f
  set -- $line
  set +f
  if [ "${1-} ${2-}" = 'set --' ]; then shift 2; fi
fi
if ! accept "$@"; then
  echo 'dsr-audit probe: the parameters are not those that it knows' >&2
  exit 64
fi
# In a few large pieces, since each piece costs the auditing station work; where dd cannot, as it comes.
probe </dev/null 2>/dev/null | dd ibs=65536 obs=65536 2>/dev/null || probe </dev/null 2>/dev/null
