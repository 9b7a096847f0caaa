#include "core/lsp/auto_bandwidth.h"

#include "core/pcep/model.h"

#include <stddef.h>

#define BANDWIDTH_MAX 3.4e38f /* what is above is infinite */

/* ---- defaults ---- */

uint32_t auto_bandwidth_sample_s(const struct auto_bandwidth *attributes)
{
    return attributes->sample_s != 0 ? attributes->sample_s : AUTO_BANDWIDTH_SAMPLE_S;
}

uint32_t auto_bandwidth_adjustment_s(const struct auto_bandwidth *attributes)
{
    return attributes->adjustment_s != 0 ? attributes->adjustment_s : AUTO_BANDWIDTH_ADJUSTMENT_S;
}

uint32_t auto_bandwidth_down_adjustment_s(const struct auto_bandwidth *attributes)
{
    return attributes->down_adjustment_s != 0 ? attributes->down_adjustment_s
                                              : auto_bandwidth_adjustment_s(attributes);
}

static bool are_intervals_sound(const struct auto_bandwidth *attributes)
{
    uint32_t sample_s = auto_bandwidth_sample_s(attributes);
    return sample_s <= auto_bandwidth_adjustment_s(attributes) &&
           sample_s <= auto_bandwidth_down_adjustment_s(attributes);
}

static bool are_bounds_sound(const struct auto_bandwidth *attributes)
{
    return !(attributes->maximum > 0) || attributes->minimum <= attributes->maximum;
}

bool auto_bandwidth_is_sound(const struct auto_bandwidth *attributes)
{
    return are_intervals_sound(attributes) && are_bounds_sound(attributes);
}

/* ---- reading ---- */

static bool is_amount(float bandwidth)
{
    return bandwidth >= 0 && bandwidth <= BANDWIDTH_MAX; /* not for what is no number */
}

static bool read_interval(const struct pcep_tlv *sub, uint32_t *interval_s)
{
    const struct pcep_interval *body = sub->body;
    if (body->interval_s == 0 || body->interval_s > AUTO_BANDWIDTH_INTERVAL_MAX_S)
        return false;
    *interval_s = body->interval_s;
    return true;
}

static bool read_bandwidth(const struct pcep_tlv *sub, float *bandwidth)
{
    const struct pcep_bandwidth *body = sub->body;
    if (!is_amount(body->bandwidth))
        return false;
    *bandwidth = body->bandwidth;
    return true;
}

static bool is_percentage(uint8_t percentage)
{
    return percentage >= 1 && percentage <= 100;
}

static bool read_percentage(const struct pcep_tlv *sub, struct auto_bandwidth_threshold *threshold)
{
    const struct pcep_adjustment_percentage *body = sub->body;
    if (!is_percentage(body->percentage) || !is_amount(body->threshold_min))
        return false;
    threshold->percentage = body->percentage;
    threshold->minimum = body->threshold_min;
    return true;
}

static bool read_overflow(const struct pcep_tlv *sub, struct auto_bandwidth_threshold *threshold)
{
    const struct pcep_overflow_threshold *body = sub->body;
    if (body->count == 0 || !is_amount(body->threshold))
        return false;
    threshold->count = body->count;
    threshold->absolute = body->threshold;
    return true;
}

static bool read_overflow_percentage(const struct pcep_tlv *sub,
                                     struct auto_bandwidth_threshold *threshold)
{
    const struct pcep_overflow_percentage *body = sub->body;
    if (body->count == 0 || !is_percentage(body->percentage) || !is_amount(body->threshold_min))
        return false;
    threshold->percentage_count = body->count;
    threshold->percentage = body->percentage;
    threshold->minimum = body->threshold_min;
    return true;
}

