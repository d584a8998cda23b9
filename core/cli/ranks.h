/* ranks.h - `mpirun -n N gedi run FILE': the processes find each other, and one of them speaks. */
#ifndef GEDI_CLI_RANKS_H
#define GEDI_CLI_RANKS_H

#include <stdbool.h>

typedef enum gedi__mpirun { /* what a command does where mpirun has started several of us */
                            GEDI__ALONE, /* it refuses: each would do the same */
                            GEDI__TOGETHER,
                            GEDI__ONCE, /* rank 0 is heard */
} gedi__mpirun;

/* Where mpirun has started several of us: loads the library for messages, for what they do together. From here
 * on ranks other than 0 are silent. False where that fails, or `command` refuses; it is said. */
bool gedi__ranks_begin(const char *command, gedi__mpirun does);
/* Rank 0 writes into the folder; others get one of their own, with what lies in the folder now, and lose it
 * in the end. *folder is replaced, and so freed. False: it is said. */
bool gedi__ranks_place(char **folder);
/* Ends all ranks, with the code of the command; one that failed alone ends the others, and says which it
 * was. */
void gedi__ranks_end(int code);

#endif
