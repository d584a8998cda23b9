# The command, and the templates of `gedi new`.
gedi_SOURCES += core/cli/main.c core/cli/cli.c core/cli/cli.h core/cli/process.c core/cli/process.h core/cli/arguments.c core/cli/arguments.h core/cli/check.c \
	core/cli/check_folder.c core/cli/check_folder.h core/cli/check_ready.c core/cli/check_ready.h \
	core/cli/columns.c core/cli/columns.h core/cli/commands.c core/cli/commands.h core/cli/completion.c core/cli/compare.c core/cli/dashes.c core/cli/dashes.h core/cli/describe.c core/cli/describe_rules.c core/cli/describe_rules.h core/cli/evaluate.c core/cli/evaluate_sweep.c core/cli/evaluate_sweep.h core/cli/export.c \
	core/cli/unshown.c core/cli/unshown.h core/cli/schema.c core/cli/schema.h core/cli/schema_keys.c core/cli/schema_option.c core/cli/schema_parts.h \
	core/cli/info.c core/cli/list.c core/cli/manual.c core/cli/new.c \
	core/cli/ranks.c core/cli/ranks.h core/cli/reference.c core/cli/reference.h core/cli/resume.c core/cli/places.c core/cli/places.h core/cli/report.c core/cli/run.c \
	core/cli/sample.c core/cli/session.c core/cli/session.h core/cli/snippet.c core/cli/snippet.h \
	core/cli/sweep.c core/cli/sweep_run.c core/cli/sweep_run.h core/cli/sweep_show.c core/cli/sweep_show.h core/cli/sweep_slurm.c core/cli/sweep_slurm.h core/cli/sweep_watch.c core/cli/sweep_watch.h core/cli/table.c \
	core/cli/template.c core/cli/template.h

# `gedi data`: what needs libcurl and libarchive is left out where they are not.
gedi_SOURCES += core/cli/data.c core/cli/download.c core/cli/download.h core/data/fetch.h \
	core/data/sources.c core/data/sources.h
fetch_sources = core/data/fetch.c core/data/fetch.h \
	core/data/transfer.c core/data/transfer.h core/data/unpack.c core/data/unpack.h
if HAVE_FETCH
gedi_SOURCES += $(fetch_sources)
endif

template = core/cli/template
template_commondir = $(templatedir)/common
dist_template_common_DATA = $(template)/common/Makefile $(template)/common/README.md \
	$(template)/common/check.sh
template_datasetdir = $(templatedir)/dataset
dist_template_dataset_DATA = $(template)/dataset/plugin.c $(template)/dataset/descriptor.yaml
template_viewdir = $(templatedir)/view
dist_template_view_DATA = $(template)/view/plugin.c $(template)/view/descriptor.yaml
template_modeldir = $(templatedir)/model
dist_template_model_DATA = $(template)/model/plugin.c $(template)/model/descriptor.yaml
template_objectivedir = $(templatedir)/objective
dist_template_objective_DATA = $(template)/objective/plugin.c \
	$(template)/objective/descriptor.yaml
template_samplerdir = $(templatedir)/sampler
dist_template_sampler_DATA = $(template)/sampler/plugin.c $(template)/sampler/descriptor.yaml
template_optimizerdir = $(templatedir)/optimizer
dist_template_optimizer_DATA = $(template)/optimizer/plugin.c \
	$(template)/optimizer/descriptor.yaml
template_evaluatordir = $(templatedir)/evaluator
dist_template_evaluator_DATA = $(template)/evaluator/plugin.c \
	$(template)/evaluator/descriptor.yaml

# docs/descriptor.md, from the tables of options themselves.
reference: all
	env -u GEDI_PLUGIN_PATH ./gedi describe --markdown >descriptor.md
	mv descriptor.md $(srcdir)/docs/descriptor.md
.PHONY: reference
