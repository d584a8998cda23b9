/* completion.c - `gedi completion`: what a shell can complete, from the tables that commands read
 * their arguments by. A word with '=' is a value of a descriptor: its key is completed.
 */
#include "core/cli/commands.h"
#include "core/descriptor/keys.h"

#include <stdio.h>
#include <string.h>

#define KINDS "dataset view model objective sampler optimizer evaluator"

typedef struct script {
    const gedi__command *cmd;
    gedi__text *out;
} script;

/* Words that a command takes where others take files; what the shell is to run is in $(). */
static const char *words_of(const gedi__command *cmd)
{
    static const struct {
        const char *command, *words;
    } table[] = {
        {"list", KINDS},
        {"new", KINDS},
        {"describe", "$(gedi list 2>/dev/null | while read -r kind name rest; do echo "
                     "\"$kind/$name\"; done)"},
        {"data",
         "$(case \"$before\" in data) echo list fetch ;; fetch) gedi data list 2>/dev/null | "
         "while read -r name rest && [ -n \"$name\" ]; do echo \"$name\"; done ;; esac)"},
        {"manual", "$all"},
        {"completion", "bash zsh"},
        {"schema", ""},
        {"info", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i].command, cmd->name))
            return table[i].words;
    return NULL;
}

/* What "KIND=", "KIND." and "KIND.NAME." go on with, a word a line; both shells read it. */
static const char components[] =
    "_gedi_components() {\n"
    "    case $1 in\n"
    "    projector=*) set -- model = ;;\n"
    "    dataset=* | model=* | objective=* | sampler=* | optimizer=*) set -- \"${1%%=*}\" = ;;\n"
    "    *=*) return ;;\n"
    "    projector.*) set -- model \"$1\" ;;\n"
    "    *.*) set -- \"${1%%.*}\" \"$1\" ;;\n"
    "    *) return ;;\n"
    "    esac\n"
    "    case ${2#*.} in\n"
    "    =) gedi list \"$1\" 2>/dev/null | sed -n \"s/^$1  *\\([^ ]*\\) .*/\\1/p\" ;;\n"
    "    *.*) gedi describe \"$1/$(echo \"$2\" | cut -d. -f2)\" 2>/dev/null |\n"
    "        sed -n \"/^option /,/^\\$/{/^option /d;/^\\$/d;s/ .*/=/;s/^/${2%.*}./;p;}\" ;;\n"
    "    *) gedi list \"$1\" 2>/dev/null | sed -n \"s/^$1  *\\([^ ]*\\) .*/${2%.*}.\\1./p\" ;;\n"
    "    esac\n}\n"
    /* "axes" or "values" of the runs that the words after it name. */
    "_gedi_paths() {\n"
    "    local what=$1 word\n    shift\n"
    "    for word; do\n        shift\n" /* it has the quotes that were typed */
    "        [ -e \"$word\" ] || word=$(printf %s \"$word\" | xargs printf %s 2>/dev/null)\n"
    "        [ ! -e \"$word\" ] || set -- \"$@\" \"$word\"\n    done\n"
    "    [ $# -eq 0 ] || gedi table --list \"$what\" -- \"$@\" 2>/dev/null\n}\n";

static bool takes_values(const struct argp *argp)
{
    return argp->args_doc && strstr(argp->args_doc, "KEY=VALUE");
}

static bool has_letter(const struct argp_option *o)
{
    return o->key > ' ' && o->key < 0x7f;
}

static void add_keys(gedi__text *out)
{
    bool any = false;
    for (const gedi__key *k = gedi__keys; k->key; k++) {
        if (k->form == GEDI__BASE || k->form == GEDI__COUNTED || k->form == GEDI__HISTORY)
            continue; /* of files alone */
        gedi__text_add(out, "%s%s=", any ? " " : "", k->key);
        any = true;
    }
}

static void add_commands(gedi__text *out)
{
    for (int i = 0; i < gedi__command_count; i++)
        gedi__text_add(out, "%s%s", i ? " " : "", gedi__commands[i].name);
}

/* What a shell is to run for the values of an option: of "PATH" and "PATH=VALUE" it asks what the runs have that
 * are named before. NULL where an option takes something else. */
static const char *values_of(const gedi__command *cmd, const struct argp_option *o)
{
    if (strcmp(cmd->name, "table") || !o->arg || !strstr(o->arg, "PATH"))
        return NULL;
    return strcmp(o->name, "value") ? "axes" : "values";
}

