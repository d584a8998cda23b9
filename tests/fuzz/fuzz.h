/* fuzz.h - what the fuzz targets share: files made of an input, in a folder of their own.
 *
 * A target is the parser of one format: tests/fuzz/NAME.c, with inputs in tests/fuzz/corpus/NAME/.
 * tools/fuzz.sh makes a program of each, in which libFuzzer invents inputs (FUZZ_ALONE);
 * tests/test_corpus.c feeds the kept inputs to all of them.
 */
#ifndef GEDI_TESTS_FUZZ_H
#define GEDI_TESTS_FUZZ_H

#include "gedi/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef FUZZ_ALONE
#define FUZZ_TARGET(name)                                                                \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);                        \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
#else
#define FUZZ_TARGET(name)                                                                \
    int fuzz_##name(const uint8_t *data, size_t size);                                   \
    int fuzz_##name(const uint8_t *data, size_t size)
#endif

enum { FUZZ_PATH = 4096, FUZZ_PARTS = 3 };

/* Both fuzzer and test take this for a crash. */
static inline void fuzz_must(bool holds, const char *what, const char *detail)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n%s\n", what, detail ? detail : "");
    abort();
}

/* The folder, made at the first call; the caller of the program removes what is in TMPDIR. */
static inline const char *fuzz_folder(void)
{
    static char folder[FUZZ_PATH];
    if (*folder)
        return folder;
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gedi-fuzz-XXXXXX", parent ? parent : "/tmp");
    fuzz_must(mkdtemp(folder) != NULL, folder, "cannot be made");
    return folder;
}

/* FOLDER/NAME, in one of a few places that are used again. */
static inline const char *fuzz_path(const char *name)
{
    static char path[8][FUZZ_PATH + 128];
    static int at;
    at = (at + 1) % 8;
    snprintf(path[at], sizeof path[at], "%s/%s", fuzz_folder(), name);
    return path[at];
}

static inline const char *fuzz_subfolder(const char *name)
{
    const char *path = fuzz_path(name);
    (void)mkdir(path, 0777);
    return path;
}

/* Writes the file; the path is good for the next few calls. */
static inline const char *fuzz_file(const char *name, const void *data, size_t size)
{
    const char *path = fuzz_path(name);
    FILE *f = fopen(path, "wb");
    fuzz_must(f && fwrite(data, 1, size, f) == size && fclose(f) == 0, path,
              "cannot be written");
    return path;
}

/* A copy with a NUL behind it; free() it. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_must(text != NULL, "out of memory", NULL);
    memcpy(text, data, size);
    text[size] = 0;
    return text;
}

/* Cuts a text at its lines "%%"; parts that are not there are "". */
static inline void fuzz_cut(char *text, char *part[FUZZ_PARTS])
{
    static const char between[] = "\n%%\n";
    for (int i = 0; i < FUZZ_PARTS; i++) {
        part[i] = text;
        char *end = i + 1 < FUZZ_PARTS ? strstr(text, between) : NULL;
        text = end ? end + sizeof between - 1 : text + strlen(text);
        if (end)
            end[1] = 0;
    }
}

#endif
