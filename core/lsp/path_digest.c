#include "core/lsp/path_digest.h"
#include "core/base/map.h"
#include "core/pcep/model.h"

#include <string.h>

#define LABEL_SHIFT 12 /* RFC 8664 4.3.1: the label is the high 20 bits of a SID with M */

/* What a hop is known by: 24 octets, the same for all its forms. */
struct hop_key {
    uint32_t kind;
    uint32_t number; /* label, SID index, interface */
    uint8_t address[16];
};

static void key_address(struct hop_key *key, const struct ip *address)
{
    memcpy(key->address, address->octets, ip_size(address));
}

static void key_segment(struct hop_key *key, const struct pcep_sub_sr *sr)
{
    bool is_label = (sr->flags & PCEP_SR_M) != 0;
    if ((sr->flags & PCEP_SR_S) != 0)
        key_address(key, sr->nt == PCEP_NAI_NONE ? &(struct ip){0} : &sr->local);
    else
        key->number = is_label ? sr->sid >> LABEL_SHIFT : sr->sid;
}

static void key_octets(struct hop_key *key, const struct pcep_subobject *hop)
{
    uint64_t hash = map_hash(hop->octets, hop->octets == NULL ? 0 : hop->size - 2U);
    memcpy(key->address, &hash, sizeof hash);
}

static struct hop_key key_of(const struct pcep_subobject *hop)
{
    struct hop_key key = {.kind = hop->type};
    if (hop->row == NULL) {
        key_octets(&key, hop);
        return key;
    }
    switch (hop->row->id) {
    case PCEP_SUBOBJECT_SR:
        key_segment(&key, hop->body);
        break;
    case PCEP_SUBOBJECT_SRV6:
        key_address(&key, &((const struct pcep_sub_srv6 *)hop->body)->sid);
        break;
    case PCEP_SUBOBJECT_IPV4_PREFIX:
    case PCEP_SUBOBJECT_IPV6_PREFIX:
        key_address(&key, &((const struct pcep_sub_prefix *)hop->body)->prefix);
        break;
    case PCEP_SUBOBJECT_UNNUMBERED:
        key_address(&key, &((const struct pcep_sub_unnumbered *)hop->body)->router_id);
        key.number = ((const struct pcep_sub_unnumbered *)hop->body)->interface_id;
        break;
    default:
        key_octets(&key, hop);
        break;
    }
    return key;
}

uint64_t lsp_path_digest(const struct pcep_subobject *subobjects, uint32_t count)
{
    uint64_t digest = LSP_PATH_EMPTY;
    for (uint32_t i = 0; i < count; i++) {
        struct hop_key key = key_of(&subobjects[i]);
        digest = map_hash_with(&key, sizeof key, digest + 1);
    }
    return count > 0 && digest == LSP_PATH_EMPTY ? 1 : digest;
}
