#!/bin/sh
# Runs a command on a throw-away host: namespaces of its own, and this machine's files copied on write. Needs root.
#   sh host.sh SCENARIO COMMAND...
# With DSR_AUDIT_ROOT in the environment, the files are those of that root filesystem, which nothing changes.
# The host is web01, eth0 10.77.0.11/24 and 2001:db8:77::11/64, gateways 10.77.0.1 and 2001:db8:77::1,
# VIPs 10.77.0.100 and 2001:db8:77::100. Scenarios are the functions below.
set -eu

compliant() {
  listen 80
  vips_on_lo
  sysctl_all 1 2
  persisted_sysctls
  persisted_vips
}

no_sysctls() {
  listen 80
  vips_on_lo
  persisted_vips
}

mask_24_on_lo() {
  compliant
  ip addr del 10.77.0.100/32 dev lo
  ip addr add 10.77.0.100/24 dev lo
}

lo_only_sysctls() {
  listen 80
  vips_on_lo
  echo 1 >/proc/sys/net/ipv4/conf/lo/arp_ignore
  echo 2 >/proc/sys/net/ipv4/conf/lo/arp_announce
  printf 'net.ipv4.conf.lo.arp_ignore=1\nnet.ipv4.conf.lo.arp_announce=2\n' >/etc/sysctl.d/90-dsr.conf
  persisted_vips
}

vip_on_eth0() {
  listen 80
  ip addr add 2001:db8:77::100/128 dev lo
  ip addr add 10.77.0.100/24 dev eth0 label eth0:0
  sysctl_all 1 2
  persisted_sysctls
  ifupdown_at_boot
  cat >/etc/network/interfaces.d/dsr <<'END'
auto eth0:0
iface eth0:0 inet static
  address 10.77.0.100
  netmask 255.255.255.0
iface lo inet6 loopback
  up ip addr add 2001:db8:77::100/128 dev lo
END
}

# The name that the vendor's note prints, which no loader reads; and a VIP added by hand.
not_persisted() {
  listen 80
  vips_on_lo
  sysctl_all 1 2
  printf 'net.ipv4.conf.all.arp_ignore=1\nnet.ipv4.conf.all.arp_announce=2\n' >/etc/sysctls.conf
}

# Booted by systemd, with files of systemd-networkd, netplan and keepalived. Some only root may read; a link to /dev/null
# masks a vendor's file.
systemd_host() {
  vips_on_lo
  sysctl_all 1 2
  persisted_sysctls
  rm -r /etc/network
  ln -s /dev/null /etc/sysctl.d/50-pid-max.conf
  printf '[Match]\nName=lo\n\n[Network]\nAddress=10.77.0.100/32\nAddress=2001:db8:77::100/128\n' >/etc/systemd/network/10-lo.network
  printf '[NetDev]\nName=wg0\nKind=wireguard\n\n[WireGuard]\nPrivateKey=not-for-the-auditor=\n' >/etc/systemd/network/20-wg0.netdev
  mkdir -p /etc/netplan /etc/keepalived
  printf 'network:\n  version: 2\n' >/etc/netplan/50-cloud-init.yaml
  chmod 600 /etc/netplan/50-cloud-init.yaml
  cat >/etc/keepalived/keepalived.conf <<'END'
vrrp_instance web {
  interface eth0
  authentication {
    auth_type PASS
    auth_pass not-for-the-auditor
  }
}
static_ipaddress {
  10.77.0.100/32 dev lo scope host
}
END
  printf '[Service]\nExecStart=/sbin/ip addr add 10.77.0.100/32 dev lo\n' >/etc/systemd/system/dsr-vip.service
  boot=systemd
}

# The files of RHEL 6; the tools and the kernel are this machine's.
rhel6_like() {
  vips_on_lo
  sysctl_all 1 2
  rm -r /etc/network /etc/os-release /usr/lib/os-release /etc/sysctl.d /etc/init.d /etc/rc?.d
  mkdir -p /etc/init /etc/sysctl.d /etc/rc.d/init.d /etc/rc.d/rc3.d /etc/sysconfig/network-scripts
  ln -s rc.d/init.d /etc/init.d
  ln -s /bin/true /sbin/initctl
  echo 'CentOS release 6.10 (Final)' >/etc/redhat-release
  printf 'net.ipv4.ip_forward = 0\nnet.ipv4.conf.default.rp_filter = 1\n' >/etc/sysctl.conf
  printf 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n' >/etc/sysctl.d/dsr
  printf 'DEVICE=lo:0\nIPADDR=10.77.0.100\nNETMASK=255.255.255.255\nONBOOT=yes\n' >/etc/sysconfig/network-scripts/ifcfg-lo:0
  printf 'DEVICE=eth0\nIPADDR=10.77.0.11\nNETMASK=255.255.255.0\nGATEWAY=10.77.0.1\n' >/etc/sysconfig/network-scripts/ifcfg-eth0
  printf '#!/bin/sh\n' >/etc/rc.d/init.d/network
  ln -s ../init.d/network /etc/rc.d/rc3.d/S10network
  printf 'touch /var/lock/subsys/local\n' >/etc/rc.d/rc.local
  ln -s rc.d/rc.local /etc/rc.local
}

