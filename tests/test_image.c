/* test_image.c - layers on images, resnet8 and resnet against PyTorch in float64 (fixture/image.py);
 * what a sampler's program of it computes.
 *
 * Tolerance, relative to the largest number of a row: sums of up to 180 products, through
 * eight layers.
 */
#include "core/graph/rowwise.h"
#include "core/op/op.h"
#include "tests/component.h"
#include "tests/network.h"
#include "tests/rows.h"

static const double tolerance = 2e-5;

static const row rows[] = {
#include "tests/fixture/image_cases.h"
    {.name = NULL},
};

extern const gedi_model gedi_model_resnet8, gedi_model_resnet;

static const gedi_init zero = {.kind = GEDI_INIT_CONSTANT};

/* Salts of fixture/image.py. */
enum { X = 0, COST = 7, DIRECTION = 8 };

static void expect(const char *name, const char *what, const float *got, int64_t n)
{
    row_expect(row_of(rows, name, what), got, n, tolerance);
}

/* The sums of a derivative that fixture/image.py writes. */
static void expect_sums(const char *name, const char *what, const float *got, int64_t n)
{
    static const int64_t salt[] = {90, 91, 92};
    float *c = calloc((size_t)n, sizeof *c), sums[4];
    ck_assert_ptr_nonnull(c);
    for (int k = 0; k < 4; k++) {
        double sum = 0;
        if (k < 3)
            network_numbers(c, n, salt[k], 1);
        for (int64_t i = 0; i < n; i++)
            sum += (double)got[i] * (k < 3 ? c[i] : got[i]);
        sums[k] = (float)sum;
    }
    free(c);
    expect(name, what, sums, 4);
}

/* sum(c f(y)) */
static gedi_node *cost_of(network *n, gedi_node *y, gedi_node **c)
{
    *c = network_input(n, gedi_node_shape(y));
    return gedi_sum(gedi_mul(*c, y), GEDI_ALL_AXES);
}

/* ---- a layer ---- */

static const struct layer_case {
    const char *name;
    gedi_shape in;
    int64_t out, size, stride;
} layers[] = {
    {"conv3", {.rank = 4, .dim = {2, 3, 4, 3}}, 5, 3, 1},
    {"conv1", {.rank = 4, .dim = {2, 2, 3, 4}}, 3, 1, 1},
    {"conv3s2", {.rank = 4, .dim = {2, 5, 4, 3}}, 5, 3, 2},
    {"conv1s2", {.rank = 4, .dim = {2, 3, 4, 4}}, 3, 1, 2},
};
enum { LAYERS = sizeof layers / sizeof layers[0] };

START_TEST(conv2d)
{
    const struct layer_case *l = &layers[_i];
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, l->in), *c, *output[4], *wrt[3] = {x};
    output[0] = gedi_conv2d(&n.build, "conv", x, l->out, l->size, l->stride, true, zero);
    gedi_node *cost = cost_of(&n, output[0], &c);
    network_is_legal(&n);
    wrt[1] = network_leaf(&n, "conv.weight");
    wrt[2] = network_leaf(&n, "conv.bias");
    gedi_grad(cost, wrt, 3, NULL, 0, output + 1);
    network_compile(&n, output, 4);
    network_param_numbers(&n, "conv.weight", 1, 0.25);
    network_param_numbers(&n, "conv.bias", 2, 1);
    network_set_numbers(&n, x, X, 1);
    network_set_numbers(&n, c, COST, 1);
    gedi__program_run(n.program);
    static const char *const what[] = {"y", "gx", "weight", "bias"};
    for (int i = 0; i < 4; i++)
        expect(l->name, what[i], gedi__program_output(n.program, i),
               gedi_shape_size(gedi_node_shape(output[i])));
    network_clear(&n);
}
END_TEST

START_TEST(conv2d_needs_an_image)
{
    static const struct {
        gedi_shape in;
        int64_t size, stride;
        const char *msg;
    } mistakes[] = {
        {{.rank = 2, .dim = {4, 3}},
         3,
         1,
         "conv2d conv: needs an image, [N, H, W, C], not [4, 3]"},
        {{.rank = 4, .dim = {4, 3, 3, 3}}, 2, 1, "conv2d conv: kernel size 2 is not odd"},
        {{.rank = 4, .dim = {4, 3, 3, 3}}, 0, 1, "conv2d conv: kernel size 0 is not odd"},
        {{.rank = 4, .dim = {4, 3, 3, 3}},
         3,
         0,
         "convolve: a stride of 0: it must be at least 1"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        gedi_err err = {0};
        network n;
        network_init(&n, true);
        ck_assert_ptr_null(gedi_conv2d(&n.build, "conv",
                                       network_input(&n, mistakes[i].in), 16,
                                       mistakes[i].size, mistakes[i].stride, true, zero));
        ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_SHAPE);
        ck_assert_str_eq(err.msg, mistakes[i].msg);
        ck_assert_str_eq(n.build.scope, "");
        network_clear(&n);
    }
}
END_TEST