/* The words an option takes, such as "md|csv", with `between` between; false where it takes other things. */
static bool add_words(gedi__text *out, const struct argp_option *o, char between)
{
    if (!o->arg || !strchr(o->arg, '|'))
        return false;
    for (const char *c = o->arg; *c; c++)
        gedi__text_add(out, "%c", *c == '|' ? between : *c);
    return true;
}

/* ---- bash ---- */

static void add_case_bash(void *context, const struct argp *argp)
{
    const script *s = context;
    gedi__text *out = s->out;
    const char *words = words_of(s->cmd);
    gedi__text_add(out, "    %s)\n        options=\"", s->cmd->name);
    for (const struct argp_option *o = argp->options; o && o->name; o++)
        gedi__text_add(out, "--%s ", o->name);
    gedi__text_add(out, "--help\"\n        case $before in\n");
    for (const struct argp_option *o = argp->options; o && o->name; o++) {
        const char *paths = values_of(s->cmd, o);
        if (!paths && (!o->arg || !strchr(o->arg, '|')))
            continue;
        if (has_letter(o))
            gedi__text_add(out, "        -%c |", o->key);
        gedi__text_add(out, "        --%s) value=\"", o->name);
        if (paths)
            gedi__text_add(out, "$(_gedi_paths %s \"${COMP_WORDS[@]:2}\")", paths);
        else
            add_words(out, o, ' ');
        gedi__text_add(out, "\" ;;\n");
    }
    gedi__text_add(out, "        esac\n");
    if (takes_values(argp))
        gedi__text_add(out, "        words=$keys files=1\n");
    else if (words)
        gedi__text_add(out, "        words=\"%s\"\n", words);
    else
        gedi__text_add(out, "        files=1\n");
    gedi__text_add(out, "        ;;\n");
}

