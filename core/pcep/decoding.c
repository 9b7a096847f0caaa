/* What every decoder of a layout may say. */
#include "core/pcep/layout.h"

bool pcep_decoding_refuse(struct pcep_decoding *decoding, uint8_t error_type, uint8_t error_value,
                          const char *reason)
{
    decoding->error_type = error_type;
    decoding->error_value = error_value;
    decoding->reason = reason;
    return false;
}
