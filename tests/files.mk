# One block a test program; its source is tests/NAME.c. Without Check there are none.
check_PROGRAMS =
TESTS = $(check_PROGRAMS)
LDADD = libgedi.la $(CHECK_LIBS)
if HAVE_CHECK
check_PROGRAMS += tests/test_safetensors
tests_test_safetensors_LDADD = $(LDADD) $(JSON_LIBS)
endif
