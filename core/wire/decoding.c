#include "core/wire/layout.h"

bool wire_decoding_refuse(struct wire_decoding *decoding, uint16_t error, const char *reason)
{
    decoding->error = error;
    decoding->reason = reason;
    return false;
}
