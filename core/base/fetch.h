/* Fetch: asks for memory to be brought into the processor's cache before it is needed, so that what
 * several things need comes side by side. Changes nothing else; any address will do.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BASE_FETCH_H
#define PCED_CORE_BASE_FETCH_H

#include <stddef.h>
#include <stdint.h>

#define FETCH_LINE 64 /* octets that come together */

static inline void fetch_octets(const void *octets, size_t size)
{
    /* GCC 12 takes a function that only fetches for one without effect, and drops its calls. */
    __asm__ volatile("" : : "r"(octets));
    for (size_t offset = 0; offset < size; offset += FETCH_LINE)
        __builtin_prefetch((const uint8_t *)octets + offset);
}

#endif
