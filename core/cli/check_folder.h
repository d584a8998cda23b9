/* check_folder.h - `gedi check` on the folder of a run, a sweep or an evaluation. */
#ifndef GEDI_CLI_CHECK_FOLDER_H
#define GEDI_CLI_CHECK_FOLDER_H

/* Lists on standard output what is damaged, or says what was found whole. Returns the exit code. */
int gedi__check_folder(const char *folder);

#endif
