plugin_LTLIBRARIES += dataset_moons.la
dataset_moons_la_SOURCES = plugins/dataset/moons.c plugins/dataset/plane.h
dataset_moons_la_CFLAGS = $(PLUGIN_CFLAGS)
dataset_moons_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_moons_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_circles.la
dataset_circles_la_SOURCES = plugins/dataset/circles.c plugins/dataset/plane.h
dataset_circles_la_CFLAGS = $(PLUGIN_CFLAGS)
dataset_circles_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_circles_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_mnist.la
dataset_mnist_la_SOURCES = plugins/dataset/mnist.c plugins/dataset/mnist.h \
	plugins/dataset/idx.h plugins/dataset/images.h
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

plugin_LTLIBRARIES += evaluator_linear_probe.la
evaluator_linear_probe_la_SOURCES = plugins/evaluator/linear_probe.c plugins/evaluator/features.h
evaluator_linear_probe_la_CFLAGS = $(PLUGIN_CFLAGS)
evaluator_linear_probe_la_LDFLAGS = $(PLUGIN_LDFLAGS)
evaluator_linear_probe_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += evaluator_knn.la
evaluator_knn_la_SOURCES = plugins/evaluator/knn.c plugins/evaluator/features.h
evaluator_knn_la_CFLAGS = $(PLUGIN_CFLAGS)
evaluator_knn_la_LDFLAGS = $(PLUGIN_LDFLAGS)
evaluator_knn_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += evaluator_ood.la
evaluator_ood_la_SOURCES = plugins/evaluator/ood.c
evaluator_ood_la_CFLAGS = $(PLUGIN_CFLAGS)
evaluator_ood_la_LDFLAGS = $(PLUGIN_LDFLAGS)
evaluator_ood_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += evaluator_fid.la
evaluator_fid_la_SOURCES = plugins/evaluator/fid.c
evaluator_fid_la_CFLAGS = $(PLUGIN_CFLAGS)
evaluator_fid_la_LDFLAGS = $(PLUGIN_LDFLAGS)
evaluator_fid_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += model_mlp.la
model_mlp_la_SOURCES = plugins/model/mlp.c
model_mlp_la_CFLAGS = $(PLUGIN_CFLAGS)
model_mlp_la_LDFLAGS = $(PLUGIN_LDFLAGS)
model_mlp_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += model_resnet8.la
model_resnet8_la_SOURCES = plugins/model/resnet8.c
model_resnet8_la_CFLAGS = $(PLUGIN_CFLAGS)
model_resnet8_la_LDFLAGS = $(PLUGIN_LDFLAGS)
model_resnet8_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += sampler_sgld.la
sampler_sgld_la_SOURCES = plugins/sampler/sgld.c
sampler_sgld_la_CFLAGS = $(PLUGIN_CFLAGS)
sampler_sgld_la_LDFLAGS = $(PLUGIN_LDFLAGS)
sampler_sgld_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_gedi.la
objective_gedi_la_SOURCES = plugins/objective/gedi.c
objective_gedi_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_gedi_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_gedi_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_gedi_no_gen.la
objective_gedi_no_gen_la_SOURCES = plugins/objective/gedi_no_gen.c
objective_gedi_no_gen_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_gedi_no_gen_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_gedi_no_gen_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_gedi_no_inv.la
objective_gedi_no_inv_la_SOURCES = plugins/objective/gedi_no_inv.c
objective_gedi_no_inv_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_gedi_no_inv_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_gedi_no_inv_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_gedi_no_prior.la
objective_gedi_no_prior_la_SOURCES = plugins/objective/gedi_no_prior.c
objective_gedi_no_prior_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_gedi_no_prior_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_gedi_no_prior_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_jem.la
objective_jem_la_SOURCES = plugins/objective/jem.c
objective_jem_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_jem_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_jem_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_swav.la
objective_swav_la_SOURCES = plugins/objective/swav.c
objective_swav_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_swav_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_swav_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_barlow_twins.la
objective_barlow_twins_la_SOURCES = plugins/objective/barlow_twins.c
objective_barlow_twins_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_barlow_twins_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_barlow_twins_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_info_nce.la
objective_info_nce_la_SOURCES = plugins/objective/info_nce.c
objective_info_nce_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_info_nce_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_info_nce_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_proto_cpc.la
objective_proto_cpc_la_SOURCES = plugins/objective/proto_cpc.c
objective_proto_cpc_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_proto_cpc_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_proto_cpc_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_vicreg.la
objective_vicreg_la_SOURCES = plugins/objective/vicreg.c
objective_vicreg_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_vicreg_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_vicreg_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_cor_info_max.la
objective_cor_info_max_la_SOURCES = plugins/objective/cor_info_max.c
objective_cor_info_max_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_cor_info_max_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_cor_info_max_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_wmse.la
objective_wmse_la_SOURCES = plugins/objective/wmse.c
objective_wmse_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_wmse_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_wmse_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_mec.la
objective_mec_la_SOURCES = plugins/objective/mec.c
objective_mec_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_mec_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_mec_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_simsiam.la
objective_simsiam_la_SOURCES = plugins/objective/simsiam.c
objective_simsiam_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_simsiam_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_simsiam_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += objective_ebclr.la
objective_ebclr_la_SOURCES = plugins/objective/ebclr.c
objective_ebclr_la_CFLAGS = $(PLUGIN_CFLAGS)
objective_ebclr_la_LDFLAGS = $(PLUGIN_LDFLAGS)
objective_ebclr_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_cifar10.la
dataset_cifar10_la_SOURCES = plugins/dataset/cifar10.c plugins/dataset/cifar.h plugins/dataset/images.h
dataset_cifar10_la_CFLAGS = $(PLUGIN_CFLAGS)
dataset_cifar10_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_cifar10_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_cifar100.la
dataset_cifar100_la_SOURCES = plugins/dataset/cifar100.c plugins/dataset/cifar.h plugins/dataset/images.h
dataset_cifar100_la_CFLAGS = $(PLUGIN_CFLAGS)
dataset_cifar100_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_cifar100_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += view_color_jitter.la
view_color_jitter_la_SOURCES = plugins/view/color_jitter.c plugins/view/image.h plugins/view/colour.h
view_color_jitter_la_CFLAGS = $(PLUGIN_CFLAGS)
view_color_jitter_la_LDFLAGS = $(PLUGIN_LDFLAGS)
view_color_jitter_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += view_gray_scale.la
view_gray_scale_la_SOURCES = plugins/view/gray_scale.c plugins/view/image.h plugins/view/colour.h
view_gray_scale_la_CFLAGS = $(PLUGIN_CFLAGS)
view_gray_scale_la_LDFLAGS = $(PLUGIN_LDFLAGS)
view_gray_scale_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += view_random_crop.la
view_random_crop_la_SOURCES = plugins/view/random_crop.c plugins/view/image.h
view_random_crop_la_CFLAGS = $(PLUGIN_CFLAGS)
view_random_crop_la_LDFLAGS = $(PLUGIN_LDFLAGS)
view_random_crop_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += view_horizontal_flip.la
view_horizontal_flip_la_SOURCES = plugins/view/horizontal_flip.c plugins/view/image.h
view_horizontal_flip_la_CFLAGS = $(PLUGIN_CFLAGS)
view_horizontal_flip_la_LDFLAGS = $(PLUGIN_LDFLAGS)
view_horizontal_flip_la_LIBADD = libgedi.la

