#!/bin/sh
# test_layers.sh - who may include whom: core's rooms go downwards only, headers make no circle,
# and a plugin sees gedi/*.h, the headers of its own kind, and what several kinds share: plugins/rules, which
# itself opens files as datasets do.
#
# A room that is not in this list fails, too: decide where it stands, and write it here.
. "${srcdir:-.}/tests/testing.sh"

rooms='base data graph op exec nn plugin descriptor metric store network train evaluate run report export sweep cli'

# layers TREE: prints what is wrong with its #include lines; 1 if anything is.
layers() {
    (
        cd "$1" || exit 1
        find core plugins include -path core/cli/template -prune -o -name '*.[ch]' -print |
            sort | xargs grep -n '^[[:space:]]*#[[:space:]]*include[[:space:]]' /dev/null
    ) | awk -F: -v rooms="$rooms" -v shared=rules '
        function say(text) { print place ": " text; wrong = 1 }
        function circle(file,   i, n, to) {
            if (state[file] == 2 || wrong_circle) return
            if (state[file] == 1) {
                for (i = depth; path[i] != file; i--) to = " -> " path[i] to
                place = file
                say("a circle of headers: " file to " -> " file ": move what both need into a header below them")
                wrong_circle = 1
                return
            }
            state[file] = 1
            path[++depth] = file
            n = split(of[file], to_list, " ")
            for (i = 1; i <= n; i++) next_of[file, i] = to_list[i]
            for (i = 1; i <= n; i++) circle(next_of[file, i])
            depth--
            state[file] = 2
        }
        BEGIN {
            n = split(rooms, room, " ")
            for (i = 1; i <= n; i++) height[room[i]] = i
        }
        {
            file = $1
            place = $1 ":" $2
            name = $3
            sub(/^[^"<]*["<]/, "", name)
            sub(/[">].*$/, "", name)
            n = split(file, from, "/")
            split(name, to, "/")
            if (name == "config.h" || name == "installed.h") next
            if (file ~ /\.h$/)
                of[file] = of[file] " " (to[1] == "gedi" ? "include/" name : name)
            if (from[1] == "core") {
                if (!(from[2] in height))
                    say("core/" from[2] " is in no list: give the room a place in tests/test_layers.sh")
                else if (to[1] == "core" && !(to[2] in height))
                    say(name ": core/" to[2] " is in no list: give the room a place in tests/test_layers.sh")
                else if (to[1] == "core" && height[to[2]] > height[from[2]])
                    say(name " points up, from " from[2] " to " to[2] ": move what is needed down, or its user up")
                else if (to[1] == "plugins")
                    say(name ": core knows no plugin: move what both need into core, behind a header gedi/*.h")
            } else if (to[1] == "core" || (from[1] == "include" && to[1] == "plugins"))
                say(name " is private: " from[1] " may use gedi/*.h alone; make what is needed public, or do without")
            else if (from[1] == "plugins" && to[1] == "plugins" && to[2] != from[2] && to[2] != shared && !(from[2] == shared && name == "plugins/dataset/file.h"))
                say(name " is of another kind: plugins/" from[2] " may use gedi/*.h and plugins/" from[2] "/*.h")
            if ($3 ~ /"/ && name !~ /^(core|plugins|gedi)\//)
                say(name ": write the whole path, such as \"core/base/text.h\", so that its room can be seen")
        }
        END {
            for (file in of) circle(file)
            exit wrong
        }'
}

expect 0 "the sources" layers "$top_srcdir"
silent out

# A small tree that is right, and one fault at a time in it. bad NAME FILE LINE TEXT
tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/core/base" "$work/tree/core/graph" "$work/tree/core/cli/template" \
        "$work/tree/plugins/view" "$work/tree/plugins/model" "$work/tree/include/gedi"
    cd "$work/tree" || exit 1
    echo '#include <stdio.h>' >core/base/text.h
    echo '#include "core/base/text.h"' >core/graph/node.h
    printf '#include "core/graph/node.h"\n#include "config.h"\n' >core/graph/node.c
    echo '#include "anything.h"' >core/cli/template/plugin.c
    echo '#include "gedi/tensor.h"' >include/gedi/graph.h
    echo '#include <stdint.h>' >include/gedi/tensor.h
    echo '#include "gedi/graph.h"' >plugins/view/image.h
    printf '#include "plugins/view/image.h"\n#include <math.h>\n' >plugins/view/crop.c
    echo '#include "gedi/graph.h"' >plugins/model/mlp.c
}
bad() {
    tree
    mkdir -p "$(dirname "$2")"
    echo "$3" >>"$2"
    expect 1 "$1" layers "$work/tree"
    says out "$4"
}
tree
expect 0 "a small tree" layers "$work/tree"
silent out
bad "an include that points up" core/base/text.c '#include "core/graph/node.h"' \
    'core/base/text.c:1: core/graph/node.h points up, from base to graph'
bad "one with spaces" core/base/text.c '  #  include "core/graph/node.h"' 'points up'
bad "one in brackets" core/base/text.c '#include <core/graph/node.h>' 'points up'
bad "a room of no list" core/attic/box.c '#include "core/base/text.h"' \
    'core/attic is in no list'
bad "core with a plugin" core/graph/node.c '#include "plugins/view/image.h"' \
    'core knows no plugin'
bad "a plugin with core" plugins/view/crop.c '#include "core/base/text.h"' \
    'plugins/view/crop.c:3: core/base/text.h is private'
bad "a plugin with another kind" plugins/model/mlp.c '#include "plugins/view/image.h"' \
    'of another kind'
bad "a public header with core" include/gedi/graph.h '#include "core/graph/node.h"' \
    'is private'
bad "a bare name" core/graph/node.c '#include "node.h"' 'write the whole path'
bad "a circle" core/base/text.h '#include "core/base/text.h"' 'a circle of headers'
bad "a circle of public headers" include/gedi/tensor.h '#include "gedi/graph.h"' \
    'a circle of headers: include/gedi/'

# Automake keeps one log for tests/test_x and tests/test_x.sh, and runs one of the two.
for script in "$top_srcdir"/tests/test_*.sh; do
    [ -e "${script%.sh}.c" ] && echo "$script has the name of a program: call it otherwise"
done >twice
holds "no two tests share a name" [ ! -s twice ]

# A header that no list names is not packed, and what is packed does not build.
(
    cd "$top_srcdir" || exit 1
    find core -path core/cli/template -prune -o -name '*.h' -print | sort | while read -r file; do
        grep -qF "$file" core/files.mk core/*/files.mk || echo "$file is in no files.mk"
    done
) >unlisted
holds "each header of core is in a list" [ ! -s unlisted ]

finish
