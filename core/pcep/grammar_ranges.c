/* Values that have a form and no meaning: priorities, prefix lengths and amounts out of their
 * range. The RFCs have no error of their own for them: the object is malformed (10/11). */
#include "core/pcep/error.h"
#include "core/pcep/grammar_place.h"
#include "core/pcep/model.h"

#include <math.h>

#define PRIORITY_MAX 7 /* RFC 3209 4.7.3 */

static bool ranges_is_amount(float value)
{
    return isfinite(value) && value >= 0;
}

static const char *ranges_judge_body(const struct pcep_object *object)
{
    const struct pcep_lspa *lspa = object->body;
    const struct pcep_bandwidth *bandwidth = object->body;
    const struct pcep_metric *metric = object->body;
    switch (object->row->id) {
    case PCEP_OBJECT_LSPA: /* RFC 5440 7.11 */
        return lspa->setup_priority > PRIORITY_MAX || lspa->holding_priority > PRIORITY_MAX
                   ? "priority above 7"
                   : NULL;
    case PCEP_OBJECT_BANDWIDTH: /* RFC 5440 7.7 */
    case PCEP_OBJECT_BANDWIDTH_EXISTING:
        return ranges_is_amount(bandwidth->bandwidth) ? NULL : "bandwidth is not an amount";
    case PCEP_OBJECT_METRIC: /* RFC 5440 7.8 */
        return isnan(metric->value) ? "metric is not a number" : NULL;
    default:
        return NULL;
    }
}

/* RFC 3209 4.3.3.2 and 4.3.3.3 */
static const char *judge_subobject(const struct pcep_subobject *subobject)
{
    const struct pcep_sub_prefix *prefix = subobject->body;
    if (subobject->row == NULL)
        return NULL;
    if ((subobject->row->id == PCEP_SUBOBJECT_IPV4_PREFIX && prefix->bits > 32) ||
        (subobject->row->id == PCEP_SUBOBJECT_IPV6_PREFIX && prefix->bits > 128))
        return "prefix is longer than its address";
    return NULL;
}

void grammar_check_ranges(const struct grammar_run *run, struct pcep_fault *fault)
{
    for (const struct pcep_object *at = run->first; at < run->end && !pcep_fault_is_set(fault);
         at++) {
        const char *reason = at->row == NULL || at->fault != NULL ? NULL : ranges_judge_body(at);
        if (reason != NULL)
            pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_MALFORMED_OBJECT, at->offset,
                           reason);
        for (uint32_t i = 0; i < at->subobject_count; i++) {
            reason = judge_subobject(&at->subobjects[i]);
            if (reason != NULL)
                pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_MALFORMED_OBJECT,
                               at->subobjects[i].offset, reason);
        }
    }
}
