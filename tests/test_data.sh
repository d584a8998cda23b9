#!/bin/sh
# test_data.sh - `gedi data`: what it lists, and what it says where nothing can be fetched. What comes
# from a server is in test_fetch.c.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
GEDI_DATA=$work/cache
export GEDI_DATA

expect 0 "list" "$gedi" data list
for name in cifar10 cifar100 svhn svhn_extra mnist fashion_mnist stl10 tiny_imagenet; do
    says out "$name"
done
says out "They are put into $work/cache, where the datasets of these names look."
silent err
holds "listing makes no folder" test ! -e cache
expect 0 "list with a file missing" "$gedi" data list
holds "svhn is not there" grep -q "^svhn  *-" "$work/out"
mkdir -p cache/svhn
: >cache/svhn/train_32x32.mat
expect 0 "list with half of svhn" "$gedi" data list
holds "half is not there" grep -q '^svhn  *-' out
: >cache/svhn/test_32x32.mat
expect 0 "list with svhn" "$gedi" data list
holds "svhn is there" grep -q '^svhn  *there' out
holds "svhn_extra is not" grep -q '^svhn_extra  *-' out

expect 2 "no verb" "$gedi" data
says err "say what to do: list, or fetch and a name"
expect 2 "another verb" "$gedi" data fetsh cifar10
says err "fetsh: not a thing to do with data; did you mean 'fetch'?"
expect 2 "no name" "$gedi" data fetch
says err "name the dataset: fetch cifar10"
expect 2 "another name" "$gedi" data fetch cifar1
says err "cifar1: not a dataset to be fetched; did you mean 'cifar10'?"
expect 2 "too much" "$gedi" data fetch cifar10 svhn
says err "svhn: not expected here"
expect 2 "--from with list" "$gedi" data list --from http://localhost
says err "--from is for fetch"
expect 2 "no place for a cache" env -u GEDI_DATA -u XDG_CACHE_HOME -u HOME "$gedi" data list
says err "none of the environment variables GEDI_DATA, XDG_CACHE_HOME and HOME is set"

mkdir mirror
echo "no such archive" >mirror/cifar-10-binary.tar.gz
sum=$(md5sum mirror/cifar-10-binary.tar.gz | cut -d' ' -f1)
code=0
"$gedi" data fetch cifar10 --from "file://$work/mirror" >out 2>err </dev/null || code=$?
if grep -q "was built without" err; then
    holds "without libcurl: exit code 1" test $code -eq 1
    holds "without libcurl: what can be done by hand" \
        grep -qF "unpack file://$work/mirror/cifar-10-binary.tar.gz in $work/cache" err
    skip "this gedi cannot fetch"
    finish
    exit
fi
holds "a wrong sum: exit code 1" test $code -eq 1
holds "both sums are named" grep -q "its md5 sum is $sum, that of the published file is c32a1d4" err
holds "it is not kept" test ! -e cache/cifar-10-binary.tar.gz.part
holds "nothing appears" test ! -e cache/cifar-10-batches-bin
expect 2 "no URL" "$gedi" data fetch cifar10 --from "$work/mirror"
says err "is no URL: it begins with https://, http:// or file://"
expect 1 "no such file" "$gedi" data fetch mnist --from "file://$work/nowhere/"
says err "$work/nowhere/train-images-idx3-ubyte.gz"
holds "no folder is left behind" test ! -e cache/mnist
expect 1 "nobody there" "$gedi" data fetch cifar100 --from http://127.0.0.1:9
says err "http://127.0.0.1:9/cifar-100-binary.tar.gz: "
says err "without a network, put the file there as $work/cache/"
expect 0 "what is there already" "$gedi" data fetch svhn --from http://127.0.0.1:9
says out "$work/cache/svhn"
: >taken
expect 1 "a file in the cache's place" env GEDI_DATA="$work/taken" "$gedi" data fetch mnist \
    --from "file://$work/mirror"
says err "taken"
finish
