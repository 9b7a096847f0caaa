/* The forms of first reports: made by report_put once, and written over where LSPs differ. */
#include "bench/pceload/protocol/report.h"
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <stdio.h>
#include <string.h>

#define NAME_PREFIX      "pceload-"
#define NAME_PREFIX_SIZE (sizeof NAME_PREFIX - 1)
#define SESSION_DIGITS   7u
#define NUMBER_DIGITS    8u
#define LABEL_SHIFT      12
#define PATH_SIZE_MAX    384u

_Static_assert(NAME_PREFIX_SIZE + SESSION_DIGITS + 1 + NUMBER_DIGITS == REPORT_NAME_SIZE,
               "a name is what the figures of an LSP are given for");
_Static_assert(SESSIONS_MAX <= 10000000, "a session has so many digits in a name");

static struct ip form_no_address(bool is_v6)
{
    return (struct ip){.family = is_v6 ? IP_V6 : IP_V4};
}

static void form_put_hop(struct wire_writer *writer, const struct options *options, bool is_v6)
{
    const struct pcep_sub_prefix prefix = {.prefix = form_no_address(is_v6),
                                           .bits = is_v6 ? 128 : 32};
    struct pcep_sub_sr segment = {.nt = PCEP_NAI_NONE, .flags = PCEP_SR_F | PCEP_SR_M};
    if (options->has_nai) {
        segment.nt = is_v6 ? PCEP_NAI_IPV6_NODE : PCEP_NAI_IPV4_NODE;
        segment.flags = PCEP_SR_M;
        segment.local = form_no_address(is_v6);
    }
    if (options->setup == SETUP_SR)
        pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &segment);
    else
        pcep_subobject_put(writer, is_v6 ? PCEP_SUBOBJECT_IPV6_PREFIX : PCEP_SUBOBJECT_IPV4_PREFIX,
                           false, &prefix);
}

/* ERO, and BANDWIDTH where the LSP has one. */
static uint32_t form_put_path(struct wire_writer *writer, const struct options *options, bool is_v6,
                              bool is_wide)
{
    const struct pcep_bandwidth bandwidth = {0};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, NULL);
    for (uint32_t i = 0; i < options->segments; i++)
        form_put_hop(writer, options, is_v6);
    pcep_object_close(writer, object);
    uint32_t end = (uint32_t)wire_written(writer);
    if (is_wide)
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_FLAG_P, &bandwidth);
    return end;
}

static void form_make(struct report_form *form, const struct options *options, bool is_v6,
                      bool is_wide)
{
    static const uint8_t name[REPORT_NAME_SIZE] = NAME_PREFIX "0000000-0000000";
    uint8_t path[PATH_SIZE_MAX];
    struct wire_writer writer = wire_writer_init(path, sizeof path);
    uint32_t ero_size = form_put_path(&writer, options, is_v6, is_wide);
    const struct report report = {.setup_type =
                                      options->setup == SETUP_SR ? PCEP_PST_SR : PCEP_PST_RSVP_TE,
                                  .source = form_no_address(is_v6),
                                  .destination = form_no_address(is_v6),
                                  .name = {name, sizeof name},
                                  .path = {path, wire_written(&writer)}};
    *form = (struct report_form){0};
    form->size = (uint32_t)report_put(&report, form->octets, sizeof form->octets);
    CHECK(!writer.failed && form->size > 0);
    uint32_t address = is_v6 ? 16 : 4, identifiers = 3 * address + 4;
    form->path_at = form->size - (uint32_t)report.path.size;
    form->name_at = form->path_at - REPORT_NAME_SIZE;
    form->ends_at = form->name_at - 4 - identifiers; /* 4: the header of the name's TLV */
    form->id_at = form->ends_at - 4 - 4;
    form->hops_at = form->path_at + PCEP_OBJECT_HEADER_SIZE;
    form->hop_size = (ero_size - PCEP_OBJECT_HEADER_SIZE) / options->segments;
    form->label_at = options->setup == SETUP_SR ? 4 : 0;
    form->node_at = options->setup != SETUP_SR ? 2 : options->has_nai ? 8 : 0;
    form->bandwidth_at = is_wide ? form->size - 4 : 0;
}

