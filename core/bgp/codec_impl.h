/* Inside the codec: what its files share. Internal to core/bgp.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_CODEC_IMPL_H
#define PCED_CORE_BGP_CODEC_IMPL_H

#include "core/bgp/codec.h"

struct bgp_codec {
    struct wire_span message;
    struct bgp_options options;
    struct arena *arena;
    struct bgp_fault *fault;
};

/* A fault of the session: gives PCE_INVALID. */
static inline enum pce_status bgp_codec_reset(const struct bgp_codec *codec,
                                              enum bgp_error_code error, uint32_t offset,
                                              struct wire_span data, const char *reason)
{
    bgp_fault_set(codec->fault, (struct bgp_fault){BGP_ACTION_RESET, error, offset, data, reason});
    return PCE_INVALID;
}

/* What follows the header. */
enum pce_status bgp_decode_open(const struct bgp_codec *codec, struct wire_reader reader,
                                struct bgp_open_message *open);
enum pce_status bgp_decode_update(const struct bgp_codec *codec, struct wire_reader reader,
                                  struct bgp_update *update);
/* The NLRIs of a family that is ours: all that is left of the reader. PCE_INVALID: *offset says
 * where lengths do not fit. */
enum pce_status bgp_decode_nlris(const struct bgp_codec *codec, struct wire_reader reader,
                                 struct bgp_attribute *attribute, uint32_t *offset);

void bgp_encode_open(struct wire_writer *writer, const struct bgp_open_message *open);
void bgp_encode_update(struct wire_writer *writer, const struct bgp_update *update);

#endif