/* Xavier's bound counts all weights that a channel sees, and those that see it. */
START_TEST(conv2d_begins_within_its_bounds)
{
    const gedi_init xavier = {.kind = GEDI_INIT_XAVIER, .value = 2.0};
    const double bound = 2.0 * sqrt(6.0 / (9 * (8 + 24)));
    double largest = 0;
    network n;
    network_init(&n, true);
    gedi_conv2d(&n.build, "conv", network_input(&n, GEDI_DIMS(1, 4, 4, 8)), 24, 3, 1,
                true, xavier);
    gedi_conv2d(&n.build, "bare", network_input(&n, GEDI_DIMS(1, 4, 4, 8)), 24, 3, 1,
                false, xavier);
    network_freeze(&n, 3);
    ck_assert_int_eq(n.params.n, 3);
    ck_assert(gedi_shape_equal(network_param(&n, "conv.weight")->shape,
                               GEDI_DIMS(3, 3, 8, 24)));
    for (int64_t i = 0; i < 9 * 8 * 24; i++)
        largest = fmax(largest, fabs((double)network_data(&n, "conv.weight")[i]));
    ck_assert_double_le(largest, bound);
    ck_assert_double_ge(largest, 0.99 * bound);
    for (int i = 0; i < 24; i++)
        ck_assert_float_eq(network_data(&n, "conv.bias")[i], 0.0f);
    network_clear(&n);
}
END_TEST

/* ---- models ---- */

static const struct model_case {
    const char *name;
    const gedi_model *model;
    const char *options;
    gedi_shape in;
    const char *second; /* the weight of hw */
} models[] = {
    {"resnet16",
     &gedi_model_resnet8,
     "width=16",
     {.rank = 4, .dim = {2, 8, 12, 3}},
     "block2.conv1.weight"},
    {"resnet20",
     &gedi_model_resnet8,
     "width=20 output=3",
     {.rank = 4, .dim = {2, 8, 12, 3}},
     "block2.conv1.weight"},
    {"norm",
     &gedi_model_resnet,
     "width=4 blocks=[1,2]",
     {.rank = 4, .dim = {3, 7, 10, 3}},
     "stage2.block1.conv1.weight"},
    {"bias",
     &gedi_model_resnet,
     "width=4 blocks=[2,1,1] batch_norm=false",
     {.rank = 4, .dim = {3, 7, 10, 3}},
     "stage2.block1.conv1.weight"},
};
enum { MODELS = sizeof models / sizeof models[0], MAX_PARAMS = 64 };

/* y, gx, hx, hw and the derivatives of all weights. */
enum { MODEL_Y, MODEL_GX, MODEL_HX, MODEL_HW, MODEL_OUTPUTS };

/* The weights, in the order in which the model asks for them. */
static int weights_of(const network *n, const gedi__param **out)
{
    int k = 0;
    for (int i = 0; i < n->params.n; i++)
        if (n->params.param[i]->trained) {
            ck_assert_int_lt(k, MAX_PARAMS);
            out[k++] = n->params.param[i];
        }
    return k;
}

static void fill_weights(network *n, const gedi__param *const *weight, int weights,
                         int64_t salt)
{
    for (int i = 0; i < weights; i++) {
        bool few = weight[i]->shape.rank == 4 && weight[i]->shape.dim[2] == 3;
        network_param_numbers(n, weight[i]->name, salt++, few ? 0.25 : 0.0625);
    }
}

