/* axis.h - how far an axis of numbers goes, and where its tics are. */
#ifndef GEDI_REPORT_AXIS_H
#define GEDI_REPORT_AXIS_H

/* 1, 2 or 5 times a power of ten: about `many` of them are `length`. */
double gedi__axis_tics(double length, double many);

/* Such that numbers which need `need` pixels each do not touch on an axis of this length and so many pixels; `many` of
 * them where there is room. */
double gedi__axis_spaced(double length, double pixels, double need, double many);

/* Such that the numbers from `low` to `high` do not touch, as GEDI__AXIS_FORMAT writes them in letters of this many
 * pixels; about `many` of them where there is room. */
#define GEDI__AXIS_FORMAT "%.10g"
int gedi__axis_letters(double low, double high, double step); /* of the longest of them */
double gedi__axis_numbered(double low, double high, double pixels, double letter,
                           double many);

typedef struct gedi__range {
    double low, high;
} gedi__range;

/* Of ranges low[n] to high[n], which it sorts, n > 0: all, unless 1 % of them at either end make the axis more
 * than twice as long: a spike at the start must not flatten the rest. */
gedi__range gedi__axis_range(double *low, double *high, int n);

/* With some room on both sides. */
gedi__range gedi__axis_room(gedi__range r);

#endif