/* False: its value is invalid, and what was before stays (RFC 8733 5.2). */
static bool read_sub(const struct pcep_tlv *sub, struct auto_bandwidth *to)
{
    switch (sub->row->id) {
    case PCEP_TLV_SAMPLE_INTERVAL:
        return read_interval(sub, &to->sample_s);
    case PCEP_TLV_ADJUSTMENT_INTERVAL:
        return read_interval(sub, &to->adjustment_s);
    case PCEP_TLV_DOWN_ADJUSTMENT_INTERVAL:
        return read_interval(sub, &to->down_adjustment_s);
    case PCEP_TLV_ADJUSTMENT_THRESHOLD:
        return read_bandwidth(sub, &to->up.absolute);
    case PCEP_TLV_ADJUSTMENT_THRESHOLD_PERCENTAGE:
        return read_percentage(sub, &to->up);
    case PCEP_TLV_DOWN_ADJUSTMENT_THRESHOLD:
        return read_bandwidth(sub, &to->down.absolute);
    case PCEP_TLV_DOWN_ADJUSTMENT_THRESHOLD_PERCENTAGE:
        return read_percentage(sub, &to->down);
    case PCEP_TLV_MINIMUM_BANDWIDTH:
        return read_bandwidth(sub, &to->minimum);
    case PCEP_TLV_MAXIMUM_BANDWIDTH:
        return read_bandwidth(sub, &to->maximum);
    case PCEP_TLV_OVERFLOW_THRESHOLD:
        return read_overflow(sub, &to->overflow);
    case PCEP_TLV_OVERFLOW_THRESHOLD_PERCENTAGE:
        return read_overflow_percentage(sub, &to->overflow);
    case PCEP_TLV_UNDERFLOW_THRESHOLD:
        return read_overflow(sub, &to->underflow);
    case PCEP_TLV_UNDERFLOW_THRESHOLD_PERCENTAGE:
        return read_overflow_percentage(sub, &to->underflow);
    default:
        return true; /* one of a later document */
    }
}

/* RFC 8733 5.2: of several of one type the first counts. */
static bool sub_is_repeated(const struct pcep_tlv *tlv, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (tlv->subs[i].type == tlv->subs[index].type)
            return true;
    return false;
}

static unsigned restore_unsound(const struct auto_bandwidth *before, struct auto_bandwidth *after)
{
    unsigned ignored = 0;
    if (!are_intervals_sound(after)) {
        after->sample_s = before->sample_s;
        after->adjustment_s = before->adjustment_s;
        after->down_adjustment_s = before->down_adjustment_s;
        ignored++;
    }
    if (!are_bounds_sound(after)) {
        after->minimum = before->minimum;
        after->maximum = before->maximum;
        ignored++;
    }
    return ignored;
}

unsigned auto_bandwidth_read(const struct pcep_tlv *tlv, struct auto_bandwidth *attributes)
{
    const struct auto_bandwidth before = *attributes;
    unsigned ignored = 0;
    for (uint32_t i = 0; i < tlv->sub_count; i++) {
        const struct pcep_tlv *sub = &tlv->subs[i];
        if (sub->row == NULL) /* unknown, or of another length than its type has */
            ignored += pcep_tlv_find(PCEP_TLV_SPACE_AUTO_BANDWIDTH, sub->type) != NULL;
        else if (!sub_is_repeated(tlv, i))
            ignored += !read_sub(sub, attributes);
    }
    return ignored + restore_unsound(&before, attributes);
}

/* ---- writing ---- */

static void put_interval(enum pcep_tlv_id id, uint32_t interval_s, struct wire_writer *writer)
{
    const struct pcep_interval body = {.interval_s = interval_s};
    if (interval_s != 0)
        pcep_tlv_put(writer, id, &body);
}

static void put_bandwidth(enum pcep_tlv_id id, float bandwidth, struct wire_writer *writer)
{
    const struct pcep_bandwidth body = {.bandwidth = bandwidth};
    if (bandwidth > 0)
        pcep_tlv_put(writer, id, &body);
}

static void put_percentage(enum pcep_tlv_id id, const struct auto_bandwidth_threshold *threshold,
                           struct wire_writer *writer)
{
    const struct pcep_adjustment_percentage body = {.percentage = threshold->percentage,
                                                    .threshold_min = threshold->minimum};
    if (threshold->percentage != 0)
        pcep_tlv_put(writer, id, &body);
}

static void put_overflow(enum pcep_tlv_id absolute, enum pcep_tlv_id percentage,
                         const struct auto_bandwidth_threshold *threshold,
                         struct wire_writer *writer)
{
    const struct pcep_overflow_threshold by_value = {.count = threshold->count,
                                                     .threshold = threshold->absolute};
    const struct pcep_overflow_percentage by_percentage = {.percentage = threshold->percentage,
                                                           .count = threshold->percentage_count,
                                                           .threshold_min = threshold->minimum};
    if (threshold->count != 0)
        pcep_tlv_put(writer, absolute, &by_value);
    if (threshold->percentage != 0)
        pcep_tlv_put(writer, percentage, &by_percentage);
}

