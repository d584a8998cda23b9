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
        flags = libs = more = ""
        for (i = 3; i <= NF; i++) {
            if ($i ~ /\//) {
                more = more " " $i
                continue
            }
            flags = flags " $(" $i "_CFLAGS)"
            libs = libs " $(" $i "_LIBS)"
        }
        print "plugin_LTLIBRARIES += " id ".la"
        print id "_la_SOURCES = plugins/" $1 "/" $2 ".c" more
        print id "_la_CFLAGS = $(PLUGIN_CFLAGS)" flags
        print id "_la_LDFLAGS = $(PLUGIN_LDFLAGS)"
        print id "_la_LIBADD = libgedi.la" libs
    }
' plugins/list >$out.new

# A plugin that nobody builds, and a line of no plugin, are forgotten otherwise.
for source in plugins/*/*.c; do
    grep -qE "_SOURCES = (.* )?$source( |$)" $out.new || { echo "plugins/list: has no line for $source" >&2; exit 1; }
done
for source in $(sed -n 's/.*_SOURCES = //p' $out.new); do
    [ -f "$source" ] || { echo "plugins/list: there is no $source" >&2; exit 1; }
done
cmp -s $out.new $out || mv $out.new $out