# The files of Alpine, with busybox's tools, its ip among them, and no ss.
alpine_like() {
  compliant
  without ip ss ifconfig systemctl sysctl
  ln -sf /bin/busybox /sbin/ip
  ln -sf /bin/busybox /sbin/sysctl
  rm -r /etc/init.d /etc/rc?.d
  mkdir -p /etc/init.d /etc/runlevels/boot /run/openrc/started
  rm -f /etc/os-release
  printf 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n' >/etc/os-release
  printf '#!/sbin/openrc-run\n' >/etc/init.d/sysctl
  chmod 755 /etc/init.d/sysctl
  ln -s /etc/init.d/sysctl /etc/runlevels/boot/sysctl
  ln -s /etc/init.d/sysctl /run/openrc/started/sysctl
}

# Neither ip nor ss; net-tools, and the VIP as a labelled address.
without_iproute2() {
  compliant
  ip addr del 10.77.0.100/32 dev lo
  ip addr add 10.77.0.100/32 dev lo label lo:0
  without ip ss
}

# What the kernel allows, and what an attacker on the host may make of it.
odd_names() {
  compliant
  # shellcheck disable=SC2016 # that is its name
  for name in __proto__ constructor '<script>' '=1+1' '$(id)' a,b '"q"' '*' -oProxy 'a;b' "$(printf '\033[31mred')" 'a\b' \
    .dot ..dots x@y eth0.100 'a]b' '@@' 'ünï'; do
    ip link add "$name" type bridge
  done
  ip addr add 10.78.0.1/32 dev '<script>' label '<script>:1'
  echo 3 >/proc/sys/net/ipv4/conf/__proto__/arp_ignore
  ip link set dev lo alias 'one alias'
}

# As much of the kernel's network as fits on one host.
everything() {
  compliant
  echo 1 >/proc/sys/net/ipv6/conf/default/addr_gen_mode # no link-local addresses of random hardware addresses
  ip link add br0 type bridge
  ip link add veth0 type veth peer name veth1
  ip link set veth1 master br0
  ip link add macvlan0 link veth0 type macvlan
  ip link set br0 up
  ip link set veth0 up
  ip link set veth1 up
  ip addr add 10.77.1.1/24 dev br0
  ip addr add 10.77.1.2/24 dev br0 label br0:1
  ip addr add 10.77.2.1 peer 10.77.2.2/32 dev veth0
  ip addr add 10.77.0.101/32 dev lo scope host label lo:vip2
  ip addr add 10.77.0.102/32 dev eth0 valid_lft 3600 preferred_lft 1800
  ip addr add 2001:db8:77::102/128 dev lo preferred_lft 0
  ip route add local 10.77.3.0/28 dev lo
  ip route add default via 10.77.1.254 dev br0 table 100
  ip route add 10.80.0.0/16 nexthop via 10.77.0.2 dev eth0 weight 1 nexthop via 10.77.0.3 dev eth0 weight 2
  ip route add blackhole 10.81.0.0/16
  ip -6 route add default via 2001:db8:77::2 dev eth0 table 100
  ip rule add from 10.77.1.0/24 table 100 priority 1000
  ip -6 rule add from 2001:db8:78::/64 table 100 priority 1000
  ip neigh add 10.77.0.5 lladdr 02:00:00:00:00:05 dev eth0 nud permanent
  ip neigh add proxy 10.77.0.200 dev eth0
  ip -6 neigh add proxy 2001:db8:77::200 dev eth0
  listen 10.77.0.100:8080 '[::]:8081' '[2001:db8:77::100]:8443'
  nft add table arp dsr
}

