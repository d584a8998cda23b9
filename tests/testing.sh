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

# narrow COLUMNS COMMAND...: the command on a terminal of so many columns, which says all on standard output.
narrow() {
    TERM=xterm python3 -c '
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
try:
    while chunk := os.read(terminal, 4096):
        said += chunk
except OSError:  # the end of a terminal
    pass
sys.stdout.write(said.decode().replace("\r\n", "\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))' "$@"
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

# put_npy FILE SHAPE: FILE.npy of bytes, which come on standard input.
put_npy() {
    { printf '\223NUMPY\001\000\166\000'
      printf '%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': ($2), }"
      cat; } >"$1.npy"
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

# moons_descriptor FILE [LINE]...: a small experiment on moons. A LINE, "KEY: VALUE", takes the place of the
# one with its key, or comes behind all; "KEY:" takes the key away.
moons_descriptor() {
    moons_file=$1
    shift
    {
        for line; do printf '%s\n' "$line"; done
        cat <<'END'

seed: 0
threads: 1
dataset: {moons: {noise: 0.05, train: 200, test: 100}}
views: [[], [gaussian_noise: {std: 0.03}]]
model: {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {lr: 1.0e-2}}
train: {iterations: 200, batch: 20, log_every: 20, checkpoint_every: 50}
evaluate: [clustering: {}]
END
    } | awk '
        function put(line) { # values stand below each other
            value = line
            sub(/^[a-z]*: */, "", value)
            if (value != "") printf "%-10s %s\n", key ":", value
        }
        /^$/ { base = 1; next }
        { key = $0; sub(/:.*/, "", key) }
        !base { own[key] = $0; name[++names] = key; next }
        { put(key in own ? own[key] : $0); done[key] = 1 }
        END { for (i = 1; i <= names; i++) if (!((key = name[i]) in done)) put(own[key]) }' >"$moons_file"
}

# needs_compiler: plugins are built by $CC; the test is skipped where there is none.
needs_compiler() {
    : "${CC:=cc}"
    command -v "${CC%% *}" >/dev/null || { echo "there is no C compiler"; exit 77; }
}

# build_plugin FILE.c [OUT.so [FLAG]...]: OUT is FILE.so, unless it is given.
build_plugin() {
    source=$1 so=${2:-${1%.c}.so}
    shift $(($# > 1 ? 2 : 1))
    # shellcheck disable=SC2086  # CC may have arguments
    holds "${so##*/} builds" $CC "$@" -shared -fPIC -I"$top_srcdir/include" "$source" -o "$so"
}

# plugin KIND_NAME: builds it, its text from standard input.
plugin() {
    cat >"$1.c"
    build_plugin "$1.c"
}

# copies N SEED [RULE]: many/0 to many/(N - 1), runs as `one` is, but for the seed, an expression of i, and what
# the RULE, of awk, makes of each line l. A summary that was edited by hand may lack its checksum, and that of
# the descriptor.
copies() {
    mkdir many
    seq 0 $(($1 - 1)) | sed 's,^,many/,' | xargs mkdir
    for file in gedi.json descriptor.yaml summary.json; do
        awk -v n="$1" -v name=$file '
            { line[NR] = $0 }
            END {
                for (i = 0; i < n; i++) {
                    out = "many/" i "/" name
                    for (k = 1; k <= NR; k++) {
                        l = line[k]
                        if (name != "gedi.json") {
                            sub(/^seed: 0$/, "seed: " '"$2"', l)
                            sub(/"seed": 0/, "\"seed\": " '"$2"', l)
                            sub(/"seed: 0"/, "\"seed: " '"$2"' "\"", l)
                            sub(/"checksum": "[^"]*"/, "\"edited\": 1", l)
                            sub(/"descriptor_checksum": "[^"]*"/, "\"also\": 1", l)
                            '"${3:-}"'
                        }
                        print l >out
                    }
                    close(out)
                }
            }' "one/$file"
    done
}

finish() {
    [ "$checks" -gt 0 ] || { echo "no checks were made"; exit 77; }
    echo "$((100 * (checks - failures) / checks))%: Checks: $checks, Failures: $failures," \
        "Errors: 0, Skipped: $skips"
    [ "$failures" -eq 0 ]
}
