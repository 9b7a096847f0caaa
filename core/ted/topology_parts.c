/* The mappings that more than one place of a topology file uses. */
#include "core/ted/topology_impl.h"
#include "core/ted/topology_scalar.h"

#define STRUCTURE_BITS_MAX 128

static const struct topo_row srgb_rows[] = {
    {"base", topo_read_u32, offsetof(struct ted_srgb, base), TED_LABEL_MIN, TED_LABEL_MAX, true},
    {"size", topo_read_u32, offsetof(struct ted_srgb, size), 1, TED_LABEL_MAX - TED_LABEL_MIN + 1,
     true},
};
const struct topo_table topo_srgb_table = {"srgb", srgb_rows, 2};

static bool read_srgb(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct topo_mark start = topo_here(r);
    struct ted_srgb *srgb = field;
    if (!topo_read_mapping(r, &topo_srgb_table, srgb, marks))
        return false;
    if (srgb->size - 1 > TED_LABEL_MAX - srgb->base)
        return topo_fail_at(r, start, "", "ends above the last label, %d", TED_LABEL_MAX);
    return true;
}

bool topo_fail_short_form(struct topo_reader *r, const char *short_key, const char *list_key)
{
    return topo_fail(r, "either %s or %s is given, not both", short_key, list_key);
}

bool topo_read_srgbs(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_srgbs *srgbs = field;
    if (r->event.type == YAML_SCALAR_EVENT)
        return topo_fail(r, "a mapping of base and size is wanted, or a list of them");
    if (r->event.type == YAML_SEQUENCE_START_EVENT)
        return topo_read_list(r, row,
                              (struct topo_list){srgbs->items, sizeof srgbs->items[0],
                                                 TED_NODE_SRGBS_MAX, &srgbs->count, read_srgb});
    srgbs->count = 1;
    return read_srgb(r, row, &srgbs->items[0]);
}

static bool read_structure_bits(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    static const struct topo_row bits = {.min = 0, .max = STRUCTURE_BITS_MAX};
    return topo_read_u8(r, &bits, field);
}

bool topo_read_structure(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_structure *structure = field;
    struct topo_mark start = topo_here(r);
    structure->count = 0;
    if (!topo_read_list(r, row,
                        (struct topo_list){structure->bits, sizeof structure->bits[0], 4,
                                           &structure->count, read_structure_bits}))
        return false;
    if (structure->count != 4)
        return topo_fail_at(r, start, "", "wants four lengths: block, node, function and argument");
    unsigned sum = 0;
    for (unsigned i = 0; i < 4; i++)
        sum += structure->bits[i];
    if (sum > STRUCTURE_BITS_MAX)
        return topo_fail_at(r, start, "", "has %u bits, at most %d are possible", sum,
                            STRUCTURE_BITS_MAX);
    return true;
}

static const struct topo_row srv6_sid_rows[] = {
    {"sid", topo_read_v6, offsetof(struct topo_srv6_sid, sid.sid), 0, 0, true},
    {"behavior", topo_read_behavior, offsetof(struct topo_srv6_sid, sid.behavior), 1, 65534, false},
    {"algorithm", topo_read_algorithm, offsetof(struct topo_srv6_sid, sid.algorithm), 0, 255,
     false},
    {"structure", topo_read_structure, offsetof(struct topo_srv6_sid, structure), 0,
     STRUCTURE_BITS_MAX, false},
    {"protected", topo_read_bool, offsetof(struct topo_srv6_sid, sid.is_protected), 0, 1, false},
};
const struct topo_table topo_srv6_sid_table = {"srv6-sids", srv6_sid_rows,
                                               sizeof srv6_sid_rows / sizeof srv6_sid_rows[0]};

static void set_structure(struct ted_srv6_sid *sid, const struct topo_structure *structure)
{
    sid->block_bits = structure->bits[0];
    sid->node_bits = structure->bits[1];
    sid->function_bits = structure->bits[2];
    sid->argument_bits = structure->bits[3];
}

static bool read_srv6_sid(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct topo_srv6_sid read = {.sid.behavior = (uint16_t)row->max};
    if (!topo_read_mapping(r, &topo_srv6_sid_table, &read, marks))
        return false;
    set_structure(&read.sid, &read.structure);
    *(struct ted_srv6_sid *)field = read.sid;
    return true;
}

bool topo_read_srv6_sids(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_srv6_sids *sids = field;
    return topo_read_list(r, row,
                          (struct topo_list){sids->items, sizeof sids->items[0], TED_LINK_SIDS_MAX,
                                             &sids->count, read_srv6_sid});
}

void topo_default_structure(struct topo_srv6_sids *sids, const struct topo_structure *structure)
{
    for (uint32_t i = 0; i < sids->count; i++) {
        struct ted_srv6_sid *sid = &sids->items[i];
        if (sid->block_bits + sid->node_bits + sid->function_bits + sid->argument_bits == 0)
            set_structure(sid, structure);
    }
}

static bool read_bit(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    static const struct topo_row bit = {.min = 0, .max = 31};
    return topo_read_u8(r, &bit, field);
}

bool topo_read_admin_group(struct topo_reader *r, const struct topo_row *row, void *field)
{
    if (r->event.type != YAML_SEQUENCE_START_EVENT)
        return topo_read_u32(r, row, field);
    uint8_t bits[32];
    uint32_t count = 0;
    if (!topo_read_list(r, row,
                        (struct topo_list){bits, sizeof bits[0], sizeof bits, &count, read_bit}))
        return false;
    uint32_t *group = field;
    *group = 0;
    for (uint32_t i = 0; i < count; i++)
        *group |= UINT32_C(1) << bits[i];
    return true;
}
