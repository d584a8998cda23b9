# base
libgedi_la_SOURCES += core/base/arena.c core/base/arena.h core/base/clock.h core/base/error.c core/base/file.c \
	core/base/file.h core/base/loop.h core/base/nearest.c core/base/signals.c core/base/signals.h core/base/memory.c core/base/memory.h core/base/protobuf.c core/base/protobuf.h core/base/ranks.c core/base/ranks.h core/base/rng.c core/base/shape.h core/base/text.c core/base/text.h \
	core/base/vecmath.h
# graph
libgedi_la_SOURCES += core/graph/graph.c core/graph/grad.c core/graph/node.h core/graph/operation.h \
	core/graph/replace.c core/graph/rowwise.c core/graph/rowwise.h
# op
libgedi_la_SOURCES += core/op/add.c core/op/affine.c core/op/broadcast.c \
	core/op/cholesky.c core/op/composed.c core/op/concat.c core/op/conv.h core/op/dense.c \
	core/op/conv_direct.c core/op/conv_axes.h core/op/conv_lanes.h core/op/conv_tiling.c \
	core/op/conv_transform.c core/op/conv_winograd.c core/op/conv_winograd_weight.c core/op/convolve.c core/op/exponential.c \
	core/op/fold.c core/op/fold.h core/op/gather.c core/op/image.c core/op/image.h core/op/leaf.c \
	core/op/leaky_relu.c core/op/matmul.c core/op/matmul.h core/op/max.c core/op/maximum.c core/op/mean_pool.c \
	core/op/mul.c core/op/op.h core/op/permute.c core/op/power.c core/op/random.c \
	core/op/reduce.c core/op/reduce.h core/op/reshape.c core/op/sigmoid.c core/op/slice.c \
	core/op/softmax.c core/op/stop_gradient.c core/op/strided.c core/op/strided.h \
	core/op/product.c core/op/product.h core/op/product_gather.c core/op/product_kernel.c core/op/product_narrow.c \
	core/op/ranks.c core/op/ranks.h core/op/product_thin.c core/op/product_xsmm.c core/op/product_xsmm.h core/op/sum.c core/op/table.c core/op/triangular.c \
	core/op/triangular.h core/op/winograd.h core/op/winograd_state.h
# exec
libgedi_la_SOURCES += core/exec/group.c core/exec/group.h core/exec/plan.c core/exec/plan.h \
	core/exec/compile.c core/exec/compile_parts.h core/exec/compiled.h core/exec/in_place.c core/exec/program.c core/exec/program.h
libgedi_la_SOURCES += core/exec/blas.c core/exec/blas.h core/exec/machine.c core/exec/machine.h
# nn
libgedi_la_SOURCES += core/nn/build.c core/nn/build.h core/nn/layers.c core/nn/loss.c core/nn/loss.h \
	core/nn/loss_cluster.c core/nn/loss_moment.c core/nn/loss_pair.c \
	core/nn/average.c core/nn/params.c core/nn/params.h core/nn/schedule.c core/nn/state.c core/nn/step.c core/nn/step.h \
	core/nn/written.c core/nn/written.h
# plugin
libgedi_la_SOURCES += core/plugin/call.c core/plugin/call.h core/plugin/check.c core/plugin/check.h \
	core/plugin/imports.c core/plugin/imports.h core/plugin/option.c \
	core/plugin/option.h core/plugin/option_emit.c core/plugin/registry.c \
	core/plugin/registry.h core/plugin/registry_parts.h core/plugin/registry_places.c core/plugin/schedule.c core/plugin/schedule.h \
	core/plugin/value.h
# descriptor
libgedi_la_SOURCES += core/descriptor/component.c core/descriptor/emit.c core/descriptor/entry.c core/descriptor/entry.h \
	core/descriptor/evaluations.c core/descriptor/evaluations.h core/descriptor/experiment.c \
	core/descriptor/experiment.h core/descriptor/figures.c core/descriptor/fill.c core/descriptor/fill.h core/descriptor/folders.c core/descriptor/groups.c core/descriptor/groups.h core/descriptor/history.c core/descriptor/history.h \
	core/descriptor/init.c core/descriptor/init.h core/descriptor/lengths.c core/descriptor/lengths.h core/descriptor/keys.c core/descriptor/keys.h core/descriptor/keys_text.c \
	core/descriptor/keys_text.h core/descriptor/load.c core/descriptor/merge.c core/descriptor/merge.h core/descriptor/source.c core/descriptor/source.h core/descriptor/objectives.c \
	core/descriptor/objectives.h core/descriptor/parse.c core/descriptor/print.c core/descriptor/print.h core/descriptor/reading.h \
	core/descriptor/schedule.c core/descriptor/search.h core/descriptor/setting.c core/descriptor/stage.c \
	core/descriptor/sweep.c core/descriptor/sweep.h core/descriptor/sweep_axes.c \
	core/descriptor/sweep_blocks.h core/descriptor/sweep_labels.c core/descriptor/sweep_order.c core/descriptor/sweep_points.c core/descriptor/sweep_search.c \
	core/descriptor/sweep_shows.c core/descriptor/tree.c core/descriptor/tree.h \
	core/descriptor/trees.c core/descriptor/trees.h core/descriptor/validation.c core/descriptor/validation.h core/descriptor/walk.c
