/* holder.h - which process of this host has a run's folder locked. */
#ifndef GEDI_STORE_HOLDER_H
#define GEDI_STORE_HOLDER_H

enum { GEDI__HOLDER = 224 };

/* "process 123 of host A, which is stopped (kill -CONT 123 wakes it)"; "a process" where the kernel does not
 * tell: on another host, or in another container. Returns `out`. */
const char *gedi__holder_text(const char *folder, char out[GEDI__HOLDER]);

#endif
