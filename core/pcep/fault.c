#include "core/pcep/fault.h"

/* Six facts make a fault; a struct for them would be the fault itself.
 * NOLINTNEXTLINE(readability-function-size) */
void pcep_fault_set(struct pcep_fault *fault, enum pcep_fault_scope scope, uint8_t error_type,
                    uint8_t error_value, uint32_t offset, const char *reason)
{
    if (pcep_fault_is_set(fault))
        return;
    *fault = (struct pcep_fault){
        .scope = (uint8_t)scope,
        .error_type = error_type,
        .error_value = error_value,
        .offset = offset,
        .reason = reason,
    };
}
