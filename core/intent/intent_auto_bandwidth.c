/* "auto_bandwidth" of a path: how its bandwidth follows its traffic (RFC 8733 5.2). */
#include "core/intent/intent_reader.h"

#include <stdio.h>
#include <string.h>

#define BANDWIDTH_MAX 3.4e38

/* ---- reading ---- */

static bool auto_take_bandwidth(struct intent_reader *reader, const char *name, const json_t *value,
                                float *bandwidth)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= 0) || number > BANDWIDTH_MAX)
        return intent_refuse(reader, name, "must be a number from 0 on, in octets a second");
    *bandwidth = (float)number;
    return true;
}

static bool auto_take_interval(struct intent_reader *reader, const char *name, const json_t *value,
                               uint32_t *interval_s)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > AUTO_BANDWIDTH_INTERVAL_MAX_S)
        return intent_refuse(reader, name, "must be 1 to 604800 seconds");
    *interval_s = (uint32_t)json_integer_value(value);
    return true;
}

static bool auto_take_value(struct intent_reader *reader, const char *name, const json_t *value)
{
    return auto_take_bandwidth(reader, name, value, &reader->threshold->absolute);
}

static bool auto_take_change(struct intent_reader *reader, const char *name, const json_t *value)
{
    return auto_take_bandwidth(reader, name, value, &reader->threshold->minimum);
}

static bool auto_take_percentage(struct intent_reader *reader, const char *name,
                                 const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > 100)
        return intent_refuse(reader, name, "must be 1 to 100");
    reader->threshold->percentage = (uint8_t)json_integer_value(value);
    return true;
}

static bool auto_take_count(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > AUTO_BANDWIDTH_COUNT_MAX)
        return intent_refuse(reader, name, "must be 1 to 31 samples");
    reader->threshold->count = (uint8_t)json_integer_value(value);
    return true;
}

static const struct intent_member threshold_members[] = {
    {"value", auto_take_value, false},
    {"percentage", auto_take_percentage, false},
    {"min_change", auto_take_change, false},
    {NULL, NULL, false},
};

static const struct intent_member overflow_members[] = {
    {"value", auto_take_value, false},
    {"percentage", auto_take_percentage, false},
    {"min_change", auto_take_change, false},
    {"count", auto_take_count, false},
    {NULL, NULL, false},
};

/* An object within: the place grows by its name. */
static bool auto_read_object(struct intent_reader *reader, const char *name, const json_t *value,
                             const struct intent_member *members)
{
    size_t outer = strlen(reader->place);
    (void)snprintf(reader->place + outer, sizeof reader->place - outer, "%s.", name);
    bool is_good = intent_read_object(reader, value, members);
    reader->place[outer] = '\0';
    return is_good;
}

/* One with neither would be met by nothing, and could not be told (RFC 8733 5.2.3, 5.2.5). */
static bool auto_read_threshold(struct intent_reader *reader, const char *name, const json_t *value,
                                struct auto_bandwidth_threshold *threshold)
{
    bool has_count = threshold == &reader->path->auto_bandwidth.overflow ||
                     threshold == &reader->path->auto_bandwidth.underflow;
    reader->threshold = threshold;
    if (!auto_read_object(reader, name, value, has_count ? overflow_members : threshold_members))
        return false;
    if (!(threshold->absolute > 0) && threshold->percentage == 0)
        return intent_refuse(reader, name, "needs a value or a percentage");
    if (threshold->minimum > 0 && threshold->percentage == 0)
        return intent_refuse(reader, name, "min_change is for a percentage");
    uint8_t count = threshold->count != 0 ? threshold->count : 1;
    threshold->percentage_count = has_count && threshold->percentage != 0 ? count : 0;
    threshold->count = has_count && threshold->absolute > 0 ? count : 0;
    return true;
}

#define TAKES(member, take, field)                                                                 \
    static bool auto_take_##member(struct intent_reader *reader, const char *name,                 \
                                   const json_t *value)                                            \
    {                                                                                              \
        return take(reader, name, value, &reader->path->auto_bandwidth.field);                     \
    }