# A Debian that configures itself: its own ifupdown adds the addresses, the VIPs among them, after its own systemd-sysctl
# has run as a boot runs it, once for all and then as 99-systemd.rules has it for each interface.
debian() {
  debian_files
  /lib/systemd/systemd-sysctl || true # The files also name parameters that are not the network's.
  /lib/systemd/systemd-sysctl --prefix=/net/ipv4/conf/eth0 --prefix=/net/ipv6/conf/eth0
  ifup -a
  boot=systemd
}

# The same without systemd running: the init script of procps is what loads the files.
debian_sysvinit() {
  debian_files
  /etc/init.d/procps start || true # The files also name parameters that are not the network's.
  ifup -a
}

# The sysctls that hide the VIPs stand where every loader reads them; those of eth0 show how the loader reads.
debian_files() {
  echo web01 >/etc/hostname
  rm -f /etc/resolv.conf
  cat >>/etc/network/interfaces <<'END'
auto eth0
iface eth0 inet static
  address 10.77.0.11/24
  gateway 10.77.0.1
iface eth0 inet6 static
  address 2001:db8:77::11/64
  gateway 2001:db8:77::1
  dad-attempts 0
END
  persisted_vips
  persisted_sysctls
  echo 'net.ipv4.conf.eth*.arp_announce = 1' >/etc/sysctl.d/95-wildcard.conf
  mkdir -p /usr/local/lib/sysctl.d
  echo 'net.ipv4.conf.eth0.drop_gratuitous_arp = 1' >/usr/local/lib/sysctl.d/96-masked.conf
  ln -s /dev/null /etc/sysctl.d/96-masked.conf
  echo 'net.ipv4.conf.eth0.medium_id = 1' >/etc/sysctl.d/99-zzz.conf
  cat >>/etc/sysctl.conf <<'END'
net.ipv4.conf.eth0.arp_ignore = 2
net.ipv4.conf.default.arp_notify = 1
net.ipv4.conf.eth0.medium_id = 2
END
}

# busybox and nothing else: its init runs /etc/init.d/rcS, which sets what the host needs.
busybox_only() {
  mkdir -p /etc/init.d
  cat >/etc/sysctl.conf <<'END'
net.ipv4.conf.all.arp_ignore = 1
net.ipv4.conf.all.arp_announce = 2
END
  cat >/etc/init.d/rcS <<'END'
#!/bin/sh
ip link set lo up
ip addr add 10.77.0.11/24 dev eth0
ip addr add 2001:db8:77::11/64 dev eth0
ip route add default via 10.77.0.1
ip -6 route add default via 2001:db8:77::1 dev eth0
ip addr add 10.77.0.100/32 dev lo label lo:0
ip addr add 2001:db8:77::100/128 dev lo
sysctl -p
END
  chmod 755 /etc/init.d/rcS
  /etc/init.d/rcS
}

# --- Parts

vips_on_lo() {
  ip addr add 10.77.0.100/32 dev lo label lo:0
  ip addr add 2001:db8:77::100/128 dev lo
}

sysctl_all() { # ARP_IGNORE ARP_ANNOUNCE
  echo "$1" >/proc/sys/net/ipv4/conf/all/arp_ignore
  echo "$2" >/proc/sys/net/ipv4/conf/all/arp_announce
}

persisted_sysctls() {
  printf '# DSR\nnet.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n' >/etc/sysctl.d/90-dsr.conf
}

# ifupdown, started at boot by the init script of its package.
ifupdown_at_boot() {
  mkdir -p /etc/init.d /etc/rcS.d
  printf '#!/bin/sh\nexec ifup -a\n' >/etc/init.d/networking
  chmod 755 /etc/init.d/networking
  ln -sf ../init.d/networking /etc/rcS.d/S12networking
}

persisted_vips() {
  [ -x /sbin/ifup ] || ifupdown_at_boot
  cat >/etc/network/interfaces.d/dsr <<'END'
auto lo:0
iface lo:0 inet static
  address 10.77.0.100
  netmask 255.255.255.255
iface lo inet6 loopback
  up ip addr add 2001:db8:77::100/128 dev lo
END
}

without() { # PROGRAM...: removed from this host
  for program; do
    for folder in /usr/sbin /usr/bin /usr/local/sbin /usr/local/bin; do rm -f "$folder/$program"; done
  done
}

hardware_address() { # SCENARIO: one for each, always the same
  printf '%s' "$1" | cksum | { read -r sum _; printf '02:00:0a:4d:%02x:%02x' $((sum / 256 % 256)) $((sum % 256)); }
}

