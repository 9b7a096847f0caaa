/* Monotonic time: an instant on a clock that only goes forward, as nanoseconds since an arbitrary
 * origin. core/ never reads a clock: the present is always an argument, so that a test turns it.
 *
 * Thread: any. */
#ifndef PCED_CORE_BASE_MONO_H
#define PCED_CORE_BASE_MONO_H

#include <stdbool.h>
#include <stdint.h>

struct mono {
    uint64_t ns;
};

#define MONO_NS_PER_MS UINT64_C(1000000)
#define MONO_NS_PER_S  UINT64_C(1000000000)

/* Later than every real instant: the deadline of a timer that does not run. */
#define MONO_NEVER ((struct mono){UINT64_MAX})

static inline bool mono_is_never(struct mono t)
{
    return t.ns == UINT64_MAX;
}

static inline bool mono_is_before(struct mono a, struct mono b)
{
    return a.ns < b.ns;
}

static inline struct mono mono_min(struct mono a, struct mono b)
{
    return a.ns < b.ns ? a : b;
}

static inline struct mono mono_add_ms(struct mono t, uint64_t ms)
{
    return (struct mono){t.ns + ms * MONO_NS_PER_MS};
}

static inline struct mono mono_add_s(struct mono t, uint64_t s)
{
    return (struct mono){t.ns + s * MONO_NS_PER_S};
}

/* Nanoseconds from earlier to later; 0 when earlier is not before later. */
static inline uint64_t mono_since_ns(struct mono later, struct mono earlier)
{
    return later.ns > earlier.ns ? later.ns - earlier.ns : 0;
}

#endif