TAKES(min, auto_take_bandwidth, minimum)
TAKES(max, auto_take_bandwidth, maximum)
TAKES(sample, auto_take_interval, sample_s)
TAKES(adjustment, auto_take_interval, adjustment_s)
TAKES(down_adjustment, auto_take_interval, down_adjustment_s)
TAKES(threshold, auto_read_threshold, up)
TAKES(down_threshold, auto_read_threshold, down)
TAKES(overflow, auto_read_threshold, overflow)
TAKES(underflow, auto_read_threshold, underflow)
#undef TAKES

static const struct intent_member auto_members[] = {
    {"min", auto_take_min, false},
    {"max", auto_take_max, false},
    {"sample_interval", auto_take_sample, false},
    {"adjustment_interval", auto_take_adjustment, false},
    {"down_adjustment_interval", auto_take_down_adjustment, false},
    {"threshold", auto_take_threshold, false},
    {"down_threshold", auto_take_down_threshold, false},
    {"overflow", auto_take_overflow, false},
    {"underflow", auto_take_underflow, false},
    {NULL, NULL, false},
};

bool intent_take_auto_bandwidth(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct intent_path *path = reader->path;
    path->has_auto_bandwidth = true;
    if (!auto_read_object(reader, name, value, auto_members))
        return false;
    if (!auto_bandwidth_is_sound(&path->auto_bandwidth))
        return intent_refuse(
            reader, name, "min is above max, or the sample interval above an adjustment interval");
    return true;
}

/* ---- writing ---- */

static bool auto_add(json_t *json, const char *name, bool is_set, json_t *value)
{
    if (is_set)
        return json_object_set_new(json, name, value) == 0;
    json_decref(value);
    return true;
}

static json_t *auto_write_threshold(const struct auto_bandwidth_threshold *threshold)
{
    uint8_t count = threshold->count != 0 ? threshold->count : threshold->percentage_count;
    json_t *json = json_object();
    bool is_good =
        auto_add(json, "value", threshold->absolute > 0, json_real((double)threshold->absolute)) &&
        auto_add(json, "percentage", threshold->percentage != 0,
                 json_integer(threshold->percentage)) &&
        auto_add(json, "min_change", threshold->minimum > 0,
                 json_real((double)threshold->minimum)) &&
        auto_add(json, "count", count != 0, json_integer(count));
    if (is_good)
        return json;
    json_decref(json);
    return NULL;
}

static bool auto_add_threshold(json_t *json, const char *name,
                               const struct auto_bandwidth_threshold *threshold)
{
    bool is_set = threshold->absolute > 0 || threshold->percentage != 0;
    return !is_set || json_object_set_new(json, name, auto_write_threshold(threshold)) == 0;
}

json_t *intent_write_auto_bandwidth(const struct auto_bandwidth *attributes)
{
    json_t *json = json_object();
    bool is_good =
        auto_add(json, "min", attributes->minimum > 0, json_real((double)attributes->minimum)) &&
        auto_add(json, "max", attributes->maximum > 0, json_real((double)attributes->maximum)) &&
        auto_add(json, "sample_interval", attributes->sample_s != 0,
                 json_integer(attributes->sample_s)) &&
        auto_add(json, "adjustment_interval", attributes->adjustment_s != 0,
                 json_integer(attributes->adjustment_s)) &&
        auto_add(json, "down_adjustment_interval", attributes->down_adjustment_s != 0,
                 json_integer(attributes->down_adjustment_s)) &&
        auto_add_threshold(json, "threshold", &attributes->up) &&
        auto_add_threshold(json, "down_threshold", &attributes->down) &&
        auto_add_threshold(json, "overflow", &attributes->overflow) &&
        auto_add_threshold(json, "underflow", &attributes->underflow);
    if (is_good)
        return json;
    json_decref(json);
    return NULL;
}