static void add_bash(gedi__text *out)
{
    gedi__text_add(
        out,
        "# gedi: completion for bash, made by `gedi completion bash'\n%s"
        "_gedi()\n{\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} options= words= files= value= found=\n"
        "    local before=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    local key=\n"
        "    [ \"$before\" != = ] || { before=${COMP_WORDS[COMP_CWORD-2]} key=$before; }\n"
        "    [ \"$current\" != = ] || { current= key=$before; }\n"
        "    local all=\"",
        components);
    add_commands(out);
    gedi__text_add(out, "\"\n    local keys=\"");
    add_keys(out);
    gedi__text_add(
        out,
        "\"\n    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W \"$all --help --version\" -- \"$current\"))\n"
        "        return\n    fi\n"
        "    case ${COMP_WORDS[1]} in\n");
    for (int i = 0; i < gedi__command_count; i++) {
        script s = {&gedi__commands[i], out};
        gedi__command_look(s.cmd, add_case_bash, &s);
    }
    gedi__text_add(
        out,
        "    help)\n        words=$all\n        ;;\n    esac\n"
        "    case $current in\n"
        "    -*) words=$options files= ;;\n"
        "    *) [ -z \"$key\" ] || { found=$(_gedi_components \"$key=\") &&\n"
        "        [ -z \"$found\" ] || { words=$found files=; }; } ;;\n"
        "    esac\n"
        "    case $current in\n"
        "    *.*) [ -z \"$words\" ] || words=\"$words $(_gedi_components \"$current\")\" ;;\n"
        "    esac\n"
        "    [ -z \"$value\" ] || { words=$value files=; }\n"
        "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        "    if [ \"${#COMPREPLY[@]}\" -gt 0 ]; then\n"
        "        case ${COMPREPLY[0]} in\n"
        "        *= | *.) compopt -o nospace 2>/dev/null ;;\n"
        "        esac\n    fi\n"
        "    if [ -n \"$files\" ]; then\n"
        "        compopt -o filenames 2>/dev/null\n"
        "        COMPREPLY+=($(compgen -f -- \"$current\"))\n"
        "    fi\n}\n"
        "complete -F _gedi gedi\n");
}

/* ---- zsh ---- */

/* Within single quotes and, of an option's description, brackets. */
static void add_zsh(gedi__text *out, const char *s)
{
    for (; *s; s++)
        if (*s == '\'')
            gedi__text_add(out, "'\\''");
        else
            gedi__text_add(out, strchr("[]:\\", *s) ? "\\%c" : "%c", *s);
}

static void add_option_zsh(gedi__text *out, const gedi__command *cmd,
                           const struct argp_option *o)
{
    const char *paths = values_of(cmd, o);
    if (has_letter(o))
        gedi__text_add(out, " \\\n            '(-%c --%s)'{-%c%s,--%s%s}'[", o->key,
                       o->name, o->key, o->arg ? "+" : "", o->name, o->arg ? "=" : "");
    else
        gedi__text_add(out, " \\\n            '--%s%s[", o->name, o->arg ? "=" : "");
    add_zsh(out, o->doc ? o->doc : "");
    gedi__text_add(out, "]");
    if (o->arg) {
        gedi__text_add(out, ":");
        add_zsh(out, strchr(o->arg, '|') ? "word" : o->arg);
        if (paths)
            gedi__text_add(out, ":_gedi_%s", paths);
        else
            gedi__text_add(out, strchr(o->arg, '|') ? ":(" : ":_files");
        if (add_words(out, o, ' '))
            gedi__text_add(out, ")");
    }
    gedi__text_add(out, "'");
}

static void add_case_zsh(void *context, const struct argp *argp)
{
    const script *s = context;
    gedi__text *out = s->out;
    const char *words = words_of(s->cmd);
    gedi__text_add(out, "    %s)\n        _arguments -s", s->cmd->name);
    for (const struct argp_option *o = argp->options; o && o->name; o++)
        add_option_zsh(out, s->cmd, o);
    gedi__text_add(out, " \\\n            '--help[say what it takes]'");
    if (takes_values(argp))
        gedi__text_add(out, " \\\n            '*:file or value:_gedi_value'");
    else if (words && *words)
        gedi__text_add(out, " \\\n            \"*:word:compadd -- %s\"", words);
    else if (!words)
        gedi__text_add(out, " \\\n            '*:file:_files'");
    gedi__text_add(out, "\n        ;;\n");
}

static void add_whole_zsh(gedi__text *out)
{
    gedi__text_add(
        out,
        "#compdef gedi\n# gedi: completion for zsh, made by `gedi completion zsh'\n%s"
        "_gedi_component() {\n"
        "    local -a found\n"
        "    found=(${(f)\"$(_gedi_components \"$PREFIX\")\"})\n"
        "    if compset -P '*='; then\n        compadd -- $found\n    else\n"
        "        compadd -S \"\" -- $found\n    fi\n}\n"
        "_gedi_axes() { compadd -- $(_gedi_paths axes \"${(@)words[2,-1]}\") }\n"
        "_gedi_values() { compadd -- $(_gedi_paths values \"${(@)words[2,-1]}\") }\n"
        "_gedi_value() {\n    _alternative 'files:file:_files' "
        "'components:part of a component:_gedi_component' "
        "'keys:key of the descriptor:compadd -S \"\" -- ",
        components);
    add_keys(out);
    gedi__text_add(out, "'\n}\n_gedi() {\n    local all=\"");
    add_commands(out);
    gedi__text_add(out, "\"\n    local -a described\n    described=(\n");
    for (int i = 0; i < gedi__command_count; i++) {
        gedi__text_add(out, "        '%s:", gedi__commands[i].name);
        add_zsh(out, gedi__commands[i].brief);
        gedi__text_add(out, "'\n");
    }
    gedi__text_add(
        out,
        "    )\n    if (( CURRENT == 2 )); then\n"
        "        _describe command described\n        return\n    fi\n"
        "    local command=$words[2] before=$words[CURRENT-1]\n    shift words\n    (( CURRENT-- ))\n"
        "    case $command in\n");
    for (int i = 0; i < gedi__command_count; i++) {
        script s = {&gedi__commands[i], out};
        gedi__command_look(s.cmd, add_case_zsh, &s);
    }
    gedi__text_add(out, "    help)\n        compadd -- ${=all}\n        ;;\n"
                        "    esac\n}\n_gedi \"$@\"\n");
}

/* ---- the command ---- */

static error_t parse(int key, char *arg, struct argp_state *state)
{
    int *shell = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*shell >= 0)
            return ARGP_ERR_UNKNOWN;
        *shell = 0;
        if (!strcmp(arg, "zsh"))
            *shell = 1;
        else if (strcmp(arg, "bash"))
            argp_error(state, "%s: there are completions for bash and zsh", arg);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name the shell: bash or zsh");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int gedi__completion_main(const gedi__call *c)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "bash|zsh",
        .doc =
            "Prints what the shell needs to complete commands, options and keys of "
            "descriptors.\v"
            "The same files are installed. For this shell alone: source <(gedi completion "
            "bash)",
    };
    int shell = -1;
    gedi__text out = {0};
    if (gedi__argp(c, &argp, &shell))
        return GEDI__EXIT_FAILED;
    if (shell == 0)
        add_bash(&out);
    else
        add_whole_zsh(&out);
    return gedi__print_text(&out);
}