void auto_bandwidth_write(const struct auto_bandwidth *attributes, struct wire_writer *writer)
{
    size_t tlv = pcep_tlv_open(writer, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES, NULL);
    put_interval(PCEP_TLV_SAMPLE_INTERVAL, auto_bandwidth_sample_s(attributes), writer);
    put_interval(PCEP_TLV_ADJUSTMENT_INTERVAL, attributes->adjustment_s, writer);
    put_interval(PCEP_TLV_DOWN_ADJUSTMENT_INTERVAL, attributes->down_adjustment_s, writer);
    put_bandwidth(PCEP_TLV_ADJUSTMENT_THRESHOLD, attributes->up.absolute, writer);
    put_percentage(PCEP_TLV_ADJUSTMENT_THRESHOLD_PERCENTAGE, &attributes->up, writer);
    put_bandwidth(PCEP_TLV_DOWN_ADJUSTMENT_THRESHOLD, attributes->down.absolute, writer);
    put_percentage(PCEP_TLV_DOWN_ADJUSTMENT_THRESHOLD_PERCENTAGE, &attributes->down, writer);
    put_bandwidth(PCEP_TLV_MINIMUM_BANDWIDTH, attributes->minimum, writer);
    put_bandwidth(PCEP_TLV_MAXIMUM_BANDWIDTH, attributes->maximum, writer);
    put_overflow(PCEP_TLV_OVERFLOW_THRESHOLD, PCEP_TLV_OVERFLOW_THRESHOLD_PERCENTAGE,
                 &attributes->overflow, writer);
    put_overflow(PCEP_TLV_UNDERFLOW_THRESHOLD, PCEP_TLV_UNDERFLOW_THRESHOLD_PERCENTAGE,
                 &attributes->underflow, writer);
    pcep_tlv_close(writer, tlv);
}

/* ---- judging ---- */

float auto_bandwidth_within(const struct auto_bandwidth *attributes, float bandwidth)
{
    if (attributes->maximum > 0 && bandwidth > attributes->maximum)
        return attributes->maximum;
    return bandwidth < attributes->minimum ? attributes->minimum : bandwidth;
}

/* RFC 8733 5.2.3: either of the two conditions is enough. */
static bool is_met(const struct auto_bandwidth_threshold *threshold, float has, float difference)
{
    if (threshold->absolute > 0 && difference >= threshold->absolute)
        return true;
    return threshold->percentage != 0 && difference >= threshold->minimum &&
           difference >= has * (float)threshold->percentage / 100;
}

/* RFC 8733 5.2.3.3, 5.2.3.4: downwards each of the two goes before that for both directions. A
 * percentage is the default only where no value was said: it would be met long before. */
static struct auto_bandwidth_threshold threshold_of(const struct auto_bandwidth *attributes,
                                                    bool is_down)
{
    struct auto_bandwidth_threshold threshold = attributes->up;
    if (is_down && attributes->down.absolute > 0)
        threshold.absolute = attributes->down.absolute;
    if (is_down && attributes->down.percentage != 0) {
        threshold.percentage = attributes->down.percentage;
        threshold.minimum = attributes->down.minimum;
    }
    if (!(threshold.absolute > 0) && threshold.percentage == 0)
        threshold.percentage = AUTO_BANDWIDTH_PERCENTAGE;
    return threshold;
}

enum auto_bandwidth_change auto_bandwidth_judge(const struct auto_bandwidth *attributes, float has,
                                                float wants)
{
    bool is_down = wants < has;
    float difference = is_down ? has - wants : wants - has;
    const struct auto_bandwidth_threshold threshold = threshold_of(attributes, is_down);
    if (!(difference > 0))
        return AUTO_BANDWIDTH_STAYS;
    if (is_met(is_down ? &attributes->underflow : &attributes->overflow, has, difference))
        return AUTO_BANDWIDTH_OVERFLOWS;
    /* What it has is outside of the bounds. */
    bool is_outside =
        has < attributes->minimum || (attributes->maximum > 0 && has > attributes->maximum);
    return is_outside || is_met(&threshold, has, difference) ? AUTO_BANDWIDTH_ADJUSTED
                                                             : AUTO_BANDWIDTH_STAYS;
}
