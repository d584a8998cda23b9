/* plugin_bad.c - objectives that must not load, each for one reason.
 *
 * One object holds them all; it is linked once under each of their file names, and once
 * under one it knows nothing of: objective_absent.so.
 */
#include "gedi/gedi.h"

static void no_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b, (void)v, (void)t;
}

static gedi_node *no_logits(const void *self, gedi_build *b, gedi_node *z)
{
    (void)self, (void)b;
    return z;
}

typedef struct fault {
    double rate;
} fault;

static const gedi_option fault_options[] = {
    GEDI_REAL(fault, rate, 2.0, 0.0, 1.0, "its default is beyond its range"),
    GEDI_END,
};

#define OBJECTIVE(id, abi_, size, sig_, name_, loss_, options_)                          \
    GEDI_DEFINE(objective, id) = {                                                       \
        .abi = abi_,                                                                     \
        .struct_size = size,                                                             \
        .sig = sig_,                                                                     \
        .name = name_,                                                                   \
        .brief = "for tests",                                                            \
        options_.loss = loss_,                                                           \
        .logits = no_logits,                                                             \
    }

#define NONE
#define FAULTY .self_size = sizeof(fault), .options = fault_options,
#define ABI GEDI_PLUGIN_ABI
#define SIZE sizeof(gedi_objective)
#define SIG GEDI_SIGNATURE

OBJECTIVE(oldabi, ABI - 1, SIZE, SIG, "oldabi", no_loss, NONE);
/* Ends before the one function that is required. */
OBJECTIVE(short, ABI, offsetof(gedi_objective, loss), SIG, "short", no_loss, NONE);
OBJECTIVE(signature, ABI, SIZE, "pointer2 order4321", "signature", no_loss, NONE);
OBJECTIVE(alias, ABI, SIZE, SIG, "other", no_loss, NONE);
OBJECTIVE(nothing, ABI, SIZE, SIG, "nothing", NULL, NONE);
OBJECTIVE(fault, ABI, SIZE, SIG, "fault", no_loss, FAULTY);
/* Not bad: built with a gedi whose struct ended before the optional functions. */
OBJECTIVE(early, ABI, offsetof(gedi_objective, logits), SIG, "early", no_loss, NONE);
