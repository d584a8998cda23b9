# base
libgedi_la_SOURCES += core/base/arena.c core/base/arena.h core/base/error.c core/base/file.c \
	core/base/file.h core/base/rng.c core/base/text.c core/base/text.h
# graph
libgedi_la_SOURCES += core/graph/graph.c core/graph/grad.c core/graph/node.h
# op
libgedi_la_SOURCES += core/op/op.h
# exec
libgedi_la_SOURCES += core/exec/program.h
libgedi_la_SOURCES += core/exec/blas.c core/exec/blas.h core/exec/machine.c core/exec/machine.h
# plugin
libgedi_la_SOURCES += core/plugin/check.c core/plugin/check.h core/plugin/option.c \
	core/plugin/option.h core/plugin/option_emit.c core/plugin/registry.c \
	core/plugin/registry.h core/plugin/value.h
# descriptor
libgedi_la_SOURCES += core/descriptor/experiment.h
# harness
libgedi_la_SOURCES += core/harness/safetensors.c core/harness/safetensors.h \
	core/harness/safetensors_read.c
libgedi_la_SOURCES += core/harness/agreement.c
# report
libgedi_la_SOURCES +=
