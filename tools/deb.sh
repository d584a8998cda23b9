#!/bin/sh
# deb.sh [FOLDER] - makes Debian's packages of the commit that is checked out, into FOLDER (build-deb
# beside the sources), installs them into a root that has nothing else but what they ask for, and runs
# an experiment and a plugin of one's own there. Exit code 77 without the tools, or without a mirror.
#
# Tools: dpkg-dev and debhelper; mmdebstrap for the clean root.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$top/build-deb-packages}
for tool in dpkg-buildpackage dh mmdebstrap; do
    command -v $tool >/dev/null || { echo "deb.sh: there is no $tool"; exit 77; }
done
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- the packages ----

mkdir "$work/gedi"
git -C "$top" archive HEAD | tar -x -C "$work/gedi"
(cd "$work/gedi" && dpkg-checkbuilddeps) || exit 77
(cd "$work/gedi" && DEB_BUILD_OPTIONS="parallel=$(nproc)" dpkg-buildpackage -b -us -uc) >"$out/build.log" 2>&1 || {
    tail -n 40 "$out/build.log"
    exit 1
}
rm -f "$out"/*.deb
cp "$work"/*.deb "$out"
for deb in "$out"/gedi_*.deb "$out"/gedi-dev_*.deb; do
    echo "deb.sh: $deb, $(dpkg-deb -f "$deb" Installed-Size) kB installed"
done
if command -v lintian >/dev/null; then
    # Who makes a package for others puts an address in.
    lintian --fail-on error --suppress-tags bogus-mail-host,bogus-mail-host-in-debian-changelog \
        "$work"/*.changes
fi

# ---- a clean root ----

cat >"$work/small.yaml" <<'END'
threads: 1
dataset: {moons: {noise: 0.05, train: 100, test: 50}}
views: [[], [gaussian_noise: {std: 0.03}]]
model: {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {}}
optimizer: {adam: {}}
train: {iterations: 20, batch: 20}
evaluate: [clustering: {}]
figures: [losses]
END
cat >"$work/try.sh" <<'END'
set -eu
cd /tmp
gedi --version
gedi run -q small.yaml --out r
test -s r/figures/losses.png
gedi export r --onnx
gedi manual run >/dev/null
test -s /usr/share/man/man1/gedi-run.1.gz
test -s /usr/share/bash-completion/completions/gedi
gedi new objective mine
make -C mine >/dev/null
make -C mine check
gedi describe objective/gedi_nesy >/dev/null
echo "a clean root: ok"
END
# By its own name a package is installed with what it depends on; gnuplot is only recommended.
mmdebstrap --variant=minbase --include=gnuplot-nox,libc6-dev --include="$out/$(cd "$out" && echo gedi_*.deb)" \
    --include="$out/$(cd "$out" && echo gedi-dev_*.deb)" \
    --hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount \
    --customize-hook="copy-in $work/small.yaml $work/try.sh /tmp" \
    --customize-hook='chroot "$1" sh /tmp/try.sh' \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" /dev/null >"$out/root.log" 2>&1 || {
    tail -n 40 "$out/root.log"
    exit 1
}
sed -n '/^gedi 0/,$p' "$out/root.log"