listen() { # PORT or ADDRESS:PORT...
  for where; do busybox httpd -p "$where" -h /run; done
}

run_under_none() { # COMMAND...
  "$@"
}

# Through a service of a systemd of our own. Nothing else starts but the bus, which systemctl asks: what a real boot
# starts would set parameters of the kernel that all namespaces share.
run_under_systemd() { # COMMAND...
  mkdir /run/command
  cat >/run/command/input
  {
    printf 'exec'
    for word; do printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"; done
    echo
  } >/run/command/command.sh
  for unit in socket service; do
    sed 's/^\[Unit\]/&\nDefaultDependencies=no/' "/lib/systemd/system/dbus.$unit" >"/etc/systemd/system/dbus.$unit"
  done
  cat >/etc/systemd/system/command.service <<'END'
[Unit]
DefaultDependencies=no
Requires=dbus.service
After=dbus.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'sh /run/command/command.sh </run/command/input >/run/command/output 2>/run/command/errors; echo $? >/run/command/status'
ExecStopPost=/bin/systemctl exit --force
END
  mkdir /run/lock
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  mkdir /sys/fs/cgroup/unified /sys/fs/cgroup/systemd
  mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
  mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
  container=namespace unshare --fork --pid --cgroup --mount --mount-proc --kill-child \
    /lib/systemd/systemd --system --unit=command.service --log-target=null >/dev/null 2>&1 || true
  cat /run/command/errors >&2
  cat /run/command/output
  return "$(cat /run/command/status)"
}

# --- The host

cable() { # PROC SCENARIO. The other end of the cable is a namespace that lives as long as its process.
  unshare --net sleep 600 &
  while [ "$(readlink "$1/$!/ns/net")" = "$(readlink "$1/self/ns/net")" ]; do sleep 0.01; done
  ip link add eth0 address "$(hardware_address "$2")" type veth peer name switch netns $!
  nsenter --net="$1/$!/ns/net" ip link set switch up
  echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad
  ip link set eth0 up
  until ip -6 addr show dev eth0 | grep -q fe80; do sleep 0.01; done
}

case $1 in
  --mounts)
    shift
    mount -t tmpfs tmpfs /mnt
    mount -t tmpfs tmpfs /run # This machine's own names of namespaces are of no concern.
    mkdir /mnt/changes /mnt/work /mnt/root
    mount -t overlay overlay -o "lowerdir=${DSR_AUDIT_ROOT:-/},upperdir=/mnt/changes,workdir=/mnt/work" /mnt/root
    mount -t proc proc /mnt/root/proc
    mount -t sysfs sysfs /mnt/root/sys
    mount --bind /dev /mnt/root/dev
    mount --bind /run /mnt/root/run
    mount --bind /mnt/changes /mnt/root/mnt # What is changed on the host stands in its /mnt.
    cp "$0" /mnt/root/host.sh
    hostname web01
    ip link set lo up
    cable /mnt/root/proc "$1"
    if [ -n "${DSR_AUDIT_ROOT-}" ]; then
      listen 80 0.0.0.0:8080 # A socket belongs to the network, whosever file the program is.
      # Its loaders find files that set more than the network, and only the network is this host's own.
      mount --bind /mnt/root/proc/sys /mnt/root/proc/sys
      mount -o remount,bind,ro /mnt/root/proc/sys
      mount --bind /mnt/root/proc/sys/net /mnt/root/proc/sys/net
      mount -o remount,bind,rw /mnt/root/proc/sys/net
    else
      ip addr add 10.77.0.11/24 brd + dev eth0
      ip addr add 2001:db8:77::11/64 dev eth0 nodad
      ip route add default via 10.77.0.1
      ip -6 route add default via 2001:db8:77::1 dev eth0
    fi
    exec chroot /mnt/root /bin/sh /host.sh --host "$@"
    ;;
  --host)
    scenario=$2
    shift 2
    rm /host.sh
    cd /
    printf '127.0.0.1 localhost\n127.0.1.1 web01\n' >/etc/hosts
    mkdir -p /etc/network/interfaces.d
    printf 'source /etc/network/interfaces.d/*\nauto lo\niface lo inet loopback\n' >/etc/network/interfaces
    boot=none
    "$scenario" >/dev/null
    "run_under_$boot" "$@"
    ;;
  *)
    exec unshare --fork --pid --net --mount --uts --ipc --propagation private --kill-child sh "$0" --mounts "$@"
    ;;
esac
