#include "core/path/residual.h"

#include "core/path/engine.h"
#include "core/ted/reservations.h"

#include <math.h>
#include <stdlib.h>

bool residual_begin(struct residual *residual, const struct ted_snapshot *snapshot,
                    const struct path_request *request)
{
    residual->snapshot = snapshot;
    residual->reservations = request->reservations;
    residual->priority = request->priority;
    if (request->reservations == NULL)
        return true;
    void *entries = residual->entries;
    bool is_enough =
        engine_grow(&entries, &residual->capacity, snapshot->link_count, sizeof *residual->entries);
    residual->entries = entries;
    if (is_enough && engine_stamp_wraps(&residual->stamp)) {
        for (uint32_t i = 0; i < residual->capacity; i++)
            residual->entries[i].stamp = 0;
    }
    return is_enough;
}

void residual_fini(struct residual *residual)
{
    free(residual->entries);
}

static bool residual_is_own(const struct path_reservations *reservations, uint32_t link)
{
    uint32_t low = 0, high = reservations->own_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (reservations->own_links[middle] < link)
            low = middle + 1;
        else
            high = middle;
    }
    return low < reservations->own_count && reservations->own_links[low] == link;
}

/* Never above the value: what is admitted can be taken. */
static float residual_round_down(double value)
{
    float rounded = (float)value;
    return (double)rounded > value ? nextafterf(rounded, -INFINITY) : rounded;
}

double residual_of_all(const struct ted_snapshot *snapshot,
                       const struct path_reservations *reservations, uint32_t link,
                       uint8_t priority)
{
    if (reservations == NULL)
        return (double)snapshot->links[link].unreserved[priority];
    double left = floor((double)snapshot->links[link].unreserved[priority]);
    if (reservations->table != NULL && snapshot->link_numbers != NULL)
        left -= (double)ted_reservations_held(reservations->table,
                                              snapshot->link_numbers->of_links[link], priority);
    return left;
}

/* RFC 5440 7.4.1: an LSP that is reoptimised does not stand in its own way. */
double residual_own(const struct path_reservations *reservations, uint32_t link, uint8_t priority)
{
    if (reservations == NULL || reservations->own.octets_per_s == 0 ||
        reservations->own.holding > priority || !residual_is_own(reservations, link))
        return 0;
    return (double)reservations->own.octets_per_s;
}

float residual_look(struct residual *residual, uint32_t link)
{
    const struct path_reservations *reservations = residual->reservations;
    double left = residual_of_all(residual->snapshot, reservations, link, residual->priority) +
                  residual_own(reservations, link, residual->priority);
    struct residual_entry *entry = &residual->entries[link];
    *entry = (struct residual_entry){residual->stamp, residual_round_down(left)};
    return entry->unreserved;
}
