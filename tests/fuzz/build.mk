# build.mk - what tools/fuzz.sh runs: the library, some plugins and the targets, compiled by clang for
# libFuzzer. It needs no configure, and nothing of libtool, which would take longer than the compiler.
#
#   ROOT      the sources        FLAGS      of clang, sanitizers apart
#   SANITIZE  which of them      TARGETS    files tests/fuzz/TARGET.c
rooms = base graph op exec nn plugin descriptor metric store network train evaluate run report sweep
# What speaks to MPI is a module of its own.
paths := $(foreach room,$(rooms),$(wildcard $(ROOT)/core/$(room)/*.c)) $(ROOT)/core/data/digest.c $(ROOT)/core/data/place.c
objects = $(patsubst $(ROOT)/%.c,%.o,$(filter-out %/ranks_mpi.c,$(paths)))
# Those that descriptors of the corpus name.
plugins = dataset/moons view/gaussian_noise model/mlp objective/gedi objective/jem sampler/sgld \
	optimizer/adam evaluator/clustering
plugin_files = $(foreach p,$(plugins),plugins/$(subst /,_,$(p)).so)
libraries := $(shell pkg-config --libs openblas yaml-0.1 jansson libpng libxxhash) -l:libgomp.so.1 -lm
# Loops run on one thread, which is enough; some files ask OpenMP how many there are.
headers := $(shell pkg-config --cflags openblas yaml-0.1 jansson libpng libxxhash matio zlib)
jpeg := $(shell pkg-config --libs libjpeg)
headers += $(if $(jpeg),$(shell pkg-config --cflags libjpeg) -DHAVE_JPEG)
compile = clang -std=c11 -D_GNU_SOURCE -I$(ROOT) -I$(ROOT)/include -I. $(headers) $(FLAGS)

all: $(plugin_files) $(TARGETS:%=fuzz_%)
.PHONY: all

# What configure and make write otherwise.
config.h:
	echo '#define PACKAGE_VERSION "0"' >$@
installed.h:
	echo '#define GEDI_PLUGINDIR "/nowhere"' >$@
core/plugin/builtin.h: $(ROOT)/tests/fuzz/build.mk
	mkdir -p $(@D) && echo '#define GEDI__BUILTIN " $(notdir $(plugin_files)) "' >$@
core/store/commit.h:
	mkdir -p $(@D) && echo '#define GEDI__COMMIT "unknown"' >$@
core/report/page.inc: $(ROOT)/tools/page.sh
	mkdir -p $(@D) && $< $(ROOT)/core/report/page >$@
made = config.h installed.h core/plugin/builtin.h core/store/commit.h core/report/page.inc

$(objects): %.o: $(ROOT)/%.c | $(made)
	@mkdir -p $(@D)
	$(compile) -fsanitize=fuzzer-no-link,$(SANITIZE) -fPIC -MMD -c -o $@ $<
libgedi.so: $(objects)
	clang $(FLAGS) -shared -fsanitize=fuzzer-no-link,$(SANITIZE) -o $@ $^ $(libraries)

# Plugins as users have them: every input reads their symbols, of which sanitizers add hundreds.
define plugin
plugins/$(subst /,_,$(1)).so: $(ROOT)/plugins/$(1).c libgedi.so
	@mkdir -p $$(@D)
	$$(compile) -fvisibility=hidden -fPIC -shared -o $$@ $$< -L. -lgedi
endef
$(foreach p,$(plugins),$(eval $(call plugin,$(p))))

fuzz_unpack: own = $(shell pkg-config --libs libarchive)
$(TARGETS:%=fuzz_%): fuzz_%: $(ROOT)/tests/fuzz/%.c libgedi.so
	$(compile) -DFUZZ_ALONE -fsanitize=fuzzer,$(SANITIZE) -MMD -o $@ $< -L. -Wl,-rpath,$(CURDIR) \
	  -lgedi $(shell pkg-config --libs jansson libpng matio zlib) $(jpeg) $(own) -lm

-include $(objects:.o=.d) $(TARGETS:%=fuzz_%.d)