START_TEST(model)
{
    const struct model_case *m = &models[_i];
    component self = component_new(m->model, m->options);
    gedi_node *wrt[MAX_PARAMS], *output[MODEL_OUTPUTS + MAX_PARAMS], *c, *c2, *v, *g2;
    const gedi__param *weight[MAX_PARAMS];
    const int64_t numbers = gedi_shape_size(m->in);
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, m->in);
    gedi_node *y = output[MODEL_Y] = m->model->build(self.self, &n.build, x);
    network_is_legal(&n);
    int weights = weights_of(&n, weight);
    for (int i = 0; i < weights; i++)
        wrt[i] = network_leaf(&n, weight[i]->name);
    gedi_node *cost = cost_of(&n, y, &c);
    gedi_grad(cost, &x, 1, NULL, 0, output + MODEL_GX);
    gedi_grad(cost, wrt, weights, NULL, 0, output + MODEL_OUTPUTS);
    gedi_grad(cost_of(&n, gedi_square(y), &c2), &x, 1, NULL, 0, &g2);
    gedi_node *of[2] = {x, network_leaf(&n, m->second)};
    gedi_grad(cost_of(&n, g2, &v), of, 2, NULL, 0, output + MODEL_HX);
    network_compile(&n, output, MODEL_OUTPUTS + weights);
    fill_weights(&n, weight, weights, (int64_t)row_of(rows, m->name, "salt")->v[0]);
    network_set_numbers(&n, x, X, 1);
    network_set_numbers(&n, c, COST, 1);
    network_set_numbers(&n, c2, COST, 1);
    network_set_numbers(&n, v, DIRECTION, 1);
    gedi__program_run(n.program);
    expect(m->name, "y", gedi__program_output(n.program, MODEL_Y),
           gedi_shape_size(gedi_node_shape(y)));
    expect(m->name, "gx", gedi__program_output(n.program, MODEL_GX), numbers);
    expect_sums(m->name, "hx", gedi__program_output(n.program, MODEL_HX), numbers);
    expect_sums(m->name, "hw", gedi__program_output(n.program, MODEL_HW),
                gedi_shape_size(gedi_node_shape(of[1])));
    for (int i = 0; i < weights; i++)
        expect_sums(m->name, weight[i]->name,
                    gedi__program_output(n.program, MODEL_OUTPUTS + i), weight[i]->size);
    network_clear(&n);
    component_free(&self);
}
END_TEST

static const struct size_case {
    const gedi_model *model;
    const char *options;
    int64_t parameters;
} sizes[] = {
    {&gedi_model_resnet8, "", 1037184},
    {&gedi_model_resnet8, "width=256", 4138752},
    {&gedi_model_resnet8, "output=10", 1037184 + 1290},
    /* torchvision's, without the last layer, and with 3x3 in place of 7x7 in the first */
    {&gedi_model_resnet, "", 11689512 - 513000 - 64 * 3 * 40},
    {&gedi_model_resnet, "blocks=[3,4,6,3]", 21797672 - 513000 - 64 * 3 * 40},
};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

START_TEST(has_so_many_parameters)
{
    component self = component_new(sizes[_i].model, sizes[_i].options);
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(2, 32, 32, 3));
    gedi_node *y = sizes[_i].model->build(self.self, &n.build, x);
    network_is_legal(&n);
    ck_assert_int_eq(gedi_node_shape(y).rank, 2);
    ck_assert_int_eq(n.params.trained, sizes[_i].parameters);
    /* Views and samples may be one batch, but where records are normalised together. */
    ck_assert(gedi__rowwise(y, x) == (sizes[_i].model == &gedi_model_resnet8));
    network_clear(&n);
    component_free(&self);
}
END_TEST

/* Xavier with gain sqrt(2), but for the first convolution. */
START_TEST(resnet8_begins_as_its_source)
{
    static const struct {
        const char *name;
        double variance; /* 2 gain^2 / (fan in + fan out) */
    } want[] = {
        {"block1.conv1.weight", 2.0 / (27 + 9 * 128)},
        {"block1.conv2.weight", 4.0 / (18 * 128)},
        {"block1.shortcut.weight", 4.0 / (3 + 128)},
        {"block4.conv2.weight", 4.0 / (18 * 128)},
        {"linear.weight", 4.0 / (128 + 64)},
    };
    component self = component_new(&gedi_model_resnet8, "output=64");
    network n;
    network_init(&n, true);
    gedi_model_resnet8.build(self.self, &n.build,
                             network_input(&n, GEDI_DIMS(2, 32, 32, 3)));
    network_freeze(&n, 5);
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        const gedi__param *p = network_param(&n, want[k].name);
        double sum = 0;
        for (int64_t i = 0; i < p->size; i++)
            sum += (double)gedi__param_data(&n.params, p)[i] *
                   gedi__param_data(&n.params, p)[i];
        /* The mean of n squares of uniform numbers deviates by 0.9 / sqrt(n). */
        ck_assert_double_eq_tol(sum / (double)p->size / want[k].variance, 1.0,
                                4 * 0.9 / sqrt((double)p->size));
    }
    network_clear(&n);
    component_free(&self);
}
END_TEST

