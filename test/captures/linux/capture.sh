#!/bin/sh
# Takes the captures anew, as root:  sh test/captures/linux/capture.sh [NAME...]
# Then rebuild the facts that belong to them:  npx vitest run test/collect/linux/captures.test.ts -u
# shellcheck disable=SC2086 # the shell may be two words
set -eu
cd "$(dirname "$0")"

# NAME SCENARIO SHELL. The probe runs as nobody, with nothing of the caller's environment.
while read -r name scenario shell; do
  if [ $# -gt 0 ]; then case " $* " in *" $name "*) ;; *) continue ;; esac fi
  {
    echo 'set -- nonce=capture0 vip=10.77.0.100 vip=2001:db8:77::100 peer=198.51.100.20 peer=10.77.0.5 peer=2001:db8:c::20'
    cat ../../../src/collect/linux/probe.sh
  } | sh host.sh "$scenario" setpriv --reuid=65534 --regid=65534 --clear-groups env -i $shell -s >"$name.txt"
  echo "$name: $(wc -c <"$name.txt") bytes"
done <<'END'
compliant compliant dash
no-sysctls no_sysctls dash
mask-24-on-lo mask_24_on_lo dash
lo-only-sysctls lo_only_sysctls dash
vip-on-eth0 vip_on_eth0 dash
not-persisted not_persisted dash
systemd-host systemd_host dash
rhel6-like rhel6_like bash
alpine-like alpine_like busybox ash
without-iproute2 without_iproute2 dash
odd-names odd_names dash
everything everything dash
END
