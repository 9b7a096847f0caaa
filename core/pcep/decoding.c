/* What every decoder of a layout may say. */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"

bool pcep_decoding_refuse(struct pcep_decoding *decoding, enum pcep_error_code error,
                          const char *reason)
{
    decoding->error = (uint16_t)error;
    decoding->reason = reason;
    return false;
}
