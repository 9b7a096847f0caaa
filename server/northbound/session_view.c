#include "server/northbound/session_view.h"

#include "core/base/check.h"
#include "server/peer/peer.h"
#include "server/peer/peer_send.h"

static uint64_t until_ns(struct mono deadline, struct mono now)
{
    return mono_is_never(deadline) ? UINT64_MAX : mono_since_ns(deadline, now);
}

/* What was only sent is taken as acknowledged until a sample shows otherwise (send_hold.h). A
 * sample that met a message in our queue shows nothing once the kernel has taken that. */
static bool is_outstanding(const struct peer *peer)
{
    return peer->hold.is_backlog && peer_send_pending(peer) > 0;
}

static uint64_t progress_age_ns(const struct peer *peer, struct mono now)
{
    return is_outstanding(peer) ? mono_since_ns(now, peer->hold.since) : 0;
}

static void copy_timers(const struct peer *peer, struct mono now, struct session_view *view)
{
    const struct session *session = &peer->session;
    bool waits = session->state == SESSION_OPEN_WAIT || session->state == SESSION_KEEP_WAIT;
    bool is_up = session->state == SESSION_UP;
    view->age_ns = mono_since_ns(now, session->since);
    view->wait_ns = waits ? until_ns(session->wait_deadline, now) : UINT64_MAX;
    view->keepalive_ns =
        is_up && session->keepalive_s > 0 ? until_ns(session->keepalive_deadline, now) : UINT64_MAX;
    view->dead_ns =
        is_up && session->dead_timer_s > 0 ? until_ns(session->wait_deadline, now) : UINT64_MAX;
    view->is_outstanding = is_outstanding(peer);
    view->progress_age_ns = progress_age_ns(peer, now);
}

static void copy(const struct peer *peer, struct mono now, struct session_view *view)
{
    const struct session *session = &peer->session;
    *view = (struct session_view){
        .id = conn_handle_of(peer->conn),
        .address = *peer_address(peer),
        .local_address = conn_local(peer->conn),
        .port = conn_peer_port(peer->conn),
        .local_port = conn_local_port(peer->conn),
        .state = session->state,
        .role = session->role,
        .local_sid = session->local_sid,
        .keepalive_s = session->keepalive_s,
        .dead_timer_s = session->dead_timer_s,
        .own_dead_timer_s = session->own_dead_timer_s,
        .local_ok = session->local_ok,
        .remote_ok = session->remote_ok,
        .is_paused = peer->is_paused,
        .may_have_input = conn_may_have_input(peer->conn),
        .send_hold_s = peer->hold.hold_s,
        .pending_soft = peer->policy->pending_soft,
        .pending_hard = peer->policy->pending_hard,
        .pending_octets = peer_send_pending(peer),
        .queued_octets = conn_queued_octets(peer->conn),
        .sent_octets = conn_accepted(peer->conn),
        .received_octets = conn_received_octets(peer->conn),
        .peer = session->peer,
        .counters = session->counters,
        .verdict = session->verdict,
        .refused_count = peer->refused_count,
        .error_type = peer->error_type,
        .error_value = peer->error_value,
        .is_error_ours = peer->is_error_ours,
    };
    copy_timers(peer, now, view);
}

static void copy_refused(struct shard *shard, const struct peer *peer, struct session_view *view)
{
    const struct history_record *last =
        history_find_refused(&shard->peers->history, peer_address(peer));
    if (peer->refused_count == 0 || last == NULL)
        return;
    view->refused_why = last->why;
    view->refused_port = last->port;
    view->refused_age_ns = mono_since_ns(shard->now, last->ended);
}

static bool matches(const struct session_filter *filter, const struct peer *peer, struct mono now)
{
    if (filter->state != SESSION_STATE_COUNT && filter->state != peer->session.state)
        return false;
    if (filter->has_progress_age_min &&
        (!is_outstanding(peer) || progress_age_ns(peer, now) < filter->progress_age_min_ns))
        return false;
    return peer_send_pending(peer) >= filter->pending_octets_min &&
           address_range_has(&filter->range, peer_address(peer));
}

static uint64_t rank_of(const struct session_sort *sort, const struct peer *peer, struct mono now)
{
    switch (sort->key) {
    case SESSION_KEY_NONE:
        break;
    case SESSION_KEY_PENDING_OCTETS:
        return session_sort_rank(sort, true, peer_send_pending(peer));
    case SESSION_KEY_PROGRESS_AGE:
        return session_sort_rank(sort, is_outstanding(peer), progress_age_ns(peer, now));
    }
    return 0;
}

/* One that cannot be among the first of a sorted list is counted and not copied. */
static void session_view_take(struct session_list *list, const struct peer *peer, struct mono now)
{
    uint64_t rank = rank_of(&list->sort, peer, now);
    list->match_count++;
    if (list->sort.key != SESSION_KEY_NONE && rank >= list->rank_end)
        return;
    struct session_view *view = &list->views[list->batch.count++];
    copy(peer, now, view);
    view->rank = rank;
}

void view_session_list(struct shard *shard, void *argument)
{
    struct session_list *list = argument;
    struct view_batch *batch = &list->batch;
    uint32_t end = conn_pool_used(shard->pool);
    CHECK(batch->room > 0);
    batch->count = 0;
    list->match_count = 0;
    for (uint32_t looks = 0; looks < VIEW_BATCH && list->index < end && batch->count < batch->room;
         looks++) {
        const struct conn *conn = conn_pool_at(shard->pool, list->index++);
        const struct peer *peer = conn == NULL ? NULL : peer_of_conn(conn);
        if (peer != NULL && matches(&list->filter, peer, shard->now))
            session_view_take(list, peer, shard->now);
    }
    batch->is_over = list->index >= end;
}

void view_session(struct shard *shard, void *argument)
{
    struct session_lookup *lookup = argument;
    const struct peer *peer = session_find(shard, &lookup->name);
    lookup->is_found = peer != NULL;
    if (peer == NULL)
        return;
    copy(peer, shard->now, &lookup->view);
    copy_refused(shard, peer, &lookup->view);
}
