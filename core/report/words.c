/* words.c - what numbers and options are called in pictures. */
#include "core/report/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *last, *words;
} known[] = {
    {"nmi", "NMI"},
    {"ami", "AMI"},
    {"ari", "ARI"},
    {"fid", "FID"},
    {"lr", "learning rate"},
    {"log_p", "AUROC of log p(x)"},
    {"max_p", "AUROC of max p(y|x)"},
    {"nmi_batch", "NMI of batches"},
    {"nmi_batch_chance", "NMI of batches by chance"},
    {"gradient", "AUROC of -|d log p(x) / dx|"},
    {"std", "standard deviation"},
};

/* Of evaluators whose words for a number are not enough without their own. */
static const struct {
    const char *of, *words;
} owned[] = {
    {"density.kl", "KL divergence"},
    {"fid.fd_pixels", "Fréchet distance of pixels"},
    {"two_sample.energy", "energy distance"},
    {"two_sample.energy_p", "p of the energy distance"},
    {"two_sample.energy_noise", "energy distance of noise"},
    {"two_sample.energy_train", "energy distance of training records"},
    {"two_sample.mmd2", "squared MMD"},
    {"two_sample.mmd2_p", "p of the squared MMD"},
    {"two_sample.mmd2_noise", "squared MMD of noise"},
    {"two_sample.mmd2_train", "squared MMD of training records"},
};

static bool begins(const char *s, const char *with)
{
    return !strncmp(s, with, strlen(with));
}

static void add_term(const char *name, size_t n, gedi__text *out)
{
    gedi__text_add(out, "L_");
    for (size_t i = 0; i < n; i++)
        gedi__text_add(out, "%c", toupper((unsigned char)name[i]));
}

static const char *known_as(const char *last, size_t n)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].last) == n && !strncmp(known[i].last, last, n))
            return known[i].words;
    return NULL;
}

/* With what is told of an AUROC besides it: ends of its interval, a rate. */
static bool add_known(const char *last, size_t n, gedi__text *out)
{
    static const char area[] = "AUROC of ";
    static const struct {
        const char *suffix, *before, *behind;
    } of[] = {{"", area, ""},
              {"_low", area, ", lower end"},
              {"_high", area, ", upper end"},
              {"_fpr95", "FPR at 95 % TPR of ", ""}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        size_t m = strlen(of[i].suffix);
        const char *words = n > m && !strncmp(last + n - m, of[i].suffix, m)
                                ? known_as(last, n - m)
                                : NULL;
        bool whole = words && begins(words, area);
        if (!words || (m && !whole))
            continue;
        gedi__text_add(out, "%s%s%s", whole ? of[i].before : "",
                       words + (whole ? strlen(area) : 0), of[i].behind);
        return true;
    }
    return false;
}

static bool add_evaluated(const char *path, gedi__text *out)
{
    static const char prefix[] = "evaluation.";
    path += begins(path, prefix) ? strlen(prefix) : 0;
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (!strcmp(path, owned[i].of)) {
            gedi__text_add(out, "%s", owned[i].words);
            return true;
        }
    return false;
}

void gedi__path_words(const char *path, gedi__text *out)
{
    size_t n = strlen(path);
    if (!strcmp(path,
                "learning_rate")) { /* of a log; other names without a dot are axes */
        gedi__text_add(out, "learning rate");
        return;
    }
    if (n > 6 && !strcmp(path + n - 6, ".value"))
        n -= 6;
    size_t from = n;
    while (from && path[from - 1] != '.')
        from--;
    const char *last = path + from;
    size_t length = n - from;
    bool weight = begins(path, "objective.") &&
                  (!strncmp(last, "gen", length) || !strncmp(last, "inv", length) ||
                   !strncmp(last, "prior", length)) &&
                  length >= 3;
    if (add_evaluated(path, out) || (from && add_known(last, length, out)))
        return;
    if (weight || begins(path, "terms.")) {
        gedi__text_add(out, "%s", weight ? "weight of " : "");
        add_term(last, length, out);
        return;
    }
    for (size_t i = 0; i < length; i++)
        gedi__text_add(out, "%c", from && last[i] == '_' ? ' ' : last[i]);
}

void gedi__path_words_evaluator(const char *name, size_t n, gedi__text *out)
{
    gedi__text_add(out, " (");
    for (size_t i = 0; i < n; i++)
        gedi__text_add(out, "%c", name[i] == '_' ? ' ' : name[i]);
    gedi__text_add(out, ")");
}

static bool same_words(const char *a, const char *b)
{
    gedi__text x = {0}, y = {0};
    gedi__path_words(a, &x);
    gedi__path_words(b, &y);
    bool same = x.s && y.s && !strcmp(x.s, y.s);
    gedi__text_clear(&x);
    gedi__text_clear(&y);
    return same;
}

void gedi__path_words_among(const char *const *path, int n, int i, gedi__text *out)
{
    bool alone = true;
    for (int k = 0; k < n; k++)
        alone &= k == i || !same_words(path[k], path[i]);
    gedi__path_words(path[i], out);
    static const char evaluated[] = "evaluation.";
    const char *from = path[i] + (begins(path[i], evaluated) ? strlen(evaluated) : 0);
    const char *dot = strrchr(from, '.');
    if (alone)
        return;
    gedi__path_words_evaluator(from, dot ? (size_t)(dot - from) : strlen(from), out);
}
