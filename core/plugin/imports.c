/* imports.c - does a .so need what gedi keeps to itself?
 *
 * Source: System V ABI, "Object Files": headers, sections, symbol table.
 */
#include "core/plugin/imports.h"
#include "core/base/file.h"

#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define PRIVATE "gedi__"

typedef struct image {
    const char *at;
    size_t size;
} image;

/* `n` items of `size` bytes at `offset`; NULL where the file does not hold them or they are not
 * aligned. */
static const void *part(const image *m, uint64_t offset, uint64_t n, uint64_t size)
{
    if (offset > m->size || n > (m->size - offset) / size || offset % sizeof(uint32_t))
        return NULL;
    return m->at + offset;
}

static const ElfW(Shdr) * sections(const image *m, uint64_t *n)
{
    const ElfW(Ehdr) *h = part(m, 0, 1, sizeof *h);
    if (!h || memcmp(h->e_ident, ELFMAG, SELFMAG) ||
        h->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        h->e_shentsize != sizeof(ElfW(Shdr)) || h->e_shoff % sizeof(void *))
        return NULL;
    *n = h->e_shnum;
    return part(m, h->e_shoff, *n, sizeof(ElfW(Shdr)));
}

/* The first private name that the file does not define itself, and how many there are. */
static const char *private_name(const image *m, int *count)
{
    uint64_t n = 0;
    const char *first = NULL;
    const ElfW(Shdr) *section = sections(m, &n);
    for (uint64_t i = 0; section && i < n; i++) {
        const ElfW(Shdr) *s = &section[i];
        if (s->sh_type != SHT_DYNSYM || s->sh_link >= n || s->sh_offset % sizeof(void *))
            continue;
        uint64_t symbols = s->sh_size / sizeof(ElfW(Sym));
        const ElfW(Sym) *symbol = part(m, s->sh_offset, symbols, sizeof *symbol);
        const ElfW(Shdr) *names = &section[s->sh_link];
        const char *name = names->sh_size > 0 && names->sh_offset <= m->size &&
                                   names->sh_size <= m->size - names->sh_offset
                               ? m->at + names->sh_offset
                               : NULL;
        if (!name || name[names->sh_size - 1])
            continue;
        for (uint64_t k = 0; symbol && k < symbols; k++)
            if (symbol[k].st_shndx == SHN_UNDEF && symbol[k].st_name < names->sh_size &&
                !strncmp(name + symbol[k].st_name, PRIVATE, sizeof PRIVATE - 1)) {
                first = first ? first : name + symbol[k].st_name;
                *count += 1;
            }
    }
    return first;
}

static gedi_status say(const char *file, const image *m, gedi_err *err)
{
    int count = 0;
    const char *name = private_name(m, &count);
    if (!name)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_PLUGIN,
        "%s: it needs %.128s%s, which is private to gedi and may change with every "
        "version: use what the headers gedi/*.h declare",
        file, name, count > 1 ? " and other names" : "");
}

gedi_status gedi__imports_check(const char *file, gedi_err *err)
{
    struct stat st = {0};
    void *at = MAP_FAILED;
    FILE *f;
    GEDI_TRY(gedi__file_to_read(file, file, &f, err));
    bool empty = !fstat(fileno(f), &st) && st.st_size == 0;
    if (!empty)
        at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fileno(f), 0);
    int why = errno;
    fclose(f);
    if (empty)
        return GEDI_OK;
    if (at == MAP_FAILED)
        return GEDI_FAIL(err, GEDI_IO, "%s: cannot be read: %s", file, strerror(why));
    const image m = {at, (size_t)st.st_size};
    gedi_status s = say(file, &m, err);
    munmap(at, m.size);
    return s;
}
