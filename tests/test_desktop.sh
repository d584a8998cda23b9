#!/bin/sh
# test_desktop.sh - manual pages and completions: whole, legal for their readers, and what shells make
# of them.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
PATH=$top_builddir:$PATH
commands=$("$gedi" help | sed -n 's/^  \([a-z]*\) .*/\1/p')
set -- $commands
holds "there are commands" test $# -gt 15

# ---- manual pages ----

for command in '' $commands; do
    # shellcheck disable=SC2086  # none is no argument
    expect 0 "the page of gedi $command" "$gedi" manual $command
    cp out page.1
    if command -v man >/dev/null; then
        man --warnings -E UTF-8 -l page.1 >read 2>warned </dev/null
        if [ -s warned ]; then
            fail "man reads it without a warning" warned
        else
            pass "man reads it without a warning"
        fi
        [ -z "$command" ] || holds "it has its name" grep -q "gedi-$command" read
    fi
    [ -n "$command" ] || continue
    "$gedi" "$command" --help | sed -n 's/^ *\(-., \)\{0,1\} *--\([a-z-]*\).*/\2/p' |
        grep -v '^usage$' >options
    while read -r option; do
        holds "the page of $command has --$option" grep -q -- "--$option" read
    done <options
done
expect 2 "a page of nothing" "$gedi" manual swep
says err "did you mean 'sweep'?"

# ---- bash ----

expect 0 "for bash" "$gedi" completion bash
cp out gedi.bash
touch descriptor.yaml
mkdir sweeps
moons_descriptor two.yaml 'train: {iterations: 2, batch: 20, log_every: 1}'
expect 0 "a sweep" "$gedi" sweep -q two.yaml sweep.objective.gedi_no_gen.prior=[0,1] --out "runs of two"
expect 0 "its numbers" "$gedi" table "runs of two" --list values
says out "evaluation.clustering.nmi"
says out "terms.inv.value"
holds "each once" sh -c '[ -z "$(sort out | uniq -d)" ]'
expect 0 "its axes" "$gedi" table "runs of two" --list axes
holds "they are two" [ "$(cat out)" = "objective.gedi_no_gen.prior
seed" ]
silent err
complete() { # WORD...: what bash completes the last of them to
    bash --norc -c 'source ./gedi.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gedi; echo "${COMPREPLY[*]}"' bash "$@" 2>&1
}
completes() { # WANTED WORD...
    want=$1
    shift
    got=$(complete "$@")
    if [ "$got" = "$want" ]; then
        pass "bash completes '$*' to '$want'"
    else
        echo "$got" >got
        fail "bash completes '$*' to '$want'" got
    fi
}
if command -v bash >/dev/null; then
    holds "bash can read it" bash -n gedi.bash
    completes "sweep" gedi sw
    completes "evaluate export" gedi e
    completes "--version" gedi --v
    completes "--dry-run" gedi sweep --d
    completes "--features --format" gedi export --f
    completes "descriptor.yaml" gedi run desc
    completes "seed=" gedi run descriptor.yaml se
    completes "sweeps" gedi table sw
    completes "objective optimizer" gedi list o
    completes "zsh" gedi completion z
    completes "sweep" gedi help sw
    completes "optimizer/adam optimizer/adamw" gedi describe optimizer/ad
    completes "" gedi run counte
    completes "objective.gedi.prior=" gedi run descriptor.yaml objective.gedi.pri
    completes "optimizer.adam. optimizer.adamw." gedi run descriptor.yaml optimizer.ad
    completes "projector.mlp.hidden=" gedi run descriptor.yaml projector.mlp.h
    completes "md csv latex" gedi table sweeps --format ''
    completes "mean median min max" gedi table sweeps --stat = m
    completes "safetensors" gedi export r -f s
    completes "svhn svhn_extra stl10" gedi data fetch s
    completes "list fetch" gedi data ''
    completes "" gedi data list ''
    completes "adam adamw" gedi run descriptor.yaml optimizer = ad
    completes "mlp" gedi run descriptor.yaml projector = ml
    completes "" gedi run descriptor.yaml seed = ad
    completes "evaluation.clustering.nmi evaluation.clustering.nmi_batch evaluation.clustering.nmi_batch_chance" \
        gedi table "runs of two" --value evaluation.clustering.n
    completes "loss" gedi table "runs\\ of\\ two" --value lo
    completes "loss" gedi table \'runs\ of\ two\' --value lo
    completes "loss" gedi table "runs of two" -v lo
    completes "objective.gedi_no_gen.prior" gedi table "runs of two" --rows = obj
    completes "seed" gedi table "runs of two" -w s
else
    skip "there is no bash"
fi

# ---- zsh ----

expect 0 "for zsh" "$gedi" completion zsh
cp out _gedi
if command -v zsh >/dev/null; then
    holds "zsh can read it" zsh -n _gedi
    cat >try.zsh <<'END'
zmodload zsh/zpty
zpty z zsh -f -i
read_z() { zpty -r z REPLY "*$1*" 2>/dev/null; print -r -- "$REPLY" }
zpty -w z "PS1=; fpath=($PWD \$fpath); autoload -Uz compinit; compinit -u -d $PWD/dump; cd $PWD; echo rea''dy"
read_z ready >/dev/null
zpty -w -n z $'gedi sweep --dry\t'
sleep 1
zpty -w z ' #'
read_z '--dry-run' 
zpty -w -n z $'gedi table runs\\ of\\ two --value evaluation.clustering.nmi_batch_\t'
sleep 1
zpty -w z ' #'
read_z 'batch_chance'
zpty -d z
END
    timeout 30 zsh -f try.zsh >completed 2>&1
    holds "zsh completes a metric of the runs" grep -q nmi_batch_chance completed
    if grep -q -- '--dry-run' completed; then
        pass "zsh completes gedi sweep --dry"
    else
        fail "zsh completes gedi sweep --dry" completed
    fi
else
    skip "there is no zsh"
fi
expect 2 "for another shell" "$gedi" completion fish
says err "there are completions for bash and zsh"
expect 2 "for none" "$gedi" completion
says err "name the shell"

# ---- version ----

expect 0 "the version" "$gedi" --version
holds "in the first line" sh -c 'head -1 out | grep -qx "gedi [0-9.]*"'
for line in commit compiler BLAS "small products" fetching rules; do
    says out "  $line "
done

finish
