#!/bin/sh
# Takes the captures anew, as root:  sh test/captures/linux/capture.sh [NAME...]
# Then rebuild the facts that belong to them:  npx vitest run test/collect/linux/captures.test.ts -u
# shellcheck disable=SC2086 # the shell may be two words
set -eu
cd "$(dirname "$0")"

# NAME ROOT SCENARIO SHELL. The probe runs as nobody, with nothing of the caller's environment. ROOT is a dash for this
# machine's files, else a root filesystem in the folder DSR_AUDIT_ROOTS: see distributions.sh.
while read -r name root scenario shell; do
  if [ $# -gt 0 ]; then case " $* " in *" $name "*) ;; *) continue ;; esac fi
  export DSR_AUDIT_ROOT=
  if [ "$root" != - ]; then
    if [ -z "${DSR_AUDIT_ROOTS-}" ]; then continue; fi
    DSR_AUDIT_ROOT=$DSR_AUDIT_ROOTS/$root
  fi
  nobody='setpriv --reuid=65534 --regid=65534 --clear-groups env -i'
  if [ "$root" = busybox ]; then nobody='su nobody -s /bin/env -- -i'; fi
  {
    echo 'set -- nonce=capture0 vip=10.77.0.100 vip=2001:db8:77::100 peer=198.51.100.20 peer=10.77.0.5 peer=2001:db8:c::20'
    cat ../../../src/collect/linux/probe.sh
  } | sh host.sh "$scenario" $nobody $shell -s >"$name.txt"
  echo "$name: $(wc -c <"$name.txt") bytes"
done <<'END'
compliant - compliant dash
no-sysctls - no_sysctls dash
mask-24-on-lo - mask_24_on_lo dash
lo-only-sysctls - lo_only_sysctls dash
vip-on-eth0 - vip_on_eth0 dash
not-persisted - not_persisted dash
systemd-host - systemd_host dash
rhel6-like - rhel6_like bash
alpine-like - alpine_like busybox ash
without-iproute2 - without_iproute2 dash
odd-names - odd_names dash
everything - everything dash
debian-11 bullseye debian dash
debian-11-sysvinit bullseye debian_sysvinit dash
debian-12 bookworm debian dash
debian-12-sysvinit bookworm debian_sysvinit dash
debian-13 trixie debian dash
debian-13-sysvinit trixie debian_sysvinit dash
busybox-only busybox busybox_only sh
END
