/* What a decoded message has: its TLVs, by their rows. */
#include "core/pcep/codec.h"
#include "core/pcep/registry.h"

const struct pcep_tlv *pcep_find_tlv_entry(const struct pcep_object *object, enum pcep_tlv_id id)
{
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        if (object->tlvs[i].row != NULL && object->tlvs[i].row->id == id)
            return &object->tlvs[i];
    }
    return NULL;
}

const void *pcep_find_tlv(const struct pcep_object *object, enum pcep_tlv_id id)
{
    const struct pcep_tlv *tlv = pcep_find_tlv_entry(object, id);
    return tlv == NULL ? NULL : tlv->body;
}

const void *pcep_find_sub_tlv(const struct pcep_tlv *tlv, enum pcep_tlv_id id)
{
    for (uint32_t i = 0; i < tlv->sub_count; i++) {
        if (tlv->subs[i].row != NULL && tlv->subs[i].row->id == id)
            return tlv->subs[i].body;
    }
    return NULL;
}