# metric
libgedi_la_SOURCES += core/metric/agreement.c core/metric/auroc.c core/metric/eigen.c core/metric/eigen.h core/metric/frechet.c \
	core/metric/health.c core/metric/health.h core/metric/kmeans.c core/metric/nearest.c \
	core/metric/points.c core/metric/points.h core/metric/principal.c core/metric/principal.h core/metric/probe.c core/metric/two_sample.c
# store
libgedi_la_SOURCES += core/store/checksum.c core/store/checksum.h core/store/divergence.c core/store/divergence.h core/store/folder.c core/store/folder.h core/store/holder.c core/store/holder.h \
	core/store/identity.c core/store/identity.h core/store/identity_changes.c core/store/identity_lines.c core/store/identity_lines.h core/store/json.c core/store/json.h core/store/kept.c core/store/leased.c core/store/leased.h core/store/later.c core/store/later.h \
	core/store/metrics.c core/store/metrics.h core/store/metrics_parts.h core/store/metrics_read.c core/store/progress.h \
	core/store/safetensors.c core/store/safetensors.h core/store/safetensors_head.c core/store/safetensors_parts.h core/store/safetensors_read.c core/store/seal.c core/store/seal.h \
	core/store/summary.c core/store/summary.h core/store/summary_missing.c core/store/summary_parts.h core/store/summary_read.c core/store/summary_text.c core/store/weights.c core/store/weights.h
# network
libgedi_la_SOURCES += core/network/inference.c core/network/inference.h core/network/network.c core/network/network.h core/network/pass.c core/network/probe.c core/network/probe.h core/network/terms.c core/network/views.c core/network/watch.c
# train
libgedi_la_SOURCES += core/train/batches.c core/train/batches.h core/train/chains.c core/train/idle.c core/train/idle.h core/train/init.c core/train/init.h \
	core/train/chains.h core/train/checkpoint.c core/train/checkpoint.h core/train/holdout.c core/train/holdout.h core/train/iteration.c core/train/optimizer.c core/train/optimizer.h core/train/pass.c core/train/pass.h core/train/records.c \
	core/train/records.h core/train/sampling.c core/train/sampling.h core/train/sentinel.c \
	core/train/sentinel.h core/train/stored.c core/train/stored.h core/train/trainer.c core/train/trainer.h
# evaluate
libgedi_la_SOURCES += core/evaluate/density.c core/evaluate/encoder.c core/evaluate/encoder.h core/evaluate/families.c core/evaluate/families.h core/evaluate/findings.c \
	core/evaluate/findings.h core/evaluate/generator.c core/evaluate/generator.h \
	core/evaluate/inception.c core/evaluate/inception.h core/evaluate/inception_layers.c \
	core/evaluate/inception_layers.h core/evaluate/inception_plan.c core/evaluate/inception_plan.h \
	core/evaluate/others.c core/evaluate/others.h core/evaluate/pixels.c core/evaluate/pixels.h core/evaluate/program.c core/evaluate/scores.c core/evaluate/scores.h \
	core/evaluate/shown.h core/evaluate/space.c core/evaluate/space.h core/evaluate/tell.h core/evaluate/trained.c core/evaluate/trained.h \
	core/evaluate/trial.c core/evaluate/trial.h core/evaluate/trial_network.c core/evaluate/trial_parts.h core/evaluate/unread.c core/evaluate/unread.h
# run
libgedi_la_SOURCES += core/run/evaluate.c core/run/evaluate.h core/run/ready.c core/run/ready.h core/run/ready_parts.h \
	core/run/going.c core/run/going.h core/run/left.c core/run/left.h core/run/length.c core/run/length.h core/run/moment.c core/run/moment.h core/run/standing.c core/run/standing.h core/run/validate.c core/run/validate.h \
	core/run/finish.c core/run/make.c core/run/make.h core/run/override.c core/run/override.h core/run/resume.c core/run/run.c core/run/run.h core/run/running.c core/run/running.h core/run/training.c core/run/summary.c core/run/summary.h core/run/vacant.c core/run/vacant.h core/run/verify.c core/run/verify.h core/run/warn.c
