#include "core/base/check.h"
#include "core/wire/layout.h"

bool wire_decoding_refuse(struct wire_decoding *decoding, uint16_t error, const char *reason)
{
    CHECK(error != 0); /* 0 says "too short", which needs no words */
    decoding->error = error;
    decoding->reason = reason;
    return false;
}
