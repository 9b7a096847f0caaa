#include "core/pcep/fault.h"

#include "core/base/check.h"
#include "core/pcep/error.h"

void pcep_fault_set(struct pcep_fault *fault, enum pcep_fault_scope scope,
                    enum pcep_error_code error, uint32_t offset, const char *reason)
{
    CHECK(scope != PCEP_FAULT_NONE);
    if (pcep_fault_is_set(fault))
        return;
    *fault = (struct pcep_fault){
        .scope = (uint8_t)scope,
        .error_type = pcep_error_type(error),
        .error_value = pcep_error_value(error),
        .offset = offset,
        .reason = reason,
    };
}
