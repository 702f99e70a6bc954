#!/bin/sh
# Takes the captures of other distributions anew, as root:  sh test/captures/linux/distributions.sh FOLDER
# Makes their root filesystems in FOLDER, where they are not there yet, with what the mirror of this machine's apt serves.
# That takes minutes and the network, so it is no part of the tests; what it leaves here is.
set -eu
folder=$(realpath "${1:?in which folder?}")
cd "$(dirname "$0")"

# shellcheck disable=SC2016 # apt-get expands it
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
for suite in bullseye bookworm trixie; do
  [ -e "$folder/$suite.complete" ] && continue
  nice debootstrap --variant=minbase --include=iproute2,ifupdown,procps,systemd,systemd-sysv,dbus \
    "$suite" "$folder/$suite" "$mirror"
  touch "$folder/$suite.complete"
done

# This machine's busybox-static, a link for each of its applets, and a user for the probe.
for sub in bin dev etc mnt proc run sys tmp; do mkdir -p "$folder/busybox/$sub"; done
cp /bin/busybox "$folder/busybox/bin/"
for applet in $(/bin/busybox --list | grep -vx busybox); do ln -sf busybox "$folder/busybox/bin/$applet"; done
printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$folder/busybox/etc/passwd"

for name in debian-11 debian-11-sysvinit debian-12 debian-12-sysvinit debian-13 debian-13-sysvinit busybox-only; do
  DSR_AUDIT_ROOTS=$folder sh capture.sh "$name"
done
