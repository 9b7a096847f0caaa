/* What a topology file says of flexible algorithms, and the affinity bits that they look at. */
#include "core/base/check.h"
#include "core/ted/topology_impl.h"
#include "core/ted/topology_scalar.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_BITS (32 * TED_GROUP_WORDS_MAX)

static bool read_group_bit(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    static const struct topo_row bit = {.min = 0, .max = GROUP_BITS - 1};
    return topo_read_u8(r, &bit, field);
}

_Static_assert(GROUP_BITS - 1 <= UINT8_MAX, "a bit is read as an octet");

bool topo_read_groups(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_groups *groups = field;
    uint8_t bits[GROUP_BITS];
    uint32_t count = 0;
    memset(groups, 0, sizeof *groups);
    if (!topo_read_list(
            r, row, (struct topo_list){bits, sizeof bits[0], GROUP_BITS, &count, read_group_bit}))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = bits[i] / 32U;
        groups->words[word] |= UINT32_C(1) << bits[i] % 32U;
        groups->count = word + 1 > groups->count ? word + 1 : groups->count;
    }
    return true;
}

static bool flex_read_srlg(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row; /* says how many there may be */
    static const struct topo_row srlg = {.min = 0, .max = UINT32_MAX};
    return topo_read_u32(r, &srlg, field);
}

static bool flex_read_srlgs(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_srlgs *srlgs = field;
    srlgs->count = 0;
    return topo_read_list(r, row,
                          (struct topo_list){srlgs->items, sizeof srlgs->items[0],
                                             (uint32_t)row->max, &srlgs->count, flex_read_srlg});
}

/* ---- what a node says an algorithm is ---- */

const char *topo_flex_metric_name(uint8_t metric)
{
    static const char *const names[] = {
        [TED_FLEX_IGP] = "igp", [TED_FLEX_MIN_DELAY] = "min-delay", [TED_FLEX_TE] = "te"};
    CHECK(metric <= TED_FLEX_TE);
    return names[metric];
}

static bool read_metric_type(struct topo_reader *r, const struct topo_row *row, void *field)
{
    const char *text = topo_scalar(r);
    (void)row;
    if (text == NULL)
        return false;
    for (unsigned i = 0; i <= TED_FLEX_TE; i++) {
        if (strcmp(text, topo_flex_metric_name((uint8_t)i)) == 0) {
            *(uint8_t *)field = (uint8_t)i;
            return true;
        }
    }
    return topo_fail(r, "'%s' is not igp, min-delay or te", topo_quote(r));
}

#define F(field) offsetof(struct topo_flex_definition, field)
static const struct topo_row flex_rows[] = {
    {"algorithm", topo_read_u8, F(is.algorithm), TED_FLEX_ALGORITHM_MIN, 255, true},
    {"metric", read_metric_type, F(is.metric_type), 0, 0, false},
    {"priority", topo_read_u8, F(is.priority), 0, 255, false},
    {"exclude-any", topo_read_groups, F(exclude_any), 0, 0, false},
    {"include-any", topo_read_groups, F(include_any), 0, 0, false},
    {"include-all", topo_read_groups, F(include_all), 0, 0, false},
    {"exclude-srlgs", flex_read_srlgs, F(srlgs), 0, TED_FLEX_SRLGS_MAX, false},
    {"prefix-metric", topo_read_bool, F(has_prefix_metric), 0, 1, false},
};
#undef F
const struct topo_table topo_flex_table = {"flex-algorithms", flex_rows,
                                           sizeof flex_rows / sizeof flex_rows[0]};

static bool flex_read_definition(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct topo_flex_definition read = {.is.priority = TOPO_FLEX_PRIORITY};
    struct ted_flex_definition *flex = field;
    (void)row;
    if (!topo_read_mapping(r, &topo_flex_table, &read, marks))
        return false;
    *flex = read.is;
    flex->has_prefix_metric = read.has_prefix_metric;
    flex->srlg_count = (uint8_t)read.srlgs.count;
    memcpy(flex->exclude_any, read.exclude_any.words, sizeof flex->exclude_any);
    memcpy(flex->include_any, read.include_any.words, sizeof flex->include_any);
    memcpy(flex->include_all, read.include_all.words, sizeof flex->include_all);
    memcpy(flex->exclude_srlgs, read.srlgs.items, read.srlgs.count * sizeof read.srlgs.items[0]);
    return true;
}

bool topo_read_flexes(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_node *node = field;
    return topo_read_list(r, row,
                          (struct topo_list){node->flexes, sizeof node->flexes[0],
                                             TED_NODE_FLEXES_MAX, &node->flex_count,
                                             flex_read_definition});
}

static int flex_compare_octets(const void *left, const void *right)
{
    const uint8_t *a = left, *b = right;
    return (int)*a - (int)*b;
}

bool topo_read_algorithms(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_node *node = field;
    struct topo_mark start = topo_here(r);
    if (!topo_read_list(r, row,
                        (struct topo_list){node->algorithms, sizeof node->algorithms[0],
                                           TED_NODE_ALGORITHMS_MAX, &node->algorithm_count,
                                           topo_read_algorithm}))
        return false;
    qsort(node->algorithms, node->algorithm_count, 1, flex_compare_octets);
    for (uint32_t i = 1; i < node->algorithm_count; i++)
        if (node->algorithms[i] == node->algorithms[i - 1])
            return topo_fail_at(r, start, "", "%u comes twice", node->algorithms[i]);
    return true;
}

/* ---- what a link has for them ---- */

#define F(field) offsetof(struct topo_flex_link, field)
static const struct topo_row flex_link_rows[] = {
    {"te-metric", topo_read_u32, F(te_metric), 0, TED_NONE - 1, false},
    {"min-delay", topo_read_delay, F(delay_min_us), 0, TOPO_DELAY_US_MAX, false},
    {"admin-group", topo_read_groups, F(groups), 0, 0, false},
    {"srlgs", flex_read_srlgs, F(srlgs), 0, TED_LINK_SRLGS_MAX, false},
};
#undef F
const struct topo_table topo_flex_link_table = {"flex-attributes", flex_link_rows,
                                                sizeof flex_link_rows / sizeof flex_link_rows[0]};

/* An empty mapping: no flexible algorithm sees anything but the IGP metric. */
bool topo_read_flex_link(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct topo_flex_link *flex = field;
    (void)row;
    *flex = (struct topo_flex_link){.te_metric = TED_NONE, .delay_min_us = TED_NONE};
    if (!topo_read_mapping(r, &topo_flex_link_table, flex, marks))
        return false;
    flex->source = TED_FLEX_NONE;
    for (uint32_t i = 0; i < topo_flex_link_table.row_count; i++)
        if (marks[i].line != 0)
            flex->source = TED_FLEX_TOLD;
    return true;
}
