plugin_LTLIBRARIES += dataset_moons.la
dataset_moons_la_SOURCES = plugins/dataset/moons.c
dataset_moons_la_CFLAGS = $(PLUGIN_CFLAGS)
dataset_moons_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_moons_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_circles.la
dataset_circles_la_SOURCES = plugins/dataset/circles.c
dataset_circles_la_CFLAGS = $(PLUGIN_CFLAGS)
dataset_circles_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_circles_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_mnist.la
dataset_mnist_la_SOURCES = plugins/dataset/mnist.c
dataset_mnist_la_CFLAGS = $(PLUGIN_CFLAGS) $(ZLIB_CFLAGS)
dataset_mnist_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_mnist_la_LIBADD = libgedi.la $(ZLIB_LIBS)

plugin_LTLIBRARIES += view_gaussian_noise.la
view_gaussian_noise_la_SOURCES = plugins/view/gaussian_noise.c
view_gaussian_noise_la_CFLAGS = $(PLUGIN_CFLAGS)
view_gaussian_noise_la_LDFLAGS = $(PLUGIN_LDFLAGS)
view_gaussian_noise_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += optimizer_adam.la
optimizer_adam_la_SOURCES = plugins/optimizer/adam.c
optimizer_adam_la_CFLAGS = $(PLUGIN_CFLAGS)
optimizer_adam_la_LDFLAGS = $(PLUGIN_LDFLAGS)
optimizer_adam_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += optimizer_sgd.la
optimizer_sgd_la_SOURCES = plugins/optimizer/sgd.c
optimizer_sgd_la_CFLAGS = $(PLUGIN_CFLAGS)
optimizer_sgd_la_LDFLAGS = $(PLUGIN_LDFLAGS)
optimizer_sgd_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += evaluator_clustering.la
evaluator_clustering_la_SOURCES = plugins/evaluator/clustering.c
evaluator_clustering_la_CFLAGS = $(PLUGIN_CFLAGS)
evaluator_clustering_la_LDFLAGS = $(PLUGIN_LDFLAGS)
evaluator_clustering_la_LIBADD = libgedi.la