/* With slope 1 there is nothing but sums of products: f(x) + f(-x) = 2 f(0); with slope 0 there is not. */
START_TEST(resnet8_has_its_slope)
{
    enum { IMAGE = 8 * 8 * 3 };
    double odd = 0, most = 0;
    component self =
        component_new(&gedi_model_resnet8, _i ? "width=16 slope=1" : "width=16 slope=0");
    network n;
    network_init(&n, false);
    gedi_node *x = network_input(&n, GEDI_DIMS(3, 8, 8, 3));
    gedi_node *y = gedi_model_resnet8.build(self.self, &n.build, x);
    network_compile(&n, &y, 1);
    float image[3 * IMAGE] = {0};
    network_numbers(image, IMAGE, 3, 1);
    for (int i = 0; i < IMAGE; i++)
        image[IMAGE + i] = -image[i];
    network_set(&n, x, image);
    gedi__program_run(n.program);
    const float *f = gedi__program_output(n.program, 0);
    for (int k = 0; k < 16; k++) {
        odd = fmax(odd, fabs((double)f[k] + f[16 + k] - 2 * f[32 + k]));
        most = fmax(most, fabs((double)f[k]));
    }
    ck_assert_msg(_i ? odd < 1e-4 * most : odd > 0.1 * most, "%g of %g", odd, most);
    network_clear(&n);
    component_free(&self);
}
END_TEST

START_TEST(resnet8_needs_images)
{
    static const struct {
        gedi_shape in;
        const char *msg;
    } mistakes[] = {
        {{.rank = 2, .dim = {4, 2}},
         "resnet8: needs images [B, H, W, C], H and W multiples of 4, not [4, 2]"},
        {{.rank = 4, .dim = {4, 8, 6, 3}},
         "resnet8: needs images [B, H, W, C], H and W multiples of 4, not [4, 8, 6, 3]"},
    };
    component self = component_new(&gedi_model_resnet8, "");
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        gedi_err err = {0};
        network n;
        network_init(&n, true);
        gedi_node *x = network_input(&n, mistakes[i].in);
        ck_assert_ptr_null(gedi_model_resnet8.build(self.self, &n.build, x));
        ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_SHAPE);
        ck_assert_str_eq(err.msg, mistakes[i].msg);
        network_clear(&n);
    }
    component_free(&self);
}
END_TEST

/* ---- what a sampler computes ---- */

static bool weights_differentiated;

static void note_eval(const gedi__step *s)
{
    weights_differentiated = true;
    memset(s->out, 0, (size_t)gedi_shape_size(s->node->shape) * sizeof *s->out);
}

/* dE/dx needs no derivative of a weight, and its memory is used again and again. */
START_TEST(sampler_computes_no_weight_gradient)
{
    gedi__op spy = gedi__op_convolve_weight;
    component self = component_new(&gedi_model_resnet8, "width=32");
    size_t used, needed;
    network n;
    network_init(&n, false);
    gedi_node *x = network_input(&n, GEDI_DIMS(16, 32, 32, 3)), *gx, *gw;
    gedi_node *y = gedi_model_resnet8.build(self.self, &n.build, x);
    gedi_node *energy = gedi_neg(gedi_logsumexp(y));
    gedi_grad(energy, &x, 1, NULL, 0, &gx);
    network_is_legal(&n);
    spy.prepare = NULL;
    spy.eval = note_eval;
    for (int i = 0; i < n.build.g->count; i++)
        if (n.build.g->node[i]->op == &gedi__op_convolve_weight)
            n.build.g->node[i]->op = &spy;
    network_compile(&n, &gx, 1);
    gedi__program_run(n.program);
    ck_assert(!weights_differentiated);
    used = gedi__program_bytes(n.program, &needed);
    ck_assert_msg(used < needed / 3, "%zu of %zu bytes", used, needed);
    /* The same test does see a derivative where it is asked for. */
    gedi_node *w = network_leaf(&n, "block1.conv1.weight");
    gedi_grad(energy, &w, 1, NULL, 0, &gw);
    gw->op = &spy;
    gedi__program_free(n.program);
    network_compile(&n, &gw, 1);
    gedi__program_run(n.program);
    ck_assert(weights_differentiated);
    network_clear(&n);
    component_free(&self);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("images");
    TCase *layer = tcase_create("layers"), *networks = tcase_create("models");
    tcase_set_timeout(networks, 60);
    tcase_add_loop_test(layer, conv2d, 0, LAYERS);
    tcase_add_test(layer, conv2d_needs_an_image);
    tcase_add_test(layer, conv2d_begins_within_its_bounds);
    tcase_add_loop_test(networks, model, 0, MODELS);
    tcase_add_loop_test(networks, has_so_many_parameters, 0, SIZES);
    tcase_add_test(networks, resnet8_begins_as_its_source);
    tcase_add_loop_test(networks, resnet8_has_its_slope, 0, 2);
    tcase_add_test(networks, resnet8_needs_images);
    tcase_add_test(networks, sampler_computes_no_weight_gradient);
    suite_add_tcase(s, layer);
    suite_add_tcase(s, networks);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
