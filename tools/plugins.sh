#!/bin/sh
# plugins.sh - writes plugins/plugins.mk, all that automake must be told of the plugins in
# plugins/list. autoreconf runs it (configure.ac), and make where the list has changed.
set -eu
cd "$(dirname "$0")/.."
out=plugins/plugins.mk
trap 'rm -f $out.new' EXIT

awk '
    /^#/ || !NF { next }
    {
        id = $1 "_" $2
        flags = libs = link = ""
        for (i = 3; i <= NF; i++) {
            flags = flags " $(" $i "_CFLAGS)"
            libs = libs " $(" $i "_LIBS)"
            if ($i == "RULES")
                link = " $(RULES_LDFLAGS)"
        }
        print "plugin_LTLIBRARIES += " id ".la"
        print id "_la_SOURCES = plugins/" $1 "/" $2 ".c"
        print id "_la_CFLAGS = $(PLUGIN_CFLAGS)" flags
        print id "_la_LDFLAGS = $(PLUGIN_LDFLAGS)" link
        print id "_la_LIBADD = libgedi.la" libs
    }
' plugins/list >$out.new

# A plugin that nobody builds, and a line of no plugin, are forgotten otherwise. plugins/rules is what
# several of them share.
for source in plugins/*/*.c; do
    case $source in plugins/rules/*) continue ;; esac
    grep -qF " = $source" $out.new || { echo "plugins/list: has no line for $source" >&2; exit 1; }
done
for source in $(sed -n 's/.*_SOURCES = //p' $out.new); do
    [ -f "$source" ] || { echo "plugins/list: there is no $source" >&2; exit 1; }
done
cmp -s $out.new $out || mv $out.new $out
