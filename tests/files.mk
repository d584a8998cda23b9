# One block a test program; its source is tests/NAME.c. Without Check there are none.
check_PROGRAMS =
TESTS = $(check_PROGRAMS)
LDADD = libgedi.la $(CHECK_LIBS)
if HAVE_CHECK
check_PROGRAMS += tests/test_base tests/test_kmeans
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_chart tests/test_progress tests/test_report tests/test_safetensors
tests_test_chart_SOURCES = tests/test_chart.c tests/report.h
tests_test_report_SOURCES = tests/test_report.c tests/report.h
tests_test_safetensors_LDADD = $(LDADD) $(JSON_LIBS)
check_PROGRAMS += tests/test_files
tests_test_files_SOURCES = tests/test_files.c tests/experiment.h
tests_test_files_LDADD = $(LDADD) $(JSON_LIBS)
check_PROGRAMS += tests/test_lease
tests_test_lease_SOURCES = tests/test_lease.c tests/experiment.h
tests_test_lease_LDADD = $(LDADD) $(JSON_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_machine
tests_test_machine_CFLAGS = $(AM_CFLAGS) $(BLAS_CFLAGS)
tests_test_machine_LDADD = $(LDADD) $(BLAS_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_convolve tests/test_ops tests/test_op_builders tests/test_op_edges \
	tests/test_vecmath
tests_test_convolve_SOURCES = tests/test_convolve.c tests/testing.h
tests_test_ops_SOURCES = tests/test_ops.c tests/op_cases.c tests/op_cases.h \
	tests/op_cases_image.c tests/op_cases_linear.c tests/op_cases_product.c tests/op_cases_reduce.c tests/op_cases_shape.c tests/testing.h
tests_test_op_builders_SOURCES = tests/test_op_builders.c tests/testing.h
tests_test_op_edges_SOURCES = tests/test_op_edges.c tests/testing.h
endif

# Shell tests find the build and the sources by these; C tests the plugins just built.
# The time limits are for what hangs: a test that waits for a busy processor passes.
AM_TESTS_ENVIRONMENT = abs_top_builddir='$(abs_top_builddir)'; \
	abs_top_srcdir='$(abs_top_srcdir)'; GEDI_PLUGIN_PATH='$(abs_top_builddir)/.libs'; \
	CK_TIMEOUT_MULTIPLIER=$${CK_TIMEOUT_MULTIPLIER:-5}; \
	export abs_top_builddir abs_top_srcdir GEDI_PLUGIN_PATH CK_TIMEOUT_MULTIPLIER;
TEST_EXTENSIONS = .sh
dist_check_SCRIPTS = tests/test_cli.sh tests/test_cxx.sh tests/test_layers.sh tests/test_new.sh tests/test_process.sh
EXTRA_DIST += tests/classes.pl tests/testing.sh tests/objective_tug.cc tests/check_schema.py tests/check_schema_cases.py tests/schema_cases.txt tests/onnx_reference.py tests/read_events.py
TESTS += $(dist_check_SCRIPTS)
# Installing links plugins again, in the folder that the others load them from: so it is last.
tests/test_new.log: $(TEST_LOGS:tests/test_new.log=)

if HAVE_CHECK
# Plugins linked into the test: their objects are apart from the ones of the modules.
check_PROGRAMS += tests/test_dataset tests/test_metric tests/test_mnist tests/test_mnist_found \
	tests/test_optimizer
tests_test_dataset_SOURCES = tests/test_dataset.c tests/component.h \
	tests/fixture/dataset_points.h plugins/dataset/circles.c plugins/dataset/moons.c \
	plugins/view/gaussian_noise.c
tests_test_dataset_CFLAGS = $(AM_CFLAGS)
tests_test_metric_SOURCES = tests/test_metric.c tests/component.h tests/trial.h \
	tests/fixture/metric_cases.h plugins/evaluator/clustering.c
tests_test_metric_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_density
tests_test_density_SOURCES = tests/test_density.c tests/component.h tests/testing.h tests/trial.h \
	plugins/dataset/circles.c plugins/dataset/moons.c plugins/evaluator/density.c
tests_test_density_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_two_sample
tests_test_two_sample_SOURCES = tests/test_two_sample.c tests/experiment.h tests/subject.h tests/testing.h \
	tests/fixture/two_sample_cases.h
tests_test_kmeans_SOURCES = tests/test_kmeans.c tests/fixture/kmeans_cases.h
check_PROGRAMS += tests/test_probe
tests_test_probe_SOURCES = tests/test_probe.c tests/component.h tests/testing.h tests/trial.h \
	plugins/evaluator/features.h plugins/evaluator/knn.c plugins/evaluator/linear_probe.c
tests_test_probe_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_own_program
tests_test_own_program_SOURCES = tests/test_own_program.c tests/component.h tests/testing.h \
	plugins/optimizer/sgd.c
tests_test_own_program_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_symbols
tests_test_symbols_SOURCES = tests/test_symbols.c tests/component.h tests/trial.h \
	plugins/dataset/mnist_addition.c plugins/dataset/mnist_tuples.c plugins/evaluator/symbols.c
tests_test_symbols_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS) $(RULES_CFLAGS)
tests_test_symbols_LDADD = $(RULES_LIBS) $(LDADD) $(ZLIB_LIBS)
tests_test_mnist_SOURCES = tests/test_mnist.c tests/component.h plugins/dataset/mnist.c
tests_test_mnist_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
tests_test_mnist_LDADD = $(LDADD) $(ZLIB_LIBS)
tests_test_mnist_found_SOURCES = tests/test_mnist_found.c tests/component.h \
	plugins/dataset/fashion_mnist.c plugins/dataset/mnist.c
tests_test_mnist_found_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
tests_test_mnist_found_LDADD = $(LDADD) $(ZLIB_LIBS)
tests_test_optimizer_SOURCES = tests/test_optimizer.c tests/component.h \
	tests/fixture/optimizer_cases.h plugins/optimizer/adam.c plugins/optimizer/adamw.c \
	plugins/optimizer/lars.c plugins/optimizer/sgd.c
tests_test_optimizer_CFLAGS = $(AM_CFLAGS)
endif
EXTRA_DIST += tests/fixture/auroc.py tests/fixture/dataset.py tests/fixture/frechet.py tests/fixture/kmeans.py tests/fixture/metric.py tests/fixture/optimizer.py tests/fixture/two_sample.py

if HAVE_CHECK
# Plugins for the tests of registry and descriptors only, apart from those that gedi offers.
check_LTLIBRARIES =
FAKE_LDFLAGS = $(PLUGIN_LDFLAGS) -rpath /nowhere
FAKE_CPPFLAGS = $(AM_CPPFLAGS) -DFAKES=\"$(abs_top_builddir)/tests/fake/.libs\" \
	-DBROKEN=\"$(abs_top_srcdir)/tests/broken\"
check_LTLIBRARIES += tests/fake/dataset_grid.la
tests_fake_dataset_grid_la_SOURCES = tests/plugin_fake.c
tests_fake_dataset_grid_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_dataset_grid_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/view_shift.la
tests_fake_view_shift_la_SOURCES = tests/plugin_fake.c
tests_fake_view_shift_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_view_shift_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/view_blur.la
tests_fake_view_blur_la_SOURCES = tests/plugin_fake.c
tests_fake_view_blur_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_view_blur_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/model_line.la
tests_fake_model_line_la_SOURCES = tests/plugin_fake.c
tests_fake_model_line_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_model_line_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_pull.la
tests_fake_objective_pull_la_SOURCES = tests/plugin_fake.c
tests_fake_objective_pull_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_pull_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_push.la
tests_fake_objective_push_la_SOURCES = tests/plugin_fake.c
tests_fake_objective_push_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_push_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/sampler_walk.la
tests_fake_sampler_walk_la_SOURCES = tests/plugin_fake.c
tests_fake_sampler_walk_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_sampler_walk_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/optimizer_slope.la
tests_fake_optimizer_slope_la_SOURCES = tests/plugin_fake.c
tests_fake_optimizer_slope_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_optimizer_slope_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/evaluator_tally.la
tests_fake_evaluator_tally_la_SOURCES = tests/plugin_fake.c
tests_fake_evaluator_tally_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_evaluator_tally_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_absent.la
tests_fake_objective_absent_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_absent_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_absent_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_alias.la
tests_fake_objective_alias_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_alias_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_alias_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_early.la
tests_fake_objective_early_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_early_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_early_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_fault.la
tests_fake_objective_fault_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_fault_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_fault_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_nothing.la
tests_fake_objective_nothing_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_nothing_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_nothing_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_oldabi.la
tests_fake_objective_oldabi_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_oldabi_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_oldabi_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_private.la
tests_fake_objective_private_la_SOURCES = tests/plugin_private.c
tests_fake_objective_private_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_private_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_short.la
tests_fake_objective_short_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_short_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_short_la_LIBADD = libgedi.la
check_LTLIBRARIES += tests/fake/objective_signature.la
tests_fake_objective_signature_la_SOURCES = tests/plugin_bad.c
tests_fake_objective_signature_la_LDFLAGS = $(FAKE_LDFLAGS)
tests_fake_objective_signature_la_LIBADD = libgedi.la
check_PROGRAMS += tests/test_defaults tests/test_option tests/test_registry tests/test_descriptor \
	tests/test_descriptor_hostile tests/test_descriptor_memory
tests_test_registry_CPPFLAGS = $(FAKE_CPPFLAGS)
tests_test_descriptor_CPPFLAGS = $(FAKE_CPPFLAGS)
tests_test_descriptor_hostile_CPPFLAGS = $(FAKE_CPPFLAGS)
tests_test_descriptor_memory_CPPFLAGS = $(FAKE_CPPFLAGS)
endif
EXTRA_DIST += tests/broken tests/defaults.txt
# The list of all options' defaults: written anew, unless one changed without a revision.
defaults: all tests/test_defaults
	abs_top_srcdir='$(abs_top_srcdir)' \
	  GEDI_PLUGIN_PATH='$(abs_top_builddir)/.libs' tests/test_defaults --write
.PHONY: defaults

if HAVE_CHECK
check_PROGRAMS += tests/test_program tests/test_random_graphs tests/test_rank_sums tests/test_trainer tests/test_run \
	tests/test_allocation tests/test_schedule tests/test_schedule_used tests/test_sgld
tests_test_sgld_SOURCES = tests/test_sgld.c tests/component.h tests/conformance.h tests/network.h \
	tests/testing.h
tests_test_schedule_used_SOURCES = tests/test_schedule_used.c tests/component.h \
	tests/conformance.h tests/experiment.h
tests_test_schedule_SOURCES = tests/test_schedule.c tests/experiment.h tests/network.h
check_PROGRAMS += tests/test_init tests/test_beside
tests_test_beside_SOURCES = tests/test_beside.c tests/experiment.h tests/testing.h tests/training.h
tests_test_init_SOURCES = tests/test_init.c tests/experiment.h tests/testing.h
check_PROGRAMS += tests/test_update tests/test_validation
tests_test_validation_SOURCES = tests/test_validation.c tests/experiment.h tests/testing.h tests/training.h
tests_test_update_SOURCES = tests/test_update.c tests/experiment.h tests/testing.h tests/training.h
tests_test_trainer_SOURCES = tests/test_trainer.c tests/experiment.h tests/testing.h tests/training.h
check_PROGRAMS += tests/test_explode
tests_test_explode_SOURCES = tests/test_explode.c tests/experiment.h tests/testing.h tests/training.h
check_PROGRAMS += tests/test_teacher
tests_test_teacher_SOURCES = tests/test_teacher.c tests/experiment.h tests/testing.h tests/training.h
check_PROGRAMS += tests/test_batch
tests_test_batch_SOURCES = tests/test_batch.c tests/experiment.h tests/testing.h tests/training.h
tests_test_run_SOURCES = tests/test_run.c tests/experiment.h tests/runs.h
check_PROGRAMS += tests/test_going
tests_test_going_SOURCES = tests/test_going.c tests/experiment.h tests/runs.h
tests_test_going_LDADD = $(LDADD) $(JSON_LIBS)
check_PROGRAMS += tests/test_run_damage
tests_test_run_damage_SOURCES = tests/test_run_damage.c tests/experiment.h tests/runs.h
tests_test_run_damage_LDADD = $(LDADD) $(JSON_LIBS)
tests_test_run_LDADD = $(LDADD) $(JSON_LIBS)
tests_test_allocation_SOURCES = tests/test_allocation.c tests/allocations.h tests/experiment.h
endif
dist_check_SCRIPTS += tests/test_memory.sh
EXTRA_DIST += tests/fail_allocation.c
dist_check_SCRIPTS += tests/test_resume.sh tests/test_length.sh tests/test_extend.sh tests/test_init_runs.sh tests/test_tour.sh tests/test_validation_runs.sh tests/test_kill.sh tests/test_refused.sh tests/test_strangers.sh tests/test_meaning.sh \
	tests/test_divergence.sh tests/test_many.sh tests/test_claims.sh \
	tests/test_schema.sh tests/test_disk.sh tests/test_pipes.sh

# What takes longer than `make check` may: the same tests with more of everything, and fuzzing.
LONG_TESTS = tests/test_kill.sh tests/test_memory.sh tests/test_growth.sh
EXTRA_DIST += tests/test_growth.sh
LONG_ENVIRONMENT = GEDI_KILLS=$${KILLS:-1000} GEDI_MEMORY_EVERY=$${MEMORY_EVERY:-1} GEDI_MEMORY_JOBS=2
check-long: all
	env $(LONG_ENVIRONMENT) MAKE='$(MAKE)' LONG_TESTS='$(LONG_TESTS)' \
	  FUZZ_SECONDS='$(FUZZ_SECONDS)' $(srcdir)/tools/check-long.sh
.PHONY: check-long

if HAVE_CHECK
check_PROGRAMS += tests/test_conformance tests/test_conformance_graph tests/test_network \
	tests/test_nn tests/test_objective tests/test_params
tests_test_conformance_SOURCES = tests/test_conformance.c tests/component.h \
	tests/conformance.h tests/experiment.h tests/network.h tests/testing.h
tests_test_conformance_graph_SOURCES = tests/test_conformance_graph.c tests/component.h \
	tests/conformance.h tests/differences.h tests/network.h tests/testing.h
tests_test_network_SOURCES = tests/test_network.c tests/experiment.h
tests_test_nn_SOURCES = tests/test_nn.c tests/component.h tests/fixture/nn_cases.h \
	tests/network.h tests/rows.h tests/testing.h plugins/model/mlp.c
tests_test_nn_CFLAGS = $(AM_CFLAGS)
tests_test_objective_SOURCES = tests/test_objective.c tests/component.h \
	tests/fixture/objective_cases.h tests/network.h tests/testing.h \
	plugins/objective/gedi.c plugins/objective/gedi_no_gen.c \
	plugins/objective/gedi_no_inv.c plugins/objective/gedi_no_prior.c \
	plugins/objective/jem.c plugins/objective/supervised.c
tests_test_objective_CFLAGS = $(AM_CFLAGS)
tests_test_params_SOURCES = tests/test_params.c tests/network.h
endif
EXTRA_DIST += tests/fixture/nn.py tests/fixture/objective.py tests/fixture/rows.py

if HAVE_CHECK
check_PROGRAMS += tests/test_image
tests_test_image_SOURCES = tests/test_image.c tests/component.h \
	tests/fixture/image_cases.h tests/network.h tests/rows.h tests/testing.h \
	plugins/model/resnet.c plugins/model/resnet8.c
tests_test_image_CFLAGS = $(AM_CFLAGS)
endif
EXTRA_DIST += tests/fixture/image.py

if HAVE_CHECK
check_PROGRAMS += tests/test_objective_ssl
tests_test_objective_ssl_SOURCES = tests/test_objective_ssl.c tests/component.h \
	tests/fixture/objective_ssl_cases.h tests/fixture/official_cases.h tests/network.h \
	tests/testing.h plugins/objective/barlow_twins.c plugins/objective/byol.c \
	plugins/objective/cor_info_max.c plugins/objective/dino.c plugins/objective/ebclr.c \
	plugins/objective/gedi_no_gen.c plugins/objective/info_nce.c plugins/objective/jem.c \
	plugins/objective/mec.c plugins/objective/mi_bounds.c plugins/objective/proto_cpc.c \
	plugins/objective/simsiam.c plugins/objective/swav.c plugins/objective/vicreg.c \
	plugins/objective/wmse.c
tests_test_objective_ssl_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_mi_bounds
tests_test_mi_bounds_SOURCES = tests/test_mi_bounds.c tests/component.h tests/network.h \
	tests/testing.h plugins/objective/mi_bounds.c
tests_test_mi_bounds_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_sela
tests_test_sela_SOURCES = tests/test_sela.c tests/component.h tests/fixture/sela_cases.h \
	tests/network.h tests/testing.h plugins/objective/sela.c
tests_test_sela_CFLAGS = $(AM_CFLAGS)
endif
EXTRA_DIST += tests/fixture/objective_ssl.py tests/fixture/official.py tests/fixture/sela.py

if HAVE_CHECK
check_PROGRAMS += tests/test_best tests/test_chance tests/test_compare tests/test_definitions tests/test_forecast \
	tests/test_panels tests/test_sweep tests/test_table
tests_test_best_SOURCES = tests/test_best.c tests/report.h tests/study.h
tests_test_compare_SOURCES = tests/test_compare.c tests/report.h tests/study.h
tests_test_definitions_SOURCES = tests/test_definitions.c tests/report.h tests/study.h
tests_test_panels_SOURCES = tests/test_panels.c tests/panels.h tests/report.h
check_PROGRAMS += tests/test_foreign_figures
tests_test_foreign_figures_SOURCES = tests/test_foreign_figures.c tests/panels.h \
	tests/report.h
check_PROGRAMS += tests/test_page tests/test_curves tests/test_loss_grid
tests_test_curves_SOURCES = tests/test_curves.c tests/logs.h tests/report.h tests/study.h
tests_test_loss_grid_SOURCES = tests/test_loss_grid.c tests/logs.h tests/report.h tests/study.h
tests_test_page_SOURCES = tests/test_page.c tests/report.h tests/study.h
tests_test_page_LDADD = $(LDADD) $(JSON_LIBS)
tests_test_table_SOURCES = tests/test_table.c tests/report.h tests/study.h
tests_test_sweep_SOURCES = tests/test_sweep.c tests/sweep.h
tests_test_sweep_CPPFLAGS = $(FAKE_CPPFLAGS)
check_PROGRAMS += tests/test_sweep_labels
tests_test_sweep_labels_SOURCES = tests/test_sweep_labels.c tests/sweep.h
tests_test_sweep_labels_CPPFLAGS = $(FAKE_CPPFLAGS)
check_PROGRAMS += tests/test_search
tests_test_search_SOURCES = tests/test_search.c tests/sweep.h
tests_test_search_CPPFLAGS = $(FAKE_CPPFLAGS)
endif
dist_check_SCRIPTS += tests/test_page_browser.sh tests/test_embedding.sh tests/test_moments.sh tests/test_folder.sh
EXTRA_DIST += tests/browser.py
dist_check_SCRIPTS += tests/test_rules_runs.sh tests/test_identity.sh tests/test_experiments.sh tests/test_author.sh tests/test_author_parts.sh tests/test_author_null.sh tests/test_author_open.sh tests/test_author_words.sh tests/test_author_ready.sh tests/test_join.sh tests/test_ranks.sh tests/test_slurm.sh tests/test_slurm_stopped.sh tests/test_sweep_runs.sh tests/test_evaluate.sh tests/test_export.sh tests/test_evaluate_sweep.sh tests/test_search_runs.sh tests/test_ablation.sh tests/test_desktop.sh

if HAVE_CHECK
check_PROGRAMS += tests/test_cifar
tests_test_cifar_SOURCES = tests/test_cifar.c tests/component.h tests/experiment.h \
	plugins/dataset/cifar10.c plugins/dataset/cifar100.c
tests_test_cifar_CFLAGS = $(AM_CFLAGS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_view
tests_test_view_SOURCES = tests/test_view.c tests/component.h tests/testing.h tests/view.h \
	tests/fixture/view_cases.h plugins/view/color_jitter.c plugins/view/gray_scale.c \
	plugins/view/horizontal_flip.c plugins/view/random_crop.c plugins/view/resized_crop.c
tests_test_view_CFLAGS = $(AM_CFLAGS)
check_PROGRAMS += tests/test_view_filters
tests_test_view_filters_SOURCES = tests/test_view_filters.c tests/component.h tests/testing.h tests/view.h \
	tests/fixture/view_cases.h plugins/view/cutout.c plugins/view/equalize.c plugins/view/gaussian_blur.c \
	plugins/view/solarize.c
tests_test_view_filters_CFLAGS = $(AM_CFLAGS)
endif
EXTRA_DIST += tests/fixture/view.py tests/fixture/picture.py tests/fixture/pictures

if HAVE_CHECK
check_PROGRAMS += tests/test_batches
tests_test_batches_SOURCES = tests/test_batches.c tests/experiment.h
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_svhn
tests_test_svhn_SOURCES = tests/test_svhn.c tests/component.h tests/experiment.h \
	plugins/dataset/svhn.c
tests_test_svhn_CFLAGS = $(AM_CFLAGS) $(MATIO_CFLAGS) $(ZLIB_CFLAGS)
tests_test_svhn_LDADD = $(LDADD) $(MATIO_LIBS) $(ZLIB_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_image_folder
tests_test_image_folder_SOURCES = tests/test_image_folder.c tests/component.h tests/dataset.h \
	tests/experiment.h plugins/dataset/image_folder.c
tests_test_image_folder_CFLAGS = $(AM_CFLAGS) $(PNG_CFLAGS) $(JPEG_CFLAGS)
tests_test_image_folder_LDADD = $(LDADD) $(PNG_LIBS) $(JPEG_LIBS)
check_PROGRAMS += tests/test_pictures
tests_test_pictures_SOURCES = tests/test_pictures.c tests/component.h tests/dataset.h tests/experiment.h \
	tests/fixture/picture_cases.h plugins/dataset/image_folder.c
tests_test_pictures_CFLAGS = $(AM_CFLAGS) $(PNG_CFLAGS) $(JPEG_CFLAGS)
tests_test_pictures_LDADD = $(LDADD) $(PNG_LIBS) $(JPEG_LIBS)
endif

dist_check_SCRIPTS += tests/test_lazy.sh tests/test_data_changed.sh
if HAVE_CHECK
check_PROGRAMS += tests/test_digest
check_PROGRAMS += tests/test_npy
tests_test_npy_SOURCES = tests/test_npy.c tests/component.h tests/dataset.h tests/experiment.h plugins/dataset/npy.c
tests_test_npy_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
tests_test_npy_LDADD = $(LDADD) $(ZLIB_LIBS)
endif
EXTRA_DIST += tests/fixture/npy.py tests/fixture/arrays

if HAVE_CHECK
check_PROGRAMS += tests/test_tiny
tests_test_tiny_SOURCES = tests/test_tiny.c tests/component.h plugins/dataset/tiny.c
tests_test_tiny_CFLAGS = $(AM_CFLAGS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_stl10 tests/test_tiny_imagenet
tests_test_stl10_SOURCES = tests/test_stl10.c tests/component.h tests/dataset.h tests/experiment.h plugins/dataset/stl10.c
tests_test_stl10_CFLAGS = $(AM_CFLAGS)
tests_test_tiny_imagenet_SOURCES = tests/test_tiny_imagenet.c tests/component.h tests/dataset.h tests/experiment.h \
	plugins/dataset/tiny_imagenet.c
tests_test_tiny_imagenet_CFLAGS = $(AM_CFLAGS) $(PNG_CFLAGS) $(JPEG_CFLAGS)
tests_test_tiny_imagenet_LDADD = $(LDADD) $(PNG_LIBS) $(JPEG_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_images_found
tests_test_images_found_SOURCES = tests/test_images_found.c tests/component.h \
	tests/experiment.h plugins/dataset/cifar10.c plugins/dataset/cifar100.c \
	plugins/dataset/svhn.c
tests_test_images_found_CFLAGS = $(AM_CFLAGS) $(MATIO_CFLAGS) $(ZLIB_CFLAGS)
tests_test_images_found_LDADD = $(LDADD) $(MATIO_LIBS) $(ZLIB_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_descriptor_stages tests/test_objective_sum tests/test_stages \
	tests/test_stages_run
tests_test_objective_sum_SOURCES = tests/test_objective_sum.c tests/experiment.h tests/training.h
tests_test_descriptor_stages_CPPFLAGS = $(FAKE_CPPFLAGS)
tests_test_stages_SOURCES = tests/test_stages.c tests/experiment.h tests/stages.h
tests_test_stages_run_SOURCES = tests/test_stages_run.c tests/experiment.h tests/stages.h
tests_test_stages_run_LDADD = $(LDADD) $(JSON_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_image_grid
tests_test_image_grid_SOURCES = tests/test_image_grid.c tests/report.h
tests_test_image_grid_CFLAGS = $(AM_CFLAGS) $(PNG_CFLAGS)
tests_test_image_grid_LDADD = $(LDADD) $(PNG_LIBS)
endif
dist_check_SCRIPTS += tests/test_images.sh
EXTRA_DIST += tests/cifar10.yaml

if HAVE_CHECK
if HAVE_FETCH
check_PROGRAMS += tests/test_fetch
tests_test_fetch_SOURCES = tests/test_fetch.c tests/experiment.h tests/server.h \
	core/data/sources.c $(fetch_sources)
tests_test_fetch_CFLAGS = $(AM_CFLAGS) $(FETCH_CFLAGS)
tests_test_fetch_LDADD = $(LDADD) $(FETCH_LIBS)
endif
endif
dist_check_SCRIPTS += tests/test_data.sh

if HAVE_CHECK
check_PROGRAMS += tests/test_generator tests/test_figure_samples tests/test_scores \
	tests/test_components tests/test_frechet tests/test_principal
tests_test_principal_SOURCES = tests/test_principal.c tests/testing.h
tests_test_frechet_SOURCES = tests/test_frechet.c tests/experiment.h tests/subject.h tests/testing.h \
	tests/fixture/frechet_cases.h
tests_test_scores_SOURCES = tests/test_scores.c tests/experiment.h tests/subject.h
check_PROGRAMS += tests/test_auroc
tests_test_auroc_SOURCES = tests/test_auroc.c tests/testing.h tests/fixture/auroc_cases.h
tests_test_components_SOURCES = tests/test_components.c tests/experiment.h
tests_test_generator_SOURCES = tests/test_generator.c tests/experiment.h
tests_test_figure_samples_SOURCES = tests/test_figure_samples.c tests/report.h
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_fid tests/test_inception tests/test_inception_layers tests/test_pixels
tests_test_pixels_SOURCES = tests/test_pixels.c tests/testing.h
tests_test_fid_SOURCES = tests/test_fid.c tests/component.h tests/testing.h tests/trial.h \
	plugins/evaluator/fid.c
tests_test_fid_CFLAGS = $(AM_CFLAGS)
tests_test_inception_layers_SOURCES = tests/test_inception_layers.c tests/testing.h \
	tests/fixture/resize_cases.h
tests_test_inception_SOURCES = tests/test_inception.c tests/experiment.h tests/testing.h \
	tests/fixture/inception_cases.h
endif
EXTRA_DIST += tests/fixture/inception.py tests/fixture/resize.py

if HAVE_CHECK
if HAVE_RULES
check_PROGRAMS += tests/test_gedi_nesy tests/test_rules tests/test_rules_chances tests/test_rules_refused
tests_test_gedi_nesy_SOURCES = tests/test_gedi_nesy.c tests/component.h tests/experiment.h tests/network.h \
	plugins/objective/gedi_nesy.c
tests_test_gedi_nesy_CFLAGS = $(AM_CFLAGS) $(RULES_CFLAGS)
tests_test_gedi_nesy_LDADD = $(RULES_LIBS) $(LDADD)
tests_test_rules_chances_SOURCES = tests/test_rules_chances.c tests/rules.h tests/experiment.h
tests_test_rules_chances_CFLAGS = $(AM_CFLAGS) $(RULES_CFLAGS)
tests_test_rules_chances_LDADD = $(RULES_LIBS) $(LDADD)
tests_test_rules_SOURCES = tests/test_rules.c tests/rules.h tests/experiment.h tests/testing.h
tests_test_rules_CFLAGS = $(AM_CFLAGS) $(RULES_CFLAGS)
tests_test_rules_LDADD = $(RULES_LIBS) $(LDADD)
tests_test_rules_refused_SOURCES = tests/test_rules_refused.c tests/experiment.h
tests_test_rules_refused_CFLAGS = $(AM_CFLAGS) $(RULES_CFLAGS)
tests_test_rules_refused_LDADD = $(RULES_LIBS) $(LDADD)
endif
endif

# What tools/fuzz.sh fuzzes, fed with the inputs that are kept.
fuzz_targets = tests/fuzz/cifar.c tests/fuzz/descriptor.c tests/fuzz/idx.c tests/fuzz/imports.c \
	tests/fuzz/jpeg.c tests/fuzz/label.c tests/fuzz/mark.c tests/fuzz/mat.c tests/fuzz/metrics.c \
	tests/fuzz/npy.c tests/fuzz/override.c tests/fuzz/png.c tests/fuzz/points.c tests/fuzz/safetensors.c \
	tests/fuzz/schedule.c tests/fuzz/summary.c tests/fuzz/sweep.c
if HAVE_CHECK
check_PROGRAMS += tests/test_corpus
tests_test_corpus_SOURCES = tests/test_corpus.c tests/fuzz/dataset.h tests/fuzz/fuzz.h \
	tests/fuzz/reading.h $(fuzz_targets)
tests_test_corpus_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(PNG_CFLAGS) $(JPEG_CFLAGS) $(MATIO_CFLAGS) $(ZLIB_CFLAGS) $(FETCH_CFLAGS)
tests_test_corpus_LDADD = $(LDADD) $(JSON_LIBS) $(PNG_LIBS) $(JPEG_LIBS) $(MATIO_LIBS) $(ZLIB_LIBS)
if HAVE_FETCH
tests_test_corpus_SOURCES += tests/fuzz/unpack.c
tests_test_corpus_LDADD += $(FETCH_LIBS)
endif
endif
# Not the folder: a build that is not made elsewhere has its objects in it.
EXTRA_DIST += tests/fuzz/build.mk tests/fuzz/corpus tests/fuzz/ignore.txt tests/fuzz/json.dict \
	tests/fuzz/yaml.dict