void report_forms_make(struct report_forms *forms, const struct options *options, bool is_v6)
{
    *forms = (struct report_forms){.is_v6 = is_v6, .segments = options->segments};
    form_make(&forms->plain, options, is_v6, false);
    form_make(&forms->wide, options, is_v6, true);
}

/* ---- names ---- */

static void form_put_digits(uint8_t *to, uint32_t digits, uint32_t number)
{
    for (uint32_t i = digits; i-- > 0; number /= 10)
        to[i] = (uint8_t)('0' + number % 10);
}

void report_put_name(uint32_t session, uint32_t number, uint8_t name[REPORT_NAME_SIZE])
{
    memcpy(name, NAME_PREFIX, NAME_PREFIX_SIZE);
    form_put_digits(name + NAME_PREFIX_SIZE, SESSION_DIGITS, session);
    name[NAME_PREFIX_SIZE + SESSION_DIGITS] = '-';
    form_put_digits(name + REPORT_NAME_SIZE - NUMBER_DIGITS, NUMBER_DIGITS, number);
}

uint32_t report_number_of(struct wire_span name, uint32_t session)
{
    uint8_t own[REPORT_NAME_SIZE];
    uint32_t number = 0;
    if (name.size != sizeof own)
        return 0;
    for (uint32_t i = REPORT_NAME_SIZE - NUMBER_DIGITS; i < REPORT_NAME_SIZE; i++)
        number = number * 10 + (uint32_t)(name.octets[i] - '0') % 10;
    report_put_name(session, number, own);
    return memcmp(own, name.octets, sizeof own) == 0 ? number : 0;
}

/* ---- use ---- */

static void form_put_u32(uint8_t *to, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(to, &value, sizeof value);
}

static void form_put_ends(const struct report_form *form, const struct report_values *values,
                          uint8_t *to, size_t size)
{
    uint8_t *at = to + form->ends_at;
    memcpy(at, values->source.octets, size);
    at[size + 2] = (uint8_t)(values->number >> 8);
    at[size + 3] = (uint8_t)values->number;
    memcpy(at + size + 4, values->source.octets, size);
    memcpy(at + 2 * size + 4, values->destination.octets, size);
}

static const struct report_form *form_of(const struct report_forms *forms,
                                         const struct report_values *values)
{
    return values->bandwidth > 0 ? &forms->wide : &forms->plain;
}

size_t report_put_own(const struct report_forms *forms, const struct report_values *values,
                      uint8_t *to)
{
    const struct report_form *form = form_of(forms, values);
    size_t address = forms->is_v6 ? 16 : 4;
    memcpy(to, form->octets, form->size);
    form_put_u32(to + form->id_at, values->number << 12 | values->flags);
    form_put_ends(form, values, to, address);
    report_put_name(values->session, values->number, to + form->name_at);
    uint8_t *hop = to + form->hops_at;
    for (uint32_t i = 0; i < forms->segments; i++, hop += form->hop_size) {
        if (form->label_at != 0)
            form_put_u32(hop + form->label_at, values->hops[i].label << LABEL_SHIFT);
        if (form->node_at != 0)
            memcpy(hop + form->node_at, values->hops[i].node.octets, address);
    }
    if (form->bandwidth_at != 0) {
        uint32_t bits;
        memcpy(&bits, &values->bandwidth, sizeof bits);
        form_put_u32(to + form->bandwidth_at, bits);
    }
    return form->size;
}

struct wire_span report_path_of(const struct report_forms *forms,
                                const struct report_values *values, const uint8_t *octets)
{
    const struct report_form *form = form_of(forms, values);
    return (struct wire_span){octets + form->path_at, form->size - form->path_at};
}
