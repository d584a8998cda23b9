/* test_machine.c - the processor, the kernel that BLAS chose for it, and the threads. */
#include "core/exec/blas.h"

#include <check.h>
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

START_TEST(kernels_have_their_level)
{
    static const struct {
        const char *kernel;
        gedi__level level;
    } table[] = {
        {"Prescott", GEDI__LEVEL_SSE},    {"Nehalem", GEDI__LEVEL_SSE},
        {"Sandybridge", GEDI__LEVEL_AVX}, {"Piledriver", GEDI__LEVEL_AVX},
        {"Haswell", GEDI__LEVEL_AVX2},    {"Zen", GEDI__LEVEL_AVX2},
        {"SkylakeX", GEDI__LEVEL_AVX512}, {"SAPPHIRERAPIDS", GEDI__LEVEL_AVX512},
        {"Tomorrow", GEDI__LEVEL_OTHER},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        ck_assert_msg(gedi__blas_kernel_level(table[i].kernel) == table[i].level,
                      "%s: %s", table[i].kernel,
                      gedi__level_name(gedi__blas_kernel_level(table[i].kernel)));
}
END_TEST

/* A cure never asks for what the processor lacks. */
START_TEST(asked_kernel_fits_the_processor)
{
    for (int amd = 0; amd < 2; amd++)
        for (int l = GEDI__LEVEL_AVX; l <= GEDI__LEVEL_AVX512; l++) {
            const char *kernel = gedi__blas_kernel_for((gedi__level)l, amd);
            ck_assert_ptr_nonnull(kernel);
            ck_assert_msg(gedi__blas_kernel_level(kernel) == (gedi__level)l, "%s for %s",
                          kernel, gedi__level_name((gedi__level)l));
        }
    ck_assert_str_eq(gedi__blas_kernel_for(GEDI__LEVEL_AVX2, true), "Zen");
    ck_assert_ptr_null(gedi__blas_kernel_for(GEDI__LEVEL_SSE, false));
    ck_assert_ptr_null(gedi__blas_kernel_for(GEDI__LEVEL_OTHER, false));
}
END_TEST

/* What the user chose stays: nothing is started again, and a slow choice is told. The kernel
 * was settled when the library was loaded, which may have been the right one. */
START_TEST(users_choice_is_respected)
{
    char *argv[] = {NULL};
    char note[256] = "";
    gedi__level has = gedi__blas_kernel_level(gedi__blas_kernel());
    bool slow = has != GEDI__LEVEL_OTHER && has < gedi__machine_level();
    ck_assert_int_eq(setenv("OMP_WAIT_POLICY", "active", 1), 0);
    ck_assert_int_eq(setenv("OPENBLAS_CORETYPE", "Prescott", 1), 0);
    ck_assert_int_eq(gedi__start_well(argv, note, sizeof note), slow);
    ck_assert_int_eq(strstr(note, "OPENBLAS_CORETYPE=Prescott") != NULL, slow);
    ck_assert_str_eq(getenv("OPENBLAS_CORETYPE"), "Prescott");
    ck_assert_str_eq(getenv("OMP_WAIT_POLICY"), "active");
}
END_TEST

/* The program started again says what was done and does not start itself once more. */
START_TEST(started_again_only_once)
{
    char *argv[] = {NULL};
    char note[256] = "";
    ck_assert_int_eq(setenv("OMP_WAIT_POLICY", "passive", 1), 0);
    ck_assert_int_eq(setenv("OPENBLAS_CORETYPE", "Haswell", 1), 0);
    ck_assert_int_eq(setenv("GEDI_BLAS_CURED_FROM", "Prescott", 1), 0);
    ck_assert(gedi__start_well(argv, note, sizeof note));
    ck_assert_ptr_nonnull(strstr(note, gedi__blas_kernel()));
    ck_assert_ptr_null(getenv("GEDI_BLAS_CURED_FROM"));
    note[0] = 0;
    gedi__start_well(argv, note, sizeof note);
    ck_assert_ptr_null(strstr(note, "started again"));
}
END_TEST

START_TEST(machine_is_described)
{
    char model[64] = "";
    ck_assert_ptr_eq(gedi__machine_model(model, sizeof model), model);
    ck_assert_uint_gt(strlen(model), 0);
    ck_assert_int_ge(gedi__machine_processors(), 1);
#if defined(__x86_64__)
    ck_assert_int_ge(gedi__machine_level(), GEDI__LEVEL_SSE);
#endif
    char few[4];
    ck_assert_uint_le(strlen(gedi__machine_model(few, sizeof few)), 3);
}
END_TEST

START_TEST(one_setting_governs_threads)
{
    gedi__threads_set(3);
    ck_assert_int_eq(openblas_get_num_threads(), 1);
#if defined(_OPENMP)
    ck_assert_int_eq(omp_get_max_threads(), 3);
#endif
    gedi__threads_set(0); /* never none */
#if defined(_OPENMP)
    ck_assert_int_eq(omp_get_max_threads(), 1);
#endif
}
END_TEST

START_TEST(rate_is_a_rate)
{
    double rate = gedi__blas_rate(0.01);
    ck_assert_msg(isfinite(rate) && rate > 0.01 && rate < 1e5, "%g GFLOP/s", rate);
    ck_assert_int_eq(openblas_get_num_threads(), 1);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("machine");
    tcase_add_test(c, kernels_have_their_level);
    tcase_add_test(c, asked_kernel_fits_the_processor);
    tcase_add_test(c, users_choice_is_respected);
    tcase_add_test(c, started_again_only_once);
    tcase_add_test(c, machine_is_described);
    tcase_add_test(c, one_setting_governs_threads);
    tcase_add_test(c, rate_is_a_rate);
    Suite *s = suite_create("machine");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
