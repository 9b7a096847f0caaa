#include "core/ted/topology_forms_flex.h"

#include <string.h>

/* ---- bits and groups ---- */

void topo_write_groups(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_groups *groups = field;
    const char *separator = "[";
    (void)row;
    for (uint32_t bit = 0; bit < 32 * groups->count; bit++) {
        if ((groups->words[bit / 32] >> bit % 32 & 1) == 0)
            continue;
        topo_text_print(text, "%s%u", separator, bit);
        separator = ", ";
    }
    topo_text_put(text, separator[0] == '[' ? "[]" : "]");
}

bool topo_has_groups(const void *field)
{
    return ((const struct topo_groups *)field)->count > 0;
}

bool topo_has_long_groups(const void *field)
{
    return ((const struct topo_groups *)field)->count > 1;
}

void topo_write_srlgs(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_srlgs *srlgs = field;
    (void)row;
    topo_text_put(text, "[");
    for (uint32_t i = 0; i < srlgs->count; i++)
        topo_text_print(text, "%s%u", i == 0 ? "" : ", ", srlgs->items[i]);
    topo_text_put(text, "]");
}

bool topo_has_srlgs(const void *field)
{
    return ((const struct topo_srlgs *)field)->count > 0;
}

/* ---- of a node ---- */

void topo_write_algorithms(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_node *node = field;
    (void)row;
    topo_text_put(text, "[");
    for (uint32_t i = 0; i < node->algorithm_count; i++)
        topo_text_print(text, "%s%u", i == 0 ? "" : ", ", node->algorithms[i]);
    topo_text_put(text, "]");
}

bool topo_has_algorithms(const void *field)
{
    return ((const struct topo_node *)field)->algorithm_count > 0;
}

bool topo_has_flexes(const void *field)
{
    return ((const struct topo_node *)field)->flex_count > 0;
}

void topo_write_flex_metric(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_string(text, topo_flex_metric_name(*(const uint8_t *)field));
}

bool topo_has_flex_priority(const void *field)
{
    return *(const uint8_t *)field != TOPO_FLEX_PRIORITY;
}

/* ---- of a direction ---- */

bool topo_has_flex_link(const void *field)
{
    return ((const struct topo_flex_link *)field)->source != TED_FLEX_OWN;
}

bool topo_has_told(const void *field)
{
    return *(const uint32_t *)field != TED_NONE;
}

/* Units of 0.000003 percent are exact in millionths. */
void topo_write_loss(struct topo_text *text, const struct topo_row *row, const void *field)
{
    uint32_t millionths = *(const uint32_t *)field * 3;
    (void)row;
    topo_text_print(text, "%u.%06u", millionths / 1000000, millionths % 1000000);
}

void topo_write_delay_range(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_direction *d = field;
    (void)row;
    topo_text_print(text, "[%u, %u]", d->delay_range_us[0], d->delay_range_us[1]);
}

bool topo_has_delay_range(const void *field)
{
    return (((const struct topo_direction *)field)->measured & TED_MEASURED_DELAY_RANGE) != 0;
}

bool topo_has_delay_variation(const void *field)
{
    const char *d = (const char *)field - offsetof(struct topo_direction, delay_variation_us);
    return (((const struct topo_direction *)(const void *)d)->measured &
            TED_MEASURED_DELAY_VARIATION) != 0;
}

bool topo_has_loss(const void *field)
{
    const char *d = (const char *)field - offsetof(struct topo_direction, loss);
    return (((const struct topo_direction *)(const void *)d)->measured & TED_MEASURED_LOSS) != 0;
}