plugin_LTLIBRARIES += dataset_fashion_mnist.la
dataset_fashion_mnist_la_SOURCES = plugins/dataset/fashion_mnist.c plugins/dataset/mnist.h \
	plugins/dataset/idx.h plugins/dataset/images.h
dataset_fashion_mnist_la_CFLAGS = $(PLUGIN_CFLAGS) $(ZLIB_CFLAGS)
dataset_fashion_mnist_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_fashion_mnist_la_LIBADD = libgedi.la $(ZLIB_LIBS)

plugin_LTLIBRARIES += dataset_svhn.la
dataset_svhn_la_SOURCES = plugins/dataset/svhn.c plugins/dataset/images.h plugins/dataset/mat.h
dataset_svhn_la_CFLAGS = $(PLUGIN_CFLAGS) $(MATIO_CFLAGS) $(ZLIB_CFLAGS)
dataset_svhn_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_svhn_la_LIBADD = libgedi.la $(MATIO_LIBS) $(ZLIB_LIBS)

plugin_LTLIBRARIES += dataset_image_folder.la
dataset_image_folder_la_SOURCES = plugins/dataset/image_folder.c plugins/dataset/folder.h \
	plugins/dataset/images.h
dataset_image_folder_la_CFLAGS = $(PLUGIN_CFLAGS) $(PNG_CFLAGS)
dataset_image_folder_la_LDFLAGS = $(PLUGIN_LDFLAGS)
dataset_image_folder_la_LIBADD = libgedi.la $(PNG_LIBS)
