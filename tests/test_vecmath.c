/* test_vecmath.c - the vector functions, as the operations are compiled, against libm in
 * double over the whole range of float: every 1021st bit pattern, so that all exponents
 * and both signs are met.
 */
#include "core/op/op.h"
#include "core/base/vecmath.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { STRIDE = 1021, BLOCK = 1024 };

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static const struct {
    const gedi__op *op;
    double (*want)(double);
    double ulp; /* the bound that vecmath.h promises */
} functions[] = {
    {&gedi__op_exp, exp, 2},           {&gedi__op_log, log, 2},
    {&gedi__op_tanh, tanh, 2},         {&gedi__op_sigmoid, sigmoid, 3},
    {&gedi__op_softplus, softplus, 2},
};

/* Distance in units of the last place of `want`; infinite where one is NaN or infinite
 * and the other is something else. */
static double ulps(float got, double want)
{
    if (isnan(want))
        return isnan(got) ? 0 : INFINITY;
    if (isnan(got))
        return INFINITY;
    float nearest = (float)want;
    if (isinf(nearest) || isinf(got))
        return nearest == got ? 0 : INFINITY;
    int exponent;
    frexp(want, &exponent);
    return fabs((double)got - want) / ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

START_TEST(within_the_promised_bound)
{
    static const gedi__attr none;
    float x[BLOCK], y[BLOCK], at = 0;
    double worst = 0;
    for (uint64_t u = 0; u < 1ull << 32;) {
        int n = 0;
        for (; n < BLOCK && u < 1ull << 32; n++, u += STRIDE)
            x[n] = gedi__float((uint32_t)u);
        functions[_i].op->map(&none, n, x, NULL, y);
        for (int i = 0; i < n; i++) {
            double e = ulps(y[i], functions[_i].want((double)x[i]));
            if (!(e <= worst)) {
                worst = e;
                at = x[i];
            }
        }
    }
    if (!(worst <= functions[_i].ulp))
        ck_abort_msg("%s(%a) is %g ulp off", functions[_i].op->name, (double)at, worst);
}
END_TEST

static void check_limit(const char *name, float got, double want)
{
    ck_assert_msg(ulps(got, want) <= 0 && !signbit(got) == !signbit(want),
                  "%s is %g, not %g", name, (double)got, want);
}

START_TEST(limits_are_exact)
{
    check_limit("exp(0)", gedi__expf(0.0f), 1);
    check_limit("exp(-0)", gedi__expf(-0.0f), 1);
    check_limit("exp(inf)", gedi__expf(INFINITY), INFINITY);
    check_limit("exp(-inf)", gedi__expf(-INFINITY), 0);
    check_limit("exp(88.8)", gedi__expf(88.8f), INFINITY);
    check_limit("exp(-1e30)", gedi__expf(-1e30f), 0);
    check_limit("log(1)", gedi__logf(1.0f), 0);
    check_limit("log(0)", gedi__logf(0.0f), -INFINITY);
    check_limit("log(-0)", gedi__logf(-0.0f), -INFINITY);
    check_limit("log(inf)", gedi__logf(INFINITY), INFINITY);
    ck_assert(isnan(gedi__logf(-1.0f)));
    ck_assert(isnan(gedi__logf(-INFINITY)));
    ck_assert(isnan(gedi__expf(NAN)) && isnan(gedi__logf(NAN)));
    ck_assert(isnan(gedi__tanhf(NAN)) && isnan(gedi__sigmoidf(NAN)));
    ck_assert(isnan(gedi__softplusf(NAN)));
    check_limit("tanh(0)", gedi__tanhf(0.0f), 0);
    check_limit("tanh(inf)", gedi__tanhf(INFINITY), 1);
    check_limit("tanh(-inf)", gedi__tanhf(-INFINITY), -1);
    check_limit("tanh(-1e30)", gedi__tanhf(-1e30f), -1);
    check_limit("sigmoid(0)", gedi__sigmoidf(0.0f), 0.5);
    check_limit("sigmoid(inf)", gedi__sigmoidf(INFINITY), 1);
    check_limit("sigmoid(-inf)", gedi__sigmoidf(-INFINITY), 0);
    check_limit("softplus(100)", gedi__softplusf(100.0f), 100);
    check_limit("softplus(inf)", gedi__softplusf(INFINITY), INFINITY);
    check_limit("softplus(-inf)", gedi__softplusf(-INFINITY), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("vector functions");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, within_the_promised_bound, 0,
                        sizeof functions / sizeof *functions);
    tcase_add_test(tc, limits_are_exact);
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
