#include "server/northbound/session_view.h"

#include "core/base/check.h"
#include "server/peer/outgoing.h"
#include "server/peer/peer.h"
#include "server/peer/peer_send.h"

static uint64_t until_ns(struct mono deadline, struct mono now)
{
    return mono_is_never(deadline) ? UINT64_MAX : mono_since_ns(deadline, now);
}

/* The peer with this address: its session, or our attempt to reach it; NULL. */
static struct peer *find_address(struct shard *shard, const struct ip *address)
{
    struct map_node *node =
        map_find(&shard->peers, map_hash(address->octets, ip_size(address)), address);
    if (node != NULL)
        return CONTAINER_OF(node, struct peer, node);
    struct peer *attempt = outgoing_find(shard, address);
    bool is_pending = attempt != NULL && attempt->phase == PEER_LIVE &&
                      attempt->session.state == SESSION_TCP_PENDING;
    return is_pending ? attempt : NULL;
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
    const struct history_record *last = history_find_refused(&shard->history, peer_address(peer));
    if (peer->refused_count == 0 || last == NULL)
        return;
    view->refused_why = last->why;
    view->refused_port = last->port;
    view->refused_age_ns = mono_since_ns(shard->now, last->ended);
}

static bool is_within(const struct ip *address, const struct view_question *question)
{
    return question->address.family == IP_NONE ||
           (question->address.family == address->family &&
            ip_is_within(address, &question->address, question->bits));
}

static bool matches(const struct view_question *question, const struct peer *peer, struct mono now)
{
    if (question->state != SESSION_STATE_COUNT && question->state != peer->session.state)
        return false;
    if (question->has_progress_age_min &&
        (!is_outstanding(peer) || progress_age_ns(peer, now) < question->progress_age_min_ns))
        return false;
    return peer_send_pending(peer) >= question->pending_octets_min &&
           is_within(peer_address(peer), question);
}

static uint64_t rank_of(const struct session_sort *order, const struct peer *peer, struct mono now)
{
    switch (order->key) {
    case SESSION_KEY_NONE:
        break;
    case SESSION_KEY_PENDING_OCTETS:
        return session_sort_rank(order, true, peer_send_pending(peer));
    case SESSION_KEY_PROGRESS_AGE:
        return session_sort_rank(order, is_outstanding(peer), progress_age_ns(peer, now));
    }
    return 0;
}

/* One that cannot be among the first of a sorted list is counted and not copied. */
static void take(struct view_question *question, const struct peer *peer, struct mono now)
{
    uint64_t rank = rank_of(&question->order, peer, now);
    question->match_count++;
    if (question->order.key != SESSION_KEY_NONE && rank >= question->rank_end)
        return;
    struct session_view *view = &question->views[question->count++];
    copy(peer, now, view);
    view->rank = rank;
}

static void answer_list(struct shard *shard, struct view_question *question)
{
    uint32_t end = conn_pool_used(shard->pool);
    for (uint32_t looks = 0;
         looks < VIEW_BATCH && question->index < end && question->count < question->room; looks++) {
        const struct conn *conn = conn_pool_at(shard->pool, question->index++);
        const struct peer *peer = conn == NULL ? NULL : peer_of_conn(conn);
        if (peer != NULL && matches(question, peer, shard->now))
            take(question, peer, shard->now);
    }
    question->is_over = question->index >= end;
}

static struct peer *find_one(struct shard *shard, const struct view_question *question)
{
    if (question->kind == VIEW_BY_ADDRESS)
        return find_address(shard, &question->address);
    const struct conn *conn = conn_find(shard->pool, question->id);
    return conn == NULL ? NULL : peer_of_conn(conn);
}

static void answer_one(struct shard *shard, struct view_question *question)
{
    struct peer *peer = find_one(shard, question);
    if (peer == NULL)
        return;
    CHECK(question->room > 0);
    struct session_view *view = &question->views[question->count++];
    copy(peer, shard->now, view);
    copy_refused(shard, peer, view);
    if (!question->closes)
        return;
    session_close(&peer->session, question->close_reason, "closed by the operator", shard->now);
    peer_close(peer);
}

/* One PCC's records are found by its address. */
static void answer_history_of_one(struct shard *shard, struct view_question *question)
{
    question->is_over = false;
    while (question->count < question->room && !question->is_over) {
        const struct history_record *record =
            history_next_of(&shard->history, &question->address, &question->place);
        question->is_over = record == NULL;
        if (record != NULL)
            question->records[question->count++] = *record;
    }
}

static void answer_history_of_all(struct shard *shard, struct view_question *question)
{
    const struct history_record *record;
    uint32_t looks = VIEW_BATCH;
    question->is_over = false;
    do {
        record = history_next(&shard->history, &question->place, &looks, &question->is_over);
        if (record != NULL && is_within(&record->address, question))
            question->records[question->count++] = *record;
    } while (record != NULL && question->count < question->room);
}

static bool is_about_one(const struct view_question *question)
{
    return question->address.family != IP_NONE && question->bits == 8 * ip_size(&question->address);
}

static void answer_history(struct shard *shard, struct view_question *question)
{
    if (is_about_one(question))
        answer_history_of_one(shard, question);
    else
        answer_history_of_all(shard, question);
}

/* Posts what waits; harmless when there is nothing. */
static void give_back(struct shard *shard)
{
    struct view_question *question = shard->answered;
    if (question == NULL)
        return;
    struct mail mail = {.kind = question->reply_kind, .from = shard->index};
    mail.pointers[0] = question;
    if (mailbox_post(question->reply_to, &mail, shard->ring) == PCE_OK)
        shard->answered = NULL;
}

static void on_mail(struct shard *shard, const struct mail *mail)
{
    struct view_question *question = mail->pointers[0];
    /* A list of all sessions is thousands of questions, each of which awaits an answer. */
    coalesce_on_message(&shard->coalesce, shard->now);
    if (question->kind == VIEW_LIST)
        answer_list(shard, question);
    else if (question->kind == VIEW_HISTORY)
        answer_history(shard, question);
    else
        answer_one(shard, question);
    CHECK(shard->answered == NULL); /* one question at a time */
    shard->answered = question;
    give_back(shard);
}

static bool is_busy(const struct shard *shard)
{
    return shard->answered != NULL;
}

const struct shard_part session_view_part = {
    .name = "session views",
    .mails = UINT32_C(1) << SHARD_MAIL_VIEW,
    .on_mail = on_mail,
    .on_turn = give_back,
    .is_busy = is_busy,
};
