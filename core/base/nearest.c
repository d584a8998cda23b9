/* nearest.c - which of the words that there are was most likely meant. */
#include "core/base/text.h"

#include <string.h>
#include <strings.h>

static int least(int a, int b)
{
    return a < b ? a : b;
}

enum { LONGEST = 63 };

/* Optimal string alignment distance; words longer than LONGEST are far from everything.
 */
static int distance(const char *a, const char *b)
{
    int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    int d[LONGEST + 1][LONGEST + 1];
    for (int i = 0; i <= n; i++)
        d[i][0] = i;
    for (int j = 0; j <= m; j++)
        d[0][j] = j;
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= m; j++) {
            int change = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = least(change, 1 + least(d[i - 1][j], d[i][j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[n][m];
}

/* Is `part` one or more of the words, joined by _, that `whole` is made of? */
static bool is_part(const char *part, const char *whole)
{
    size_t n = strlen(part);
    for (const char *at = whole; n && (at = strstr(at, part)); at++)
        if ((at == whole || at[-1] == '_') && (!at[n] || at[n] == '_'))
            return true;
    return false;
}

/* Is `word` the first letters of two or more words that `whole` is made of, as lr of learning_rate? */
static bool is_initials(const char *word, const char *whole)
{
    bool several = strchr(whole, '_') != NULL;
    for (; several && *word == *whole && *word; word++) {
        whole += strcspn(whole, "_");
        whole += *whole == '_';
    }
    return several && !*word && !*whole;
}

/* The only one that says the same in more words or fewer: batch of batch_size. */
static const char *kin(const char *word, const char *const *words, int n)
{
    const char *only = NULL;
    int found = 0;
    for (int i = 0; i < n; i++)
        if (words[i] && (is_part(words[i], word) || is_part(word, words[i]) ||
                         is_initials(words[i], word) || is_initials(word, words[i]))) {
            only = words[i];
            found++;
        }
    return found == 1 ? only : NULL;
}

/* What other programs of the field call it. */
static const char *elsewhere(const char *word, const char *const *words, int n)
{
    static const char *const other[][2] = {{"simclr", "info_nce"},
                                           {"moco", "info_nce"},
                                           {"kmeans", "clustering"},
                                           {"umap", "embedding"},
                                           {"tsne", "embedding"},
                                           {"pca", "embedding"},
                                           {"loguniform", "log"},
                                           {"log_uniform", "log"},
                                           {"resnet18", "resnet"},
                                           {"resnet34", "resnet"},
                                           {"train", "run"},
                                           {"fit", "run"},
                                           {"test", "evaluate"},
                                           {"eval", "evaluate"},
                                           {"validate", "evaluate"},
                                           {"multirun", "sweep"},
                                           {"tune", "sweep"},
                                           {"download", "data"},
                                           {"acc", "accuracy"},
                                           {"max_epochs", "epochs"},
                                           {"max_steps", "iterations"},
                                           {"loss", "objective"},

                                           {"backbone", "model"},
                                           {"encoder", "model"},
                                           {"augmentations", "views"},
                                           {"transforms", "views"},
                                           {"random_state", "seed"},
                                           {"nt_xent", "info_nce"},
                                           {"cross_entropy", "supervised"},
                                           {"n_neighbors", "k"}};
    for (size_t k = 0; k < sizeof other / sizeof *other; k++)
        for (int i = 0; i < n && !strcmp(word, other[k][0]); i++)
            if (words[i] && !strcmp(words[i], other[k][1]))
                return words[i];
    return NULL;
}

const char *gedi__text_related(const char *word, const char *const *words, int n)
{
    const char *other = elsewhere(word, words, n);
    return other ? other : kin(word, words, n);
}

const char *gedi__text_nearest(const char *word, const char *const *words, int n)
{
    const char *best = elsewhere(word, words, n);
    for (int i = 0; i < n && !best; i++)
        best = words[i] && !strcasecmp(word, words[i]) ? words[i] : NULL;
    if (best)
        return best;
    int allowed = strlen(word) < 4 ? 1 : strlen(word) < 8 ? 2 : 3;
    for (int i = 0; i < n; i++) {
        int d = words[i] ? distance(word, words[i]) : LONGEST;
        if (d <= allowed && (size_t)d < strlen(word)) {
            best = words[i];
            allowed = d - 1;
        }
    }
    return best ? best : kin(word, words, n);
}