# report
libgedi_la_SOURCES += core/report/chart.c core/report/chart.h core/report/csv.c \
	core/report/csv.h core/report/panel.h core/report/picture.c core/report/picture.h \
	core/report/figure.h \
	core/report/figure_clusters.c core/report/figure_density.c core/report/figure_grid.c \
	core/report/grid_sheet.c core/report/grid_sheet.h core/report/grid_script.c \
	core/report/chart_key.c core/report/chart_key.h \
	core/report/figure_heatmap.c core/report/figure_losses.c \
	core/report/gnuplot.c core/report/gnuplot.h core/report/palette.c core/report/palette.h \
	core/report/plane.c core/report/plane.h core/report/progress.c core/report/progress.h \
	core/report/terminal.c core/report/terminal.h core/report/terms.c core/report/terms.h
libgedi_la_SOURCES += core/report/figure_histograms.c core/report/histograms.h core/report/histograms_panel.c core/report/figure_samples.c core/report/run_histograms.c core/report/run_figures.c core/report/run_figures.h core/report/run_needs.c core/report/run_needs.h \
	core/report/run_plane.c core/report/run_samples.c core/report/run_samples.h \
	core/report/run_sheet.h
libgedi_la_SOURCES += core/report/run_clusters.c core/report/run_confusion.c core/report/run_logs.c core/report/run_embedding.c core/report/run_moments.c core/report/figure_curves.c core/report/stretch.h core/report/words.c core/report/words.h core/sweep/show_curves.c core/sweep/show_curves.h
libgedi_la_SOURCES += core/report/axis.c core/report/axis.h core/report/chart_words.c core/report/glyphs.c core/report/glyphs.h core/report/panel.c core/report/figure_loss_grid.c core/report/loss_grid.h core/report/loss_grid_layout.c core/sweep/logs.c core/sweep/logs.h core/sweep/show_losses.c core/sweep/show_losses.h core/sweep/show_grid.c core/sweep/show_grid.h core/sweep/show_logged.c core/sweep/show_logged.h core/sweep/show_labels.c core/sweep/show_labels.h
libgedi_la_SOURCES += core/report/curves.c core/report/curves.h core/report/page.c core/report/page.h
libgedi_la_SOURCES += core/report/figure_images.c core/report/image_grid.c \
	core/report/image_grid.h core/report/run_views.c core/report/run_views.h
# export
libgedi_la_SOURCES += core/export/arrays.c core/export/arrays.h core/export/log.c core/export/log.h \
	core/export/mlflow.c core/export/mlflow.h core/export/npy.c core/export/npy.h \
	core/export/onnx.c core/export/onnx.h core/export/onnx_graph.h core/export/onnx_nodes.c \
	core/export/tensorboard.c core/export/tensorboard.h
# sweep
libgedi_la_SOURCES += core/sweep/besides.c core/sweep/besides.h core/sweep/chance.c core/sweep/chance.h core/sweep/clauses.c core/sweep/clauses.h core/sweep/compare.c \
	core/sweep/compare.h core/sweep/crew.c \
	core/sweep/crew.h core/sweep/datasets.c core/sweep/datasets.h \
	core/sweep/forecast.c core/sweep/forecast.h \
	core/sweep/jobs.c core/sweep/jobs.h core/sweep/label.c \
	core/sweep/label.h core/sweep/lease.c core/sweep/lease.h core/sweep/limits.c core/sweep/limits.h core/sweep/lock.c core/sweep/lock.h core/sweep/plan.c \
	core/sweep/plan.h core/sweep/plan_asked.c core/sweep/plan_flaws.c core/sweep/plan_parts.h core/sweep/plan_shows.c core/sweep/builds.c core/sweep/builds.h core/sweep/once.c core/sweep/points.c core/sweep/points.h \
	core/sweep/rebuilt.c core/sweep/rebuilt.h core/sweep/report.c core/sweep/report.h core/sweep/report_parts.h \
	core/sweep/former.c core/sweep/former.h core/sweep/report_drawn.c core/sweep/report_differs.c core/sweep/report_draws.c core/sweep/report_matters.c core/sweep/report_pictures.c core/sweep/report_runs.c core/sweep/report_tables.c \
	core/sweep/search.c core/sweep/search.h core/sweep/search_grow.c core/sweep/search_text.c core/sweep/shared.c core/sweep/shared.h core/sweep/show.c core/sweep/show.h core/sweep/slurm.c core/sweep/slurm.h \
	core/sweep/stat.c core/sweep/stat.h core/sweep/study.c core/sweep/study.h core/sweep/study_labels.c \
	core/sweep/table.c core/sweep/table.h core/sweep/table_arrange.c core/sweep/table_parts.h core/sweep/table_best.c core/sweep/table_csv.c core/sweep/table_differs.c core/sweep/table_format.h core/sweep/table_lacking.c core/sweep/table_latex.c core/sweep/table_markdown.c core/sweep/table_equal.c core/sweep/table_notes.c \
	core/sweep/table_text.c core/sweep/tpe.c core/sweep/tpe.h core/sweep/twins.c core/sweep/within.c core/sweep/within.h core/sweep/who.c core/sweep/who.h
# data
libgedi_la_SOURCES += core/data/digest.c core/data/digest.h core/data/place.c
