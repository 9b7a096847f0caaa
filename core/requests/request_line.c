#include "core/requests/request_line.h"

#include <stddef.h>

#define ROUND 4 /* while congested each so many'th turn goes round without priorities */
/* Each so many'th turn is for those that had one already, however many are fresh. */
#define FRESH_ROUND 64

void request_line_init(struct request_line *line)
{
    *line = (struct request_line){.count = 0};
    for (unsigned i = 0; i <= REQUEST_PRIORITIES; i++) {
        list_init(&line->turns[i]);
        list_init(&line->fresh[i]);
    }
}

void request_place_init(struct request_place *place)
{
    place->count = 0;
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        list_init(&place->waiting[i]);
        list_init(&place->turns[i]);
    }
    list_init(&place->turn);
}

void request_line_place(struct request_line *line, struct request_place *place, bool may_turn)
{
    bool is_waiting = may_turn && place->count > 0;
    if (is_waiting && !list_is_linked(&place->turn))
        list_push_back(&line->fresh[REQUEST_ANY_PRIORITY], &place->turn);
    else if (!is_waiting)
        list_remove(&place->turn);
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        bool has_some = is_waiting && !list_is_empty(&place->waiting[i]);
        if (has_some && !list_is_linked(&place->turns[i]))
            list_push_back(&line->fresh[i], &place->turns[i]);
        else if (!has_some)
            list_remove(&place->turns[i]);
    }
}

void request_line_leave(struct request_place *place)
{
    list_remove(&place->turn);
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++)
        list_remove(&place->turns[i]);
}

static bool has_turns(const struct request_line *line, unsigned priority)
{
    return !list_is_empty(&line->turns[priority]) || !list_is_empty(&line->fresh[priority]);
}

/* Those whose requests have just begun to wait go first, but for each FRESH_ROUND-th turn: a
 * session that asks now and then does not wait for a round of those that always have something. */
static struct request_place *rotate(struct request_line *line, unsigned priority)
{
    if (!has_turns(line, priority))
        return NULL;
    struct list_link *from = &line->turns[priority];
    if (list_is_empty(from) || (!list_is_empty(&line->fresh[priority]) &&
                                line->fresh_turn++ % FRESH_ROUND != FRESH_ROUND - 1))
        from = &line->fresh[priority];
    struct list_link *link = list_pop_front(from);
    list_push_back(&line->turns[priority], link);
    if (priority == REQUEST_ANY_PRIORITY)
        return CONTAINER_OF(link, struct request_place, turn);
    return CONTAINER_OF(link - priority, struct request_place, turns);
}

struct request_place *request_line_next(struct request_line *line, bool is_congested,
                                        unsigned *priority)
{
    *priority = REQUEST_ANY_PRIORITY;
    if (!is_congested || line->turn++ % ROUND == ROUND - 1)
        return rotate(line, REQUEST_ANY_PRIORITY);
    for (*priority = REQUEST_PRIORITIES; *priority > 0;) {
        (*priority)--;
        if (has_turns(line, *priority))
            return rotate(line, *priority);
    }
    return NULL;
}
