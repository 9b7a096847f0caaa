#include "core/bgp/ls_impl.h"

void ls_keep(struct ls_reading *reading, const struct bgp_tlv *tlv)
{
    if (reading->rest == NULL)
        reading->rest = arena_alloc(reading->arena, reading->attribute_size);
    if (reading->rest == NULL) {
        reading->is_full = true;
        return;
    }
    struct wire_writer writer = wire_writer_init(reading->rest + reading->rest_count,
                                                 reading->attribute_size - reading->rest_count);
    wire_put_u16(&writer, tlv->type);
    wire_put_u16(&writer, tlv->size);
    wire_put_octets(&writer, tlv->octets, tlv->size);
    if (!writer.failed)
        reading->rest_count += (uint32_t)wire_written(&writer);
}

void *ls_grow(struct ls_reading *reading, const void *items, uint32_t count, uint32_t more,
              size_t size)
{
    uint8_t *grown = arena_alloc(reading->arena, (size_t)(count + more) * size);
    reading->is_full |= grown == NULL;
    if (grown != NULL && count > 0)
        memcpy(grown, items, (size_t)count * size);
    return grown;
}

bool ls_is_isis(const struct ls_reading *reading)
{
    return reading->domain.speaker == RIB_SPEAKER_ISIS;
}

struct rib_name ls_name(const struct ls_reading *reading, struct wire_span router_id)
{
    struct rib_igp_name igp = reading->domain;
    if (router_id.size == 0 || router_id.size > RIB_ROUTER_ID_MAX)
        return (struct rib_name){.size = 0};
    igp.router_id = router_id.octets;
    igp.router_id_size = router_id.size;
    return rib_name_of_igp(&igp);
}
