/* Optional: an object that a message may lack.
 *
 * What the grammar lets be absent is a pointer to a type that has no definition: it can be compared
 * with NULL, and nothing can be read through it. The object behind it is had by asking (pcep_get),
 * or as a list that is empty where there is none.
 *
 *     const struct pcep_object *bandwidth;
 *     if (pcep_get(request->bandwidth, &bandwidth))
 *         … bandwidth->body …
 *
 * Thread: any. Owns: nothing; it lives as long as the message. */
#ifndef PCED_CORE_PCEP_OPTIONAL_H
#define PCED_CORE_PCEP_OPTIONAL_H

#include "core/pcep/codec.h"

struct pcep_optional; /* never defined */

static inline const struct pcep_optional *pcep_optional_of(const struct pcep_object *object)
{
    return (const struct pcep_optional *)(const void *)object;
}

/* Whether it is there; *object is NULL where it is not. */
PCE_MUST_CHECK static inline bool pcep_get(const struct pcep_optional *optional,
                                           const struct pcep_object **object)
{
    *object = (const struct pcep_object *)(const void *)optional;
    return optional != NULL;
}

/* The subobjects of an ERO, an RRO …: none where the object is absent. An empty object has none
 * either; is_present tells the two apart. */
struct pcep_subobjects {
    const struct pcep_subobject *at;
    uint32_t count;
    bool is_present;
};

static inline struct pcep_subobjects pcep_subobjects_of(const struct pcep_optional *optional)
{
    const struct pcep_object *object;
    if (!pcep_get(optional, &object))
        return (struct pcep_subobjects){NULL, 0, false};
    return (struct pcep_subobjects){object->subobjects, object->subobject_count, true};
}

#endif
