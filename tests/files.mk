# One block a test program; its source is tests/NAME.c. Without Check there are none.
check_PROGRAMS =
TESTS = $(check_PROGRAMS)
LDADD = libgedi.la $(CHECK_LIBS)
if HAVE_CHECK
check_PROGRAMS += tests/test_safetensors
tests_test_safetensors_LDADD = $(LDADD) $(JSON_LIBS)
endif

if HAVE_CHECK
check_PROGRAMS += tests/test_machine
endif

# Shell tests find the build and the sources by these; C tests the plugins just built.
AM_TESTS_ENVIRONMENT = abs_top_builddir='$(abs_top_builddir)'; \
	abs_top_srcdir='$(abs_top_srcdir)'; GEDI_PLUGIN_PATH='$(abs_top_builddir)/.libs'; \
	export abs_top_builddir abs_top_srcdir GEDI_PLUGIN_PATH;
dist_check_SCRIPTS = tests/test_cli.sh tests/test_new.sh
EXTRA_DIST += tests/testing.sh
TESTS += $(dist_check_SCRIPTS)
