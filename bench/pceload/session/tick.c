/* Timers: each session is looked at once a second, a slice of the table every 100 ms. */
#include "bench/pceload/worker.h"

#include "core/base/mono.h"

#define WALK_MS       1000u
#define OPEN_LIMIT_MS 60000u

/* RFC 5440 7.3: at least one message in that time; the next look at it would be too late. */
static bool wants_keepalive(const struct client *client, const struct session *session)
{
    uint32_t keepalive_ms = client->options->keepalive_s * 1000;
    uint32_t silent_ms = client_ms(client) - session->sent_ms;
    if (keepalive_ms == 0 || session->sending != NULL)
        return false;
    return silent_ms + WALK_MS + WALK_MS / 2 >= keepalive_ms;
}

static void look_at(struct client *client, struct session *session)
{
    uint32_t now_ms = client_ms(client);
    uint32_t unheard_ms = now_ms - session->received_ms;
    switch (session->state) {
    case SESSION_UP:
        if (session->peer_dead_s > 0 && (session->flags & FLAG_DEAF) == 0 &&
            unheard_ms > session->peer_dead_s * 1000u) {
            client_lose(client, session, TALLY_LOST_DEAD_TIMER);
        } else if (wants_keepalive(client, session)) {
            session->flags |= FLAG_KEEPALIVE;
            counter_add(&client->counters.keepalives_sent, 1);
            client_dirty(client, session);
        }
        break;
    case SESSION_DIALING:
    case SESSION_OPENING:
    case SESSION_KEEPING:
        if (unheard_ms > OPEN_LIMIT_MS && session->behaviour != BEHAVE_HALF_OPEN)
            client_lose(client, session, TALLY_OPEN_TIMEOUT);
        break;
    case SESSION_NEW: /* one that was begun before */
        if (!client->is_leaving && client_slot_of(client, session) < client->ramp_next &&
            (int32_t)(now_ms - session->due_ms) >= 0)
            client_again(client, session);
        break;
    default:
        break;
    }
}

void client_leave(struct client *client)
{
    if (client->is_leaving)
        return;
    client->is_leaving = true;
    for (uint32_t i = 0; i < client->session_count; i++) {
        struct session *session = &client->sessions[i];
        if (session->state != SESSION_UP || (session->flags & FLAG_DEAF) != 0)
            continue;
        session->flags |= FLAG_CLOSE;
        counter_add(&client->counters.leaving, 1);
        client_dirty(client, session);
    }
}

void client_tick(struct client *client)
{
    if (client->now_ns < client->next_tick_ns)
        return;
    /* What a late tick left undone is made up for: the walk keeps its time. */
    uint64_t since_ns = client->now_ns - client->next_tick_ns + TICK_NS;
    uint64_t count = client->session_count * since_ns / (WALK_MS * MONO_NS_PER_MS) + 1;
    if (count > client->session_count)
        count = client->session_count;
    client->next_tick_ns = client->now_ns + TICK_NS;
    for (uint32_t i = client->well_count; i < client->session_count; i++) {
        struct session *session = &client->sessions[i];
        if (session->state == SESSION_NEW)
            look_at(client, session);
        else if (!client->is_leaving)
            client_misbehave(client, session);
    }
    for (uint32_t i = 0; i < count; i++) {
        look_at(client, &client->sessions[client->walk_at]);
        if (++client->walk_at == client->session_count)
            client->walk_at = 0;
    }
}
