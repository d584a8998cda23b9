# shellcheck shell=sh disable=SC2034  # read by others
# testing.sh - what the shell tests share; to be read with `.`.
#
# `finish` prints the count as Check does, "90%: Checks: 10, Failures: 1, Errors: 0", with
# ", Skipped: N" behind it, so that one reader adds up all tests.

set -u
checks=0 failures=0 skips=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

top_builddir=${abs_top_builddir:-$PWD}
top_srcdir=${abs_top_srcdir:-$PWD}
gedi=${GEDI:-$top_builddir/gedi}
GEDI_TEMPLATE_PATH=$top_srcdir/core/cli/template
export GEDI_TEMPLATE_PATH
[ -x "$gedi" ] || { echo "$gedi: not built"; exit 99; }
unset GEDI_PLUGIN_PATH OPENBLAS_CORETYPE OMP_WAIT_POLICY GOMP_SPINCOUNT MAKEFLAGS MFLAGS MAKELEVEL
unset OMP_NUM_THREADS OMP_PROC_BIND OMP_PLACES GOMP_CPU_AFFINITY OPENBLAS_NUM_THREADS

# pass NAME, fail NAME [FILE...]: one check; the files are shown where it failed.
pass() {
    checks=$((checks + 1))
    echo "ok: $1"
}
fail() {
    checks=$((checks + 1)) failures=$((failures + 1))
    echo "FAILED: $1"
    shift
    for file; do
        echo "--- ${file##*/}"
        cat "$file"
    done
}

skip() {
    skips=$((skips + 1))
    echo "skipped: $1"
}

# stopped SIGNAL CONDITION ARGUMENT...: in part, a run with these arguments that got the signal when the
# condition, a command, held. On a busy machine it may be too late: false after five runs that ended before.
stopped() {
    stop_signal=$1 stop_when=$2 stop_tries=0 got=0
    shift 2
    while [ $got -eq 0 ] && [ $stop_tries -lt 5 ]; do
        stop_tries=$((stop_tries + 1))
        rm -rf part
        "$gedi" run -q "$@" --out part >out 2>err </dev/null &
        pid=$!
        until eval "$stop_when" || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
        kill -"$stop_signal" $pid 2>/dev/null
        wait $pid 2>/dev/null
        got=$?
    done
    [ $got -ne 0 ]
}

# expect CODE NAME COMMAND...: the exit code; output is kept in $work/out and $work/err.
expect() {
    code=$1 name=$2
    shift 2
    got=0
    "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    if [ "$got" -eq "$code" ]; then
        pass "$name: exit code $code"
    else
        fail "$name: exit code $got instead of $code" "$work/out" "$work/err"
    fi
}

# says out|err TEXT: the last command printed that text there. silent out|err: nothing.
says() {
    if grep -qF -e "$2" "$work/$1"; then
        pass "$name says '$2'"
    else
        fail "$name: no '$2' in its $1" "$work/$1"
    fi
}
silent() {
    if [ ! -s "$work/$1" ]; then
        pass "$name: nothing in its $1"
    else
        fail "$name: something in its $1" "$work/$1"
    fi
}

# holds NAME COMMAND...: the command ends with 0.
holds() {
    what=$1
    shift
    if "$@" >"$work/holds" 2>&1 </dev/null; then
        pass "$what"
    else
        fail "$what" "$work/holds"
    fi
}

# until_holds COMMAND...: waits for it, twenty seconds at most.
until_holds() {
    tries=0
    while ! "$@" 2>/dev/null && [ $tries -lt 400 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
}

# put_cifar10 FOLDER: the six files of CIFAR-10 with forty records each: label 1, a byte for all pixels.
put_cifar10() {
    mkdir -p "$1/cifar-10-batches-bin"
    for name in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do
        i=0
        while [ $i -lt 40 ]; do
            printf '\001'
            head -c 3072 /dev/zero | tr '\0' "\\$(printf '%03o' $((i * 5 + 20)))"
            i=$((i + 1))
        done >"$1/cifar-10-batches-bin/$name.bin"
    done
}

finish() {
    [ "$checks" -gt 0 ] || { echo "no checks were made"; exit 77; }
    echo "$((100 * (checks - failures) / checks))%: Checks: $checks, Failures: $failures," \
        "Errors: 0, Skipped: $skips"
    [ "$failures" -eq 0 ]
}
