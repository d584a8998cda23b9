/* commands.c - the table of commands, and what each of them takes. */
#include "core/cli/commands.h"

#include <string.h>

const gedi__command gedi__commands[] = {
    {"run", gedi__run_main, true, GEDI__TOGETHER,
     "run the experiment that a descriptor states"},
    {"resume", gedi__resume_main, true, GEDI__TOGETHER,
     "go on with a run that was stopped"},
    {"evaluate", gedi__evaluate_main, true, GEDI__ALONE,
     "evaluate a run or a sweep once more"},
    {"sample", gedi__sample_main, true, GEDI__ALONE,
     "draw samples of a finished run's energy"},
    {"export", gedi__export_main, true, GEDI__ALONE,
     "write features, models and logs for other programs"},
    {"sweep", gedi__sweep_main, true, GEDI__ALONE,
     "run many experiments that one descriptor states"},
    {"table", gedi__table_main, false, GEDI__ALONE, "make a table of finished runs"},
    {"report", gedi__report_main, false, GEDI__ALONE,
     "make a page of runs that can be browsed"},
    {"compare", gedi__compare_main, false, GEDI__ALONE,
     "tell two runs, or two groups of runs, apart"},
    {"check", gedi__check_main, false, GEDI__ALONE, "find the mistakes in a descriptor"},
    {"list", gedi__list_main, false, GEDI__ALONE, "list the plugins"},
    {"describe", gedi__describe_main, false, GEDI__ALONE,
     "tell what a plugin does and its options"},
    {"schema", gedi__schema_main, false, GEDI__ALONE,
     "print a JSON Schema of descriptors"},
    {"data", gedi__data_main, false, GEDI__ALONE, "fetch published datasets"},
    {"new", gedi__new_main, false, GEDI__ALONE, "start a plugin of your own"},
    {"info", gedi__info_main, true, GEDI__ONCE,
     "version, machine, libraries and their speed"},
    {"manual", gedi__manual_main, false, GEDI__ALONE, "print a manual page"},
    {"completion", gedi__completion_main, false, GEDI__ALONE,
     "print a completion for bash or zsh"},
};
const int gedi__command_count = sizeof gedi__commands / sizeof *gedi__commands;

const gedi__command *gedi__command_find(const char *name)
{
    for (int i = 0; i < gedi__command_count; i++)
        if (!strcmp(gedi__commands[i].name, name))
            return &gedi__commands[i];
    return NULL;
}

int gedi__command_unknown(const char *name)
{
    const char *words[sizeof gedi__commands / sizeof *gedi__commands];
    for (int i = 0; i < gedi__command_count; i++)
        words[i] = gedi__commands[i].name;
    return gedi__say_unknown(name, "command", words, gedi__command_count);
}

void gedi__command_look(const gedi__command *cmd,
                        void (*look)(void *context, const struct argp *argp),
                        void *context)
{
    char *argv[] = {(char *)cmd->name, NULL};
    const gedi__call call = {.argc = 1, .argv = argv, .look = look, .context = context};
    (void)cmd->main(&call); /* gedi__argp ends it before it does anything */
}
