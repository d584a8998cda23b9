/* tensorboard.c - a run's log as an event file. */
#include "core/export/tensorboard.h"
#include "core/base/file.h"
#include "core/base/protobuf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- TFRecord ---- */

/* Castagnoli's CRC, the reflected polynomial 0x82f63b78, rotated and shifted by a constant. */
static uint32_t masked_crc(const void *data, size_t n)
{
    static uint32_t table[256];
    const unsigned char *s = data;
    uint32_t c = 0xffffffffu;
    for (uint32_t i = 0; !table[255] && i < 256; i++) {
        uint32_t x = i;
        for (int k = 0; k < 8; k++)
            x = x >> 1 ^ (x & 1 ? 0x82f63b78u : 0);
        table[i] = x;
    }
    for (size_t i = 0; i < n; i++)
        c = table[(c ^ s[i]) & 0xff] ^ c >> 8;
    c = ~c;
    return (c >> 15 | c << 17) + 0xa282ead8u;
}

static void put(FILE *f, const void *data, size_t n)
{
    uint32_t crc = masked_crc(data, n);
    fwrite(data, 1, n, f);
    fwrite(&crc, sizeof crc, 1, f);
}

/* Writes the event and clears it; false without memory. */
static bool put_event(FILE *f, gedi__message *event)
{
    uint64_t n = event->len;
    bool ok = !event->failed;
    if (ok) {
        put(f, &n, sizeof n);
        put(f, event->s, event->len);
    }
    gedi__message_clear(event);
    return ok;
}

/* ---- Event, whose one field of a summary is `value` ---- */

static gedi__message event_at(double time, int64_t step)
{
    gedi__message e = {0};
    gedi__message_double(&e, 1, time);
    if (step)
        gedi__message_integer(&e, 2, step);
    return e;
}

static bool put_value(FILE *f, double time, int64_t step, gedi__message *value)
{
    gedi__message e = event_at(time, step), summary = {0};
    gedi__message_take(&summary, 1, value);
    gedi__message_take(&e, 5, &summary);
    return put_event(f, &e);
}

static bool put_scalar(FILE *f, double time, int64_t step, const char *tag, double x)
{
    gedi__message value = {0};
    gedi__message_text(&value, 1, tag);
    gedi__message_float(&value, 2, (float)x);
    return put_value(f, time, step, &value);
}

static gedi_status put_picture(FILE *f, const gedi__run_log *l, int i, bool *ok,
                               gedi_err *err)
{
    enum { RGB = 3 };
    gedi__message value = {0}, image = {0};
    char tag[GEDI__FILE_NAME + 16], *data = NULL;
    size_t size;
    int width, height;
    GEDI_TRY(gedi__run_log_picture(l, i, &data, &size, &width, &height, err));
    snprintf(tag, sizeof tag, "figures/%s", l->picture[i]);
    gedi__message_integer(&image, 1, height);
    gedi__message_integer(&image, 2, width);
    gedi__message_integer(&image, 3, RGB);
    gedi__message_bytes(&image, 4, data, size);
    free(data);
    gedi__message_text(&value, 1, tag);
    gedi__message_take(&value, 4, &image);
    *ok = *ok && put_value(f, l->until, l->last, &value);
    return GEDI_OK;
}

/* ---- hyperparameters: HParamsPluginData in the metadata of a value without numbers ---- */

/* google.protobuf.Value */
static void add_setting(gedi__message *start, const gedi__named *setting)
{
    gedi__message entry = {0}, value = {0};
    char *end;
    double x = strtod(setting->value, &end);
    if (*setting->value && !*end && isfinite(x))
        gedi__message_double(&value, 2, x);
    else if (!strcmp(setting->value, "true") || !strcmp(setting->value, "false"))
        gedi__message_integer(&value, 4, *setting->value == 't');
    else
        gedi__message_text(&value, 3, setting->value);
    gedi__message_text(&entry, 1, setting->name);
    gedi__message_take(&entry, 2, &value);
    gedi__message_take(start, 1, &entry);
}

static bool put_hparams(FILE *f, double time, const char *tag, int field,
                        gedi__message *info)
{
    enum { DT_FLOAT = 1 };
    gedi__message value = {0}, data = {0}, plugin = {0}, metadata = {0}, tensor = {0};
    gedi__message shape = {0}, dim = {0};
    gedi__message_take(&data, field, info);
    gedi__message_text(&plugin, 1, "hparams");
    gedi__message_take(&plugin, 2, &data);
    gedi__message_take(&metadata, 1, &plugin);
    gedi__message_integer(&dim, 1, 1);
    gedi__message_take(&shape, 2, &dim);
    gedi__message_integer(&tensor, 1, DT_FLOAT);
    gedi__message_take(&tensor, 2, &shape);
    gedi__message_float(&tensor, 5, 0);
    gedi__message_text(&value, 1, tag);
    gedi__message_take(&value, 8, &tensor);
    gedi__message_take(&value, 9, &metadata);
    return put_value(f, time, 0, &value);
}

static bool put_settings(FILE *f, const gedi__run_log *l)
{
    enum { SESSION_START = 3, SESSION_END = 4, SUCCESS = 1, FAILURE = 2, RUNNING = 3 };
    static const int status[] = {[GEDI__AT_WORK] = RUNNING,
                                 [GEDI__ENDED_WELL] = SUCCESS,
                                 [GEDI__ENDED_BADLY] = FAILURE,
                                 [GEDI__STOPPED] = FAILURE}; /* there is none for it */
    gedi__message start = {0}, end = {0};
    for (int i = 0; i < l->settings; i++)
        add_setting(&start, &l->setting[i]);
    gedi__message_double(&start, 5, l->since);
    gedi__message_integer(&end, 1, status[l->ending]);
    gedi__message_double(&end, 2, l->until);
    return put_hparams(f, l->since, "_hparams_/session_start_info", SESSION_START,
                       &start) &&
           put_hparams(f, l->until, "_hparams_/session_end_info", SESSION_END, &end);
}

/* ---- the file ---- */

static gedi_status put_all(FILE *f, const gedi__run_log *l, gedi_err *err)
{
    gedi__message first = event_at(l->since, 0);
    gedi__message_text(&first, 3, "brain.Event:2");
    bool ok = put_event(f, &first) && put_settings(f, l);
    for (int64_t i = 0; i < l->metrics.n; i++)
        for (int k = 0; ok && k < l->series; k++)
            if (!isnan(l->one[k].value[i]))
                ok = put_scalar(f, l->until, l->metrics.iteration[i], l->one[k].name,
                                l->one[k].value[i]);
    for (int k = 0; ok && k < l->results; k++)
        ok = put_scalar(f, l->until, l->last, l->result[k].name,
                        strtod(l->result[k].value, NULL));
    for (int i = 0; ok && i < l->pictures; i++)
        GEDI_TRY(put_picture(f, l, i, &ok, err));
    return ok ? GEDI_OK : gedi_no_memory(err, "events");
}

gedi_status gedi__tensorboard_write(const gedi__run_log *l, const char *folder,
                                    gedi_err *err)
{
    gedi__replace r;
    char *path = gedi__path_join(folder, "events.out.tfevents.0.gedi");
    gedi_status s = path ? gedi__folder_make(folder, err) : gedi_no_memory(err, "a path");
    if (!s)
        s = gedi__replace_open(&r, path, err);
    if (!s) {
        s = put_all(r.f, l, err);
        if (s)
            gedi__replace_abandon(&r);
        else
            s = gedi__replace_commit(&r, err);
    }
    free(path);
    return s;
}
